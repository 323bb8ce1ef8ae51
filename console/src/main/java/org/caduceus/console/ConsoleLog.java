package org.caduceus.console;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;

import java.lang.System.Logger.Level;
import java.text.MessageFormat;
import java.util.Locale;

/**
 * The numbered messages of this module, listed in {@code docs/reference/log-messages.md}. Arguments
 * are addresses, paths and class names, never content.
 */
public enum ConsoleLog {
  /** Something that nobody expected; the client has the incident's number. */
  REQUEST_FAILED(1, ERROR, "A request failed, incident {0}"),
  /** The client hung up, or the network did. */
  BODY_BROKE_OFF(2, INFO, "{0} broke off the body of a request to {1}: {2}");

  private static final System.Logger LOGGER = System.getLogger("org.caduceus.console");

  private final int number;
  private final Level level;
  private final String pattern;

  ConsoleLog(int number, Level level, String pattern) {
    this.number = number;
    this.level = level;
    this.pattern = pattern;
  }

  /** What an operator searches for, for instance {@code CADC0001}. */
  public String code() {
    return String.format(Locale.ROOT, "CADC%04d", number);
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
  public void log(Object... arguments) {
    LOGGER.log(level, () -> text(arguments));
  }

  /** Writes the message with the failure underneath. */
  public void log(Throwable cause, Object... arguments) {
    LOGGER.log(level, () -> text(arguments), cause);
  }

  private String text(Object... arguments) {
    return code() + ": " + new MessageFormat(pattern, Locale.ROOT).format(arguments);
  }
}
