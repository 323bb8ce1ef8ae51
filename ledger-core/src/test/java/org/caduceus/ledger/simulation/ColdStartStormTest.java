package org.caduceus.ledger.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Consortia of even numbers that lose all their enclaves again and again, while one host hides
 * blocks of its own, or of six another one forgets what it voted for, and the rest crash. No ballot
 * ends an epoch meanwhile: a cold start upon such a block needs everybody, whoever lies. The
 * invariants watch every step; once it is calm, what the honest took in becomes final.
 */
final class ColdStartStormTest {
  private static final int SEEDS = Integer.getInteger("coldstart.seeds", 300);
  private static final int STORM_STEPS = 40;
  private static final long CALM_MS = 400_000;

  @Test
  @Tag("8.5a")
  void whoHidesBlocksNeitherForksNorStopsTheOthers() {
    SeededRuns.of(SEEDS, ColdStartStormTest::run);
  }

  private static void run(SplittableRandom random) {
    int n = random.nextBoolean() ? 6 : 4;
    int liar = random.nextInt(n);
    Cluster cluster =
        new Cluster(
            random.split(), Cluster.Design.sound(n, new int[] {1, 2, 4}[random.nextInt(3)]));
    cluster.corrupt(liar, List.of(hides(random, "proposals"), hides(random, "blocks")));
    if (n == 6) {
      int another = (liar + 1 + random.nextInt(n - 1)) % n;
      cluster.corrupt(another, List.of(Misdeeds.named("forgets its votes", List.of())));
    }
    cluster.network().faulty(random.nextInt(3) * 0.05, 0.1, 1 + random.nextInt(80));
    for (int step = 0; step < STORM_STEPS; step++) {
      int member = random.nextInt(n);
      switch (random.nextInt(16)) {
        case 0, 1, 2, 3, 4, 5 -> cluster.submit(member);
        case 6 -> cluster.submit(liar);
        case 7 -> cluster.crash(member);
        case 8, 9, 10 -> cluster.restart(member);
        case 11 -> cluster.partition(List.of(member));
        case 12, 13 -> cluster.heal();
        case 14 -> cluster.loseEnclave(member);
        default -> {
          for (int each = 0; each < n; each++) {
            cluster.loseEnclave(each);
          }
        }
      }
      cluster.run(random.nextInt(random.nextInt(8) == 0 ? 60_000 : 800));
    }
    cluster.heal();
    for (int member = 0; member < n; member++) {
      cluster.restart(member);
    }
    for (int member = 0; member < n; member++) {
      cluster.loseEnclave(member);
    }
    cluster.runUntil(CALM_MS, () -> cluster.unfinished().isEmpty());
    assertEquals(Optional.empty(), cluster.unfinished(), cluster::describe);
  }

  private static Misdeed hides(SplittableRandom random, String what) {
    return new Misdeeds.Sometimes(
        1 + random.nextInt(2), Misdeeds.named("withholds " + what, List.of()));
  }
}
