package org.caduceus.ledger.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a voter without hardware signs, refuses and writes down before. */
final class SoftVoterTest {
  private static final int N = 4;

  private static final class MemoryLog implements VoterLog {
    private final List<Bytes> records = new ArrayList<>();
    private boolean full;

    @Override
    public List<Bytes> records() {
      return List.copyOf(records);
    }

    @Override
    public boolean append(Bytes record) {
      if (!full) {
        records.add(record);
      }
      return !full;
    }
  }

  private final SampleConsortium consortium = consortium(SampleSigner.Scheme.ES256);
  private final EpochConfig config = consortium.config();
  private final MemoryLog log = new MemoryLog();
  private final int leader = config.leader(1);
  private final Block block = consortium.block(1, 1, config.hash(), List.of());

  private static SampleConsortium consortium(SampleSigner.Scheme scheme) {
    return new SampleConsortium(scheme, N, 1).in(EpochConfig.Mode.BFT_2P);
  }

  private static SoftVoter.Key key(SampleConsortium consortium, int member) {
    SampleSigner signer = consortium.scheme().signer(SampleConsortium.votingKeyName(member));
    return new SoftVoter.Key() {
      @Override
      public Bytes publicKey() {
        return signer.publicKey();
      }

      @Override
      public Bytes sign(Bytes message) {
        return signer.sign(message);
      }
    };
  }

  private SoftVoter created(int member) {
    return entered(SoftVoter.create(key(consortium, member), log, consortium.scheme().verifier()));
  }

  private SoftVoter reopened(int member) {
    return entered(SoftVoter.open(key(consortium, member), log, consortium.scheme().verifier()));
  }

  private SoftVoter entered(SoftVoter voter) {
    assertTrue(voter.enterEpoch(List.of(EpochProof.genesis(config))));
    return voter;
  }

  private Voter.Signed prepare(Voter voter, Block it, Justification why) {
    return voter.vote(1, it.header(), consortium.candidate(it).proposal(), why);
  }

  private Voter.Signed commit(Voter voter, Block it) {
    return voter.vote(
        2,
        it.header(),
        consortium.candidate(it).proposal(),
        new Justification.Certified(consortium.certificate(it, 0, 1, 2)));
  }

  private static void refused(String status, Voter.Signed answer) {
    assertEquals(new Voter.Signed.No(status), answer);
  }

  private static void signed(Voter.Signed answer) {
    assertInstanceOf(Voter.Signed.Yes.class, answer);
  }

  @ParameterizedTest
  @EnumSource(names = {"ES256", "SM2"})
  void signsBothPhasesUnderTheEpochsSuite(SampleSigner.Scheme scheme) {
    SampleConsortium any = consortium(scheme);
    SoftVoter voter = SoftVoter.create(key(any, 0), new MemoryLog(), scheme.verifier());
    assertTrue(voter.enterEpoch(List.of(EpochProof.genesis(any.config()))));
    Block first = any.block(1, 1, any.config().hash(), List.of());
    Electorate voters = new Electorate(any.config(), scheme.verifier());
    Voter.Signed prepared =
        voter.vote(1, first.header(), any.candidate(first).proposal(), new Justification.Anchor());
    Voter.Signed committed =
        voter.vote(
            2,
            first.header(),
            any.candidate(first).proposal(),
            new Justification.Certified(any.certificate(first, 0, 1, 2)));
    assertTrue(voters.voted(vote(1, first, prepared)));
    assertTrue(voters.voted(vote(2, first, committed)));
    assertFalse(voters.voted(vote(2, first, prepared)), "a PREPARE must not count as a COMMIT");
  }

  private static Vote vote(int phase, Block block, Voter.Signed signed) {
    return Vote.of(0, phase, block.header(), block.hash(), ((Voter.Signed.Yes) signed).signature());
  }

  @Test
  void preparesOncePerViewAlsoAfterARestart() {
    signed(prepare(created(0), block, new Justification.Anchor()));
    Block other = consortium.block(1, 1, config.hash(), List.of(consortium.entry(leader, 1)));
    SoftVoter again = reopened(0);
    refused("E_STALE_VIEW", prepare(again, other, new Justification.Anchor()));
    refused("E_STALE_VIEW", prepare(again, block, new Justification.Anchor()));
  }

  @Test
  void proposesOncePerViewAlsoAfterARestart() {
    signed(created(leader).propose(block.header(), new Justification.Anchor()));
    refused("E_STALE_VIEW", reopened(leader).propose(block.header(), new Justification.Anchor()));
  }

  @Test
  void commitsToNothingInAViewThatItLeft() {
    SoftVoter voter = created(0);
    assertInstanceOf(Voter.Moved.Yes.class, voter.newView(2));
    refused("E_STALE_VIEW", commit(voter, block));
    refused("E_STALE_VIEW", commit(reopened(0), block));
  }

  @Test
  void reportsWhatItCommittedToAlsoAfterARestart() {
    signed(commit(created(0), block));
    SoftVoter again = reopened(0);
    NewView report = ((Voter.Moved.Yes) again.newView(5)).report();
    assertEquals(1, report.votedView());
    assertEquals(block.hash(), report.votedHash());
    assertEquals(Optional.of(block.hash()), again.highest().map(QuorumCertificate::blockHash));
  }

  @Test
  void refusesAProposalWithoutItsReason() {
    SoftVoter voter = created(0);
    Block second = consortium.block(2, 2, block.hash(), List.of());
    refused("E_CONFLICT", prepare(voter, second, new Justification.Anchor()));
    QuorumCertificate tooFew = consortium.certificate(block, 0, 1);
    refused("E_QC", prepare(voter, second, new Justification.Certified(tooFew)));
    QuorumCertificate good = consortium.certificate(block, 0, 1, 3);
    Block third = consortium.block(3, 2, block.hash(), List.of());
    refused("E_CONFLICT", prepare(voter, third, new Justification.Certified(good)));
    Block elsewhere = consortium.block(2, 2, config.hash(), List.of());
    refused("E_CONFLICT", prepare(voter, elsewhere, new Justification.Certified(good)));
    signed(prepare(voter, second, new Justification.Certified(good)));
  }

  @Test
  void refusesReportsOfWhichTheHighestIsHidden() {
    SoftVoter voter = created(0);
    QuorumCertificate good = consortium.certificate(block, 0, 1, 3);
    NewView knows = consortium.report(1, 4, 1, 1, block.hash());
    NewView ignorant = consortium.report(2, 4, 0, 0, config.hash());
    NewView alike = consortium.report(3, 4, 0, 0, config.hash());
    Block upon = consortium.block(4, 2, block.hash(), List.of());
    Block beside = consortium.block(4, 1, config.hash(), List.of());
    List<NewView> all = List.of(knows, ignorant, alike);
    refused("E_CONFLICT", prepare(voter, beside, new Justification.NewViews(all)));
    refused("E_QC", prepare(voter, upon, new Justification.Reported(List.of(knows, alike), good)));
    refused(
        "E_CONFLICT",
        prepare(voter, upon, new Justification.Reported(List.of(knows, knows, alike), good)));
    signed(prepare(voter, upon, new Justification.Reported(all, good)));
  }

  @Test
  void signsNothingThatItCannotWriteDown() {
    SoftVoter voter = created(0);
    log.full = true;
    refused("UNAVAILABLE", prepare(voter, block, new Justification.Anchor()));
    assertEquals(new Voter.Moved.No("UNAVAILABLE"), voter.newView(3));
    log.full = false;
    refused("UNAVAILABLE", prepare(voter, block, new Justification.Anchor()));
    entered(voter); // reads the log again
    signed(prepare(voter, block, new Justification.Anchor()));
  }

  @Test
  void aLogThatIsNotWholeIsRefused() {
    SoftVoter voter = created(0);
    signed(prepare(voter, block, new Justification.Anchor()));
    signed(commit(voter, block));
    List<Bytes> whole = log.records();
    log.records.remove(2);
    assertRefused("record 2");
    log.records.clear();
    assertRefused("empty");
    byte[] altered = whole.getLast().toArray();
    altered[130] ^= 1;
    log.records.addAll(whole.subList(0, whole.size() - 1));
    log.records.add(Bytes.wrap(altered));
    assertRefused("Expected");
    log.records.clear();
    log.records.addAll(whole.subList(2, whole.size()));
    reopened(0); // the oldest may be forgotten
  }

  private void assertRefused(String reason) {
    String message = assertThrows(MalformedException.class, () -> reopened(0)).getMessage();
    assertTrue(message.contains(reason), message);
  }

  @Test
  void anotherKeysLogIsRefused() {
    created(0);
    assertThrows(MalformedException.class, () -> reopened(1));
    assertThrows(IllegalStateException.class, () -> created(0));
  }

  @Test
  void whatItSignedAndDoesNotKnowSilencesIt() {
    SoftVoter voter = created(0);
    List<Bytes> before = log.records();
    signed(prepare(voter, block, new Justification.Anchor()));
    log.records.clear();
    log.records.addAll(before); // an old copy was brought back
    SoftVoter rolledBack = reopened(0);
    assertFalse(rolledBack.remembers(Voter.Kind.PREPARE, 1));
    refused("E_STATE", prepare(rolledBack, block, new Justification.Anchor()));
    assertFalse(rolledBack.enterEpoch(List.of(EpochProof.genesis(config))));
  }

  @Test
  void staysOutsideEpochsOfEnclaves() {
    EpochConfig ofEnclaves = new SampleConsortium(SampleSigner.Scheme.ES256, N, 1).config();
    SoftVoter voter = SoftVoter.create(key(consortium, 0), log, consortium.scheme().verifier());
    assertFalse(voter.enterEpoch(List.of(EpochProof.genesis(ofEnclaves))));
    refused("E_NOT_JOINED", prepare(voter, block, new Justification.Anchor()));
  }

  @Test
  void recordsAreReadAsTheyWereWritten() {
    VoterRecord birth = VoterRecord.birth(key(consortium, 0).publicKey());
    VoterRecord later =
        birth
            .entered(1, config.hash())
            .preparedIn(1, Optional.empty())
            .committed(consortium.certificate(block, 0, 1, 2));
    assertEquals(birth, VoterRecord.decode(birth.encode()));
    assertEquals(later, VoterRecord.decode(later.encode()));
    assertEquals(Hash.ZERO, birth.previous());
    Bytes cut = Bytes.wrap(java.util.Arrays.copyOf(later.encode().toArray(), 90));
    assertThrows(MalformedException.class, () -> VoterRecord.decode(cut));
  }
}
