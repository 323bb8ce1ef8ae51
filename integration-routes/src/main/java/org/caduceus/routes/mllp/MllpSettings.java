package org.caduceus.routes.mllp;

import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * One listener.
 *
 * @param host address to bind
 * @param port 0 for any free port
 * @param maxFrameBytes longest content of a frame, 1 to 1 GiB
 * @param framePause longest pause inside a frame and of a TLS handshake; positive
 * @param maxConnections further connections wait in the backlog; at least 1
 * @param tls TLS 1.3 with client certificates when present
 */
public record MllpSettings(
    String host,
    int port,
    int maxFrameBytes,
    Duration framePause,
    int maxConnections,
    Optional<SSLContext> tls) {

  /** Checks the ranges. */
  public MllpSettings {
    if (maxFrameBytes < 1 || maxConnections < 1 || framePause.toMillis() < 1) {
      throw new IllegalArgumentException(
          "Expected positive limits of an HL7 listener, but one is zero or negative");
    }
    if (maxFrameBytes > 1 << 30) {
      throw new IllegalArgumentException("Expected frames of at most 1 GiB");
    }
    if (framePause.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("Expected a frame pause of at most 24 days");
    }
  }
}
