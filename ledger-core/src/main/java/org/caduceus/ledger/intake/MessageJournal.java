package org.caduceus.ledger.intake;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.record.Inlet;

/** What came in and what became of it, for the integration engineer. Holds no message content. */
public interface MessageJournal {

  /** What became of a message. */
  enum Outcome {
    /** Accepted and durable. */
    ACCEPTED,
    /** A repetition of an accepted message, answered as then. */
    DUPLICATE,
    /** Not acceptable in the words of its standard. */
    REFUSED,
    /** Acceptable, but the node could not take it at that time. */
    DECLINED
  }

  /**
   * One message.
   *
   * @param sequence grows with time, unique in this node
   * @param timeMs when its outcome was decided, ms since 1970-01-01 UTC
   * @param inlet the family
   * @param kind record kind or message type; empty when it could not be read
   * @param externalId MSH-10, SOPInstanceUID, eventID; empty when it could not be read
   * @param remote sender's address
   * @param outcome what became of it
   * @param code the standard's code when refused, the cause when declined, else empty
   * @param location where, in the standard's notation, else empty
   * @param reason for people, else empty
   * @param entryId the entry, when there is one
   * @param height the final block that holds the entry, when final
   */
  record Message(
      long sequence,
      long timeMs,
      Inlet inlet,
      String kind,
      String externalId,
      String remote,
      Outcome outcome,
      String code,
      String location,
      String reason,
      Optional<Hash> entryId,
      Optional<Long> height) {}

  /**
   * Adds a message that left no entry. The oldest such lines are pruned beyond a configured number.
   */
  void notTaken(
      Inlet inlet,
      String kind,
      String externalId,
      String remote,
      Outcome outcome,
      String code,
      String location,
      String reason);

  /**
   * Messages, newest first.
   *
   * @param before only sequences below this; {@link Long#MAX_VALUE} for the newest
   * @param limit 1 to 500
   * @param inlet only this family, when present
   * @param outcome only this outcome, when present
   * @param externalId only this identifier, when present
   */
  List<Message> list(
      long before,
      int limit,
      Optional<Inlet> inlet,
      Optional<Outcome> outcome,
      Optional<String> externalId);
}
