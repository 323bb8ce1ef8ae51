package org.caduceus.ledger.ejb;

import java.time.Duration;

/** How long-running threads of this module end. */
public final class Threads {
  private Threads() {}

  /**
   * Waits for a thread to end; interrupts it when it has not ended in time.
   *
   * @return whether it ended
   */
  public static boolean join(Thread thread, Duration patience) {
    try {
      if (!thread.join(patience)) {
        thread.interrupt();
        return thread.join(Duration.ofSeconds(2));
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
