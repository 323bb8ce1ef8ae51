package org.caduceus.ledger.record;

/**
 * The outcome of an adapter: a canonical record, or a refusal in the words of the message's own
 * standard.
 */
public sealed interface Canonicalisation {

  /**
   * The message is understood.
   *
   * @param record what it says
   */
  record Canonical(CanonicalRecord record) implements Canonicalisation {}

  /**
   * The message is not acceptable, and nothing was changed.
   *
   * @param code the standard's own code: HL7 table 0357 ({@code "101"}), a DICOM failure reason in
   *     hexadecimal ({@code "A900"}), an EPCIS exception name ({@code "ValidationException"})
   * @param location where, in the standard's own notation: {@code PID^1^3}, {@code (0008,0018)},
   *     {@code /epcisBody/eventList/0/action}; empty when the whole message is meant
   * @param reason one English sentence "Expected …, but …" without values of the message
   */
  record Refused(String code, String location, String reason) implements Canonicalisation {}
}
