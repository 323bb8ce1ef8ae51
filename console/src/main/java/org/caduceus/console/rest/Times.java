package org.caduceus.console.rest;

import java.time.Instant;
import java.util.Optional;

/** Times on the wire. */
final class Times {
  private Times() {}

  /** ISO 8601 in UTC with milliseconds as needed; empty for 0, which stands for "never". */
  static Optional<String> iso(long ms) {
    return ms == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ms).toString());
  }
}
