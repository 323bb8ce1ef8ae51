package org.caduceus.enclave.attestation;

import java.nio.file.Path;
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

  /**
   * Called before the executable of an instance is started: what a later attestation is to show.
   *
   * @throws AttestationUnavailable if the platform cannot note it
   */
  default void measureLaunch(Path executable) {}

  /**
   * Answers a peer's {@link CredentialChallenge}.
   *
   * @throws AttestationUnavailable if it is not to this platform's keys, or there is nothing that
   *     could answer
   */
  default Bytes activate(Bytes challenge) {
    throw new AttestationUnavailable("Expected a TPM that answers challenges, but there is none");
  }

  /** The evidence with the platform's attestation attached. */
  default Evidence attach(Evidence evidence) {
    return evidence.withPlatform(attest(evidence));
  }

  /** No platform: evidence goes as it is. */
  PlatformAttester NONE = evidence -> Bytes.EMPTY;
}
