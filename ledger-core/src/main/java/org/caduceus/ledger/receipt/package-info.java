/**
 * Proof that an entry is final, to be checked by anybody who holds the epoch's configuration: a
 * Merkle path (RFC 9162 section 2.1.3) to a header and a quorum certificate over it. COSE Receipts
 * (RFC 9942) and tlog-proof files are later forms of the same facts.
 */
package org.caduceus.ledger.receipt;
