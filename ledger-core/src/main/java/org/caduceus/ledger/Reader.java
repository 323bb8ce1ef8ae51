package org.caduceus.ledger;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads the fixed big-endian layouts of {@code docs/reference/formats.md} strictly. */
public final class Reader {
  private static final long MAX_NUMBER = 1L << 62;

  private final ByteBuffer buffer;
  private final String what;

  /**
   * A reader over {@code bytes}.
   *
   * @param what name of the object, for error texts
   */
  public Reader(byte[] bytes, String what) {
    this.buffer = ByteBuffer.wrap(bytes);
    this.what = what;
  }

  /** Requires the next eight bytes to be this ASCII tag. */
  public void tag(String tag) {
    if (!tag.equals(new String(bytes(8), StandardCharsets.US_ASCII))) {
      throw new MalformedException(
          "Expected " + what + " to begin with " + tag + ", but it does not");
    }
  }

  /** An unsigned byte. */
  public int u8() {
    return bytes(1)[0] & 0xff;
  }

  /** An unsigned 16-bit number. */
  public int u16() {
    return (u8() << 8) | u8();
  }

  /** A 32-bit number that must fit a non-negative int. */
  public int i32() {
    return checked(() -> nonNegative(buffer.getInt()));
  }

  /** An epoch, view, height or time: 64 bits, at most 2^62. */
  public long i64() {
    return checked(() -> bounded(buffer.getLong()));
  }

  /** Any 64 bits. */
  public long bits64() {
    return checked(buffer::getLong);
  }

  /** A byte that must be 0 or 1. */
  public boolean flag() {
    int value = u8();
    if (value > 1) {
      throw new MalformedException("Expected a flag of 0 or 1 in " + what + ", but got " + value);
    }
    return value == 1;
  }

  /** Thirty-two bytes. */
  public Hash hash() {
    return Hash.of(bytes(Hash.LENGTH));
  }

  /** Exactly {@code length} bytes. */
  public byte[] bytes(int length) {
    if (length < 0 || length > buffer.remaining()) {
      throw new MalformedException(
          "Expected "
              + length
              + " more bytes in "
              + what
              + ", but "
              + buffer.remaining()
              + " are left");
    }
    byte[] value = new byte[length];
    buffer.get(value);
    return value;
  }

  /** A 4-byte length and that many bytes. */
  public byte[] sized() {
    return bytes(i32());
  }

  /** Bytes left. */
  public int remaining() {
    return buffer.remaining();
  }

  /** Requires that everything was read. */
  public void end() {
    if (buffer.hasRemaining()) {
      throw new MalformedException(
          "Expected the end of " + what + ", but " + buffer.remaining() + " more bytes follow");
    }
  }

  private int nonNegative(int value) {
    if (value < 0) {
      throw new MalformedException(
          "Expected a number below 2^31 in " + what + ", but it is larger");
    }
    return value;
  }

  private long bounded(long value) {
    if (value < 0 || value > MAX_NUMBER) {
      throw new MalformedException(
          "Expected a number of at most 2^62 in " + what + ", but it is larger");
    }
    return value;
  }

  private <T> T checked(java.util.function.Supplier<T> read) {
    try {
      return read.get();
    } catch (BufferUnderflowException e) {
      throw new MalformedException("Expected more bytes in " + what + ", but it ends early");
    }
  }
}
