package org.caduceus.ledger.block;

import org.caduceus.ledger.consensus.QuorumCertificate;

/**
 * A final block with the certificate that makes it so. The certificate may be that of a
 * descendant's height only when blocks are synchronised in bulk; a stored block always carries its
 * own.
 *
 * @param block header and entries
 * @param certificate votes of a quorum for this very block
 */
public record CommittedBlock(Block block, QuorumCertificate certificate) {}
