package org.caduceus.ledger.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.MerkleTree;
import org.caduceus.ledger.block.SampleEntries;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.Electorate;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.ModelVoter;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.consensus.SoftMistake;
import org.caduceus.ledger.consensus.Standing;
import org.caduceus.ledger.consensus.VoterFault;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Register;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Goal: a broken enclave stops the chain for its key rather than forking it, also when hosts start
 * again. Method: three members; member-b's voting key signs two votes for one view beside its
 * checker. All invariants are watched but the one that nobody finds such proof.
 */
final class VoterFaultTest {
  private static final long VIEW = 9;

  private final Cluster cluster =
      new Cluster(
          new SplittableRandom(11),
          new Cluster.Design(
              3,
              4,
              EpochConfig.Mode.TEE_1P,
              ModelVoter.Mutant.NONE,
              SoftMistake.NONE,
              SimulatedDisk.Fault.NONE,
              allBut(Invariant.E)));
  private long height;

  private static Set<Invariant> allBut(Invariant one) {
    return EnumSet.complementOf(EnumSet.of(one));
  }

  @BeforeEach
  void someBlocksAreFinal() {
    submitAtAll();
    cluster.run(2_000);
    assertEquals(Optional.empty(), cluster.unfinished());
    height = cluster.replica(0).height();
  }

  private void submitAtAll() {
    for (int member = 0; member < 3; member++) {
      cluster.submit(member);
    }
  }

  private VoterFault.Proof.TwoVotes twoVotes() {
    SampleConsortium consortium = cluster.consortium();
    Block one = consortium.block(VIEW, height + 1, Hash.ZERO, List.of(consortium.entry(0, 900)));
    Block other = consortium.block(VIEW, height + 1, Hash.ZERO, List.of(consortium.entry(0, 901)));
    return new VoterFault.Proof.TwoVotes(consortium.vote(1, one), consortium.vote(1, other));
  }

  private VoterFault fault(VoterFault.Proof proof) {
    return new VoterFault(cluster.consortium().config().hash(), 1, proof);
  }

  private void everybodyHaltedAndKeepsTheProof(VoterFault fault) {
    for (int member = 0; member < 3; member++) {
      assertTrue(
          cluster.halted(member).orElse("").contains("the voter of member-b signed two"),
          cluster::describe);
      assertEquals(List.of(fault), cluster.faults(member, 1));
    }
  }

  @Test
  @Tag("6.2b")
  void whoSeesTwoVotesTellsTheOthersAndAllStop() {
    VoterFault.Proof.TwoVotes votes = twoVotes();
    int leader = cluster.consortium().config().leader(VIEW);
    cluster.tell(leader, 1, new PeerMessage.VoteMessage(votes.first()));
    cluster.tell(leader, 1, new PeerMessage.VoteMessage(votes.second()));
    cluster.run(1_000);
    everybodyHaltedAndKeepsTheProof(fault(votes));
  }

  @Test
  @Tag("6.2b")
  void hostsThatStartAgainDoNotVoteInThatEpochAndGoOnInTheNext() {
    VoterFault fault = fault(twoVotes());
    cluster.tell(0, 1, new PeerMessage.Fault(fault));
    cluster.run(1_000);
    everybodyHaltedAndKeepsTheProof(fault);
    submitAtAll();
    for (int member = 0; member < 3; member++) {
      cluster.restartDespiteHalt(member);
      assertFalse(cluster.replica(member).voting(), cluster::describe);
      assertTrue(cluster.summary(member).contains("refuses this epoch"), () -> cluster.summary(0));
    }
    cluster.run(60_000);
    for (int member = 0; member < 3; member++) {
      assertEquals(Optional.empty(), cluster.halted(member), cluster::describe);
      // Nothing became final under the old keys; governance went on with new ones.
      assertEquals(2, cluster.replica(member).config().epoch(), cluster::describe);
      assertTrue(cluster.replica(member).voting(), cluster::describe);
      assertEquals(List.of(fault), cluster.faults(member, 1));
    }
    submitAtAll();
    cluster.run(20_000);
    assertEquals(Optional.empty(), cluster.unfinished(), cluster::describe);
  }

  @Test
  void aHostThatHaltedSaysWhyAndNothingOfOthersThatItHearsNoMore() {
    VoterFault fault = fault(twoVotes());
    cluster.tell(0, 1, new PeerMessage.Fault(fault));
    cluster.run(60_000);
    everybodyHaltedAndKeepsTheProof(fault);
    assertEquals(List.of(Standing.Cause.HALTED), causes(0));
  }

  @Test
  void whoStartsAgainFirstIsToldThatTheOthersHaltedAndCallsNobodyBehind() {
    while (cluster.replica(0).height() < 5) {
      submitAtAll();
      cluster.run(1_000);
    }
    cluster.tell(0, 1, new PeerMessage.Fault(fault(twoVotes())));
    cluster.run(1_000);
    cluster.restartDespiteHalt(0);
    cluster.run(10_000);
    assertTrue(causes(0).contains(Standing.Cause.DOES_NOT_VOTE), cluster::describe);
    assertFalse(causes(0).contains(Standing.Cause.BEHIND), () -> cluster.summary(0));
    assertEquals(
        List.of(List.of("member-b", "member-c")),
        cluster.standing(0).findings().stream()
            .filter(finding -> finding.cause() == Standing.Cause.PEERS_DO_NOT_VOTE)
            .map(Standing.Finding::members)
            .toList());
  }

  private List<Standing.Cause> causes(int member) {
    return cluster.standing(member).findings().stream().map(Standing.Finding::cause).toList();
  }

  @Test
  void aLoneHostThatStartsAgainVotesForNothing() {
    VoterFault fault = fault(twoVotes());
    cluster.crash(1);
    cluster.crash(2);
    cluster.tell(0, 1, new PeerMessage.Fault(fault));
    cluster.run(100);
    cluster.restartDespiteHalt(0);
    cluster.restart(2);
    cluster.submit(0);
    cluster.submit(2);
    cluster.run(60_000);
    assertFalse(cluster.replica(0).voting(), cluster::describe);
    assertEquals(height, cluster.replica(0).height(), cluster::describe);
    assertEquals(1, cluster.replica(0).config().epoch(), cluster::describe);
  }

  /** What a sound voter signs for a dishonest node is that node's misdeed: nobody halts. */
  @Test
  @Tag("6.2b")
  void whoProposesWhatNobodyMayTakeIsNamedToAllAndTheChainGoesOn() {
    SampleConsortium consortium = cluster.consortium();
    long view = cluster.replica(0).view() + 40;
    Hash tip = cluster.replica(0).tip();
    SignedEntry forged =
        SampleEntries.signed(
            consortium.config().chainId(), SampleConsortium.id(1), 77, consortium.institution(0));
    Block block =
        consortium.block(view, height + 1, tip, List.of(consortium.entry(0, 900), forged));
    int leader = block.header().proposer();
    cluster.corrupt(leader, List.of());
    int witness = (leader + 1) % 3;
    cluster.tell(
        witness,
        leader,
        new PeerMessage.Propose(consortium.candidate(block), new Justification.Anchor()));
    cluster.run(1_000);
    VoterFault fault =
        fault(
            new VoterFault.Proof.InvalidEntry(
                block.header(),
                consortium.proposal(leader, block.header()),
                forged,
                1,
                MerkleTree.ofEntries(block.entries()).path(1)));
    int other = (leader + 2) % 3;
    assertEquals(List.of(fault), cluster.faults(witness, 1));
    assertEquals(List.of(fault), cluster.faults(other, 1));
    assertEquals(Optional.of(leader), fault.member(electorate()));
    cluster.restart(witness); // who starts again with such a proof votes on
    cluster.submit(witness);
    cluster.submit(other);
    cluster.run(20_000);
    for (int member : List.of(witness, other)) {
      assertEquals(Optional.empty(), cluster.halted(member), cluster::describe);
      assertTrue(cluster.replica(member).voting(), cluster::describe);
      assertEquals(1, cluster.replica(member).config().epoch());
    }
    assertEquals(Optional.empty(), cluster.unfinished(), cluster::describe);
  }

  private Electorate electorate() {
    return new Electorate(cluster.consortium().config(), cluster.consortium().scheme().verifier());
  }

  /** A fork is proven also where it is found late. */
  @Test
  @Tag("6.2b")
  void anotherCertificateOfAHeightBelowTheTipIsProofThatAllKeep() {
    SampleConsortium consortium = cluster.consortium();
    for (int i = 0; i < 4; i++) {
      submitAtAll();
      cluster.run(1_000);
    }
    assertTrue(cluster.replica(0).height() > height + 2, cluster::describe);
    BlockHeader other =
        consortium
            .block(VIEW * 1_000, height + 1, Hash.ZERO, List.of(consortium.entry(0, 900)))
            .header();
    cluster.tell(0, 1, new PeerMessage.Decide(consortium.certificate(other, 0, 1)));
    cluster.run(1_000);
    for (int member = 0; member < 3; member++) {
      assertTrue(
          cluster.halted(member).orElse("").contains("at height " + (height + 1)),
          cluster::describe);
      VoterFault kept = cluster.faults(member, 1).getFirst();
      assertTrue(kept.holds(electorate(), Register.of(consortium.config())));
      assertTrue(kept.proof() instanceof VoterFault.Proof.TwoCertificates);
    }
  }

  @Test
  void whatProvesNothingStopsNobody() {
    SampleConsortium consortium = cluster.consortium();
    VoterFault.Proof.TwoVotes votes = twoVotes();
    var forged =
        new VoterFault.Proof.TwoVotes(
            votes.first(),
            consortium.vote(
                2, consortium.block(VIEW, height + 1, Hash.ZERO, List.of(consortium.entry(0, 5)))));
    var same = new VoterFault.Proof.TwoVotes(votes.first(), votes.first());
    VoterFault otherEpoch = new VoterFault(Hash.ZERO, 1, votes);
    for (VoterFault fault : List.of(fault(forged), fault(same), otherEpoch)) {
      cluster.tell(0, 2, new PeerMessage.Fault(fault));
    }
    submitAtAll();
    cluster.run(5_000);
    assertEquals(Optional.empty(), cluster.halted(0), cluster::describe);
    assertEquals(Optional.empty(), cluster.unfinished(), cluster::describe);
    assertEquals(List.of(), cluster.faults(0, 1));
  }
}
