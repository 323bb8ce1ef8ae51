package org.caduceus.ledger.enclave;

/** What protects the enclave's memory, weakest first. The order is the policy's order. */
public enum AssuranceTier {
  /**
   * An ordinary process: no protection from the machine's administrator. For development and
   * trials.
   */
  SIMULATED,
  /**
   * Integrity of what was started, shown by a hardware TPM; no confidentiality from the
   * administrator.
   */
  MEASURED_TPM,
  /** An encrypted virtual machine (SEV-SNP, TDX). */
  CONFIDENTIAL_VM,
  /** An Intel SGX enclave through Open Enclave. */
  ENCLAVE_SGX
}
