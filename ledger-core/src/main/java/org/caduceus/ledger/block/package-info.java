/**
 * Entries, blocks and their hashes. An entry carries commitments and metadata only, never a
 * payload; a block is a fixed header over an RFC 9162 Merkle tree of entries. Layouts: {@code
 * docs/reference/formats.md}. Who decides which block is final is {@link
 * org.caduceus.ledger.consensus}.
 */
package org.caduceus.ledger.block;
