package org.caduceus.adapters.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * Reads numbers and values of a data set in one byte order and knows how far it is. Refuses where
 * the bytes end early; a failure of the transport passes through as {@link IOException}.
 */
final class ByteCursor {
  private final InputStream in;
  private final byte[] scratch = new byte[8192];
  private boolean bigEndian;
  private long position;

  ByteCursor(InputStream in, boolean bigEndian) {
    this.in = in;
    this.bigEndian = bigEndian;
  }

  boolean bigEndian() {
    return bigEndian;
  }

  /** Changes the byte order from here on. */
  void bigEndian(boolean order) {
    bigEndian = order;
  }

  /** Bytes read so far. */
  long position() {
    return position;
  }

  /** The next byte, or -1 at the end. */
  int readOrEnd() throws IOException {
    int value = in.read();
    if (value >= 0) {
      position++;
    }
    return value;
  }

  int uint16(int tag) throws IOException, DicomRefusal {
    return uint16After(next(tag), tag);
  }

  /** A 16-bit number whose first byte was read already. */
  int uint16After(int first, int tag) throws IOException, DicomRefusal {
    int second = next(tag);
    return bigEndian ? first << 8 | second : second << 8 | first;
  }

  long uint32(int tag) throws IOException, DicomRefusal {
    int first = uint16(tag);
    int second = uint16(tag);
    return bigEndian ? (long) first << 16 | second : (long) second << 16 | first;
  }

  int tag(int before) throws IOException, DicomRefusal {
    int group = uint16(before);
    return group << 16 | uint16(before);
  }

  /** A value of {@code length} bytes; the caller has bounded the length. */
  byte[] value(int length, int tag) throws IOException, DicomRefusal {
    byte[] value = in.readNBytes(length);
    position += value.length;
    if (value.length < length) {
      throw truncated(tag);
    }
    return value;
  }

  /** Passes over {@code length} bytes. */
  void skip(long length, int tag) throws IOException, DicomRefusal {
    pass(length, tag, null);
  }

  /** Passes over {@code length} bytes and adds them to {@code digest}. */
  void digest(long length, int tag, MessageDigest digest) throws IOException, DicomRefusal {
    pass(length, tag, digest);
  }

  private void pass(long length, int tag, MessageDigest digest) throws IOException, DicomRefusal {
    long left = length;
    while (left > 0) {
      int count = in.read(scratch, 0, (int) Math.min(scratch.length, left));
      if (count < 0) {
        throw truncated(tag);
      }
      if (digest != null) {
        digest.update(scratch, 0, count);
      }
      left -= count;
      position += count;
    }
  }

  private int next(int tag) throws IOException, DicomRefusal {
    int value = readOrEnd();
    if (value < 0) {
      throw truncated(tag);
    }
    return value;
  }

  private static DicomRefusal truncated(int tag) {
    return DicomRefusal.unreadable(tag, "Expected more bytes here, but the data set ends");
  }
}
