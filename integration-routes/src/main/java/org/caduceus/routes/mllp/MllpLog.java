package org.caduceus.routes.mllp;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.lang.System.Logger.Level;
import java.text.MessageFormat;
import java.util.Locale;

/**
 * The numbered messages of the HL7 inlet, listed in {@code docs/reference/log-messages.md}.
 * Arguments are addresses, counts and class names, never a message's content.
 */
public enum MllpLog {
  /** A listener accepts connections. */
  LISTENING(1, INFO, "HL7 listener {0} accepts connections at {1}:{2,number,#}"),
  /** A listener stopped. */
  STOPPED(2, INFO, "HL7 listener {0} stopped, {1} connection(s) were cut"),
  /** Bytes outside of any frame. */
  GARBAGE(3, WARNING, "{0} sent {1} byte(s) outside of MLLP frames; skipped"),
  /** A frame that did not end in time. */
  FRAME_TIMEOUT(4, WARNING, "{0} paused for more than {1} ms inside a frame; connection closed"),
  /** A frame beyond the limit. */
  FRAME_TOO_LARGE(5, WARNING, "{0} sent a frame of more than {1} bytes; refused and closed"),
  /** A connection ended inside a frame. */
  HALF_FRAME(6, WARNING, "{0} closed the connection inside a frame; {1} byte(s) dropped"),
  /** TLS could not be agreed. */
  TLS_REFUSED(7, WARNING, "{0} could not agree on TLS: {1}"),
  /** The network failed. */
  CONNECTION_LOST(8, INFO, "Connection of {0} was lost: {1}"),
  /** A message's way ended in a failure. */
  INTAKE_FAILED(9, ERROR, "A message of {0} could not be taken in and was answered with 207: {1}"),
  /** A failure that nobody expected; the sender gets no answer and will repeat. */
  CONNECTION_FAILED(10, ERROR, "A message of {0} was not answered, connection closed: {1}"),
  /** Accepting failed; tried again. */
  ACCEPT_FAILED(12, ERROR, "HL7 listener {0} could not accept a connection, trying again: {1}");

  private static final System.Logger LOGGER = System.getLogger("org.caduceus.routes.mllp");

  private final int number;
  private final Level level;
  private final String pattern;

  MllpLog(int number, Level level, String pattern) {
    this.number = number;
    this.level = level;
    this.pattern = pattern;
  }

  /** What an operator searches for, for instance {@code CADM0001}. */
  public String code() {
    return String.format(Locale.ROOT, "CADM%04d", number);
  }

  /** Severity. */
  public Level level() {
    return level;
  }

  /** The text with its places for arguments. */
  public String pattern() {
    return pattern;
  }

  /** Writes the message. */
  void log(Object... arguments) {
    if (LOGGER.isLoggable(level)) {
      LOGGER.log(
          level, () -> code() + ": " + new MessageFormat(pattern, Locale.ROOT).format(arguments));
    }
  }
}
