package org.caduceus.ledger.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
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

  private static ColdStartCeremony ceremony(SampleConsortium consortium, int self) {
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
  private static ColdStartCeremony heard(int self, long... views) {
    SampleConsortium consortium = new SampleConsortium(SampleSigner.Scheme.FAST, views.length, 4);
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

  /** When each member plans, ms after it looked first, if no plan comes; empty if it does not. */
  private static List<OptionalLong> plansAt(
      IntFunction<ColdStartCeremony> heardBy, Set<Long> here, IntPredicate alive) {
    List<OptionalLong> all = new ArrayList<>();
    for (int self = 0; self < 4; self++) {
      ColdStartCeremony ceremony = heardBy.apply(self);
      OptionalLong first = OptionalLong.empty();
      for (long nowMs = 0; nowMs <= 100_000 && first.isEmpty(); nowMs += PATIENCE_MS / 2) {
        List<ResumeStatement> chosen =
            ceremony.chosen(nowMs, PATIENCE_MS, each -> here.contains(each.votedView()));
        boolean plans =
            !chosen.isEmpty()
                && ceremony
                    .compose(nowMs, PATIENCE_MS, chosen, List.of(), Optional.empty(), alive)
                    .isPresent();
        first = plans ? OptionalLong.of(nowMs) : first;
      }
      all.add(first);
    }
    return all;
  }

  private static OptionalLong at(long ms) {
    return OptionalLong.of(ms);
  }

  @Test
  void theLowestPlansAndTheOthersOneAfterTheOtherIfNoPlanComes() {
    assertEquals(
        List.of(at(500), at(2_500), at(4_500), at(6_500)),
        plansAt(self -> heard(self, 3, 9, 4, 3), Set.of(9L), each -> true));
  }

  @Test
  void whoIsLeftOutHasNoTurn() {
    assertEquals(
        List.of(OptionalLong.empty(), at(6_500), at(8_500), at(10_500)),
        plansAt(self -> heard(self, 9, 3, 4, 3), Set.of(3L, 4L), each -> true));
  }

  /** Those that are not heard may hold a plan of another's: two would split the approvals. */
  @Test
  void nobodyPlansWithoutHearingEnough() {
    List<OptionalLong> three =
        plansAt(self -> heard(self, 3, 9, 4, 3), Set.of(9L), each -> each > 0);
    assertEquals(List.of(at(500), at(2_500), at(4_500), at(6_500)), three);
    List<OptionalLong> two = plansAt(self -> heard(self, 3, 9, 4, 3), Set.of(9L), each -> each > 1);
    assertEquals(List.of(at(500), at(2_500), OptionalLong.empty(), OptionalLong.empty()), two);
  }

  /** The plan of all who stated in another's ceremony. */
  private static ColdStartPlan another(long... views) {
    ColdStartCeremony ceremony = heard(0, views);
    return ceremony
        .compose(0, 0, ceremony.statements(), List.of(), Optional.empty(), each -> true)
        .orElseThrow();
  }

  private static ColdStartCeremony told(ColdStartCeremony ceremony, int... members) {
    for (int member : members) {
      ceremony.told(member, another(3, 8, 4, 3), 0);
    }
    return ceremony;
  }

  /**
   * One of four may go by a plan that does not get through; if two do, the rest wait for theirs.
   */
  @Test
  void nobodyPlansWhileTooManyGoByAnotherPlan() {
    List<OptionalLong> one =
        plansAt(self -> told(heard(self, 3, 9, 4, 3), 0), Set.of(9L), each -> true);
    assertEquals(at(4_500), one.get(2));
    List<OptionalLong> two =
        plansAt(self -> told(heard(self, 3, 9, 4, 3), 0, 1), Set.of(9L), each -> true);
    assertEquals(at(5_500), two.get(2), "they told nothing after " + PATIENCE_MS + " ms");
  }

  @Test
  void aPlanIsNotPossibleBesideOneThatTooManyGoBy() {
    ColdStartPlan plan = another(3, 9, 4, 3);
    ColdStartCeremony ceremony = heard(3, 3, 9, 4, 3);
    ceremony.told(0, plan, 0);
    assertTrue(told(ceremony, 1).isPossible(plan, 0, PATIENCE_MS));
    assertFalse(told(ceremony, 2).isPossible(plan, PATIENCE_MS, PATIENCE_MS));
    assertTrue(ceremony.isPossible(plan, PATIENCE_MS + 1, PATIENCE_MS));
  }

  @Test
  void theSameWordsSignedAgainMakeTheSamePlan() {
    SampleConsortium consortium = new SampleConsortium(SampleSigner.Scheme.SM2, 1, 4);
    ColdStartCeremony ceremony = ceremony(consortium, 0);
    ResumeStatement first = stated(consortium, 0, 3);
    ResumeStatement again = stated(consortium, 0, 3);
    assertNotEquals(first.signature(), again.signature());
    ceremony.note(first, EVIDENCE, true);
    ceremony.note(again, EVIDENCE, true);
    assertEquals(List.of(first), ceremony.statements());
    ResumeStatement higher = stated(consortium, 0, 4);
    ceremony.note(higher, EVIDENCE, true);
    assertEquals(List.of(higher), ceremony.statements());
  }
}
