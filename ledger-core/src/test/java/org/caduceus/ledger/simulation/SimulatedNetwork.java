package org.caduceus.ledger.simulation;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.caduceus.ledger.consensus.ConsensusInput;
import org.caduceus.ledger.consensus.PeerMessage;

/** Links that delay, and when told to lose, repeat, reorder and cut, one direction at a time. */
final class SimulatedNetwork {
  private static final int CODEC_SAMPLE = 16;

  private record Link(int from, int to) {}

  private final VirtualTime time;
  private final SplittableRandom random;
  private final Consumer<PeerMessage> witness;
  private final Set<Link> cut = new HashSet<>();
  private BiConsumer<Integer, ConsensusInput> deliver = (to, input) -> {};
  private double loss;
  private double repetition;
  private long maxDelayMs = 5;

  /**
   * A network without faults.
   *
   * @param witness sees every message that is sent
   */
  SimulatedNetwork(VirtualTime time, SplittableRandom random, Consumer<PeerMessage> witness) {
    this.time = time;
    this.random = random;
    this.witness = witness;
  }

  void deliverTo(BiConsumer<Integer, ConsensusInput> receiver) {
    deliver = receiver;
  }

  void send(int from, int to, PeerMessage message) {
    witness.accept(message);
    if (cut.contains(new Link(from, to)) || random.nextDouble() < loss) {
      return;
    }
    // The real bytes now and then: the codec belongs to the protocol.
    PeerMessage arrives =
        random.nextInt(CODEC_SAMPLE) == 0 ? PeerMessage.decode(message.encode()) : message;
    int copies = random.nextDouble() < repetition ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      time.in(
          1 + random.nextLong(maxDelayMs),
          () -> deliver.accept(to, new ConsensusInput.Received(from, arrives)));
    }
  }

  void faulty(double newLoss, double newRepetition, long newMaxDelayMs) {
    loss = newLoss;
    repetition = newRepetition;
    maxDelayMs = newMaxDelayMs;
  }

  void cut(int from, int to) {
    cut.add(new Link(from, to));
  }

  /** Whole again: no cut, no loss, short delays. */
  void heal() {
    cut.clear();
    faulty(0, 0, 5);
  }
}
