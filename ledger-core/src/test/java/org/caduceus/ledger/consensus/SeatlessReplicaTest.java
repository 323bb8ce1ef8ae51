package org.caduceus.ledger.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.MemoryBlockStore;
import org.caduceus.ledger.block.SampleSigner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The replica of an institution that the genesis does not name: it follows and signs nothing. */
final class SeatlessReplicaTest {
  private static final String JOINER = "laboratory-d";

  private final SampleConsortium consortium = new SampleConsortium(SampleSigner.Scheme.FAST, 3, 16);
  private final List<ConsensusOutput> outputs = new ArrayList<>();
  private Replica replica;
  private long now = 1_000_000;

  /** Even with a voter whose key has another member's seat. */
  @BeforeEach
  void start() {
    replica =
        new Replica(
            consortium.config(),
            JOINER,
            consortium.voter(0),
            ids -> Set.of(),
            new SampleEvidence(),
            ReplicaSettings.defaults(),
            consortium.scheme().verifier());
    give(ConsensusInput.Start.of(new MemoryBlockStore(), 100));
  }

  @Test
  void itSaysThatItHasNoSeat() {
    assertFalse(replica.voting());
    assertTrue(
        replica.summary(now).contains("this institution has no seat"), () -> replica.summary(now));
    assertTrue(replica.standing(now).seats().stream().noneMatch(Standing.Seat::self));
  }

  @Test
  void itFollowsWhatTheMembersMadeFinal() {
    Block block =
        consortium.block(1, 1, consortium.config().hash(), List.of(consortium.entry(0, 0)));
    give(
        new ConsensusInput.Received(
            1, new PeerMessage.SyncBlocks(List.of(consortium.committed(block, 0, 1)))));
    assertTrue(
        outputs.stream().anyMatch(ConsensusOutput.Append.class::isInstance), outputs::toString);
    give(new ConsensusInput.BlockAppended(1));
    assertEquals(1, replica.height());
  }

  @Test
  void itNeitherVotesNorProposes() {
    int leader = consortium.config().leader(1);
    Block block =
        consortium.block(1, 1, consortium.config().hash(), List.of(consortium.entry(0, 0)));
    give(
        new ConsensusInput.Received(
            leader,
            new PeerMessage.Propose(consortium.candidate(block), new Justification.Anchor())));
    give(new ConsensusInput.CandidateStored(block.hash()));
    for (Timer timer : Timer.values()) {
      now += 60_000;
      give(new ConsensusInput.TimerFired(timer));
    }
    assertFalse(
        outputs.stream()
            .map(SeatlessReplicaTest::message)
            .anyMatch(
                it ->
                    it instanceof PeerMessage.VoteMessage
                        || it instanceof PeerMessage.Propose
                        || it instanceof PeerMessage.NewViewMessage),
        outputs::toString);
  }

  private static PeerMessage message(ConsensusOutput output) {
    return switch (output) {
      case ConsensusOutput.Send(int member, PeerMessage message) -> message;
      case ConsensusOutput.Broadcast(PeerMessage message) -> message;
      default -> new PeerMessage.SyncRequest(1);
    };
  }

  private void give(ConsensusInput input) {
    outputs.addAll(replica.on(now, input));
  }
}
