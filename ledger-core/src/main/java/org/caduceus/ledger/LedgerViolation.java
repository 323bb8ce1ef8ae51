package org.caduceus.ledger;

/**
 * A broken invariant: what the ledger holds or was asked to hold contradicts its own rules. Whoever
 * catches it stops voting and turns health red; nobody logs it and goes on.
 */
public class LedgerViolation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A violation described as "Expected …, but …", without patient data or keys. */
  public LedgerViolation(String message) {
    super(message);
  }

  /** Same, with the failure underneath. */
  public LedgerViolation(String message, Throwable cause) {
    super(message, cause);
  }
}
