package org.caduceus.ledger.analytics;

import java.math.BigInteger;
import org.caduceus.ledger.MalformedException;

/** Where noise comes from: exact integer distributions of arXiv 2004.00010. */
public enum Mechanism {
  /** {@code P(x) ~ exp(-|x| / scale)}: pure differential privacy. */
  DISCRETE_LAPLACE(1, 1L << 40) {
    @Override
    BigInteger microRho(BigInteger sensitivity, Spread spread) {
      BigInteger base = sensitivity.multiply(BigInteger.valueOf(spread.denominator()));
      return ceiling(
          HALF_MICRO.multiply(base.pow(2)), BigInteger.valueOf(spread.numerator()).pow(2));
    }
  },
  /** {@code P(x) ~ exp(-x^2 / (2 variance))}: zero-concentrated differential privacy. */
  DISCRETE_GAUSSIAN(2, 1L << 52) {
    @Override
    BigInteger microRho(BigInteger sensitivity, Spread spread) {
      return ceiling(
          HALF_MICRO
              .multiply(sensitivity.pow(2))
              .multiply(BigInteger.valueOf(spread.denominator())),
          BigInteger.valueOf(spread.numerator()));
    }
  };

  private static final BigInteger HALF_MICRO = BigInteger.valueOf(500_000);

  private final int code;
  private final long maxNumerator;

  Mechanism(int code, long maxNumerator) {
    this.code = code;
    this.maxNumerator = maxNumerator;
  }

  /** Millionths of zCDP's rho, rounded up, of an output that one subject changes by this much. */
  abstract BigInteger microRho(BigInteger sensitivity, Spread spread);

  /** Its number in a query's layout. */
  public int code() {
    return code;
  }

  boolean takes(Spread spread) {
    return spread.numerator() <= maxNumerator;
  }

  static Mechanism of(int code) {
    for (Mechanism mechanism : values()) {
      if (mechanism.code == code) {
        return mechanism;
      }
    }
    throw new MalformedException("Expected mechanism 1 or 2, but got " + code);
  }

  private static BigInteger ceiling(BigInteger dividend, BigInteger divisor) {
    return dividend.add(divisor).subtract(BigInteger.ONE).divide(divisor);
  }
}
