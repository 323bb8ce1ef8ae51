package org.caduceus.ledger.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.MerkleTree;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.membership.Register;

/**
 * Everything needed to check offline that an entry is final.
 *
 * @param entry the entry with its institution's signature
 * @param leafIndex position in the block's tree, from 0
 * @param treeSize number of leaves
 * @param path inclusion path, leaf side first (RFC 9162 section 2.1.3.1)
 * @param header the block's header
 * @param descendants headers from the next height to the certified one; empty unless a change of
 *     leader, or a new epoch after a cold start, made the block final together with a later one
 * @param certificate votes of a quorum for the last of these headers
 * @param registration of the entry's institution, under the block's state root
 */
public record EntryReceipt(
    SignedEntry entry,
    int leafIndex,
    int treeSize,
    List<Hash> path,
    BlockHeader header,
    List<BlockHeader> descendants,
    QuorumCertificate certificate,
    Registration registration) {
  /** Freezes the lists. */
  public EntryReceipt {
    path = List.copyOf(path);
    descendants = List.copyOf(descendants);
  }

  /**
   * The receipt of one entry of a final block.
   *
   * @param leafIndex position of the entry in the block, from 0
   * @param headerAt header of a final block by height; asked only for heights above the block, up
   *     to that of its certificate
   * @param register of the block's epoch
   */
  public static EntryReceipt of(
      CommittedBlock committed,
      int leafIndex,
      LongFunction<BlockHeader> headerAt,
      Register register) {
    List<SignedEntry> entries = committed.block().entries();
    MerkleTree tree = MerkleTree.ofEntries(entries);
    List<BlockHeader> descendants = new ArrayList<>();
    for (long height = committed.block().header().height() + 1;
        height <= committed.certifiedHeight();
        height++) {
      descendants.add(headerAt.apply(height));
    }
    descendants.addAll(committed.suffix());
    return new EntryReceipt(
        entries.get(leafIndex),
        leafIndex,
        entries.size(),
        tree.path(leafIndex),
        committed.block().header(),
        descendants,
        committed.certificate(),
        Registration.of(register, entries.get(leafIndex).entry().member()));
  }
}
