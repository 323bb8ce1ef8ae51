package org.caduceus.ledger.enclave;

import org.caduceus.ledger.MalformedException;

/** What protects the enclave's memory, weakest first. The order is the policy's order. */
public enum AssuranceTier {
  /**
   * An ordinary process: no protection from the machine's administrator. For development and
   * trials.
   */
  SIMULATED(0),
  /**
   * Integrity of what was started, shown by a hardware TPM; no confidentiality from the
   * administrator.
   */
  MEASURED_TPM(1),
  /** An encrypted virtual machine (SEV-SNP, TDX). */
  CONFIDENTIAL_VM(2),
  /** An Intel SGX enclave through Open Enclave. */
  ENCLAVE_SGX(3);

  private final int code;

  AssuranceTier(int code) {
    this.code = code;
  }

  /** Its number in the enclave's layouts. */
  public int code() {
    return code;
  }

  /**
   * The tier of a number in the enclave's layouts.
   *
   * @throws MalformedException if there is none
   */
  public static AssuranceTier of(int code) {
    for (AssuranceTier tier : values()) {
      if (tier.code == code) {
        return tier;
      }
    }
    throw new MalformedException("Expected tier 0 to 3, but got " + code);
  }
}
