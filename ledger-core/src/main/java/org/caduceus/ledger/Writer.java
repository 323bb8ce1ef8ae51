package org.caduceus.ledger;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the fixed big-endian layouts of {@code docs/reference/formats.md}. */
public final class Writer {
  private final ByteArrayOutputStream out;

  /** A writer for a small object. */
  public Writer() {
    this(256);
  }

  /** A writer for about this many bytes. */
  public Writer(int expectedBytes) {
    this.out = new ByteArrayOutputStream(expectedBytes);
  }

  /** An 8-byte ASCII tag. */
  public Writer tag(String tag) {
    Check.that(tag.length() == 8, "Expected a tag of 8 characters, but got " + tag.length());
    return bytes(tag.getBytes(StandardCharsets.US_ASCII));
  }

  /** The lowest 8 bits. */
  public Writer u8(int value) {
    out.write(value);
    return this;
  }

  /** The lowest 16 bits. */
  public Writer u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  /** 32 bits. */
  public Writer u32(int value) {
    return u16(value >>> 16).u16(value);
  }

  /** 64 bits. */
  public Writer u64(long value) {
    return u32((int) (value >>> 32)).u32((int) value);
  }

  /** One byte, 1 or 0. */
  public Writer flag(boolean value) {
    return u8(value ? 1 : 0);
  }

  /** Thirty-two bytes. */
  public Writer hash(Hash value) {
    return bytes(value.toArray());
  }

  /** The bytes as they are. */
  public Writer bytes(byte[] value) {
    out.write(value, 0, value.length);
    return this;
  }

  /** The bytes as they are. */
  public Writer bytes(Bytes value) {
    return bytes(value.unsafeArray());
  }

  /** A 4-byte length, then the bytes. */
  public Writer sized(byte[] value) {
    return u32(value.length).bytes(value);
  }

  /** Everything written. */
  public byte[] toArray() {
    return out.toByteArray();
  }
}
