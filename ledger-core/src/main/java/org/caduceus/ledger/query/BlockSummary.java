package org.caduceus.ledger.query;

import java.util.List;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;

/**
 * A final block without its entries.
 *
 * @param header the header
 * @param hash its hash
 * @param proposer member id of the leader
 * @param voters member ids whose votes are in the certificate
 * @param finalAtMs when this node stored it, ms since 1970-01-01 UTC
 */
public record BlockSummary(
    BlockHeader header, Hash hash, String proposer, List<String> voters, long finalAtMs) {
  /** Freezes the list. */
  public BlockSummary {
    voters = List.copyOf(voters);
  }
}
