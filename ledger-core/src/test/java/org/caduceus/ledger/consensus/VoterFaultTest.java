package org.caduceus.ledger.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SampleSigner;
import org.junit.jupiter.api.Test;

/** Every proof that a voter is broken: it travels, it holds, and nearly the same does not. */
final class VoterFaultTest {
  private static final SampleSigner.Scheme SCHEME = SampleSigner.Scheme.ES256;

  private final SampleConsortium consortium = new SampleConsortium(SCHEME, 3, 4);
  private final Electorate electorate = new Electorate(consortium.config(), SCHEME.verifier());
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
    assertTrue(of(proof).holds(electorate));
    assertFalse(new VoterFault(Hash.ZERO, 1, proof).holds(electorate));
    assertFalse(new VoterFault(electorate.configHash(), 2, proof).holds(electorate));
  }

  private void provesNothing(VoterFault.Proof proof) {
    assertFalse(of(proof).holds(electorate));
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

  @Test
  void otherBytesAreNoProof() {
    byte[] bytes = of(proposals(one, other)).encode().toArray();
    bytes[48] = 6; // its kind
    assertThrows(IllegalArgumentException.class, () -> VoterFault.decode(bytes));
  }
}
