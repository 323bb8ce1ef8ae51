package org.caduceus.ledger.consensus;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Which alarms are set; tells a late message of a replaced alarm from a true one. */
final class Alarms {
  private record Alarm(long setAtMs, long delayMs) {}

  private final Map<Timer, Alarm> set = new EnumMap<>(Timer.class);
  private final Consumer<ConsensusOutput> out;

  Alarms(Consumer<ConsensusOutput> out) {
    this.out = out;
  }

  boolean isSet(Timer timer) {
    return set.containsKey(timer);
  }

  /** When the alarm goes off, by the clock that set it; empty if it is not set. */
  OptionalLong dueAtMs(Timer timer) {
    Alarm alarm = set.get(timer);
    return alarm == null
        ? OptionalLong.empty()
        : OptionalLong.of(alarm.setAtMs() + alarm.delayMs());
  }

  void set(Timer timer, long nowMs, long delayMs) {
    set.put(timer, new Alarm(nowMs, delayMs));
    out.accept(new ConsensusOutput.SetTimer(timer, delayMs));
  }

  void setIfIdle(Timer timer, long nowMs, long delayMs) {
    if (!isSet(timer)) {
      set(timer, nowMs, delayMs);
    }
  }

  void cancel(Timer timer) {
    if (set.remove(timer) != null) {
      out.accept(new ConsensusOutput.CancelTimer(timer));
    }
  }

  /**
   * Whether an alarm that went off is the one that is set. One that comes early was overtaken by a
   * later setting; it is set again for the rest. A clock that was turned back counts as due.
   */
  boolean isDue(Timer timer, long nowMs) {
    Alarm alarm = set.remove(timer);
    if (alarm == null) {
      return false;
    }
    long rest = alarm.setAtMs + alarm.delayMs - nowMs;
    if (rest > 0 && rest <= alarm.delayMs) {
      set.put(timer, alarm);
      out.accept(new ConsensusOutput.SetTimer(timer, rest));
      return false;
    }
    return true;
  }
}
