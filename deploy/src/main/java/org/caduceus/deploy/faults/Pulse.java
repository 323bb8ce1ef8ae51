package org.caduceus.deploy.faults;

import java.util.List;
import java.util.function.LongSupplier;

/**
 * Watches the highest final block of a consortium: how long nothing became final. It asks every
 * {@link #STEP_MS}, so shorter pauses than that are not seen.
 */
final class Pulse implements AutoCloseable {
  private static final long STEP_MS = 200;

  private final List<Thread> threads;
  private long highest;
  private long sinceNanos = System.nanoTime();
  private long longestNanos;

  /**
   * Watches from now on.
   *
   * @param heights each asks one member for the height of its last final block, 0 without an
   *     answer; it may take its time: a frozen member does not keep the others from being asked
   */
  Pulse(List<LongSupplier> heights) {
    threads =
        heights.stream().map(height -> Thread.ofVirtual().start(() -> watch(height))).toList();
  }

  private void watch(LongSupplier height) {
    try {
      while (true) {
        Thread.sleep(STEP_MS);
        saw(height.getAsLong());
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void saw(long height) {
    long nanos = System.nanoTime();
    longestNanos = Math.max(longestNanos, nanos - sinceNanos);
    if (height > highest) {
      highest = height;
      sinceNanos = nanos;
    }
  }

  /** The highest that anybody answered. */
  synchronized long highest() {
    return highest;
  }

  /** Forgets pauses so far. */
  synchronized void mark() {
    sinceNanos = System.nanoTime();
    longestNanos = 0;
  }

  /** The longest pause since the mark, in seconds. */
  synchronized double longestSeconds() {
    return longestNanos / 1e9;
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
