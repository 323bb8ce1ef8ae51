package org.caduceus.enclave.attestation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.caduceus.ledger.Bytes;

/** Fields at fixed offsets, little endian: how AMD and Intel lay out their reports. */
final class LittleEndian {
  private final byte[] bytes;
  private final ByteBuffer buffer;
  private final String what;

  LittleEndian(byte[] bytes, String what) {
    this.bytes = bytes;
    this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.what = what;
  }

  int length() {
    return bytes.length;
  }

  int u8(int at) {
    return slice(at, 1)[0] & 0xff;
  }

  int u16(int at) {
    require(at, 2);
    return Short.toUnsignedInt(buffer.getShort(at));
  }

  long u32(int at) {
    require(at, 4);
    return Integer.toUnsignedLong(buffer.getInt(at));
  }

  long bits64(int at) {
    require(at, 8);
    return buffer.getLong(at);
  }

  /** A copy of the bytes from {@code at}. */
  byte[] slice(int at, int length) {
    require(at, length);
    return Arrays.copyOfRange(bytes, at, at + length);
  }

  Bytes field(int at, int length) {
    return Bytes.wrap(slice(at, length));
  }

  boolean isZero(int at, int length) {
    for (byte value : slice(at, length)) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private void require(int at, long length) {
    Unacceptable.unless(
        at >= 0 && length >= 0 && length <= bytes.length - at,
        "Expected more bytes in " + what + ", but it ends early");
  }
}
