package org.caduceus.ledger.simulation;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Goal: no fork, no loss and no standstill under faults that nobody planned. Method: many seeds,
 * each a random consortium with random faults. {@code -Dseed=N} runs only that one, {@code
 * -Dseeds=N} that many.
 */
final class ClusterSimulationTest {
  private static final int SEEDS = 300;

  @Test
  @Tag("6.2b")
  @Tag("6.2e")
  @Tag("9.1a")
  @Tag("9.1b")
  void safeInTheStormAndLiveInTheCalm() {
    Long only = Long.getLong("seed");
    if (only != null) {
      run(only);
      return;
    }
    for (long seed = 0; seed < Integer.getInteger("seeds", SEEDS); seed++) {
      run(seed);
    }
  }

  private static void run(long seed) {
    ClusterSimulation simulation = new ClusterSimulation(seed);
    try {
      simulation.runRandomly();
    } catch (AssertionError | RuntimeException broken) {
      throw new AssertionError(
          "seed " + seed + " (replay with -Dseed=" + seed + "): " + broken.getMessage(), broken);
    }
  }
}
