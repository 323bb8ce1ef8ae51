package org.caduceus.ledger.analytics;

import java.math.BigInteger;
import org.caduceus.ledger.Check;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;

/**
 * Algorithms 1 to 3 of Canonne, Kamath, Steinke (arXiv 2004.00010) as they are printed, with
 * fractions of any size, on a replayed stream of bytes. Holds the enclave's samplers to the letter;
 * it knows no more of them than how bytes become uniform integers.
 */
final class NoiseOracle {
  private final long seed;
  private long block;
  private byte[] bytes = new byte[0];
  private int used;

  /** Block i of the stream is SHA-256("CDC1DPTS" || seed 8 || i 8). */
  NoiseOracle(long seed) {
    this.seed = seed;
  }

  /** A fraction without floating point. */
  private record Fraction(BigInteger over, BigInteger under) {
    static Fraction of(long over, long under) {
      return new Fraction(BigInteger.valueOf(over), BigInteger.valueOf(under));
    }

    Fraction minus(Fraction other) {
      return new Fraction(
          over.multiply(other.under).subtract(other.over.multiply(under)),
          under.multiply(other.under));
    }

    Fraction squared() {
      return new Fraction(over.pow(2), under.pow(2));
    }

    Fraction dividedBy(Fraction other) {
      return new Fraction(over.multiply(other.under), under.multiply(other.over));
    }

    Fraction withDenominator(BigInteger wanted) {
      BigInteger[] scaled = over.multiply(wanted).divideAndRemainder(under);
      Check.that(scaled[1].signum() == 0, "Expected a multiple of the fraction's denominator");
      return new Fraction(scaled[0], wanted);
    }

    boolean isAboveOne() {
      return over.compareTo(under) > 0;
    }
  }

  long drawn() {
    return block * Hash.LENGTH - (bytes.length - used);
  }

  private int nextByte() {
    if (used == bytes.length) {
      bytes = Hash.sha256(new Writer().tag("CDC1DPTS").u64(seed).u64(block++).toArray()).toArray();
      used = 0;
    }
    return bytes[used++] & 0xff;
  }

  private BigInteger uniformBelow(BigInteger n) {
    int bits = n.subtract(BigInteger.ONE).bitLength();
    while (true) {
      BigInteger candidate = BigInteger.ZERO;
      for (int left = (bits + 7) / 8; left > 0; left--) {
        candidate = candidate.shiftLeft(8).or(BigInteger.valueOf(nextByte()));
      }
      candidate = candidate.mod(BigInteger.ONE.shiftLeft(bits));
      if (candidate.compareTo(n) < 0) {
        return candidate;
      }
    }
  }

  private boolean bernoulli(BigInteger over, BigInteger under) {
    return uniformBelow(under).compareTo(over) < 0;
  }

  // Algorithm 1. The paper's floor(gamma) is the number of whole exponents to take off; a gamma
  // that is a whole number keeps its last one for the series, which is the same distribution.
  private boolean bernoulliExp(Fraction gamma) {
    Fraction rest = gamma;
    while (rest.isAboveOne()) {
      if (!series(Fraction.of(1, 1))) {
        return false;
      }
      rest = new Fraction(rest.over().subtract(rest.under()), rest.under());
    }
    return series(rest);
  }

  private boolean series(Fraction gamma) {
    long k = 1;
    while (bernoulli(gamma.over(), gamma.under().multiply(BigInteger.valueOf(k)))) {
      k++;
    }
    return k % 2 == 1;
  }

  /** Algorithm 2: scale t/s. */
  BigInteger laplace(BigInteger t, BigInteger s) {
    while (true) {
      BigInteger u = uniformBelow(t);
      if (!bernoulliExp(new Fraction(u, t))) {
        continue;
      }
      BigInteger v = BigInteger.ZERO;
      while (bernoulliExp(Fraction.of(1, 1))) {
        v = v.add(BigInteger.ONE);
      }
      BigInteger y = u.add(t.multiply(v)).divide(s);
      boolean negative = bernoulli(BigInteger.ONE, BigInteger.TWO);
      if (negative && y.signum() == 0) {
        continue;
      }
      return negative ? y.negate() : y;
    }
  }

  /** Algorithm 3: variance num/den. */
  BigInteger gaussian(BigInteger num, BigInteger den) {
    BigInteger t = num.divide(den).sqrt().add(BigInteger.ONE);
    while (true) {
      BigInteger y = laplace(t, BigInteger.ONE);
      Fraction centre = new Fraction(num, den.multiply(t));
      Fraction gamma =
          new Fraction(y.abs(), BigInteger.ONE)
              .minus(centre)
              .squared()
              .dividedBy(new Fraction(num.shiftLeft(1), den))
              // The format fixes the denominator, as it decides how many bytes a coin takes.
              .withDenominator(num.multiply(den).multiply(t.pow(2)).shiftLeft(1));
      if (bernoulliExp(gamma)) {
        return y;
      }
    }
  }
}
