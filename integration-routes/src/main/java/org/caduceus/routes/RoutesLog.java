package org.caduceus.routes;

import static java.lang.System.Logger.Level.ERROR;

import java.lang.System.Logger.Level;
import java.text.MessageFormat;
import java.util.Locale;

/**
 * The numbered messages that all inlets share, listed in {@code docs/reference/log-messages.md}.
 * Arguments are addresses and class names, never content.
 */
public enum RoutesLog {
  /** The journal failed; the sender was answered all the same. */
  JOURNAL_FAILED(1, ERROR, "The journal did not take the note on a message ({0}) of {1}: {2}");

  private static final System.Logger LOGGER = System.getLogger("org.caduceus.routes");

  private final int number;
  private final Level level;
  private final String pattern;

  RoutesLog(int number, Level level, String pattern) {
    this.number = number;
    this.level = level;
    this.pattern = pattern;
  }

  /** What an operator searches for, for instance {@code CADR0001}. */
  public String code() {
    return String.format(Locale.ROOT, "CADR%04d", number);
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
    LOGGER.log(
        level, () -> code() + ": " + new MessageFormat(pattern, Locale.ROOT).format(arguments));
  }
}
