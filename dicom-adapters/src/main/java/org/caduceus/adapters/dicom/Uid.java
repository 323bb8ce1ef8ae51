package org.caduceus.adapters.dicom;

import java.util.regex.Pattern;

/** Unique identifiers (PS3.5 section 9.1). */
public final class Uid {
  /** Longest in characters. */
  public static final int MAX_LENGTH = 64;

  private static final Pattern SYNTAX = Pattern.compile("(0|[1-9][0-9]*)(\\.(0|[1-9][0-9]*))+");

  private Uid() {}

  /** Whether {@code text} is at most 64 characters of components without leading zeros. */
  public static boolean isValid(String text) {
    return text.length() <= MAX_LENGTH && SYNTAX.matcher(text).matches();
  }
}
