package org.caduceus.enclave.attestation;

/** An attestation that does not hold; the message is the reason given to the asker. */
final class Unacceptable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Unacceptable(String message) {
    super(message);
  }

  /** Stops the verification unless {@code held}. */
  static void unless(boolean held, String message) {
    if (!held) {
      throw new Unacceptable(message);
    }
  }
}
