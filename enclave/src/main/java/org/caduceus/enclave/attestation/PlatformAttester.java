package org.caduceus.enclave.attestation;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.enclave.Evidence;

/**
 * Fetches a platform's attestation of an instance's claims, for what the instance cannot itself.
 */
@FunctionalInterface
public interface PlatformAttester {
  /**
   * The platform part for these claims.
   *
   * @throws AttestationUnavailable if the platform does not give one
   */
  Bytes attest(Evidence evidence);

  /** The evidence with the platform's attestation attached. */
  default Evidence attach(Evidence evidence) {
    return evidence.withPlatform(attest(evidence));
  }
}
