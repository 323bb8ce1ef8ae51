package org.caduceus.enclave;

/** Statuses of the enclave's answers, one to one with {@code tee_abi.h}. */
public enum EnclaveStatus {
  /** Done. */
  OK(0),
  /** A length, tag or value is outside its format. */
  E_PARAM(1),
  /** The answer does not fit; nothing was changed. */
  E_SHORT(2),
  /** Not possible in this state. */
  E_STATE(3),
  /** The view is not above what was signed before. */
  E_STALE_VIEW(4),
  /** Contradicts the parent, height or leader the checker requires. */
  E_CONFLICT(5),
  /** A quorum certificate, proposal or new-view signature does not verify. */
  E_QC(6),
  /** A Merkle or state proof does not verify. */
  E_PROOF(7),
  /** No live grant covers the request. */
  E_NO_GRANT(8),
  /** Sealed data were altered, or belong to another key, port or context. */
  E_AUTH(9),
  /** Attestation evidence is not acceptable. */
  E_EVIDENCE(10),
  /** The policy on the ledger forbids it. */
  E_POLICY(11),
  /** The privacy budget is spent. */
  E_BUDGET(12),
  /** The signature suite is not in this port. */
  E_ALG_UNSUPPORTED(13),
  /** State older than what this instance has seen. */
  E_ROLLBACK(14),
  /** This instance's key has no seat in the epoch. */
  E_NOT_JOINED(15),
  /** An invariant failed; the instance signs nothing any more. */
  E_INTERNAL(16);

  private final int code;

  EnclaveStatus(int code) {
    this.code = code;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /**
   * The status of a number.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static EnclaveStatus of(int code) {
    for (EnclaveStatus status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    throw new IllegalArgumentException("Expected a known enclave status, but got " + code);
  }
}
