package org.caduceus.adapters.dicom;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/** Metadata on its way to the payload, with a limit on its length. */
final class BoundedOutput extends OutputStream {
  /** Longest DICOM JSON metadata of one instance in bytes. */
  static final int MAX_BYTES = 16 * 1024 * 1024;

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(4096);
  private final boolean keeping;
  private long written;

  /** An output that keeps what is written, or only measures it. */
  BoundedOutput(boolean keeping) {
    this.keeping = keeping;
  }

  byte[] toByteArray() {
    return kept.toByteArray();
  }

  @Override
  public void write(int value) throws StreamRefusal {
    grow(1);
    if (keeping) {
      kept.write(value);
    }
  }

  @Override
  public void write(byte[] source, int offset, int length) throws StreamRefusal {
    grow(length);
    if (keeping) {
      kept.write(source, offset, length);
    }
  }

  private void grow(int length) throws StreamRefusal {
    written += length;
    if (written > MAX_BYTES) {
      throw new StreamRefusal(
          DicomRefusal.tooMuch(0, "Expected at most 16 MiB of metadata, but there is more"));
    }
  }
}
