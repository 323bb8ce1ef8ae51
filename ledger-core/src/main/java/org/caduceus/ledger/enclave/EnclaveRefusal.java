package org.caduceus.ledger.enclave;

/**
 * The enclave answered and refused. The code is the status of {@code docs/reference/formats.md}.
 */
public final class EnclaveRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * A refusal.
   *
   * @param status numeric status, 1 or more
   * @param message name of the status and the operation
   */
  public EnclaveRefusal(int status, String message) {
    super(message);
    this.status = status;
  }

  /** Numeric status of the formats page. */
  public int status() {
    return status;
  }
}
