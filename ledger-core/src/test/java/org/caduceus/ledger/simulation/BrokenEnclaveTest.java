package org.caduceus.ledger.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.caduceus.ledger.consensus.ModelVoter.Mutant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Goal: where enclaves are broken, agreement is lost, but never in silence. Method: random runs
 * whose malicious hosts run their enclaves twice with one key, until two honest hosts have
 * different final blocks; when the honest hear each other again, one of them must see the proof and
 * halt.
 */
final class BrokenEnclaveTest {
  private static final int SEEDS = 100;

  @Test
  @Tag("6.2b")
  void aForkIsSeen() {
    int forks = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        forks +=
            ClusterSimulation.ofBroken(seed, Mutant.KEY_OUTLIVES_INSTANCE).run().forked() ? 1 : 0;
      } catch (AssertionError silent) {
        throw new AssertionError("seed " + seed + ": " + silent.getMessage(), silent);
      }
    }
    assertTrue(forks > 0, "Expected a fork in " + SEEDS + " runs, but there is none");
  }
}
