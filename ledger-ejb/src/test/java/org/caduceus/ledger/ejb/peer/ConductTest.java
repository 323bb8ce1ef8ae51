package org.caduceus.ledger.ejb.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.query.CutOff;
import org.caduceus.ledger.query.CutOff.Offence;
import org.junit.jupiter.api.Test;

class ConductTest {
  private static final String B = "hospital-b";
  private static final String C = "pharmacy-c";

  private Instant now = Instant.parse("2027-03-01T12:00:00Z");
  private final Conduct conduct = new Conduct(() -> now);

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private boolean cutBy(Offence offence, long amount) {
    return conduct.note(B, offence, amount).isPresent();
  }

  @Test
  void aPeerIsCutOffForMoreThanIsBorneAndNobodyElseIs() {
    for (int i = 0; i < 60; i++) {
      assertFalse(cutBy(Offence.MALFORMED, 1));
    }
    assertTrue(cutBy(Offence.MALFORMED, 1));
    CutOff cut = conduct.cutOff(B).orElseThrow();
    assertEquals(now.plusSeconds(10).toEpochMilli(), cut.untilMs());
    assertEquals(Offence.MALFORMED, cut.offence());
    assertEquals(
        "it sent 61 messages within 60 s that are none, or of no known kind", cut.reason());
    assertTrue(conduct.cutOff(C).isEmpty());
  }

  @Test
  void whatIsSpreadOverTimeIsBorne() {
    for (int minute = 0; minute < 600; minute++) {
      assertFalse(cutBy(Offence.MALFORMED, 60));
      pass(Duration.ofMinutes(1));
    }
  }

  @Test
  void anOutboxThatEmptiesAfterAnOutageIsNoFlood() {
    // What LinksOfARunningBrokerTest finds in a full one, on top of ten seconds of full load.
    assertFalse(cutBy(Offence.MANY_MESSAGES, 22_000 + 25_000));
    assertFalse(cutBy(Offence.MANY_BYTES, 24 * 1024 * 1024));
  }

  @Test
  void aFloodIsCutOffWithinItsTenSeconds() {
    for (int second = 0; second < 9; second++) {
      assertFalse(cutBy(Offence.MANY_MESSAGES, 5_500));
      pass(Duration.ofSeconds(1));
    }
    assertTrue(cutBy(Offence.MANY_MESSAGES, 5_500));
    assertEquals("it sent 55,000 messages within 10 s", conduct.cutOff(B).orElseThrow().reason());
  }

  @Test
  void oneOversizedMessageIsEnough() {
    assertTrue(cutBy(Offence.OVERSIZED, 1));
  }

  @Test
  void pausesGrowUpToTenMinutesAndAreForgivenAfterAnHour() {
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      pauses.add(Duration.ofMillis(cut().untilMs() - now.toEpochMilli()).toSeconds());
      pass(Duration.ofSeconds(pauses.getLast()));
    }
    assertEquals(List.of(10L, 30L, 90L, 270L, 600L, 600L), pauses);
    pass(Conduct.FORGIVEN.plusSeconds(1));
    assertEquals(now.plusSeconds(10).toEpochMilli(), cut().untilMs());
  }

  private CutOff cut() {
    return conduct.note(B, Offence.OVERSIZED, 1).orElseThrow();
  }

  @Test
  void thePauseEndsByItselfAndWhatComesInItDoesNotLengthenIt() {
    CutOff cut = cut();
    pass(Duration.ofSeconds(9));
    assertFalse(cutBy(Offence.OVERSIZED, 1));
    assertEquals(cut, conduct.cutOff(B).orElseThrow());
    pass(Duration.ofSeconds(1));
    assertTrue(conduct.cutOff(B).isEmpty());
    assertFalse(cutBy(Offence.MALFORMED, 60));
  }
}
