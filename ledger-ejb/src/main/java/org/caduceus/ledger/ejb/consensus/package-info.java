/**
 * The shell of the replica: one thread that feeds it inputs and executes its outputs, the enclave
 * that votes for it, and what it tells the outside (status, health). The rules are {@code
 * org.caduceus.ledger.consensus}; final blocks go on to {@code fanout}.
 */
package org.caduceus.ledger.ejb.consensus;
