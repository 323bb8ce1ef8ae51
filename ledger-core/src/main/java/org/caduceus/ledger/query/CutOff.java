package org.caduceus.ledger.query;

import java.time.Duration;
import java.util.Locale;

/**
 * That this node closed a member's links to it and takes no message of it for a while, and why. Its
 * own messages still go there.
 *
 * @param untilMs when the member may connect again, ms since 1970-01-01 UTC
 * @param offence what it did
 * @param count how often within the time of the offence, of bytes how many
 */
public record CutOff(long untilMs, Offence offence, long count) {

  /** What no honest node does, with how much of it within which time is borne. */
  public enum Offence {
    /** More messages than a consortium at full load sends, several times over. */
    MANY_MESSAGES(50_000, Duration.ofSeconds(10)),
    /** More bytes than that. */
    MANY_BYTES(1L << 30, Duration.ofSeconds(10)),
    /** Bytes that are no message: unknown kinds, lengths that are not true, numbers that lack. */
    MALFORMED(60, Duration.ofMinutes(1)),
    /** A message that says it is longer than one may be. */
    OVERSIZED(0, Duration.ofMinutes(1)),
    /** Messages again that this very connection has brought before. */
    REPLAYED(20, Duration.ofMinutes(1));

    private final long borne;
    private final Duration within;

    Offence(long borne, Duration within) {
      this.borne = borne;
      this.within = within;
    }

    /** How much of it does not lead to a cut. */
    public long borne() {
      return borne;
    }

    /** Within this time. */
    public Duration within() {
      return within;
    }
  }

  /** What it did, in English, to follow the member's name. */
  public String reason() {
    String format =
        switch (offence) {
          case MANY_MESSAGES -> "it sent %,d messages within %d s";
          case MANY_BYTES -> "it sent %,d bytes within %d s";
          case MALFORMED -> "it sent %,d messages within %d s that are none, or of no known kind";
          case OVERSIZED -> "it sent %,d messages within %d s that are longer than one may be";
          case REPLAYED -> "it sent %,d messages again within %d s that it had sent already";
        };
    return String.format(Locale.ROOT, format, count, offence.within().toSeconds());
  }
}
