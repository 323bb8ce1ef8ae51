package org.caduceus.deploy.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void quantilesAreOfTheNearestRank() {
    Latencies latencies = new Latencies();
    for (int ms = 100; ms >= 1; ms--) {
      latencies.add(ms * 1_000_000L);
    }
    assertEquals(50, latencies.quantileMs(0.5));
    assertEquals(99, latencies.quantileMs(0.99));
    assertEquals(100, latencies.quantileMs(1));
  }

  @Test
  void oneIsEveryQuantileAndNoneIsZero() {
    Latencies latencies = new Latencies();
    assertEquals(0, latencies.quantileMs(0.5));
    latencies.add(7_000_000);
    assertEquals(7, latencies.quantileMs(0.01));
    assertEquals(7, latencies.quantileMs(0.99));
  }

  @Test
  void nothingIsLostWhenTheyAreMany() {
    Latencies one = new Latencies();
    Latencies other = new Latencies();
    for (int i = 0; i < 50_000; i++) {
      (i % 2 == 0 ? one : other).add(i);
    }
    one.addAll(other);
    assertEquals(50_000, one.count());
  }
}
