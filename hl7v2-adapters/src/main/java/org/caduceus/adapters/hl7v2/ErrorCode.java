package org.caduceus.adapters.hl7v2;

import java.util.Optional;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/** HL7 table 0357, message error condition codes (HL7 v2.5.1 section 2.15.5.3). */
public enum ErrorCode {
  /** Everything is well. */
  MESSAGE_ACCEPTED(0, "Message accepted"),
  /** Segments are missing or out of order. */
  SEGMENT_SEQUENCE_ERROR(100, "Segment sequence error"),
  /** A required field has no value. */
  REQUIRED_FIELD_MISSING(101, "Required field missing"),
  /** A field's form is not that of its data type. */
  DATA_TYPE_ERROR(102, "Data type error"),
  /** A coded field holds a value outside its table. */
  TABLE_VALUE_NOT_FOUND(103, "Table value not found"),
  /** A value exceeds what the receiver can take. */
  VALUE_TOO_LONG(104, "Value too long"),
  /** Any other fault of the message. */
  OTHER_HL7_ERROR(199, "Other HL7 Error"),
  /** MSH-9.1. */
  UNSUPPORTED_MESSAGE_TYPE(200, "Unsupported message type"),
  /** MSH-9.2. */
  UNSUPPORTED_EVENT_CODE(201, "Unsupported event code"),
  /** MSH-11. */
  UNSUPPORTED_PROCESSING_ID(202, "Unsupported processing id"),
  /** MSH-12. */
  UNSUPPORTED_VERSION_ID(203, "Unsupported version id"),
  /** The key is taken. */
  DUPLICATE_KEY_IDENTIFIER(205, "Duplicate key identifier"),
  /** The receiver could not do its work; another try may succeed. */
  APPLICATION_ERROR(207, "Application internal error");

  private final String code;
  private final String text;

  ErrorCode(int code, String text) {
    this.code = Integer.toString(code);
    this.text = text;
  }

  /** The code as a message carries it. */
  public String code() {
    return code;
  }

  /** The table's text. */
  public String text() {
    return text;
  }

  /** The condition with this code. */
  public static Optional<ErrorCode> of(String code) {
    for (ErrorCode known : values()) {
      if (known.code.equals(code)) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  /**
   * A refusal for this reason.
   *
   * @param location {@code PID^1^3}: segment, its occurrence, field, component; empty when the
   *     whole message is meant
   * @param reason "Expected …, but …", without values of the message
   */
  Refused at(String location, String reason) {
    return new Refused(code, location, reason);
  }
}
