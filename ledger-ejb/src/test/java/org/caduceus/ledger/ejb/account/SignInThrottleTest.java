package org.caduceus.ledger.ejb.account;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class SignInThrottleTest {
  private final SignInThrottle throttle = new SignInThrottle();

  @Test
  void manyFailuresCloseTheDoorForAWhile() {
    for (int i = 1; i < SignInThrottle.MAX_FAILURES; i++) {
      assertFalse(throttle.failed("a", 0));
    }
    assertTrue(throttle.allows("a", 1));
    assertTrue(throttle.failed("a", 1));
    assertFalse(throttle.allows("a", 2));
    assertTrue(throttle.allows("b", 2));
    assertTrue(throttle.allows("a", SignInThrottle.WINDOW_MS));
  }

  @Test
  void successForgetsFailures() {
    for (int i = 0; i < SignInThrottle.MAX_FAILURES; i++) {
      throttle.failed("a", 0);
    }
    throttle.succeeded("a");
    assertTrue(throttle.allows("a", 1));
  }
}
