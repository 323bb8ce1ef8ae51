package org.caduceus.deploy;

/**
 * What became of one message at its inlet.
 *
 * @param name file, with a number where it held several messages
 * @param inlet {@code HL7 v2}, {@code DICOM}, {@code EPCIS}
 * @param verdict {@code AA}, {@code AE}, {@code HTTP 200} ...
 * @param reason in the receiver's words; empty when accepted
 * @param accepted whether the receiver took responsibility
 * @param externalId MSH-10, SOPInstanceUID or eventID, or empty if nobody said
 */
record Outcome(
    String name,
    String inlet,
    String verdict,
    String reason,
    boolean accepted,
    String externalId) {}
