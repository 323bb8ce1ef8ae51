package org.caduceus.console.security;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SignInThrottleTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final SignInThrottle throttle =
      new SignInThrottle(
          new Clock() {
            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }

            @Override
            public Instant instant() {
              return now;
            }
          });

  @Test
  void guessingStopsAfterTenFailuresAndMayGoOnTenMinutesLater() {
    for (int i = 0; i < SignInThrottle.ATTEMPTS; i++) {
      assertTrue(throttle.mayTry("admin", "10.0.0.1"));
      throttle.record("admin", "10.0.0.1", false);
    }
    assertFalse(throttle.mayTry("admin", "10.0.0.1"));
    assertTrue(throttle.mayTry("admin", "10.0.0.2"), "another address is not locked out");
    now = now.plus(SignInThrottle.WINDOW);
    assertTrue(throttle.mayTry("admin", "10.0.0.1"));
  }

  @Test
  void successForgetsFailures() {
    for (int i = 1; i < SignInThrottle.ATTEMPTS; i++) {
      throttle.record("admin", "10.0.0.1", false);
    }
    throttle.record("admin", "10.0.0.1", true);
    throttle.record("admin", "10.0.0.1", false);
    assertTrue(throttle.mayTry("admin", "10.0.0.1"));
  }
}
