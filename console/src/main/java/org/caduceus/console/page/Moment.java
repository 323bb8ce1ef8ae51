package org.caduceus.console.page;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A time on a page: written in UTC by the server, moved to the reader's zone by the browser.
 *
 * @param iso ISO 8601, for the {@code datetime} attribute
 * @param text the same in UTC, for readers without scripts; a dash for "never"
 */
public record Moment(String iso, String text) {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

  /** The moment {@code ms} after 1970-01-01 UTC; 0 stands for never. */
  public static Moment of(long ms) {
    Instant instant = Instant.ofEpochMilli(ms);
    return ms == 0 ? new Moment("", "–") : new Moment(instant.toString(), UTC.format(instant));
  }
}
