package org.caduceus.ledger;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 value (FIPS 180-4), 32 bytes. Names blocks, entries and configurations. */
public final class Hash implements Comparable<Hash> {
  /** Length in bytes. */
  public static final int LENGTH = 32;

  /** Thirty-two zero bytes: "no hash here" in fixed layouts. */
  public static final Hash ZERO = new Hash(new byte[LENGTH]);

  private final byte[] value;

  private Hash(byte[] value) {
    this.value = value;
  }

  /**
   * A hash with the given 32 bytes.
   *
   * @throws IllegalArgumentException if the length differs from 32
   */
  public static Hash of(byte[] value) {
    if (value.length != LENGTH) {
      throw new IllegalArgumentException("Expected a hash of 32 bytes, but got " + value.length);
    }
    return new Hash(value.clone());
  }

  /** The hash written as 64 hexadecimal digits. */
  public static Hash fromHex(String text) {
    return of(HexFormat.of().parseHex(text));
  }

  /** SHA-256 over the concatenation of {@code parts}. */
  public static Hash sha256(byte[]... parts) {
    MessageDigest digest = newSha256();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return new Hash(digest.digest());
  }

  /** SHA-256 over the bytes from {@code from} to before {@code to}. */
  public static Hash sha256(byte[] bytes, int from, int to) {
    MessageDigest digest = newSha256();
    digest.update(bytes, from, to - from);
    return new Hash(digest.digest());
  }

  /** A fresh SHA-256 digest; every Java platform has the algorithm. */
  public static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "Expected SHA-256 on every Java platform, but it is missing", e);
    }
  }

  /** A copy of the 32 bytes. */
  public byte[] toArray() {
    return value.clone();
  }

  /** Sixty-four lower-case hexadecimal digits. */
  public String toHex() {
    return HexFormat.of().formatHex(value);
  }

  @Override
  public int compareTo(Hash other) {
    return Arrays.compareUnsigned(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash hash && Arrays.equals(value, hash.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return toHex();
  }
}
