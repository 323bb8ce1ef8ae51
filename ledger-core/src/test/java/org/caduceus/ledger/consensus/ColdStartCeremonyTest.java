package org.caduceus.ledger.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.membership.EpochChain;
import org.caduceus.ledger.membership.ResumeStatement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of which statements a member plans a cold start, and when. */
final class ColdStartCeremonyTest {
  private static final long PATIENCE_MS = 1_000;
  private static final long LONG_ENOUGH_MS = 6 * PATIENCE_MS;
  private static final Bytes EVIDENCE = new SampleEvidence().own(Hash.ZERO).orElseThrow();

  private final SampleSigner.Scheme scheme = SampleSigner.Scheme.FAST;

  private ColdStartCeremony ceremony(SampleConsortium consortium, int self) {
    return new ColdStartCeremony(
        EpochChain.Beginning.genesis(consortium.config()),
        new Electorate(consortium.config(), consortium.scheme().verifier()),
        consortium.scheme().verifier(),
        new SampleEvidence(),
        self);
  }

  private static ResumeStatement stated(SampleConsortium consortium, int member, long view) {
    SampleSigner fresh = consortium.scheme().signer("successor of " + member);
    ResumeStatement unsigned =
        new ResumeStatement(
            consortium.config().hash(),
            1,
            member,
            consortium.config().members().get(member).votingKey(),
            view,
            view,
            blockOf(view),
            false,
            fresh.publicKey(),
            Bytes.wrap(new byte[64]));
    return unsigned.withSignature(fresh.sign(unsigned.signedBytes()));
  }

  private static Hash blockOf(long view) {
    return Hash.sha256(new byte[] {(byte) view});
  }

  /** What each member states, ascending. */
  private ColdStartCeremony heard(int self, long... views) {
    SampleConsortium consortium = new SampleConsortium(scheme, views.length, 4);
    ColdStartCeremony ceremony = ceremony(consortium, self);
    for (int member = 0; member < views.length; member++) {
      assertEquals(
          Optional.empty(),
          ceremony.note(stated(consortium, member, views[member]), EVIDENCE, true));
    }
    return ceremony;
  }

  /** Members whose statements a plan would be of, if the blocks of these views are there. */
  private static List<Integer> chosen(ColdStartCeremony ceremony, long nowMs, Set<Long> here) {
    return ceremony
        .chosen(nowMs, PATIENCE_MS, statement -> here.contains(statement.votedView()))
        .stream()
        .map(ResumeStatement::member)
        .toList();
  }

  @Test
  void allThatIsStatedCountsIfTheHighestBlockIsThere() {
    assertEquals(List.of(0, 1, 2, 3), chosen(heard(0, 3, 9, 4, 3), 0, Set.of(9L)));
  }

  @Test
  void ofFourTheOneWhoseBlockNobodyShowsIsLeftOutAfterAWhile() {
    ColdStartCeremony ceremony = heard(0, 3, 9, 4, 3);
    assertEquals(List.of(), chosen(ceremony, 0, Set.of(3L, 4L)));
    assertEquals(List.of(), chosen(ceremony, LONG_ENOUGH_MS - 1, Set.of(3L, 4L)));
    assertEquals(List.of(0, 2, 3), chosen(ceremony, LONG_ENOUGH_MS, Set.of(3L, 4L)));
    assertEquals(List.of(0, 1, 2, 3), chosen(ceremony, LONG_ENOUGH_MS, Set.of(3L, 4L, 9L)));
  }

  @Test
  void twoOfFourAreTooManyToBeLeftOut() {
    ColdStartCeremony ceremony = heard(0, 3, 9, 4, 9);
    chosen(ceremony, 0, Set.of(3L, 4L));
    assertEquals(List.of(), chosen(ceremony, 100 * LONG_ENOUGH_MS, Set.of(3L, 4L)));
    ColdStartCeremony another = heard(0, 3, 9, 4, 3);
    chosen(another, 0, Set.of(3L));
    assertEquals(List.of(), chosen(another, 100 * LONG_ENOUGH_MS, Set.of(3L)));
  }

  /** All of them must state: one that was left out might be the only one that tells the truth. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7})
  void ofAnOddNumberNobodyIsLeftOut(int n) {
    long[] views = new long[n];
    java.util.Arrays.fill(views, 3);
    views[n - 1] = 9;
    ColdStartCeremony ceremony = heard(0, views);
    chosen(ceremony, 0, Set.of(3L));
    assertEquals(List.of(), chosen(ceremony, 100 * LONG_ENOUGH_MS, Set.of(3L)));
    assertEquals(
        IntStream.range(0, n).boxed().toList(),
        chosen(ceremony, 100 * LONG_ENOUGH_MS, Set.of(3L, 9L)));
  }

  @Test
  void theLowestOfThoseThatAreChosenPlans() {
    for (int self = 0; self < 4; self++) {
      ColdStartCeremony ceremony = heard(self, 9, 3, 4, 3);
      chosen(ceremony, 0, Set.of(3L, 4L));
      List<Boolean> plans = new ArrayList<>();
      for (long nowMs : new long[] {LONG_ENOUGH_MS, LONG_ENOUGH_MS + PATIENCE_MS}) {
        List<ResumeStatement> without =
            ceremony.chosen(nowMs, PATIENCE_MS, statement -> statement.votedView() < 9);
        plans.add(
            ceremony
                .compose(nowMs, PATIENCE_MS, without, List.of(), Optional.empty())
                .filter(plan -> plan.members().equals(List.of(1, 2, 3)))
                .isPresent());
      }
      assertEquals(List.of(false, self == 1), plans, "member " + self);
    }
  }
}
