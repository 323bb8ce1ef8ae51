package org.caduceus.ledger.enclave;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignedEntry;

/** Sealing and signing by the trusted component. Thread-safe. */
public interface Enclave {
  /**
   * What the instance says of itself now.
   *
   * @throws EnclaveUnavailable if no instance answers
   */
  EnclaveInfo info();

  /**
   * Attestation evidence that binds the instance's keys to {@code nonce}.
   *
   * @throws EnclaveUnavailable if no instance answers
   */
  Bytes evidence(Hash nonce);

  /**
   * Signs an entry as COSE_Sign1 with the institution's key.
   *
   * @param entry deterministic CBOR of the entry
   * @throws EnclaveUnavailable if no instance answers
   */
  SignedEntry sign(Bytes entry);

  /**
   * Encrypts a record under a fresh data key that only this institution's enclave can unwrap.
   *
   * @param context bound to the result; the same must be given to {@link #open}
   * @param plaintext at most 32 MiB
   * @throws EnclaveUnavailable if no instance answers
   */
  Bytes seal(Bytes context, Bytes plaintext);

  /**
   * Decrypts what {@link #seal} made.
   *
   * @throws EnclaveRefusal if the sealed bytes or the context were altered, or belong to another
   *     enclave
   * @throws EnclaveUnavailable if no instance answers
   */
  Bytes open(Bytes context, Bytes sealed);
}
