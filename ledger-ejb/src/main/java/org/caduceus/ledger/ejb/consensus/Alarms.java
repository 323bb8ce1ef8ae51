package org.caduceus.ledger.ejb.consensus;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.consensus.Timer;

/** The alarms that are set, by deadline. Used by the replica's thread only. */
final class Alarms {
  private final Map<Timer, Long> deadlines = new EnumMap<>(Timer.class);

  /** Sets or replaces an alarm. */
  void set(Timer timer, long deadlineNanos) {
    deadlines.put(timer, deadlineNanos);
  }

  /** Forgets an alarm. */
  void cancel(Timer timer) {
    deadlines.remove(timer);
  }

  /** Takes the earliest alarm that is due. */
  Optional<Timer> due(long nowNanos) {
    Optional<Timer> earliest = earliest(nowNanos);
    if (earliest.isPresent() && deadlines.get(earliest.get()) - nowNanos <= 0) {
      deadlines.remove(earliest.get());
      return earliest;
    }
    return Optional.empty();
  }

  /** Nanoseconds until the next alarm, at most {@code atMost}, at least 0. */
  long nanosToNext(long nowNanos, long atMost) {
    return earliest(nowNanos)
        .map(timer -> Math.clamp(deadlines.get(timer) - nowNanos, 0, atMost))
        .orElse(atMost);
  }

  private Optional<Timer> earliest(long nowNanos) {
    return deadlines.entrySet().stream()
        .min((a, b) -> Long.compare(a.getValue() - nowNanos, b.getValue() - nowNanos))
        .map(Map.Entry::getKey);
  }
}
