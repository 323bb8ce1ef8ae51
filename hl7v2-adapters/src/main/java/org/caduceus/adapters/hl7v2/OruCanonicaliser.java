package org.caduceus.adapters.hl7v2;

import java.util.Optional;
import java.util.SortedMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/**
 * Unsolicited observations (HL7 v2.5.1 chapter 7). A result belongs to an order, so OBR must be
 * there; the patient may be missing (quality control, environmental samples).
 */
final class OruCanonicaliser implements Canonicaliser {
  @Override
  public String kind() {
    return "hl7v2.oru";
  }

  @Override
  public Optional<Refused> refusal(Hl7v2Message message, MessageHeader header) {
    if (message.count("OBR") == 0) {
      return Optional.of(
          ErrorCode.SEGMENT_SEQUENCE_ERROR.at(
              "OBR^1", "Expected an OBR segment, but there is none"));
    }
    return Optional.empty();
  }

  @Override
  public void metadata(Hl7v2Message message, SortedMap<String, String> metadata) {
    metadata.put("observations", Integer.toString(message.count("OBX")));
  }

  @Override
  public void committed(Hl7v2Message message, SortedMap<String, Bytes> committed) {
    Commitments.patientAndVisit(message, committed);
    Commitments.put(committed, "placerOrder", message.field("OBR", 2));
    Commitments.put(committed, "fillerOrder", message.field("OBR", 3));
  }
}
