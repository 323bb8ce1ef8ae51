package org.caduceus.ledger.block;

import java.util.List;
import org.caduceus.ledger.Hash;

/**
 * A header and the entries it commits to.
 *
 * @param header fixed layout
 * @param entries in the order of the Merkle tree
 */
public record Block(BlockHeader header, List<SignedEntry> entries) {
  /** Freezes the list. */
  public Block {
    entries = List.copyOf(entries);
  }

  /** The header's hash. */
  public Hash hash() {
    return header.hash();
  }
}
