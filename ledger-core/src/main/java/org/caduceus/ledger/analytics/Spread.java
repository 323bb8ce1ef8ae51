package org.caduceus.ledger.analytics;

import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;

/**
 * How wide noise spreads, as a fraction: the scale of a discrete Laplace, or the variance of a
 * discrete Gaussian, in units of the output and of its square.
 *
 * @param numerator 1 to 2^40 for a scale, 1 to 2^52 for a variance
 * @param denominator 1 to 2^16
 */
public record Spread(long numerator, long denominator) {
  private static final long MAX_DENOMINATOR = 1L << 16;

  /** Checks the bounds that every mechanism has. */
  public Spread {
    if (numerator < 1 || denominator < 1 || denominator > MAX_DENOMINATOR) {
      throw new MalformedException(
          "Expected a positive spread with a denominator of at most 2^16, but got "
              + numerator
              + "/"
              + denominator);
    }
  }

  /** A whole number. */
  public static Spread of(long value) {
    return new Spread(value, 1);
  }

  void write(Writer out) {
    out.u64(numerator).u64(denominator);
  }

  static Spread read(Reader in) {
    return new Spread(in.bits64(), in.bits64());
  }
}
