package org.caduceus.ledger.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;

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
    while (!events.isEmpty() && events.peek().atMs() <= timeMs) {
      Event next = events.poll();
      nowMs = next.atMs();
      next.action().run();
    }
    nowMs = timeMs;
  }
}
