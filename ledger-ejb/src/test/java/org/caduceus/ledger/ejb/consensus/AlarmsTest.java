package org.caduceus.ledger.ejb.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.caduceus.ledger.consensus.Timer;
import org.junit.jupiter.api.Test;

final class AlarmsTest {
  private final Alarms alarms = new Alarms();

  @Test
  void theEarliestGoesOffFirstAndOnlyOnce() {
    alarms.set(Timer.PROGRESS, 200);
    alarms.set(Timer.BATCH, 100);
    assertEquals(Optional.empty(), alarms.due(99));
    assertEquals(Optional.of(Timer.BATCH), alarms.due(300));
    assertEquals(Optional.of(Timer.PROGRESS), alarms.due(300));
    assertEquals(Optional.empty(), alarms.due(300));
  }

  @Test
  void settingAgainReplacesAndCancellingForgets() {
    alarms.set(Timer.BATCH, 100);
    alarms.set(Timer.BATCH, 500);
    assertEquals(Optional.empty(), alarms.due(200));
    alarms.cancel(Timer.BATCH);
    assertEquals(Optional.empty(), alarms.due(600));
  }

  @Test
  void theWaitEndsWithTheNextAlarm() {
    assertEquals(50, alarms.nanosToNext(0, 50));
    alarms.set(Timer.SYNC, 30);
    assertEquals(30, alarms.nanosToNext(0, 50));
    assertEquals(0, alarms.nanosToNext(40, 50));
  }
}
