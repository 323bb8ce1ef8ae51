package org.caduceus.deploy;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Tells the operator what happens: each step with the seconds since the start. Key lines come in
 * Chinese as well when the session's language ({@code LC_ALL}, {@code LC_MESSAGES}, {@code LANG})
 * is Chinese.
 */
public final class Narrator {
  private final PrintStream out;
  private final boolean chinese;
  private final long startNanos;

  /** Speaks to {@code out}, counting from now. */
  public Narrator(PrintStream out) {
    this(out, System.nanoTime(), speaksChinese());
  }

  private Narrator(PrintStream out, long startNanos, boolean chinese) {
    this.out = out;
    this.startNanos = startNanos;
    this.chinese = chinese;
  }

  /**
   * Counts from {@code epochMs}, milliseconds since 1970-01-01 UTC, instead: when a script began.
   */
  public Narrator since(long epochMs) {
    long passed = Math.max(0, System.currentTimeMillis() - epochMs);
    return new Narrator(out, System.nanoTime() - passed * 1_000_000, chinese);
  }

  /** Seconds since the start. */
  public double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  /** A step, with the time. */
  public void step(String english, String translated) {
    out.printf(Locale.ROOT, "[%5.1f s] %s%n", seconds(), english);
    if (chinese) {
      out.printf("          %s%n", translated);
    }
    out.flush();
  }

  /** A step without translation. */
  public void step(String english) {
    out.printf(Locale.ROOT, "[%5.1f s] %s%n", seconds(), english);
    out.flush();
  }

  /** A line as it is. */
  public void line(String text) {
    out.println(text);
    out.flush();
  }

  /** A line in both languages. */
  public void line(String english, String translated) {
    out.println(english);
    if (chinese) {
      out.println(translated);
    }
    out.flush();
  }

  /** Whether the session's language is Chinese. */
  public static boolean speaksChinese() {
    for (String name : new String[] {"LC_ALL", "LC_MESSAGES", "LANG"}) {
      String value = System.getenv(name);
      if (value != null && !value.isEmpty()) {
        return value.startsWith("zh");
      }
    }
    return false;
  }
}
