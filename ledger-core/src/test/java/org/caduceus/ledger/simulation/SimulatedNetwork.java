package org.caduceus.ledger.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.caduceus.ledger.consensus.PeerMessage;

/**
 * Links that delay, and when told to lose, repeat, reorder, hold back, flap and cut, one direction
 * at a time.
 */
final class SimulatedNetwork {
  private static final int CODEC_SAMPLE = 16;
  private static final int REMEMBERED = 400;

  /** One direction between two members. */
  record Link(int from, int to) {}

  /** What a rule does with a message. */
  sealed interface Fate {
    /** Never arrives. */
    record Lost() implements Fate {}

    /** Arrives when {@link #release} says so. */
    record Held() implements Fate {}

    /** Arrives as often as this, at different times. */
    record Repeated(int copies) implements Fate {}

    /** Arrives this much later. */
    record Late(long ms) implements Fate {}
  }

  private record Rule(Predicate<Letter> matches, Fate fate) {}

  private record Delivered(Letter letter, long atMs) {}

  private final VirtualTime time;
  private final SplittableRandom random;
  private final Watcher watcher;
  private final Set<Link> cut = new HashSet<>();
  private final Map<Link, Long> flapping = new HashMap<>();
  private final List<Rule> rules = new ArrayList<>();
  private final List<Letter> held = new ArrayList<>();
  private final Deque<Delivered> delivered = new ArrayDeque<>();
  private Consumer<Letter> deliver = letter -> {};
  private double loss;
  private double repetition;
  private long maxDelayMs = 5;

  /** A network without faults. */
  SimulatedNetwork(VirtualTime time, SplittableRandom random, Watcher watcher) {
    this.time = time;
    this.random = random;
    this.watcher = watcher;
  }

  void deliverTo(Consumer<Letter> receiver) {
    deliver = receiver;
  }

  void send(int from, int to, PeerMessage message) {
    // The real bytes now and then: the codec belongs to the protocol.
    PeerMessage arrives =
        random.nextInt(CODEC_SAMPLE) == 0 ? PeerMessage.decode(message.encode()) : message;
    Letter letter = new Letter(from, to, arrives);
    watcher.sent(letter);
    if (isDown(new Link(from, to)) || random.nextDouble() < loss) {
      watcher.lost(letter);
      return;
    }
    int copies = random.nextDouble() < repetition ? 2 : 1;
    long extraMs = 0;
    for (Rule rule : rules) {
      if (rule.matches().test(letter)) {
        switch (rule.fate()) {
          case Fate.Lost() -> {
            watcher.lost(letter);
            return;
          }
          case Fate.Held() -> {
            held.add(letter);
            return;
          }
          case Fate.Repeated(int more) -> copies += more - 1;
          case Fate.Late(long ms) -> extraMs += ms;
        }
      }
    }
    for (int i = 0; i < copies; i++) {
      arriveIn(extraMs + delay() * (i + 1), letter);
    }
  }

  private long delay() {
    return 1 + random.nextLong(maxDelayMs);
  }

  private void arriveIn(long ms, Letter letter) {
    time.in(
        ms,
        () -> {
          delivered.addLast(new Delivered(letter, time.nowMs()));
          if (delivered.size() > REMEMBERED) {
            delivered.removeFirst();
          }
          deliver.accept(letter);
        });
  }

  private boolean isDown(Link link) {
    Long periodMs = flapping.get(link);
    return cut.contains(link) || (periodMs != null && time.nowMs() / periodMs % 2 == 0);
  }

  void faulty(double newLoss, double newRepetition, long newMaxDelayMs) {
    loss = newLoss;
    repetition = newRepetition;
    maxDelayMs = newMaxDelayMs;
  }

  void cut(int from, int to) {
    cut.add(new Link(from, to));
  }

  /** The link is down for this long, then up for as long, and so on. */
  void flap(int from, int to, long periodMs) {
    flapping.put(new Link(from, to), periodMs);
  }

  /** What happens to the messages that match, besides what happens to all. */
  void rule(Predicate<Letter> matches, Fate fate) {
    rules.add(new Rule(matches, fate));
  }

  /** Rules end; what was held back arrives, the last sent first. */
  void release() {
    rules.clear();
    for (int i = held.size() - 1; i >= 0; i--) {
      arriveIn(held.size() - i, held.get(i));
    }
    held.clear();
  }

  /** What arrived at a member since then arrives once more, in the same order. */
  void redeliver(int to, long sinceMs) {
    long after = 1;
    for (Delivered each : List.copyOf(delivered)) {
      if (each.letter().to() == to && each.atMs() >= sinceMs) {
        arriveIn(after++, each.letter());
      }
    }
  }

  /** Whole again: no cut, no loss, no rule, short delays. */
  void heal() {
    cut.clear();
    flapping.clear();
    release();
    faulty(0, 0, 5);
  }
}
