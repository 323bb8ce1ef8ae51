package org.caduceus.ledger.receipt;

/** The outcome of checking a receipt. */
public sealed interface Verification {
  /** The entry is final in the consortium of the given configuration. */
  record Valid() implements Verification {}

  /**
   * The receipt proves nothing.
   *
   * @param reason "Expected …, but …", for people; never contents of the entry
   */
  record Invalid(String reason) implements Verification {}
}
