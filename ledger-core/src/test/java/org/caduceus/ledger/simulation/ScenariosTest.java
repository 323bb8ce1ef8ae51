package org.caduceus.ledger.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Planned faults, told as they would happen; the invariants watch every step. */
final class ScenariosTest {
  private static ClusterSimulation cluster(int n) {
    return new ClusterSimulation(new SplittableRandom(n), n, 4);
  }

  private static void submitAtAll(ClusterSimulation cluster) {
    for (int i = 0; i < cluster.size(); i++) {
      cluster.submit(i);
    }
  }

  private static void everythingIsFinalWithin(ClusterSimulation cluster, long ms) {
    cluster.run(ms);
    assertEquals(Optional.empty(), cluster.unfinished(), cluster::describe);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  @Tag("6.2b")
  void withoutFaultsEntriesAreFinalWithinAFractionOfASecond(int n) {
    ClusterSimulation cluster = cluster(n);
    submitAtAll(cluster);
    everythingIsFinalWithin(cluster, 200);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5})
  @Tag("6.2e")
  @Tag("8.5a")
  void aDeadLeaderIsReplaced(int n) {
    ClusterSimulation cluster = cluster(n);
    submitAtAll(cluster);
    everythingIsFinalWithin(cluster, 1_000);
    cluster.crash(cluster.replica(0).leader());
    submitAtAll(cluster);
    everythingIsFinalWithin(cluster, 20_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5})
  @Tag("6.2e")
  void theOthersGoOnWithoutAnyOneOfThemWhichThenCatchesUp(int n) {
    for (int down = 0; down < n; down++) {
      ClusterSimulation cluster = cluster(n);
      cluster.crash(down);
      for (int i = 0; i < 30; i++) {
        submitAtAll(cluster);
        cluster.run(50);
      }
      everythingIsFinalWithin(cluster, 20_000);
      long height = cluster.height();
      cluster.restart(down);
      everythingIsFinalWithin(cluster, 10_000);
      assertEquals(height, cluster.replica(down).height());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5})
  @Tag("6.1b")
  void aPartitionWithoutAQuorumStopsAndGoesOnWhenHealed(int n) {
    ClusterSimulation cluster = cluster(n);
    cluster.partition(List.of(0));
    if (n > 3) {
      cluster.partition(List.of(1));
    }
    cluster.submit(0);
    cluster.run(10_000);
    assertTrue(cluster.unfinished().isPresent(), "a lone node made something final");
    cluster.heal();
    everythingIsFinalWithin(cluster, 30_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5})
  @Tag("6.1a")
  void aMemberWhoseEnclaveIsGoneFollowsAndItsEntriesStillBecomeFinal(int n) {
    ClusterSimulation cluster = cluster(n);
    cluster.loseVoter(0);
    assertFalse(cluster.replica(0).voting());
    cluster.submit(0);
    everythingIsFinalWithin(cluster, 20_000);
  }
}
