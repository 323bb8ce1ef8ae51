package org.caduceus.adapters.dicom;

import org.caduceus.ledger.record.Canonicalisation.Refused;

/** Ends the reading of an instance that cannot be taken; the front door turns it into a value. */
final class DicomRefusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String location;

  /**
   * Refuses.
   *
   * @param code one of {@link FailureReason}
   * @param tag the attribute at fault, 0 for the whole instance
   * @param reason "Expected …, but …" without values of the instance
   */
  DicomRefusal(String code, int tag, String reason) {
    super(reason, null, false, false);
    this.code = code;
    this.location = tag == 0 ? "" : Tag.location(tag);
  }

  static DicomRefusal unreadable(int tag, String reason) {
    return new DicomRefusal(FailureReason.CANNOT_UNDERSTAND, tag, reason);
  }

  static DicomRefusal tooMuch(int tag, String reason) {
    return new DicomRefusal(FailureReason.OUT_OF_RESOURCES, tag, reason);
  }

  Refused refused() {
    return new Refused(code, location, getMessage());
  }
}
