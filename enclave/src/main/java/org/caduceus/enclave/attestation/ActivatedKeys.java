package org.caduceus.enclave.attestation;

import java.security.cert.X509Certificate;
import org.caduceus.ledger.Bytes;

/**
 * Which attestation keys were shown to live in the TPM of an endorsement key. An endorsement key
 * only decrypts: it cannot sign for its neighbour, and its certificate is public. The proof is a
 * dialogue, {@link CredentialChallenge}, in which the asker learns it and nobody else.
 */
@FunctionalInterface
public interface ActivatedKeys {
  /**
   * Whether it was shown.
   *
   * @param endorsement certificate of the endorsement key
   * @param name of the attestation key, TPM2B_NAME without its size
   */
  boolean confirm(X509Certificate endorsement, Bytes name);

  /** No dialogue was held: only certificates of attestation keys themselves count. */
  ActivatedKeys NONE = (endorsement, name) -> false;
}
