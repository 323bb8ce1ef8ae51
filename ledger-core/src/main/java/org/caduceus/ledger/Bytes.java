package org.caduceus.ledger;

import java.util.Arrays;
import java.util.HexFormat;

/** An immutable sequence of bytes with value equality. Copies on the way in and on the way out. */
public final class Bytes implements Comparable<Bytes> {
  /** The empty sequence. */
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] value;

  private Bytes(byte[] value) {
    this.value = value;
  }

  /** A copy of {@code value}. */
  public static Bytes of(byte[] value) {
    return new Bytes(value.clone());
  }

  /** A copy of {@code length} bytes of {@code value} from {@code offset}. */
  public static Bytes of(byte[] value, int offset, int length) {
    return new Bytes(Arrays.copyOfRange(value, offset, offset + length));
  }

  /**
   * Takes ownership of {@code value} without copying: the caller must never touch the array again.
   */
  public static Bytes wrap(byte[] value) {
    return new Bytes(value);
  }

  /** The bytes that the hexadecimal {@code text} denotes, either case, no separators. */
  public static Bytes fromHex(String text) {
    return new Bytes(HexFormat.of().parseHex(text));
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return value.clone();
  }

  /** Number of bytes. */
  public int length() {
    return value.length;
  }

  /** The byte at {@code index}, 0 to 255. */
  public int at(int index) {
    return value[index] & 0xff;
  }

  /** Lower-case hexadecimal text. */
  public String toHex() {
    return HexFormat.of().formatHex(value);
  }

  /**
   * The array itself, without a copy, for hot paths of this project that only read it (hashing,
   * sending, storing).
   *
   * @return the live array; writing to it breaks every holder of this value
   */
  public byte[] unsafeArray() {
    return value;
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(value, bytes.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  /** Length only: contents may be patient data and must not reach a log by accident. */
  @Override
  public String toString() {
    return "Bytes[" + value.length + "]";
  }
}
