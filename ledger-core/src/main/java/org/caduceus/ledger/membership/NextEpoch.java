package org.caduceus.ledger.membership;

/**
 * An epoch that begins, as a node keeps it.
 *
 * @param proof why it begins
 * @param register with which it begins
 */
public record NextEpoch(EpochProof proof, Register register) {}
