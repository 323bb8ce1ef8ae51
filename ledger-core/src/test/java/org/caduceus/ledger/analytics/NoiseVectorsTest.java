package org.caduceus.ledger.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The vectors by which the enclave's native tests hold its samplers to the oracle's letter are
 * those of the oracle. {@code -Dvectors.write=true} writes them anew.
 */
final class NoiseVectorsTest {
  private static final Path FILE = Path.of("src/test/resources/vectors/privacy-vectors.txt");
  private static final int DRAWS = 40;

  private static final long[][] SPREADS = {
    {1, 1},
    {1, 2},
    {5, 2},
    {17, 3},
    {40, 1},
    {1_000_000, 7},
    {1, 65_536},
    {1L << 40, 1},
    {(1L << 40) - 1, 65_521}
  };
  private static final long[][] VARIANCES = {{1L << 52, 1}, {(1L << 52) - 1, 65_521}};

  @Test
  void theFileHoldsWhatTheOracleDraws() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "# Draws of noise from fixed streams: distribution, numerator and denominator of scale");
    lines.add("# or variance, seed, bytes drawn = draws. docs/reference/formats.md, \"Noise\".");
    lines.add("# Written by NoiseVectorsTest of ledger-core with -Dvectors.write=true.");
    long seed = 1;
    for (long[] spread : SPREADS) {
      lines.add(line("laplace", spread, seed++));
      lines.add(line("gaussian", spread, seed++));
    }
    for (long[] variance : VARIANCES) {
      lines.add(line("gaussian", variance, seed++));
    }
    if (Boolean.getBoolean("vectors.write")) {
      Files.write(FILE, lines);
    }
    assertEquals(lines, Files.readAllLines(FILE));
  }

  private static String line(String kind, long[] spread, long seed) {
    NoiseOracle oracle = new NoiseOracle(seed);
    BigInteger num = BigInteger.valueOf(spread[0]);
    BigInteger den = BigInteger.valueOf(spread[1]);
    StringBuilder draws = new StringBuilder();
    for (int i = 0; i < DRAWS; i++) {
      draws
          .append(' ')
          .append(kind.equals("laplace") ? oracle.laplace(num, den) : oracle.gaussian(num, den));
    }
    return kind + " " + num + " " + den + " " + seed + " " + oracle.drawn() + " =" + draws;
  }
}
