package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.List;
import org.caduceus.ledger.block.CommittedBlock;

/**
 * Blocks received from a peer that no certificate covers yet: their own is that of a later block,
 * which came in none of the answers so far.
 */
final class SyncBatch {
  private static final int MAX_UNCOVERED = 1_024;

  private final List<CommittedBlock> uncovered = new ArrayList<>();

  /** Height after the last kept block, or {@code tipHeight + 1}. */
  long nextHeight(long tipHeight) {
    return uncovered.isEmpty()
        ? tipHeight + 1
        : uncovered.get(uncovered.size() - 1).block().header().height() + 1;
  }

  /** The kept blocks above the tip followed by those of an answer that continue them. */
  List<CommittedBlock> joined(List<CommittedBlock> answer, long tipHeight) {
    List<CommittedBlock> joined = new ArrayList<>();
    uncovered.forEach(block -> addNext(joined, block, tipHeight));
    answer.forEach(block -> addNext(joined, block, tipHeight));
    return joined;
  }

  /** Keeps the blocks that could not be made final. */
  void keep(List<CommittedBlock> rest) {
    uncovered.clear();
    if (rest.size() <= MAX_UNCOVERED) {
      uncovered.addAll(rest);
    }
  }

  private static void addNext(List<CommittedBlock> joined, CommittedBlock block, long tipHeight) {
    if (block.block().header().height() == tipHeight + 1 + joined.size()) {
      joined.add(block);
    }
  }
}
