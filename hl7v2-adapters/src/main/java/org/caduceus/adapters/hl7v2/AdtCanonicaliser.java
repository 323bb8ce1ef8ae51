package org.caduceus.adapters.hl7v2;

import java.util.Optional;
import java.util.SortedMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/**
 * Admission, discharge and transfer (HL7 v2.5.1 chapter 3). A message about a patient must name the
 * patient; bed status (A20) is the one event about no patient.
 */
final class AdtCanonicaliser implements Canonicaliser {
  private static final String BED_STATUS = "A20";

  @Override
  public String kind() {
    return "hl7v2.adt";
  }

  @Override
  public Optional<Refused> refusal(Hl7v2Message message, MessageHeader header) {
    if (header.triggerEvent().isEmpty() && message.field("EVN", 1).isEmpty()) {
      return Optional.of(
          ErrorCode.UNSUPPORTED_EVENT_CODE.at(
              "MSH^1^9", "Expected a trigger event in MSH-9 or EVN-1, but there is none"));
    }
    if (header.triggerEvent().equals(BED_STATUS)) {
      return Optional.empty();
    }
    if (message.count("PID") == 0) {
      return Optional.of(
          ErrorCode.SEGMENT_SEQUENCE_ERROR.at(
              "PID^1", "Expected a PID segment, but there is none"));
    }
    if (message.field("PID", 3).isEmpty()) {
      return Optional.of(
          ErrorCode.REQUIRED_FIELD_MISSING.at(
              "PID^1^3", "Expected a patient identifier in PID-3, but it is empty"));
    }
    return Optional.empty();
  }

  @Override
  public void metadata(Hl7v2Message message, SortedMap<String, String> metadata) {
    // The common part says all that may be said of an ADT message.
  }

  @Override
  public void committed(Hl7v2Message message, SortedMap<String, Bytes> committed) {
    Commitments.patientAndVisit(message, committed);
  }
}
