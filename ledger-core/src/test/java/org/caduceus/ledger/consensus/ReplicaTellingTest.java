package org.caduceus.ledger.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.MemoryBlockStore;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.block.SignedEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a node tells its peers of own entries, and when it proposes them. */
final class ReplicaTellingTest {
  private static final int N = 3;
  private static final ReplicaSettings SETTINGS = ReplicaSettings.defaults();

  private final SampleConsortium consortium = new SampleConsortium(SampleSigner.Scheme.FAST, N, 1);
  private final List<ConsensusOutput> outputs = new ArrayList<>();
  private long now = 1_000_000;
  private int self;
  private Replica replica;

  @BeforeEach
  void startAsLeader() {
    start(consortium.config().leader(1));
  }

  private void start(int member) {
    self = member;
    replica =
        new Replica(
            consortium.config(),
            consortium.config().members().get(self).id(),
            consortium.voter(self),
            ids -> Set.of(),
            new SampleEvidence(),
            SETTINGS,
            consortium.scheme().verifier());
    give(ConsensusInput.Start.of(new MemoryBlockStore(), 100));
  }

  @Test
  void aFollowerTellsTheFirstEntryAtOnceAndTheNextOnesTogether() {
    start((consortium.config().leader(1) + 1) % N);
    submit(0);
    assertEquals(List.of(List.of(entry(0))), told());
    submit(1);
    now += 5;
    submit(2);
    assertEquals(List.of(), told());
    now += SETTINGS.gossipMs();
    give(new ConsensusInput.TimerFired(Timer.GOSSIP));
    assertEquals(List.of(List.of(entry(1), entry(2))), told());
  }

  @Test
  void aLeaderProposesInsteadOfTelling() {
    submit(0);
    now += SETTINGS.lingerMs();
    give(new ConsensusInput.TimerFired(Timer.BATCH));
    assertEquals(List.of(entry(0)), proposed().entries());
    assertEquals(List.of(), told());
  }

  /** They waited for the next announcement, up to five seconds. */
  @Test
  void whoLeadsNoMoreTellsWhatStoodInNoProposal() {
    submit(0);
    now += SETTINGS.lingerMs();
    give(new ConsensusInput.TimerFired(Timer.BATCH));
    Block block = proposed();
    give(new ConsensusInput.CandidateStored(block.hash()));
    submit(1);
    assertEquals(List.of(), told());
    int other = (self + 1) % N;
    now += SETTINGS.gossipMs();
    give(
        new ConsensusInput.Received(
            other, new PeerMessage.VoteMessage(consortium.vote(other, block))));
    assertEquals(1, replica.height());
    assertEquals(List.of(List.of(entry(1))), told());
  }

  @Test
  void aBlockThatIsNotFullWaitsForThePace() {
    SampleConsortium alone = new SampleConsortium(SampleSigner.Scheme.FAST, 1, 1);
    replica =
        new Replica(
            alone.config(),
            alone.config().members().getFirst().id(),
            alone.voter(0),
            ids -> Set.of(),
            new SampleEvidence(),
            SETTINGS,
            alone.scheme().verifier());
    self = 0;
    give(ConsensusInput.Start.of(new MemoryBlockStore(), 100));
    give(new ConsensusInput.Submitted(List.of(alone.entry(0, 0)), true));
    now += SETTINGS.lingerMs();
    give(new ConsensusInput.TimerFired(Timer.BATCH));
    Block first = proposed();
    outputs.clear();
    give(new ConsensusInput.CandidateStored(first.hash()));
    give(new ConsensusInput.Submitted(List.of(alone.entry(0, 1)), true));
    now += SETTINGS.lingerMs();
    give(new ConsensusInput.TimerFired(Timer.BATCH));
    assertEquals(0, candidates().size(), "the pace is not over");
    now += SETTINGS.paceMs();
    give(new ConsensusInput.TimerFired(Timer.BATCH));
    assertEquals(List.of(alone.entry(0, 1)), proposed().entries());
  }

  /** Else one small message, sent often, would have this node flood everybody else. */
  @Test
  void whoSaysWithoutEndThatItIsBehindIsToldAFewTimesASecond() {
    submit(0);
    now += SETTINGS.lingerMs();
    give(new ConsensusInput.TimerFired(Timer.BATCH));
    PeerMessage proposal = broadcast(PeerMessage.Propose.class).getFirst();
    Block block = proposed();
    int leader = self;
    int behind = (leader + 2) % N;
    start((leader + 1) % N);
    give(new ConsensusInput.Received(leader, proposal));
    give(new ConsensusInput.CandidateStored(block.hash()));
    now += consortium.config().maxTimeoutMs();
    give(new ConsensusInput.TimerFired(Timer.PROGRESS));
    QuorumCertificate certificate =
        consortium.certificate(block, Math.min(leader, behind), Math.max(leader, behind));
    give(new ConsensusInput.Received(leader, new PeerMessage.Decide(certificate)));
    assertEquals(1, replica.height());
    outputs.clear();
    PeerMessage status = new PeerMessage.StatusAnnouncement(1, 0, 1, true);
    for (int i = 0; i < 1_000; i++) {
      give(new ConsensusInput.Received(behind, status));
    }
    assertEquals(50, broadcast(PeerMessage.NewViewMessage.class).size());
    now += 1_000;
    give(new ConsensusInput.Received(behind, status));
    assertEquals(51, broadcast(PeerMessage.NewViewMessage.class).size());
  }

  /** The first of them may have invented it, and answers nothing. */
  @Test
  void everybodyWhoSaysToBeInALaterEpochIsAskedInTurn() {
    PeerMessage status = new PeerMessage.StatusAnnouncement(2, 0, 1, true);
    List<Integer> others = new ArrayList<>();
    for (int member = 0; member < N; member++) {
      if (member != self) {
        others.add(member);
        give(new ConsensusInput.Received(member, status));
      }
    }
    outputs.clear();
    for (int turn = 0; turn < others.size(); turn++) {
      now += SETTINGS.syncTimeoutMs() + SETTINGS.syncPatienceMs();
      give(new ConsensusInput.TimerFired(Timer.SYNC));
    }
    List<Integer> asked = new ArrayList<>();
    for (ConsensusOutput output : outputs) {
      if (output instanceof ConsensusOutput.Send(int to, PeerMessage.SnapshotRequest(long from))) {
        assertEquals(2, from);
        asked.add(to);
      }
    }
    asked.sort(null);
    assertEquals(others, asked);
  }

  private List<PeerMessage> broadcast(Class<? extends PeerMessage> kind) {
    List<PeerMessage> messages = new ArrayList<>();
    for (ConsensusOutput output : outputs) {
      if (output instanceof ConsensusOutput.Broadcast(PeerMessage message)
          && kind.isInstance(message)) {
        messages.add(message);
      }
    }
    return messages;
  }

  private void submit(int number) {
    give(new ConsensusInput.Submitted(List.of(entry(number)), true));
  }

  private SignedEntry entry(int number) {
    return consortium.entry(self, number);
  }

  private void give(ConsensusInput input) {
    outputs.addAll(replica.on(now, input));
  }

  private List<Block> candidates() {
    return outputs.stream()
        .filter(ConsensusOutput.StoreCandidate.class::isInstance)
        .map(output -> ((ConsensusOutput.StoreCandidate) output).candidate().block())
        .toList();
  }

  private Block proposed() {
    List<Block> candidates = candidates();
    assertEquals(1, candidates.size(), "blocks proposed");
    return candidates.getFirst();
  }

  /** The entries of each message since the last call. */
  private List<List<SignedEntry>> told() {
    List<List<SignedEntry>> told = new ArrayList<>();
    for (ConsensusOutput output : outputs) {
      if (output instanceof ConsensusOutput.Broadcast(PeerMessage.EntryGossip(var entries))) {
        told.add(entries);
      }
    }
    outputs.removeIf(
        output ->
            output instanceof ConsensusOutput.Broadcast broadcast
                && broadcast.message() instanceof PeerMessage.EntryGossip);
    return told;
  }
}
