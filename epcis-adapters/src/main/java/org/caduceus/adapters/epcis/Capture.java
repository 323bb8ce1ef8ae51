package org.caduceus.adapters.epcis;

import java.util.List;
import org.caduceus.ledger.record.CanonicalRecord;
import org.caduceus.ledger.record.Canonicalisation.Refused;

/** What became of a capture document: all of its events, or the first reason why none is taken. */
public sealed interface Capture {
  /** Refused code for content that breaks a rule of the standard. */
  String VALIDATION = "ValidationException";

  /** Refused code for a document with too many bytes or events. */
  String LIMIT_EXCEEDED = "CaptureLimitExceededException";

  /**
   * Every event is understood.
   *
   * @param records one per event, in the order of the document; an event that stands there twice
   *     has one
   */
  record Events(List<CanonicalRecord> records) implements Capture {
    /** Freezes the list. */
    public Events {
      records = List.copyOf(records);
    }
  }

  /**
   * Nothing is taken.
   *
   * @param refusal code {@link #VALIDATION} or {@link #LIMIT_EXCEEDED}, a JSON pointer, a sentence
   */
  record Rejected(Refused refusal) implements Capture {}
}
