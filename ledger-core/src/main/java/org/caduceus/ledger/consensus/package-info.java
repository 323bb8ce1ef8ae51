/**
 * TEE-1P: one voting phase whose voters are enclaves that never sign twice in one view. {@code
 * Replica} is a deterministic, single-threaded machine; it reads no clock and sends nothing itself.
 * Quorum, proof and the checker's rules: {@code docs/architecture.md}.
 */
package org.caduceus.ledger.consensus;
