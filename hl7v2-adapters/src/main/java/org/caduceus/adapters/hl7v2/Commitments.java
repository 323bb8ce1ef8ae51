package org.caduceus.adapters.hl7v2;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import org.caduceus.ledger.Bytes;

/** The values that several families commit to, each as written in the message, in UTF-8. */
final class Commitments {
  private Commitments() {}

  /** {@code patientId}: the first repetition of PID-3. {@code visit}: PV1-19. Absent when empty. */
  static void patientAndVisit(Hl7v2Message message, SortedMap<String, Bytes> committed) {
    put(committed, "patientId", message.firstRepetition(message.field("PID", 3)));
    put(committed, "visit", message.firstRepetition(message.field("PV1", 19)));
  }

  /** Adds {@code value} under {@code name} unless it is empty. */
  static void put(SortedMap<String, Bytes> committed, String name, String value) {
    if (!value.isEmpty()) {
      committed.put(name, Bytes.wrap(value.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
