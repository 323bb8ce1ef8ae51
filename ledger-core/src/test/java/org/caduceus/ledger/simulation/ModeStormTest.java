package org.caduceus.ledger.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.caduceus.ledger.membership.EpochConfig;
import org.junit.jupiter.api.Test;

/**
 * The mode changes both ways while hosts crash, links are cut and a voter at a time is lost. The
 * invariants watch every step; once it is calm, everything submitted becomes final, all are in one
 * mode, and everybody votes.
 */
final class ModeStormTest {
  private static final int SEEDS = Integer.getInteger("mode.seeds", 100);
  private static final long STORM_STEPS = 80;
  private static final long CALM_MS = 240_000;

  private int changes;
  private int returns;

  @Test
  void safeInTheStormAndLiveInTheCalm() {
    long runs = SeededRuns.of(SEEDS, this::run);
    System.out.println(changes + " changes of the mode, " + returns + " of them back");
    if (runs > 1) {
      assertTrue(returns > SEEDS / 4, "Expected many ways back, but " + returns + " of " + changes);
    }
  }

  private void run(SplittableRandom random) {
    int n = 4 + random.nextInt(2);
    EpochConfig.Mode begin =
        random.nextInt(4) == 0 ? EpochConfig.Mode.BFT_2P : EpochConfig.Mode.TEE_1P;
    Cluster cluster =
        new Cluster(
            random.split(),
            Cluster.Design.sound(n, new int[] {1, 2, 4}[random.nextInt(3)]).in(begin));
    cluster.network().faulty(random.nextInt(3) * 0.05, 0.1, 1 + random.nextInt(80));
    for (int step = 0; step < STORM_STEPS; step++) {
      int member = random.nextInt(n);
      switch (random.nextInt(16)) {
        case 0, 1, 2, 3, 4 -> cluster.submit(member);
        case 5 -> cluster.crash(member);
        case 6, 7, 8, 9 -> cluster.restart(member);
        case 10 -> cluster.partition(List.of(member));
        case 11, 12 -> cluster.heal();
        case 13 -> {
          if (allVote(cluster) && areInOneEpoch(cluster)) { // else a second one is without a seat
            cluster.loseEnclave(member);
          }
          ask(cluster);
        }
        default -> askForOtherMode(cluster, random);
      }
      cluster.run(random.nextInt(800));
    }
    cluster.heal();
    for (int member = 0; member < n; member++) {
      cluster.restart(member);
    }
    for (long waited = 0; waited < CALM_MS; waited += 5_000) {
      ask(cluster);
      cluster.run(5_000);
      if (cluster.unfinished().isEmpty() && allVote(cluster)) {
        count(cluster);
        return;
      }
    }
    assertEquals(Optional.empty(), cluster.unfinished(), cluster::describe);
    throw new AssertionError("not everybody votes\n" + cluster.describe());
  }

  /** Officers of nearly all members, each as its own node sees the ledger. */
  private static void askForOtherMode(Cluster cluster, SplittableRandom random) {
    for (int member : cluster.working()) {
      if (random.nextInt(8) > 0) {
        cluster.askForModeUnnoticed(member, otherThan(cluster.replica(member).config().mode()));
      }
    }
  }

  private static EpochConfig.Mode otherThan(EpochConfig.Mode mode) {
    return switch (mode) {
      case TEE_1P -> EpochConfig.Mode.BFT_2P;
      case BFT_2P -> EpochConfig.Mode.TEE_1P;
    };
  }

  private void count(Cluster cluster) {
    List<EpochConfig.Mode> modes =
        cluster.replica(0).epochs().stream().map(epoch -> epoch.config().mode()).toList();
    for (int i = 1; i < modes.size(); i++) {
      if (modes.get(i) != modes.get(i - 1)) {
        changes++;
        returns += modes.get(i) == EpochConfig.Mode.TEE_1P ? 1 : 0;
      }
    }
    for (int member = 0; member < cluster.size(); member++) {
      assertEquals(modes.getLast(), cluster.replica(member).config().mode(), cluster::describe);
    }
  }

  private static boolean allVote(Cluster cluster) {
    for (int member = 0; member < cluster.size(); member++) {
      if (!cluster.isUp(member) || !cluster.replica(member).voting()) {
        return false;
      }
    }
    return true;
  }

  private static boolean areInOneEpoch(Cluster cluster) {
    long epoch = cluster.replica(0).config().epoch();
    for (int member = 1; member < cluster.size(); member++) {
      if (cluster.replica(member).config().epoch() != epoch) {
        return false;
      }
    }
    return true;
  }

  /** What a node does by itself as long as its voter has no seat. */
  private static void ask(Cluster cluster) {
    for (int member = 0; member < cluster.size(); member++) {
      if (cluster.isUp(member)
          && cluster.replica(member).halted().isEmpty()
          && !cluster.replica(member).voting()) {
        cluster.askForSeat(member);
      }
    }
  }
}
