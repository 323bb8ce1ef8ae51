package org.caduceus.routes.epcis;

import static java.lang.System.Logger.Level.ERROR;

import java.lang.System.Logger.Level;
import java.text.MessageFormat;
import java.util.Locale;

/** The numbered messages of the EPCIS inlet: addresses and class names, never content. */
public enum EpcisLog {
  /** The journal failed; the sender was answered all the same. */
  JOURNAL_FAILED(1, ERROR, "The journal did not take the note on a capture of {0}: {1}");

  private static final System.Logger LOGGER = System.getLogger("org.caduceus.routes.epcis");

  private final int number;
  private final Level level;
  private final String pattern;

  EpcisLog(int number, Level level, String pattern) {
    this.number = number;
    this.level = level;
    this.pattern = pattern;
  }

  /** What an operator searches for, for instance {@code CADE0001}. */
  public String code() {
    return String.format(Locale.ROOT, "CADE%04d", number);
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
