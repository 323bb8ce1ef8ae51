package org.caduceus.ledger.consensus;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.MerkleTree;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.membership.BallotBox;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.EpochConfig;

/**
 * What a block must be before this node stores and votes for it: the enclave checks who proposes
 * what upon what, the host checks the contents.
 */
final class ProposalRules {

  /** The outcome of a check. */
  sealed interface Verdict {
    /** Nothing to say against it. */
    record Valid() implements Verdict {}

    /**
     * A rule is broken.
     *
     * @param reason "Expected …, but …"
     */
    record Invalid(String reason) implements Verdict {}
  }

  private final Electorate electorate;
  private final Hash stateRoot;
  private final EntryRules entryRules;
  private final Function<Set<Hash>, Set<Hash>> finalAmong;
  private final long maxClockAheadMs;

  /**
   * The rules of an epoch.
   *
   * @param stateRoot of the world state, which no block of an epoch changes
   * @param finalAmong which of some entries are final already, stored or about to be
   */
  ProposalRules(
      Electorate electorate,
      Hash stateRoot,
      EntryRules entryRules,
      Function<Set<Hash>, Set<Hash>> finalAmong,
      long maxClockAheadMs) {
    this.electorate = electorate;
    this.stateRoot = stateRoot;
    this.entryRules = entryRules;
    this.finalAmong = finalAmong;
    this.maxClockAheadMs = maxClockAheadMs;
  }

  /** Whether the block has the entries its header commits to; the other checks rely on it. */
  boolean bodyMatches(Block block) {
    long bytes = block.entries().stream().mapToLong(entry -> entry.cose().length()).sum();
    return block.entries().size() == block.header().entryCount()
        && bytes == block.header().entryBytes()
        && MerkleTree.ofEntries(block.entries()).root().equals(block.header().entriesRoot());
  }

  /**
   * Checks a proposed block.
   *
   * @param way to the parent
   */
  Verdict check(Block block, CandidateTree.Parent parent, RunningEpoch.Way way, long nowMs) {
    return firstBroken(
        List.of(
            () -> timely(block.header(), parent, nowMs),
            () -> entryRules.seatViolation(block.entries()),
            () -> reason(checkFinal(block, parent, way))));
  }

  /**
   * Checks a block that a quorum certified: everything but the clock, which may be this node's own
   * that is wrong.
   */
  Verdict checkFinal(Block block, CandidateTree.Parent parent, RunningEpoch.Way way) {
    BlockHeader header = block.header();
    return firstBroken(
        List.of(
            () -> headerViolation(header),
            () -> extendsParent(header, parent),
            () -> timeNotBackwards(header, parent),
            () -> epochChange(block, parent, way.ballots()),
            () -> entriesDistinct(block, way.entryIds()),
            () -> entriesNotFinal(block),
            () -> entriesValid(block)));
  }

  /** Which rule the header breaks, whatever its parent and its entries are; empty if none. */
  Optional<String> headerViolation(BlockHeader header) {
    return headerViolation(header, electorate, stateRoot);
  }

  /** The same by the electorate and the world state of an epoch. */
  static Optional<String> headerViolation(
      BlockHeader header, Electorate electorate, Hash stateRoot) {
    return ofThisEpoch(header, electorate)
        .or(() -> byItsLeader(header, electorate))
        .or(() -> uponWorldState(header, stateRoot))
        .or(() -> withinBounds(header, electorate));
  }

  /**
   * Proof that the proposed block has an entry that may not stand on the ledger; empty if it is
   * invalid for another reason, which nobody can show without other blocks.
   *
   * @param block with the entries that its header commits to
   * @param proposal its leader's signature
   */
  Optional<VoterFault.Proof> invalidEntry(Block block, Bytes proposal) {
    for (int i = 0; i < block.entries().size(); i++) {
      SignedEntry entry = block.entries().get(i);
      if (entryRules.violation(List.of(entry)).isPresent()) {
        List<Hash> path = MerkleTree.ofEntries(block.entries()).path(i);
        return Optional.of(
            new VoterFault.Proof.InvalidEntry(block.header(), proposal, entry, i, path));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> ofThisEpoch(BlockHeader header, Electorate electorate) {
    return expect(
        header.chainId().equals(electorate.config().chainId())
            && header.epoch() == electorate.config().epoch(),
        "Expected a block of this chain and epoch, but it is of another");
  }

  private static Optional<String> byItsLeader(BlockHeader header, Electorate electorate) {
    int leader = electorate.leader(header.view());
    return expect(
        header.proposer() == leader,
        "Expected proposer " + leader + ", but the header names " + header.proposer());
  }

  private static Optional<String> extendsParent(BlockHeader header, CandidateTree.Parent parent) {
    return expect(
        header.parentHash().equals(parent.hash()) && header.height() == parent.height() + 1,
        "Expected height " + (parent.height() + 1) + " upon its parent, but it differs");
  }

  private static Optional<String> timeNotBackwards(
      BlockHeader header, CandidateTree.Parent parent) {
    return expect(
        header.timeMs() >= parent.timeMs(), "Expected a time not before the parent's, but it is");
  }

  /** The parent's own time is always allowed, so that one fast clock cannot stop the chain. */
  private Optional<String> timely(BlockHeader header, CandidateTree.Parent parent, long nowMs) {
    return expect(
        header.timeMs() == parent.timeMs() || header.timeMs() <= nowMs + maxClockAheadMs,
        "Expected a time at most " + maxClockAheadMs + " ms ahead, but it is later");
  }

  private static Optional<String> uponWorldState(BlockHeader header, Hash stateRoot) {
    return expect(
        header.stateRoot().equals(stateRoot), "Expected the world state's root, but it differs");
  }

  /** The epoch ends with the block whose ballots decide something, and only its suffix follows. */
  private static Optional<String> epochChange(
      Block block, CandidateTree.Parent parent, BallotBox ballots) {
    BlockHeader header = block.header();
    if (parent.lastInEpoch()) {
      return expect(
          header.lastInEpoch()
              && header.entryCount() == 0
              && header.nextConfigHash().equals(parent.nextConfigHash()),
          "Expected nothing but an empty block upon the epoch's last, but it is another");
    }
    Optional<EpochConfig> next = next(ballots, block.entries(), header.height());
    return expect(
        header.lastInEpoch() == next.isPresent()
            && header.nextConfigHash().equals(next.map(EpochConfig::hash).orElse(Hash.ZERO)),
        "Expected the next configuration to be what the ballots decide, but it is another");
  }

  /**
   * What the next epoch goes by, if a block of these entries ends its own; an empty one does not.
   */
  static Optional<EpochConfig> next(BallotBox ballots, List<SignedEntry> entries, long height) {
    return entries.isEmpty()
        ? Optional.empty()
        : ballots.after(entries).next(height).map(Constitution::config);
  }

  private static Optional<String> withinBounds(BlockHeader header, Electorate electorate) {
    return expect(
        header.entryCount() <= electorate.config().maxBlockEntries()
            && header.entryBytes() <= electorate.config().maxBlockBytes(),
        "Expected a block within the epoch's bounds, but it is larger");
  }

  private static Optional<String> entriesDistinct(Block block, Set<Hash> taken) {
    Set<Hash> seen = new HashSet<>();
    for (SignedEntry entry : block.entries()) {
      if (taken.contains(entry.id()) || !seen.add(entry.id())) {
        return Optional.of("Expected each entry once, but " + entry.id() + " stands twice");
      }
    }
    return Optional.empty();
  }

  private Optional<String> entriesNotFinal(Block block) {
    Set<Hash> ids = new HashSet<>();
    block.entries().forEach(entry -> ids.add(entry.id()));
    return finalAmong.apply(ids).stream()
        .findFirst()
        .map(id -> "Expected entries that are not final, but " + id + " is");
  }

  private Optional<String> entriesValid(Block block) {
    return entryRules.violation(block.entries());
  }

  private interface Rule {
    Optional<String> broken();
  }

  private static Verdict firstBroken(List<Rule> rules) {
    for (Rule rule : rules) {
      Optional<String> reason = rule.broken();
      if (reason.isPresent()) {
        return new Verdict.Invalid(reason.get());
      }
    }
    return new Verdict.Valid();
  }

  private static Optional<String> reason(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Valid() -> Optional.empty();
      case Verdict.Invalid(String reason) -> Optional.of(reason);
    };
  }

  private static Optional<String> expect(boolean holds, String reason) {
    return holds ? Optional.empty() : Optional.of(reason);
  }
}
