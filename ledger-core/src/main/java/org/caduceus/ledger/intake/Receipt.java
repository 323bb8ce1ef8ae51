package org.caduceus.ledger.intake;

import org.caduceus.ledger.Hash;

/** What became of a submitted record. */
public sealed interface Receipt {

  /**
   * Sealed payload and signed entry are durable in this institution's database; the entry will
   * become final.
   *
   * @param entryId names the entry on the ledger
   * @param acceptedAtMs time of acceptance, ms since 1970-01-01 UTC
   */
  record Accepted(Hash entryId, long acceptedAtMs) implements Receipt {}

  /**
   * The same message (same sender, external id and bytes) was accepted before; nothing was changed.
   * Answer exactly as then: both values are those of the first acceptance.
   *
   * @param entryId the first acceptance's entry
   * @param acceptedAtMs the first acceptance's time, ms since 1970-01-01 UTC
   */
  record Duplicate(Hash entryId, long acceptedAtMs) implements Receipt {}

  /**
   * Nothing was stored.
   *
   * @param cause why, for programs
   * @param reason why, for people; never patient data
   */
  record Declined(Cause cause, String reason) implements Receipt {}

  /**
   * Why a record was declined. All but CONFLICT and TOO_LARGE pass with time: the sender should try
   * again.
   */
  enum Cause {
    /** Same sender and external id as an accepted message, other content. */
    CONFLICT,
    /** The payload exceeds what the enclave seals. */
    TOO_LARGE,
    /** Too many entries wait for consensus. */
    POOL_FULL,
    /** The enclave cannot be reached. */
    ENCLAVE_UNAVAILABLE,
    /** The database cannot be reached or refused. */
    STORAGE_UNAVAILABLE
  }
}
