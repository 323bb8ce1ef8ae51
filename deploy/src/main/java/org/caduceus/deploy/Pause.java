package org.caduceus.deploy;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting. */
public final class Pause {
  private Pause() {}

  /** Sleeps; an interrupt ends the tool. */
  public static void milliseconds(long duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ToolFailure("Interrupted", e);
    }
  }

  /** Asks every {@code step} milliseconds until it is true; false after {@code patience}. */
  public static boolean until(BooleanSupplier condition, Duration patience, long step) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      milliseconds(step);
    }
    return true;
  }
}
