package org.caduceus.adapters.dicom;

import java.io.IOException;

/** A refusal raised inside a stream, where only an {@link IOException} can pass. */
final class StreamRefusal extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient DicomRefusal refusal;

  StreamRefusal(DicomRefusal refusal) {
    super(refusal.getMessage());
    this.refusal = refusal;
  }

  DicomRefusal refusal() {
    return refusal;
  }
}
