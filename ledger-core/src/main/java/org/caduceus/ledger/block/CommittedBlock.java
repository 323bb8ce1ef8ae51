package org.caduceus.ledger.block;

import org.caduceus.ledger.consensus.QuorumCertificate;

/**
 * A final block with the certificate that makes it so. A certificate makes all ancestors final too:
 * a block whose own votes never came together, because its leader failed, carries the certificate
 * of the next block that has one.
 *
 * @param block header and entries
 * @param certificate votes of a quorum for this very block, or for a descendant in its epoch
 */
public record CommittedBlock(Block block, QuorumCertificate certificate) {}
