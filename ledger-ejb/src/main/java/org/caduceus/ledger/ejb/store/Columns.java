package org.caduceus.ledger.ejb.store;

/** Texts that fit their columns. */
final class Columns {
  private Columns() {}

  /** At most {@code length} characters; without NUL, which PostgreSQL does not store. */
  static String text(String value, int length) {
    String clean = value.indexOf('\0') < 0 ? value : value.replace('\0', ' ');
    if (clean.length() <= length) {
      return clean;
    }
    int end = Character.isHighSurrogate(clean.charAt(length - 1)) ? length - 1 : length;
    return clean.substring(0, end);
  }
}
