package org.caduceus.console.page;

import java.util.List;
import org.caduceus.ledger.query.BlockSummary;

/**
 * A block as lists show it.
 *
 * @param height height
 * @param hash hexadecimal
 * @param entries number of entries
 * @param proposer who led
 * @param votes number of votes
 * @param voters who voted
 * @param finalAt when it was stored here
 * @param latencyMs from the proposer's time to finality here, not below 0
 */
public record BlockRow(
    long height,
    String hash,
    int entries,
    String proposer,
    int votes,
    List<String> voters,
    Moment finalAt,
    long latencyMs) {

  static BlockRow of(BlockSummary block) {
    return new BlockRow(
        block.header().height(),
        block.hash().toHex(),
        block.header().entryCount(),
        block.proposer(),
        block.voters().size(),
        block.voters(),
        Moment.of(block.finalAtMs()),
        Math.max(0, block.finalAtMs() - block.header().timeMs()));
  }
}
