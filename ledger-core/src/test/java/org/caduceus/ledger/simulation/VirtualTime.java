package org.caduceus.ledger.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/** A clock that jumps from event to event. Events of one instant happen in order of planning. */
final class VirtualTime {
  private record Event(long atMs, long sequence, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::atMs).thenComparingLong(Event::sequence));
  private long nowMs;
  private long sequence;

  long nowMs() {
    return nowMs;
  }

  void in(long delayMs, Runnable action) {
    events.add(new Event(nowMs + Math.max(0, delayMs), sequence++, action));
  }

  /** Runs everything up to this time. */
  void runUntil(long timeMs) {
    runUntil(timeMs, () -> false);
  }

  /**
   * Runs everything up to this time, or up to and including the event that makes {@code enough}
   * true.
   *
   * @return whether {@code enough} is true
   */
  boolean runUntil(long timeMs, BooleanSupplier enough) {
    while (!enough.getAsBoolean()) {
      if (events.isEmpty() || events.peek().atMs() > timeMs) {
        nowMs = Math.max(nowMs, timeMs);
        return false;
      }
      Event next = events.poll();
      nowMs = next.atMs();
      next.action().run();
    }
    return true;
  }
}
