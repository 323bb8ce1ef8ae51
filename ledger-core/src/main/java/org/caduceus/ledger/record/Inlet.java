package org.caduceus.ledger.record;

/** The families of messages that Caduceus takes in. */
public enum Inlet {
  /** HL7 version 2 over MLLP. */
  HL7V2("hl7v2"),
  /** DICOM metadata over STOW-RS. */
  DICOM("dicom"),
  /** EPCIS 2.0 events over the capture interface. */
  EPCIS("epcis");

  private final String family;

  Inlet(String family) {
    this.family = family;
  }

  /** The part of a record kind before its first dot, for instance {@code hl7v2}. */
  public String family() {
    return family;
  }
}
