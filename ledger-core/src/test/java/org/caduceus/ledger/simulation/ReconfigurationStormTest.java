package org.caduceus.ledger.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Enclaves lost at any moment, any number of them, while hosts crash and links are cut: seats
 * change hands by ballots and by cold starts in flight. The invariants watch every step; once it is
 * calm, everything submitted becomes final.
 */
final class ReconfigurationStormTest {
  private static final int SEEDS = Integer.getInteger("reconfiguration.seeds", 500);
  private static final long STORM_STEPS = 60;
  private static final long CALM_MS = 240_000;

  @Test
  void safeInTheStormAndLiveInTheCalm() {
    SeededRuns.of(SEEDS, ReconfigurationStormTest::run);
  }

  private static void run(SplittableRandom random) {
    int n = 1 + random.nextInt(5);
    Cluster cluster =
        new Cluster(
            random.split(), Cluster.Design.sound(n, new int[] {1, 2, 4}[random.nextInt(3)]));
    cluster.network().faulty(random.nextInt(3) * 0.05, 0.1, 1 + random.nextInt(80));
    for (int step = 0; step < STORM_STEPS; step++) {
      int member = random.nextInt(n);
      switch (random.nextInt(16)) {
        case 0, 1, 2, 3, 4 -> cluster.submit(member);
        case 5, 6 -> cluster.crash(member);
        case 7, 8, 9 -> cluster.restart(member);
        case 10 -> cluster.partition(List.of(member));
        case 11, 12 -> cluster.heal();
        case 13 -> {
          cluster.loseEnclave(member);
          ask(cluster, member);
        }
        case 14 -> {
          for (int each = 0; each < n; each++) {
            if (random.nextInt(3) > 0) {
              cluster.loseEnclave(each);
            }
          }
        }
        default -> ask(cluster, member);
      }
      cluster.run(random.nextInt(800));
    }
    cluster.heal();
    for (int member = 0; member < n; member++) {
      cluster.restart(member);
    }
    for (long waited = 0; waited < CALM_MS; waited += 5_000) {
      for (int member = 0; member < n; member++) {
        ask(cluster, member);
      }
      cluster.run(5_000);
      if (cluster.unfinished().isEmpty() && allVote(cluster)) {
        return;
      }
    }
    assertEquals(Optional.empty(), cluster.unfinished(), cluster::describe);
    throw new AssertionError("not everybody votes\n" + cluster.describe());
  }

  private static boolean allVote(Cluster cluster) {
    List<Integer> without = new ArrayList<>();
    for (int member = 0; member < cluster.size(); member++) {
      if (!cluster.replica(member).voting()) {
        without.add(member);
      }
    }
    return without.isEmpty();
  }

  /** What a node does by itself as long as its instance has no seat. */
  private static void ask(Cluster cluster, int member) {
    if (cluster.isUp(member)
        && cluster.replica(member).halted().isEmpty()
        && !cluster.replica(member).voting()) {
      cluster.askForSeat(member);
    }
  }
}
