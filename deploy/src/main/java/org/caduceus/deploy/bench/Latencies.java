package org.caduceus.deploy.bench;

import java.util.Arrays;

/** Durations of one run, all of them kept: quantiles are exact, by nearest rank. */
final class Latencies {
  private long[] nanos = new long[1 << 14];
  private int count;

  /** Adds one. Not thread-safe. */
  void add(long duration) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = duration;
  }

  /** Adds all of another. */
  void addAll(Latencies other) {
    for (int i = 0; i < other.count; i++) {
      add(other.nanos[i]);
    }
  }

  int count() {
    return count;
  }

  /**
   * A quantile in milliseconds, 0 if there is none.
   *
   * @param fraction above 0, at most 1: 0.5 is the median
   */
  double quantileMs(double fraction) {
    if (count == 0) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(fraction * count) - 1] / 1e6;
  }
}
