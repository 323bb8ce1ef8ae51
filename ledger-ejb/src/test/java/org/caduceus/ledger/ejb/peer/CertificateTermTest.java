package org.caduceus.ledger.ejb.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CertificateTermTest {
  private static final Instant END = Instant.parse("2027-03-01T00:00:00Z");
  private final CertificateTerm term = new CertificateTerm(END);

  private static Instant before(Duration left) {
    return END.minus(left);
  }

  @Test
  void operatorsAreToldNinetyThirtyAndSevenDaysAhead() {
    assertEquals(-1, term.warning(before(Duration.ofDays(90))));
    assertEquals(90, term.warning(before(Duration.ofDays(90).minusSeconds(1))));
    assertEquals(90, term.warning(before(Duration.ofDays(30))));
    assertEquals(30, term.warning(before(Duration.ofDays(30).minusSeconds(1))));
    assertEquals(30, term.warning(before(Duration.ofDays(7))));
    assertEquals(7, term.warning(before(Duration.ofDays(7).minusSeconds(1))));
    assertEquals(7, term.warning(before(Duration.ZERO)));
    assertEquals(0, term.warning(before(Duration.ofSeconds(-1))));
  }

  @Test
  void anEndedOneSaysSo() {
    Instant after = before(Duration.ofHours(-1));
    assertTrue(term.isOver(after));
    assertEquals(-1, term.daysLeft(after));
    assertTrue(term.text(after).contains("ended on 2027-03-01"), term.text(after));
    assertFalse(term.isOver(before(Duration.ofHours(1))));
    assertTrue(term.text(before(Duration.ofDays(12))).contains("in 12 days"));
  }
}
