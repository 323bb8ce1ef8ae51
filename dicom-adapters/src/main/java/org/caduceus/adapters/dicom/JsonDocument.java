package org.caduceus.adapters.dicom;

import java.util.List;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/** An {@code application/dicom+json} document as read, before its instances are checked. */
public sealed interface JsonDocument {

  /**
   * Well-formed JSON.
   *
   * @param instances one per data set, in order
   */
  record Instances(List<JsonInstance> instances) implements JsonDocument {
    /** Copies the list. */
    public Instances {
      instances = List.copyOf(instances);
    }
  }

  /**
   * Not JSON, not an object or an array of objects, or beyond the limits.
   *
   * @param refusal why
   */
  record Unreadable(Refused refusal) implements JsonDocument {}
}
