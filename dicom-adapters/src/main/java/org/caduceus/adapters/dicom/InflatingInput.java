package org.caduceus.adapters.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A deflated data set (RFC 1951 without zlib header, PS3.5 section A.5), inflated as it is read and
 * bounded in what it yields, since a few kilobytes can inflate to terabytes.
 */
final class InflatingInput extends InputStream {
  /** Most bytes that are inflated before the pixel data. */
  static final long MAX_BYTES = 256L * 1024 * 1024;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final byte[] deflated = new byte[8192];
  private final byte[] one = new byte[1];
  private long yielded;
  private boolean padded;

  InflatingInput(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    while (true) {
      int count = inflate(target, offset, length);
      if (count > 0) {
        yielded += count;
        if (yielded > MAX_BYTES) {
          throw new StreamRefusal(
              DicomRefusal.tooMuch(
                  0, "Expected at most 256 MiB before the pixel data, but it inflates to more"));
        }
        return count;
      }
      if (inflater.finished()) {
        return -1;
      }
      if (inflater.needsDictionary() || !feed()) {
        throw new StreamRefusal(
            DicomRefusal.unreadable(
                0, "Expected the end of the deflated data set, but it breaks off"));
      }
    }
  }

  /** Releases the native memory at once; the stream beneath stays open. */
  @Override
  public void close() {
    inflater.end();
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      return inflater.inflate(target, offset, length);
    } catch (DataFormatException e) {
      throw new StreamRefusal(
          DicomRefusal.unreadable(0, "Expected a deflated data set, but it does not inflate"));
    }
  }

  private boolean feed() throws IOException {
    int count = in.read(deflated);
    if (count <= 0) {
      // The format wants one byte after some final blocks; see Inflater's constructor.
      if (padded) {
        return false;
      }
      padded = true;
      inflater.setInput(one, 0, 1);
      return true;
    }
    inflater.setInput(deflated, 0, count);
    return true;
  }
}
