package org.caduceus.enclave.attestation;

/** The platform gave no attestation. */
public final class AttestationUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what was tried. */
  public AttestationUnavailable(String message) {
    super(message);
  }

  /** With the failure underneath. */
  public AttestationUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
