package org.caduceus.adapters.epcis.gs1;

/** The check digit of GS1 keys (GS1 General Specifications section 7.9.1). */
public final class CheckDigit {
  private CheckDigit() {}

  /**
   * The digit that completes {@code digits}: weights 3, 1, 3… from the right, modulo 10.
   *
   * @param digits one or more ASCII digits, without the check digit
   * @throws IllegalArgumentException if another character occurs or there is none
   */
  public static char of(String digits) {
    if (!areDigits(digits)) {
      throw new IllegalArgumentException("Expected ASCII digits, but got something else");
    }
    int sum = 0;
    int weight = 3;
    for (int i = digits.length() - 1; i >= 0; i--) {
      sum += (digits.charAt(i) - '0') * weight;
      weight = 4 - weight;
    }
    return (char) ('0' + (10 - sum % 10) % 10);
  }

  /** {@code digits} followed by their check digit. */
  static String append(String digits) {
    return digits + of(digits);
  }

  /** Whether {@code key} is two or more ASCII digits of which the last is the check digit. */
  public static boolean isValid(String key) {
    int last = key.length() - 1;
    return last > 0 && areDigits(key) && of(key.substring(0, last)) == key.charAt(last);
  }

  /** Whether {@code text} is one or more of 0 to 9. */
  static boolean areDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
