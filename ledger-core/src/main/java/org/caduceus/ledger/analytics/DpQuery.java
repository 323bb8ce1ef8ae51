package org.caduceus.ledger.analytics;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.Reader;
import org.caduceus.ledger.Writer;

/**
 * What is asked of a series of measures, with which noise. The enclave decides by the same rules
 * what it costs; a debit of less is refused.
 *
 * @param kind what is computed
 * @param series {@link Measure#series} of the measures
 * @param range to which values are clamped; only of a sum or mean
 * @param bounds strictly ascending, 1 to 63, only of a histogram: bin i holds values from bound i-1
 *     up to, but not, bound i; the outer bins are open
 * @param mechanism where noise comes from
 * @param noise of each output; of a mean, of its sum
 * @param countNoise of a mean's count, and of nothing else
 * @param sources members whose records are counted together, 1 to 64; each may hold one measure of
 *     a subject, so it multiplies the sensitivity
 * @param minimumCohort noised number of subjects below which nothing is answered; 0 for a sum,
 *     which has no count
 */
public record DpQuery(
    Kind kind,
    Hash series,
    Optional<Range> range,
    List<Long> bounds,
    Mechanism mechanism,
    Spread noise,
    Optional<Spread> countNoise,
    int sources,
    int minimumCohort) {
  private static final String TAG = "CDC1DPQY";
  private static final int VERSION = 1;
  private static final int MAX_BOUNDS = 63;
  private static final int MAX_SOURCES = 64;
  private static final BigInteger MAX_COST = BigInteger.ONE.shiftLeft(62);

  /** What is computed. */
  public enum Kind {
    /** How many subjects. */
    COUNT(1),
    /** Sum of the clamped values. */
    SUM(2),
    /** Sum and count, each noised; the mean is their quotient. */
    MEAN(3),
    /** How many subjects in each bin. */
    HISTOGRAM(4);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    private static Kind of(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new MalformedException("Expected a kind of query of 1 to 4, but got " + code);
    }
  }

  /**
   * Values are moved to the nearer end if they are outside.
   *
   * @param lower at least -2^31
   * @param upper above lower, at most 2^31
   */
  public record Range(long lower, long upper) {
    private static final long MAX = 1L << 31;

    /** Checks the order and the bounds. */
    public Range {
      if (lower < -MAX || lower >= upper || upper > MAX) {
        throw new MalformedException(
            "Expected a range within 2^31 of zero, but got " + lower + " to " + upper);
      }
    }

    /** The most that one subject can add to, or take from, a sum. */
    public long sensitivity() {
      return Math.max(Math.abs(lower), Math.abs(upper));
    }
  }

  /** Checks the whole. */
  public DpQuery {
    bounds = List.copyOf(bounds);
    boolean clamps = kind == Kind.SUM || kind == Kind.MEAN;
    expect(clamps == range.isPresent(), "a range for a sum or mean only");
    expect(kind == Kind.HISTOGRAM != bounds.isEmpty(), "bounds for a histogram only");
    expect(bounds.size() <= MAX_BOUNDS && ascending(bounds), "at most 63 ascending bounds");
    expect(countNoise.isPresent() == (kind == Kind.MEAN), "noise of the count for a mean only");
    expect(
        mechanism.takes(noise) && countNoise.map(mechanism::takes).orElse(true),
        "a spread within the mechanism's bounds");
    expect(sources >= 1 && sources <= MAX_SOURCES, "1 to 64 sources");
    expect(minimumCohort >= 0 && (kind != Kind.SUM || minimumCohort == 0), "a cohort with a count");
    expect(
        price(kind, range, mechanism, noise, countNoise, sources).compareTo(MAX_COST) <= 0,
        "a cost of at most 2^62 micro-rho");
  }

  /** How many numbers the answer has. */
  public int outputs() {
    return switch (kind) {
      case COUNT, SUM -> 1;
      case MEAN -> 2;
      case HISTOGRAM -> bounds.size() + 1;
    };
  }

  /** What a debit must pay: millionths of zCDP's rho, rounded up for each mechanism used. */
  public long microRho() {
    return price(kind, range, mechanism, noise, countNoise, sources).longValueExact();
  }

  /** What a debit and an answer name the query by. */
  public Hash hash() {
    return Hash.sha256(encode().unsafeArray());
  }

  /** The bytes the enclave reads. */
  public Bytes encode() {
    Writer out =
        new Writer()
            .tag(TAG)
            .u8(VERSION)
            .u8(kind.code)
            .hash(series)
            .u64(range.map(Range::lower).orElse(0L))
            .u64(range.map(Range::upper).orElse(0L))
            .u16(bounds.size());
    bounds.forEach(out::u64);
    out.u8(mechanism.code());
    noise.write(out);
    countNoise.ifPresentOrElse(spread -> spread.write(out), () -> out.u64(0).u64(0));
    return Bytes.wrap(out.u16(sources).u32(minimumCohort).toArray());
  }

  /** The query of these bytes. */
  public static DpQuery decode(Bytes bytes) {
    Reader in = new Reader(bytes.unsafeArray(), "query");
    in.tag(TAG);
    expect(in.u8() == VERSION, "version 1");
    Kind kind = Kind.of(in.u8());
    Hash series = in.hash();
    long lower = in.bits64();
    long upper = in.bits64();
    int count = in.u16();
    List<Long> bounds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bounds.add(in.bits64());
    }
    Mechanism mechanism = Mechanism.of(in.u8());
    Spread noise = Spread.read(in);
    Optional<Spread> countNoise = spreadOrNone(in);
    DpQuery query =
        new DpQuery(
            kind,
            series,
            lower == 0 && upper == 0 ? Optional.empty() : Optional.of(new Range(lower, upper)),
            bounds,
            mechanism,
            noise,
            countNoise,
            in.u16(),
            in.i32());
    in.end();
    return query;
  }

  private static Optional<Spread> spreadOrNone(Reader in) {
    long numerator = in.bits64();
    long denominator = in.bits64();
    return numerator == 0 && denominator == 0
        ? Optional.empty()
        : Optional.of(new Spread(numerator, denominator));
  }

  private static BigInteger price(
      Kind kind,
      Optional<Range> range,
      Mechanism mechanism,
      Spread noise,
      Optional<Spread> countNoise,
      int sources) {
    BigInteger once = BigInteger.valueOf(sources);
    BigInteger most = BigInteger.valueOf(range.map(Range::sensitivity).orElse(1L));
    BigInteger first = mechanism.microRho(most.multiply(once), noise);
    return kind == Kind.MEAN
        ? first.add(countNoise.map(spread -> mechanism.microRho(once, spread)).orElseThrow())
        : first;
  }

  private static boolean ascending(List<Long> bounds) {
    for (int i = 1; i < bounds.size(); i++) {
      if (bounds.get(i - 1) >= bounds.get(i)) {
        return false;
      }
    }
    return true;
  }

  private static void expect(boolean held, String what) {
    if (!held) {
      throw new MalformedException("Expected " + what + " in a query, but it is otherwise");
    }
  }
}
