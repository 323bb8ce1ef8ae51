package org.caduceus.ledger.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.LedgerEntry;
import org.caduceus.ledger.block.MerkleTree;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.membership.Register;
import org.junit.jupiter.api.Test;

/** Every proof that a voter is broken: it travels, it holds, and nearly the same does not. */
final class VoterFaultTest {
  private static final SampleSigner.Scheme SCHEME = SampleSigner.Scheme.ES256;

  private final SampleConsortium consortium = new SampleConsortium(SCHEME, 3, 4);
  private final Electorate electorate = new Electorate(consortium.config(), SCHEME.verifier());
  private final Register register = Register.of(consortium.config());
  private final Block one = block(5, 1);
  private final Block other = block(5, 2);

  private Block block(long view, int entry) {
    return consortium.block(view, 4, Hash.ZERO, List.of(consortium.entry(0, entry)));
  }

  private Bytes proposal(BlockHeader header) {
    return consortium.proposal(header.proposer(), header);
  }

  private VoterFault of(VoterFault.Proof proof) {
    VoterFault fault = VoterFault.of(electorate, proof);
    assertEquals(fault, VoterFault.decode(fault.encode().toArray()));
    assertEquals(
        new PeerMessage.Fault(fault), PeerMessage.decode(new PeerMessage.Fault(fault).encode()));
    return fault;
  }

  private void holds(VoterFault.Proof proof) {
    assertTrue(of(proof).holds(electorate, register));
    assertFalse(new VoterFault(Hash.ZERO, 1, proof).holds(electorate, register));
    assertFalse(new VoterFault(electorate.configHash(), 2, proof).holds(electorate, register));
  }

  private void provesNothing(VoterFault.Proof proof) {
    assertFalse(of(proof).holds(electorate, register));
  }

  private VoterFault.Proof proposals(Block first, Block second) {
    return new VoterFault.Proof.TwoProposals(
        first.header(), proposal(first.header()), second.header(), proposal(second.header()));
  }

  @Test
  void twoProposalsForOneView() {
    holds(proposals(one, other));
    assertEquals(
        Optional.of(one.header().proposer()), of(proposals(one, other)).member(electorate));
    provesNothing(proposals(one, one));
    provesNothing(proposals(one, block(6, 2)));
    provesNothing(
        new VoterFault.Proof.TwoProposals(
            one.header(), proposal(one.header()), other.header(), proposal(one.header())));
  }

  @Test
  void twoVotesInOneView() {
    holds(new VoterFault.Proof.TwoVotes(consortium.vote(1, one), consortium.vote(1, other)));
    provesNothing(
        new VoterFault.Proof.TwoVotes(consortium.vote(1, one), consortium.vote(2, other)));
    provesNothing(new VoterFault.Proof.TwoVotes(consortium.vote(1, one), consortium.vote(1, one)));
    provesNothing(
        new VoterFault.Proof.TwoVotes(consortium.vote(1, one), consortium.vote(1, block(6, 2))));
  }

  @Test
  void aReportThatHidesAVote() {
    QuorumCertificate certificate = consortium.certificate(one, 0, 1);
    NewView hiding = consortium.report(1, 8, 3, 2, Hash.ZERO);
    holds(new VoterFault.Proof.HiddenVote(hiding, certificate));
    provesNothing(
        new VoterFault.Proof.HiddenVote(consortium.report(2, 8, 3, 2, Hash.ZERO), certificate));
    provesNothing(
        new VoterFault.Proof.HiddenVote(consortium.report(1, 8, 5, 4, one.hash()), certificate));
    provesNothing(
        new VoterFault.Proof.HiddenVote(consortium.report(1, 4, 3, 2, Hash.ZERO), certificate));
    provesNothing(new VoterFault.Proof.HiddenVote(hiding, consortium.certificate(one, 1)));
  }

  @Test
  void twoBlocksReportedOfOneView() {
    NewView first = consortium.report(0, 8, 5, 4, one.hash());
    holds(new VoterFault.Proof.TwoReports(first, consortium.report(2, 9, 5, 4, other.hash())));
    provesNothing(
        new VoterFault.Proof.TwoReports(first, consortium.report(2, 9, 5, 4, one.hash())));
    provesNothing(
        new VoterFault.Proof.TwoReports(
            consortium.report(0, 8, 0, 0, one.hash()),
            consortium.report(2, 8, 0, 0, other.hash())));
  }

  @Test
  void twoCertificatesOfOneHeight() {
    Block later = block(6, 2);
    VoterFault.Proof fork =
        new VoterFault.Proof.TwoCertificates(
            consortium.certificate(one, 0, 1), consortium.certificate(later, 1, 2));
    holds(fork);
    assertTrue(of(fork).isFork());
    assertEquals(Optional.empty(), of(fork).member(electorate));
    provesNothing(
        new VoterFault.Proof.TwoCertificates(
            consortium.certificate(one, 0, 1), consortium.certificate(one, 1, 2)));
    provesNothing(
        new VoterFault.Proof.TwoCertificates(
            consortium.certificate(one, 0, 1), consortium.certificate(later, 2)));
  }

  private VoterFault.Proof headerOf(BlockHeader header) {
    return new VoterFault.Proof.InvalidHeader(
        header, consortium.proposal(electorate.leader(header.view()), header));
  }

  private static BlockHeader changed(
      BlockHeader header, Hash chain, Hash stateRoot, int proposer, int entries, int bytes) {
    return new BlockHeader(
        chain,
        header.epoch(),
        header.view(),
        header.height(),
        header.parentHash(),
        header.entriesRoot(),
        stateRoot,
        header.timeMs(),
        proposer,
        false,
        Hash.ZERO,
        entries,
        bytes);
  }

  @Test
  void aHeaderThatBreaksARuleByItself() {
    BlockHeader good = one.header();
    Hash chain = good.chainId();
    Hash root = good.stateRoot();
    int leader = good.proposer();
    int bytes = good.entryBytes();
    holds(headerOf(changed(good, Hash.ZERO, root, leader, 1, bytes)));
    holds(headerOf(changed(good, chain, Hash.ZERO, leader, 1, bytes)));
    holds(headerOf(changed(good, chain, root, (leader + 1) % 3, 1, bytes)));
    holds(headerOf(changed(good, chain, root, leader, 101, bytes)));
    holds(headerOf(changed(good, chain, root, leader, 1, 100_001)));
    provesNothing(headerOf(good));
    BlockHeader bad = changed(good, chain, Hash.ZERO, leader, 1, bytes);
    provesNothing(new VoterFault.Proof.InvalidHeader(bad, proposal(good)));
    VoterFault fault = of(headerOf(bad));
    assertEquals(Optional.of(leader), fault.member(electorate));
    assertFalse(fault.breaksVoter());
    assertTrue(of(proposals(one, other)).breaksVoter());
  }

  private VoterFault.Proof entryOf(Block block, int index, SignedEntry entry) {
    return new VoterFault.Proof.InvalidEntry(
        block.header(),
        proposal(block.header()),
        entry,
        index,
        MerkleTree.ofEntries(block.entries()).path(index));
  }

  @Test
  void anEntryThatMayNotStandOnTheLedger() {
    SignedEntry good = consortium.entry(0, 1);
    SignedEntry forged =
        SampleEntries.signed(
            consortium.config().chainId(), SampleConsortium.id(0), 2, consortium.institution(1));
    SignedEntry ofNobody =
        SampleEntries.signed(consortium.config().chainId(), "nobody", 3, consortium.institution(1));
    SignedEntry ofAnotherChain =
        SampleEntries.signed(Hash.ZERO, SampleConsortium.id(0), 4, consortium.institution(0));
    List<SignedEntry> entries = List.of(good, forged, ofNobody, ofAnotherChain, good);
    Block block = consortium.block(5, 4, Hash.ZERO, entries);
    holds(entryOf(block, 1, forged));
    holds(entryOf(block, 2, ofNobody));
    holds(entryOf(block, 3, ofAnotherChain));
    provesNothing(entryOf(block, 0, good));
    provesNothing(entryOf(block, 2, forged)); // not there
    provesNothing(
        new VoterFault.Proof.InvalidEntry(
            block.header(),
            proposal(one.header()),
            forged,
            1,
            MerkleTree.ofEntries(entries).path(1)));
    for (int index : new int[] {5, Integer.MAX_VALUE}) {
      provesNothing(
          new VoterFault.Proof.InvalidEntry(
              block.header(), proposal(block.header()), forged, index, List.of()));
    }
    VoterFault fault = of(entryOf(block, 1, forged));
    assertEquals(Optional.of(block.header().proposer()), fault.member(electorate));
    assertFalse(fault.breaksVoter());
  }

  /** Whoever proposes the longest entry is named on the ledger all the same. */
  @Test
  void aProofTooLongForAnEntryIsNamedByIt() {
    LedgerEntry plain =
        SampleEntries.entry(consortium.config().chainId(), SampleConsortium.id(0), 1);
    SortedMap<String, String> metadata =
        new TreeMap<>(Map.of("note", "-".repeat(LedgerEntry.MAX_BYTES - 1_000)));
    SignedEntry longest =
        SampleEntries.sign(
            new LedgerEntry(
                plain.chainId(),
                plain.member(),
                plain.kind(),
                plain.contract(),
                plain.author(),
                plain.timeMs(),
                plain.lookupTag(),
                metadata,
                plain.commitments()),
            consortium.institution(1));
    Block block = consortium.block(5, 4, Hash.ZERO, List.of(longest));
    VoterFault fault = of(entryOf(block, 0, longest));
    assertTrue(fault.holds(electorate, register));
    LedgerEntry entry = fault.entry(consortium.config().chainId(), "member-b", "node", 1);
    assertEquals(fault.id(), entry.lookupTag());
    assertEquals(Map.of(), entry.metadata());
    assertTrue(entry.encode().length() <= LedgerEntry.MAX_BYTES);
    VoterFault shorter = of(proposals(one, other));
    assertEquals(
        List.of("fault"),
        List.copyOf(
            shorter
                .entry(consortium.config().chainId(), "member-b", "node", 1)
                .metadata()
                .keySet()));
  }

  @Test
  void otherBytesAreNoProof() {
    byte[] bytes = of(proposals(one, other)).encode().toArray();
    bytes[48] = 8; // its kind
    assertThrows(IllegalArgumentException.class, () -> VoterFault.decode(bytes));
  }
}
