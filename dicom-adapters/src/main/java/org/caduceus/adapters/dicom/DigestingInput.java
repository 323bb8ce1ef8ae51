package org.caduceus.adapters.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import org.caduceus.ledger.Hash;

/**
 * The bytes of a file with two digests taken in passing: of every byte, and of the bytes from
 * {@link #startDataSet} on. Looking ahead does not count as reading. Holds one buffer, whatever the
 * file's size.
 */
final class DigestingInput extends InputStream {
  private final InputStream in;
  private final byte[] buffer = new byte[64 * 1024];
  private final MessageDigest file = Hash.newSha256();
  private final MessageDigest dataSet = Hash.newSha256();
  private boolean inDataSet;
  private int start;
  private int end;
  private int undigested;

  DigestingInput(InputStream in) {
    this.in = in;
  }

  /** The next {@code count} bytes without reading them; fewer at the end of the file. */
  byte[] peek(int count) throws IOException {
    while (end - start < count && fill()) {
      // Filled a little more.
    }
    return Arrays.copyOfRange(buffer, start, Math.min(end, start + count));
  }

  /** The data set begins with the next byte. */
  void startDataSet() {
    digestConsumed();
    inDataSet = true;
  }

  /** Reads to the end, for the digests' sake. */
  void drain() throws IOException {
    do {
      start = end;
    } while (fill());
  }

  /** SHA-256 of what was read; ends the digest. */
  Hash fileDigest() {
    digestConsumed();
    return Hash.of(file.digest());
  }

  /** SHA-256 of what was read since {@link #startDataSet}; ends the digest. */
  Hash dataSetDigest() {
    digestConsumed();
    return Hash.of(dataSet.digest());
  }

  @Override
  public int read() throws IOException {
    if (start == end && !fill()) {
      return -1;
    }
    return buffer[start++] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (start == end && !fill()) {
      return -1;
    }
    int count = Math.min(length, end - start);
    System.arraycopy(buffer, start, target, offset, count);
    start += count;
    return count;
  }

  /** Adds at least one byte to the buffer; false at the end of the file. */
  private boolean fill() throws IOException {
    digestConsumed();
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
      undigested = 0;
    }
    int count = in.read(buffer, end, buffer.length - end);
    if (count <= 0) {
      return false;
    }
    end += count;
    return true;
  }

  private void digestConsumed() {
    file.update(buffer, undigested, start - undigested);
    if (inDataSet) {
      dataSet.update(buffer, undigested, start - undigested);
    }
    undigested = start;
  }
}
