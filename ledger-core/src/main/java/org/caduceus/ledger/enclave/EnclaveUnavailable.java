package org.caduceus.ledger.enclave;

/** No enclave instance answers. Passes when the instance is back; nothing was changed. */
public final class EnclaveUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what was tried, without keys or contents. */
  public EnclaveUnavailable(String message) {
    super(message);
  }

  /** With the failure underneath. */
  public EnclaveUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
