package org.caduceus.ledger.enclave;

import org.caduceus.ledger.receipt.EntryReceipt;

/**
 * The enclave's judgement whether an entry is final, by the same rules as {@link
 * org.caduceus.ledger.receipt.ReceiptVerifier} but two: it does not ask who signed the entry, as a
 * quorum did before it voted; and it takes the size of the tree from the block's header, not from
 * the receipt. Thread-safe.
 */
public interface EntryProver {
  /**
   * Signs that the receipt's entry is final.
   *
   * @param receipt whose certificate is of the epoch that the enclave entered
   * @throws EnclaveRefusal E_CONFLICT if headers and certificate do not belong together or to this
   *     chain and epoch, E_QC if too few voted, E_PROOF if the entry has not that place in the
   *     block, E_STATE if the enclave has no epoch or no key any more
   * @throws EnclaveUnavailable if no instance answers
   */
  ProvenEntry prove(EntryReceipt receipt);
}
