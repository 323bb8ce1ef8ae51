package org.caduceus.ledger.simulation;

import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Runs of a storm, one for each seed; {@code -Dseed=N} is that one alone. */
final class SeededRuns {
  private SeededRuns() {}

  /**
   * Runs them.
   *
   * @param seeds how many, from 0
   * @return how many ran
   * @throws AssertionError with the seed, if one failed
   */
  static long of(int seeds, Consumer<SplittableRandom> run) {
    long first = Long.getLong("seed", 0);
    long last = System.getProperty("seed") == null ? first + seeds - 1 : first;
    for (long seed = first; seed <= last; seed++) {
      try {
        run.accept(new SplittableRandom(seed));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "seed " + seed + " (replay with -Dseed=" + seed + "): " + e.getMessage(), e);
      }
    }
    return last - first + 1;
  }
}
