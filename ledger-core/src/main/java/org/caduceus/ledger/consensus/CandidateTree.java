package org.caduceus.ledger.consensus;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Check;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.BlockStore;

/**
 * The last final block and what is proposed above it. Every held block is valid and descends from
 * the tip through held blocks; blocks whose parent is missing wait as strays.
 */
final class CandidateTree {
  private static final int MAX_HELD = 1_024;
  private static final int MAX_STRAYS = 64;
  private static final int REMEMBERED_HEIGHTS = 4_096;

  /** A proposed block and its name. */
  record Held(BlockStore.Candidate candidate, Hash hash) {
    Held(BlockStore.Candidate candidate) {
      this(candidate, candidate.block().hash());
    }

    BlockHeader header() {
      return candidate.block().header();
    }

    long view() {
      return header().view();
    }
  }

  /**
   * A block without its parent.
   *
   * @param fromMember who sent it and should know the parent
   */
  record Stray(Held held, int fromMember) {}

  /**
   * What a block is put upon.
   *
   * @param lastInEpoch whether nothing but a suffix may be put upon it in its epoch
   * @param nextConfigHash of its header
   */
  record Parent(Hash hash, long height, long timeMs, boolean lastInEpoch, Hash nextConfigHash) {
    static Parent of(BlockHeader header, Hash hash, long epoch) {
      return new Parent(
          hash,
          header.height(),
          header.timeMs(),
          header.lastInEpoch() && header.epoch() == epoch,
          header.nextConfigHash());
    }
  }

  /** A leader's word for a block. */
  private record Proposed(BlockHeader header, Bytes signature) {}

  private final Map<Hash, Held> held = new HashMap<>();
  private final Map<Hash, Stray> strays = new LinkedHashMap<>();
  private final Map<Long, Proposed> proposedInView = new HashMap<>();
  private final Map<Long, Hash> finalHashes = new HashMap<>();
  private Parent tip;
  private long epoch = 1;
  private long tipView;

  CandidateTree(Hash anchor) {
    this.tip = new Parent(anchor, 0, 0, false, Hash.ZERO);
  }

  /** The last final block, or the epoch's anchor at height 0. */
  Parent tip() {
    return tip;
  }

  /** View of the last final block, 0 if that is not of this epoch. */
  long tipView() {
    return tipView;
  }

  Optional<Held> get(Hash hash) {
    return Optional.ofNullable(held.get(hash));
  }

  boolean isEmpty() {
    return held.isEmpty();
  }

  /** The block with this hash as a parent, if it is the tip or held. */
  Optional<Parent> parent(Hash hash) {
    if (hash.equals(tip.hash())) {
      return Optional.of(tip);
    }
    return get(hash).map(block -> Parent.of(block.header(), hash, epoch));
  }

  /** The final block's hash at a recent height. */
  Optional<Hash> finalHash(long height) {
    return Optional.ofNullable(finalHashes.get(height));
  }

  /**
   * Remembers which block the leader of a view proposed.
   *
   * @return whether it proposed no other one in that view
   */
  Optional<VoterFault.Proof> otherProposal(Held block) {
    Proposed now = new Proposed(block.header(), block.candidate().proposal());
    Proposed before = proposedInView.putIfAbsent(block.view(), now);
    return before == null || before.header().equals(now.header())
        ? Optional.empty()
        : Optional.of(
            new VoterFault.Proof.TwoProposals(
                before.header(), before.signature(), now.header(), now.signature()));
  }

  /** Holds a valid block whose parent is the tip or held. */
  void hold(Held block) {
    Check.that(
        parent(block.header().parentHash()).isPresent(),
        "Expected the parent of a held block, but it is missing");
    if (held.size() >= MAX_HELD) {
      return;
    }
    held.put(block.hash(), block);
  }

  /** Keeps a block until its parent comes; the oldest strays give way. */
  void keepStray(Stray stray) {
    strays.put(stray.held().hash(), stray);
    if (strays.size() > MAX_STRAYS) {
      strays.remove(strays.keySet().iterator().next());
    }
  }

  boolean hasStrays() {
    return !strays.isEmpty();
  }

  boolean isStray(Hash hash) {
    return strays.containsKey(hash);
  }

  /** Parents of strays that are nowhere here, the lowest first. */
  List<Hash> missingParents() {
    return strays.values().stream()
        .map(stray -> stray.held().header())
        .filter(header -> !strays.containsKey(header.parentHash()))
        .sorted(Comparator.comparingLong(BlockHeader::height))
        .map(BlockHeader::parentHash)
        .distinct()
        .toList();
  }

  /** Takes out a stray whose parent has come. */
  Optional<Stray> nextConnectedStray() {
    Optional<Stray> found =
        strays.values().stream()
            .filter(stray -> parent(stray.held().header().parentHash()).isPresent())
            .findFirst();
    found.ifPresent(stray -> strays.remove(stray.held().hash()));
    return found;
  }

  /** The held blocks from above the tip up to this one, ascending; empty for the tip itself. */
  List<Held> path(Hash hash) {
    Deque<Held> path = new ArrayDeque<>();
    for (Hash at = hash; !at.equals(tip.hash()); ) {
      Held block = held.get(at);
      Check.that(block != null, "Expected held blocks down to the tip, but one is missing");
      path.addFirst(block);
      at = block.header().parentHash();
    }
    return new ArrayList<>(path);
  }

  /** Moves the tip one block up; the caller then calls {@link #prune}. */
  void advance(BlockHeader header, Hash hash) {
    Check.that(
        header.height() == tip.height() + 1 && header.parentHash().equals(tip.hash()),
        "Expected the final block to extend the tip, but it does not");
    startAt(header, hash);
  }

  /** Sets the tip a store already has. One of an earlier epoch has no view in this one. */
  void startAt(BlockHeader header, Hash hash) {
    tip = Parent.of(header, hash, epoch);
    tipView = header.epoch() == epoch ? header.view() : 0;
    finalHashes.put(header.height(), hash);
    finalHashes.remove(header.height() - REMEMBERED_HEIGHTS);
  }

  /**
   * Begins another epoch: nothing is proposed in it yet, and what was proposed in the one before is
   * forgotten, but for the way to the new epoch's anchor.
   */
  void beginEpoch(long newEpoch, Hash anchor) {
    List<Held> way = parent(anchor).isPresent() ? path(anchor) : List.of();
    held.clear();
    strays.clear();
    proposedInView.clear();
    way.forEach(block -> held.put(block.hash(), block));
    epoch = newEpoch;
    tip = new Parent(tip.hash(), tip.height(), tip.timeMs(), false, Hash.ZERO);
    tipView = 0;
  }

  /** The held block of the highest view in an epoch, among some. */
  Optional<Held> highest(long epoch, Predicate<Held> which) {
    return held.values().stream()
        .filter(block -> block.header().epoch() == epoch)
        .filter(which)
        .max(Comparator.comparingLong(Held::view));
  }

  /** Forgets what does not descend from the tip. */
  void prune() {
    Map<Hash, Held> before = new HashMap<>(held);
    held.clear();
    before.values().stream()
        .filter(block -> block.header().height() > tip.height())
        .sorted((a, b) -> Long.compare(a.header().height(), b.header().height()))
        .filter(block -> parent(block.header().parentHash()).isPresent())
        .forEachOrdered(block -> held.put(block.hash(), block));
    strays.values().removeIf(stray -> stray.held().header().height() <= tip.height());
    proposedInView.keySet().removeIf(view -> view <= tipView);
  }
}
