package org.caduceus.ledger.receipt;

import java.util.List;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.QuorumCertificate;

/**
 * Everything needed to check offline that an entry is final.
 *
 * @param entry the entry with its institution's signature
 * @param leafIndex position in the block's tree, from 0
 * @param treeSize number of leaves
 * @param path inclusion path, leaf side first (RFC 9162 section 2.1.3.1)
 * @param header the block's header
 * @param certificate votes of a quorum for that header
 */
public record EntryReceipt(
    SignedEntry entry,
    int leafIndex,
    int treeSize,
    List<Hash> path,
    BlockHeader header,
    QuorumCertificate certificate) {
  /** Freezes the path. */
  public EntryReceipt {
    path = List.copyOf(path);
  }
}
