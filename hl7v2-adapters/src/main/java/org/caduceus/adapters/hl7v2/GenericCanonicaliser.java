package org.caduceus.adapters.hl7v2;

import java.util.Optional;
import java.util.SortedMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/** Every other message: orders, appointments, documents, vaccinations, local Z messages. */
final class GenericCanonicaliser implements Canonicaliser {
  @Override
  public String kind() {
    return "hl7v2.generic";
  }

  @Override
  public Optional<Refused> refusal(Hl7v2Message message, MessageHeader header) {
    return Optional.empty();
  }

  @Override
  public void metadata(Hl7v2Message message, SortedMap<String, String> metadata) {
    // Nothing is known of these messages beyond the common part.
  }

  @Override
  public void committed(Hl7v2Message message, SortedMap<String, Bytes> committed) {
    Commitments.patientAndVisit(message, committed);
  }
}
