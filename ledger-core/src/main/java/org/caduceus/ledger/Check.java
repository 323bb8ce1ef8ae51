package org.caduceus.ledger;

/** Assertions that stay on in production. */
public final class Check {
  private Check() {}

  /**
   * Requires an invariant.
   *
   * @throws LedgerViolation with {@code message} ("Expected …, but …") if {@code condition} is
   *     false
   */
  public static void that(boolean condition, String message) {
    if (!condition) {
      throw new LedgerViolation(message);
    }
  }
}
