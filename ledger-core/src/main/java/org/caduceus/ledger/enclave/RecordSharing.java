package org.caduceus.ledger.enclave;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.receipt.StateProof;

/**
 * Reading of one member's record by another, decided by the two enclaves: neither gives anything
 * away without a proof of a live grant that is as fresh as it can demand.
 */
public interface RecordSharing {
  /**
   * Encrypts the data key of a record to the enclave of the member that was granted it.
   *
   * @param grantId of the grant in world state
   * @param evidence of the grantee's instance, which has a seat in the entered epoch
   * @param context under which the record was sealed
   * @param sealed the record; its ciphertext is not needed and not read
   * @param proof of the grant
   * @return the shared key, for {@link #openShared} at the grantee
   * @throws EnclaveRefusal if there is no live grant, the proof or the evidence is not acceptable
   * @throws EnclaveUnavailable if no instance answers
   */
  Bytes share(Hash grantId, Bytes evidence, Bytes context, Bytes sealed, StateProof proof);

  /**
   * Decrypts another member's record. The grant is asked for at each reading: its withdrawal takes
   * effect with the next block.
   *
   * @param sharedKey what {@link #share} made at the holder
   * @param context under which the record was sealed there
   * @param sealed the record as the holder has it
   * @param proof of the grant
   * @throws EnclaveRefusal if there is no live grant, the proof is not acceptable, or something was
   *     altered or is another's
   * @throws EnclaveUnavailable if no instance answers
   */
  Bytes openShared(Bytes sharedKey, Bytes context, Bytes sealed, StateProof proof);
}
