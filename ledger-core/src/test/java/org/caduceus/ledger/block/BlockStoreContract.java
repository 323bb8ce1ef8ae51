package org.caduceus.ledger.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.consensus.Vote;
import org.caduceus.ledger.consensus.VoterFault;
import org.caduceus.ledger.membership.Ballot;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.MembershipChange;
import org.caduceus.ledger.membership.NextEpoch;
import org.caduceus.ledger.membership.Register;
import org.caduceus.ledger.membership.ResumeStatement;
import org.caduceus.ledger.membership.Snapshot;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BlockStore} must do. An implementation supplies an empty store and a way to
 * take own entries in; the store does not check signatures, so samples carry none that verify.
 */
public interface BlockStoreContract {

  /** The store of the running test: the same object, or the same data, within one test. */
  BlockStore store();

  /** Takes own entries in, in this order, as intake does. */
  void accept(List<SignedEntry> entries);

  /** Whose entries {@link #accept} takes. */
  default String member() {
    return "clinic-a";
  }

  @Test
  @Tag("9.1a")
  default void anEmptyStoreHasNoTip() {
    assertEquals(Optional.empty(), store().tip());
    assertEquals(List.of(), store().candidatesAbove(0));
    assertEquals(List.of(), store().from(1, 10, 1_000_000));
    assertEquals(Set.of(), store().finalAmong(Set.of(SampleEntries.hashOf("no entry"))));
  }

  @Test
  @Tag("9.1a")
  default void appendedBlocksComeBackAsTheyWere() {
    CommittedBlock first = committed(1, Hash.ZERO, 1, entries(0, 3));
    CommittedBlock second = committed(2, first.block().hash(), 2, entries(3, 2));
    store().append(first);
    store().append(second);
    assertEquals(Optional.of(second), store().tip());
    assertEquals(List.of(first, second), store().from(1, 10, 1_000_000));
    assertEquals(List.of(second), store().from(2, 10, 1_000_000));
    assertEquals(List.of(first), store().from(1, 1, 1_000_000));
    assertEquals(List.of(), store().from(3, 10, 1_000_000));
  }

  @Test
  default void anAnswerIsBoundedInBytesButNeverEmpty() {
    CommittedBlock first = committed(1, Hash.ZERO, 1, entries(0, 2));
    CommittedBlock second = committed(2, first.block().hash(), 2, entries(2, 2));
    store().append(first);
    store().append(second);
    assertEquals(List.of(first), store().from(1, 10, 1));
    assertEquals(List.of(first), store().from(1, 10, first.block().header().entryBytes()));
    assertEquals(
        List.of(first, second),
        store()
            .from(
                1, 10, first.block().header().entryBytes() + second.block().header().entryBytes()));
  }

  @Test
  @Tag("9.1b")
  default void aGapIsRefused() {
    assertThrows(
        RuntimeException.class, () -> store().append(committed(2, Hash.ZERO, 1, entries(0, 1))));
    assertEquals(Optional.empty(), store().tip());
  }

  @Test
  @Tag("9.1b")
  default void theSameHeightIsRefusedTwice() {
    CommittedBlock first = committed(1, Hash.ZERO, 1, entries(0, 1));
    store().append(first);
    assertThrows(
        RuntimeException.class, () -> store().append(committed(1, Hash.ZERO, 2, entries(1, 1))));
    assertEquals(Optional.of(first), store().tip());
  }

  @Test
  default void aBlockWithoutEntriesIsABlock() {
    CommittedBlock empty = committed(1, Hash.ZERO, 1, List.of());
    store().append(empty);
    assertEquals(Optional.of(empty), store().tip());
  }

  @Test
  default void candidatesAreKeptOnceAscendingByView() {
    BlockStore.Candidate late = candidate(1, Hash.ZERO, 5, entries(0, 1));
    BlockStore.Candidate early = candidate(1, Hash.ZERO, 2, entries(0, 1));
    BlockStore.Candidate child = candidate(2, late.block().hash(), 6, entries(1, 1));
    store().storeCandidate(late);
    store().storeCandidate(early);
    store().storeCandidate(child);
    store().storeCandidate(early);
    assertEquals(List.of(early, late, child), store().candidatesAbove(0));
    assertEquals(List.of(child), store().candidatesAbove(1));
  }

  @Test
  default void appendingDropsCandidatesAtOrBelowItsHeight() {
    CommittedBlock first = committed(1, Hash.ZERO, 1, entries(0, 1));
    store().storeCandidate(candidate(1, Hash.ZERO, 1, entries(0, 1)));
    store().storeCandidate(candidate(1, Hash.ZERO, 2, entries(1, 1)));
    BlockStore.Candidate child = candidate(2, first.block().hash(), 3, entries(2, 1));
    store().storeCandidate(child);
    store().append(first);
    assertEquals(List.of(child), store().candidatesAbove(0));
  }

  @Test
  @Tag("9.1a")
  default void ownEntriesWaitInOrderUntilTheyAreFinal() {
    List<SignedEntry> own = entries(0, 4);
    accept(own);
    assertEquals(own, store().waiting(10));
    assertEquals(own.subList(0, 2), store().waiting(2));
    store().append(committed(1, Hash.ZERO, 1, List.of(own.get(1), own.get(3))));
    assertEquals(List.of(own.get(0), own.get(2)), store().waiting(10));
  }

  @Test
  default void theStoreKnowsWhichEntriesAreFinal() {
    List<SignedEntry> all = entries(0, 4);
    store().append(committed(1, Hash.ZERO, 1, all.subList(0, 2)));
    Set<Hash> asked = Set.of(all.get(0).id(), all.get(2).id(), all.get(1).id());
    assertEquals(Set.of(all.get(0).id(), all.get(1).id()), store().finalAmong(asked));
    assertTrue(store().finalAmong(Set.of()).isEmpty());
  }

  @Test
  @Tag("9.1a")
  default void ballotsAreKeptUntilTheirEpochEndsAndEpochsForEver() {
    SignedEntry ballot = ballot(1);
    SignedEntry deciding = ballot(2);
    CommittedBlock first = committed(1, Hash.ZERO, 1, List.of(ballot, entries(0, 1).getFirst()));
    store().append(first);
    assertEquals(List.of(ballot), store().ballots());
    assertEquals(List.of(), store().epochs());
    CommittedBlock last = committed(2, first.block().hash(), 2, List.of(deciding));
    NextEpoch next = epoch(2, last);
    EpochProof proof = next.proof();
    assertEquals(Optional.empty(), store().register());
    store().append(last, Optional.of(next));
    assertEquals(List.of(), store().ballots());
    assertEquals(List.of(proof), store().epochs());
    assertEquals(Optional.of(next.register()), store().register());
    assertEquals(Optional.of(last), store().tip());
    store().enterEpochs(List.of(next));
    assertEquals(List.of(proof), store().epochs());
  }

  @Test
  @Tag("9.1a")
  default void aSnapshotHasTheEpochsFromOneOnAndAFinalBlockOfTheLast() {
    CommittedBlock first = committed(1, Hash.ZERO, 1, entries(0, 1));
    store().append(first);
    NextEpoch second = epoch(2, first);
    NextEpoch third = epoch(3, first);
    assertEquals(new Snapshot(List.of(), Optional.empty()), store().snapshot(2, 1_000_000));
    store().enterEpochs(List.of(second, third));
    assertEquals(List.of(second.proof(), third.proof()), store().epochs());
    assertEquals(Optional.of(third.register()), store().register());
    assertEquals(
        new Snapshot(List.of(second, third), Optional.empty()), store().snapshot(2, 1_000_000));
    assertEquals(List.of(second, third), store().epochsFrom(2, 1));
    assertEquals(List.of(third), store().epochsFrom(3, 1_000_000));
    assertEquals(List.of(), store().epochsFrom(4, 1_000_000));
    NextEpoch fourth = epoch(4, first);
    store().enterEpochs(List.of(fourth));
    assertEquals(List.of(second, third), store().epochsFrom(2, 1), "two at least, then no more");
  }

  @Test
  @Tag("9.1a")
  default void ballotsOfAnEpochThatIsOverAreNotKept() {
    CommittedBlock first = committed(1, Hash.ZERO, 1, entries(0, 1));
    store().enterEpochs(List.of(epoch(2, first)));
    store().append(committed(1, Hash.ZERO, 1, List.of(ballot(1))));
    assertEquals(List.of(), store().ballots());
  }

  @Test
  @Tag("9.1a")
  default void aBlockKeepsTheSuffixThatProvesIt() {
    CommittedBlock plain = committed(1, Hash.ZERO, 1, entries(0, 1));
    CommittedBlock proven =
        new CommittedBlock(
            plain.block(),
            List.of(block(2, Hash.ZERO, 3, List.of()).header()),
            plain.certificate());
    store().append(proven);
    assertEquals(Optional.of(proven), store().tip());
  }

  @Test
  @Tag("9.1b")
  default void oneThingIsApprovedInAnEpochForEver() {
    Bytes first = Bytes.of(new byte[] {1});
    assertEquals(Optional.empty(), store().approval(3));
    store().keepApproval(3, first);
    store().keepApproval(3, first);
    assertEquals(Optional.of(first), store().approval(3));
    assertThrows(RuntimeException.class, () -> store().keepApproval(3, Bytes.of(new byte[] {2})));
    assertEquals(Optional.of(first), store().approval(3));
    assertEquals(Optional.empty(), store().approval(4));
  }

  @Test
  @Tag("9.1a")
  default void statementsAreKeptByEpoch() {
    BlockStore.Statement statement = statement((byte) 1);
    BlockStore.Statement other = statement((byte) 2);
    store().keepStatement(2, statement);
    store().keepStatement(2, statement);
    store().keepStatement(2, other);
    assertEquals(Set.of(statement, other), Set.copyOf(store().statements(2)));
    assertEquals(2, store().statements(2).size());
    assertEquals(List.of(), store().statements(1));
  }

  @Test
  @Tag("9.1a")
  default void proofsOfBrokenVotersAreKeptByEpoch() {
    VoterFault fault = fault(2, 7);
    VoterFault other = fault(2, 8);
    store().keepFault(fault);
    store().keepFault(fault);
    store().keepFault(other);
    store().keepFault(fault(3, 7));
    assertEquals(Set.of(fault, other), Set.copyOf(store().faults(2)));
    assertEquals(2, store().faults(2).size());
    assertEquals(List.of(), store().faults(1));
  }

  private static VoterFault fault(long epoch, long view) {
    Bytes signature = Bytes.wrap(new byte[64]);
    Vote vote = new Vote(1, 1, epoch, view, 3, Hash.ZERO, false, signature);
    Vote other = new Vote(1, 1, epoch, view, 4, Hash.ZERO, false, signature);
    return new VoterFault(Hash.ZERO, epoch, new VoterFault.Proof.TwoVotes(vote, other));
  }

  private static BlockStore.Statement statement(byte key) {
    byte[] point = new byte[65];
    point[0] = 4;
    point[1] = key;
    Bytes signature = Bytes.wrap(new byte[64]);
    return new BlockStore.Statement(
        new ResumeStatement(
            Hash.ZERO,
            2,
            0,
            Bytes.wrap(new byte[65]),
            3,
            4,
            Hash.ZERO,
            false,
            Bytes.wrap(point),
            signature),
        Bytes.wrap(point));
  }

  /** A ballot, whose governance signature no store looks at. */
  private SignedEntry ballot(int number) {
    Ballot ballot =
        new Ballot(
            Hash.ZERO, new MembershipChange.RemoveMember(member()), Bytes.wrap(new byte[64]));
    return SampleEntries.sign(
        ballot.entry(SampleEntries.CHAIN, member(), "officer", number),
        SampleSigner.Scheme.FAST.signer("institution " + member()));
  }

  private static NextEpoch epoch(long number, CommittedBlock last) {
    SampleConsortium consortium = new SampleConsortium(SampleSigner.Scheme.FAST, 3, 4);
    EpochConfig config = consortium.config().with(number, consortium.config().members());
    return new NextEpoch(
        new EpochProof.Ended(config, List.of(last.block().header()), last.certificate()),
        Register.of(config));
  }

  /** Signed entries of {@link #member}, numbered from {@code first}. */
  default List<SignedEntry> entries(int first, int count) {
    SampleSigner institution = SampleSigner.Scheme.FAST.signer("institution " + member());
    return java.util.stream.IntStream.range(first, first + count)
        .mapToObj(i -> SampleEntries.signed(SampleEntries.CHAIN, member(), i, institution))
        .toList();
  }

  /** A candidate of the sample chain. */
  default BlockStore.Candidate candidate(
      long height, Hash parent, long view, List<SignedEntry> entries) {
    return new BlockStore.Candidate(block(height, parent, view, entries), Bytes.wrap(new byte[64]));
  }

  /** A final block of the sample chain with a certificate of two signers. */
  default CommittedBlock committed(long height, Hash parent, long view, List<SignedEntry> entries) {
    Block block = block(height, parent, view, entries);
    Bytes signature = Bytes.wrap(new byte[64]);
    return new CommittedBlock(
        block,
        new QuorumCertificate(
            1, view, height, block.hash(), false, 1, 0b101, List.of(signature, signature)));
  }

  private static Block block(long height, Hash parent, long view, List<SignedEntry> entries) {
    return new Block(
        new BlockHeader(
            SampleEntries.CHAIN,
            1,
            view,
            height,
            parent,
            MerkleTree.ofEntries(entries).root(),
            StateTree.EMPTY,
            1_790_000_000_000L + height,
            0,
            false,
            Hash.ZERO,
            entries.size(),
            entries.stream().mapToInt(entry -> entry.cose().length()).sum()),
        entries);
  }
}
