package org.caduceus.ledger.membership;

import java.util.Optional;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.consensus.QuorumCertificate;

/**
 * Why an epoch's configuration is the right one: the final block of the epoch before names its
 * hash. Genesis stands by itself.
 *
 * @param config the configuration
 * @param finalHeader last header of the epoch before, empty for genesis
 * @param certificate quorum for that header, empty for genesis
 */
public record EpochProof(
    EpochConfig config,
    Optional<BlockHeader> finalHeader,
    Optional<QuorumCertificate> certificate) {

  /** The proof of the first epoch. */
  public static EpochProof genesis(EpochConfig config) {
    return new EpochProof(config, Optional.empty(), Optional.empty());
  }
}
