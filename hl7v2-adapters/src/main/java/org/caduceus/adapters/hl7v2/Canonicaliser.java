package org.caduceus.adapters.hl7v2;

import java.util.Optional;
import java.util.SortedMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/** What one family of messages adds to the common part of a record. */
interface Canonicaliser {
  /** The record kind. */
  String kind();

  /** Why {@code message} is not acceptable in this family, when it is not. */
  Optional<Refused> refusal(Hl7v2Message message, MessageHeader header);

  /** Adds values that every member may read; never anything that could identify a person. */
  void metadata(Hl7v2Message message, SortedMap<String, String> metadata);

  /** Adds values of which the ledger gets commitments only. */
  void committed(Hl7v2Message message, SortedMap<String, Bytes> committed);
}
