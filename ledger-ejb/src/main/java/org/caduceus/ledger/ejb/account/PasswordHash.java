package org.caduceus.ledger.ejb.account;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Salted slow hashes of passwords: PBKDF2 with HMAC-SHA-512 (RFC 8018), written as {@code
 * pbkdf2-sha512$iterations$salt$hash}.
 */
public final class PasswordHash {
  private static final String NAME = "pbkdf2-sha512";
  private static final int ITERATIONS = 210_000;
  private static final int SALT_LENGTH = 16;
  private static final int HASH_BITS = 512;
  private static final SecureRandom RANDOM = new SecureRandom();

  private PasswordHash() {}

  /** The hash of a password under a fresh salt. */
  public static String of(char[] password) {
    byte[] salt = random(SALT_LENGTH);
    return text(salt, derive(password, salt, ITERATIONS));
  }

  /** A hash that no password has, made at no cost; to compare with takes as long as with others. */
  public static String ofNobody() {
    return text(random(SALT_LENGTH), random(HASH_BITS / 8));
  }

  /** Whether {@code text} is the hash of {@code password}. Takes as long either way. */
  public static boolean matches(String text, char[] password) {
    String[] parts = text.split("\\$", -1);
    if (parts.length != 4 || !parts[0].equals(NAME)) {
      throw new IllegalStateException("Expected a stored password hash, but it has another form");
    }
    Base64.Decoder base64 = Base64.getDecoder();
    return MessageDigest.isEqual(
        base64.decode(parts[3]),
        derive(password, base64.decode(parts[2]), Integer.parseInt(parts[1])));
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static String text(byte[] salt, byte[] hash) {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return String.join(
        "$",
        NAME,
        Integer.toString(ITERATIONS),
        base64.encodeToString(salt),
        base64.encodeToString(hash));
  }

  private static byte[] derive(char[] password, byte[] salt, int iterations) {
    PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, HASH_BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "Expected PBKDF2WithHmacSHA512 on every Java platform, but it is missing", e);
    } finally {
      spec.clearPassword();
    }
  }
}
