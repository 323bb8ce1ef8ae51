package org.caduceus.ledger.block;

import java.util.List;
import org.caduceus.ledger.consensus.QuorumCertificate;

/**
 * A final block with the certificate that makes it so. A certificate makes all ancestors final too:
 * a block whose own votes never came together, because its leader failed, carries the certificate
 * of the next block that has one.
 *
 * @param block header and entries
 * @param suffix if that certificate is of a block beyond the epoch's last, which is no part of the
 *     chain: the headers from above the epoch's last block to it; else empty
 * @param certificate votes of a quorum for this very block or for a descendant
 */
public record CommittedBlock(Block block, List<BlockHeader> suffix, QuorumCertificate certificate) {
  /** Freezes the list. */
  public CommittedBlock {
    suffix = List.copyOf(suffix);
  }

  /** A block that is final by a certificate of the chain. */
  public CommittedBlock(Block block, QuorumCertificate certificate) {
    this(block, List.of(), certificate);
  }

  /** Height of the last block of the chain that the certificate makes final. */
  public long certifiedHeight() {
    return certificate.height() - suffix.size();
  }
}
