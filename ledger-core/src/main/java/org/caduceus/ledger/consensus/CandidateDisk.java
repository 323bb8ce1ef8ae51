package org.caduceus.ledger.consensus;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.consensus.CandidateTree.Held;

/** Which proposed blocks survive a power cut here, or are about to. */
final class CandidateDisk {
  private final Outbox out;
  private final Set<Hash> storing = new HashSet<>();
  private final Set<Hash> stored = new HashSet<>();

  CandidateDisk(Outbox out) {
    this.out = out;
  }

  /** The block was stored in an earlier life of this host. */
  void found(Hash hash) {
    storing.add(hash);
    stored.add(hash);
  }

  /** The write of this block was answered. */
  void answered(Hash hash) {
    stored.add(hash);
  }

  boolean has(Hash hash) {
    return stored.contains(hash);
  }

  /**
   * Asks for each of these to be stored, once.
   *
   * @return whether all are
   */
  boolean store(Collection<Held> blocks) {
    for (Held block : blocks) {
      if (storing.add(block.hash())) {
        out.add(new ConsensusOutput.StoreCandidate(block.candidate()));
      }
    }
    return blocks.stream().allMatch(block -> stored.contains(block.hash()));
  }

  /** Forgets all blocks but some. */
  void keepOnly(Predicate<Hash> kept) {
    storing.removeIf(kept.negate());
    stored.removeIf(kept.negate());
  }
}
