package org.caduceus.deploy;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Secrets, made anew for each installation. */
final class Secrets {
  // Without letters that look like others: an operator types the administrator's password.
  private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  /** Twenty letters and digits, 100 bits. */
  static String password() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      text.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return text.toString();
  }

  /** Random bytes. */
  static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /** Random bytes in hexadecimal digits. */
  static String hex(int count) {
    return HexFormat.of().formatHex(bytes(count));
  }
}
