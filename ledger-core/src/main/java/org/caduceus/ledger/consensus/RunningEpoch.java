package org.caduceus.ledger.consensus;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.CandidateTree.Held;
import org.caduceus.ledger.membership.BallotBox;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.EpochChain;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Institution;
import org.caduceus.ledger.membership.Register;
import org.caduceus.ledger.membership.SeatEvidence;

/**
 * Everything of a {@link Replica} that belongs to one epoch, so that nothing of an epoch that ended
 * is left behind: the replica makes another one where the next begins. The first fields are what
 * the configuration decides, the others where this node stands; they are the replica's own, kept
 * apart.
 */
final class RunningEpoch {
  /** Index of a member that has no seat, or of an institution that takes no part at all. */
  static final int NO_SEAT = -1;

  private static final int REMEMBERED_CERTIFICATES = 1_024;

  /** Why a leader could propose this block. */
  record Reason(Hash blockHash, Justification justification) {}

  /** What a node has that outlives its epochs. */
  record Surroundings(
      String member,
      SignatureVerifier signatures,
      SeatEvidence evidence,
      ReplicaSettings settings,
      RecentlyFinal finals) {}

  final EpochChain.Beginning beginning;
  final EpochConfig config;
  final Register register;
  final Electorate electorate;
  final Participants participants;
  final Rules protocol;

  /** Index of this member, or {@link #NO_SEAT}. */
  final int self;

  /** Index of this institution among the participants, or {@link #NO_SEAT}; that of a seat too. */
  final int place;

  final EntryRules entryRules;
  final ProposalRules rules;
  final EntryPool pool;
  final PeerTable peers;
  final VoteBox votes;
  final ViewSynchroniser views;
  final ColdStartCeremony ceremony;

  /** Blocks of the epoch before that this one goes on from and that no certificate covers yet. */
  final Set<Hash> inherited = new HashSet<>();

  /** What the final blocks of this epoch decided so far. */
  BallotBox ballots;

  /** Why this node does not vote in this epoch, whatever its voter says: a voter is broken. */
  Optional<String> barred = Optional.empty();

  /** Proofs of misdeeds, by id. */
  final Set<Hash> faults = new HashSet<>();

  /**
   * Of whom a proof is known that is no reason to halt.
   *
   * @param brokenVoter whether the proof is of that, which is the graver misdeed
   */
  record Accusation(int member, boolean brokenVoter) {}

  final Set<Accusation> accused = new HashSet<>();

  long view = 1;
  long proposedView;
  long votedView;
  long timeoutMs;

  /** Certificate of the tip itself, not of a descendant. */
  Optional<QuorumCertificate> tipCertificate = Optional.empty();

  /** Certificates of recent final blocks, by height: a second one of a height proves a fork. */
  private final TreeMap<Long, QuorumCertificate> finality = new TreeMap<>();

  /** The latest certificate whose block, or its ancestors, are missing. */
  Optional<QuorumCertificate> awaited = Optional.empty();

  /** By view, certificates above the tip that make nothing final (BFT-2P). */
  final TreeMap<Long, QuorumCertificate> prepared = new TreeMap<>();

  /** By view above the tip's, the justified proposal and why it is (BFT-2P). */
  final TreeMap<Long, Reason> reasons = new TreeMap<>();

  Optional<PeerMessage.Propose> lastProposal = Optional.empty();

  /** By phase. */
  final TreeMap<Integer, Vote> lastVotes = new TreeMap<>();

  Optional<Held> toVote = Optional.empty();

  /** What to commit to, once the block survives a power cut here (BFT-2P). */
  Optional<QuorumCertificate> toCommit = Optional.empty();

  /** The first epoch that a replica knows. */
  static RunningEpoch first(EpochChain.Beginning beginning, Surroundings node) {
    return new RunningEpoch(beginning, Register.of(beginning.config()), node, Optional.empty(), 0);
  }

  /**
   * The epoch after this one; what is known of peers stays if the participants do, and their
   * entries as far as the new register takes them.
   */
  RunningEpoch next(
      EpochChain.Beginning after, Register itsRegister, Surroundings node, long nowMs) {
    return new RunningEpoch(after, itsRegister, node, Optional.of(this), nowMs);
  }

  private RunningEpoch(
      EpochChain.Beginning beginning,
      Register registered,
      Surroundings node,
      Optional<RunningEpoch> before,
      long nowMs) {
    this.beginning = beginning;
    Constitution constitution = new Constitution(beginning.config(), registered);
    config = constitution.config();
    register = constitution.register();
    electorate = new Electorate(config, node.signatures());
    participants = new Participants(constitution.participants());
    protocol = Rules.of(config);
    self = config.indexOf(node.member()).orElse(NO_SEAT);
    place = participants.indexOf(node.member()).orElse(NO_SEAT);
    entryRules = new EntryRules(electorate, register, node.evidence());
    Optional<RunningEpoch> sameOnes =
        before.filter(it -> it.participants.ids().equals(participants.ids()));
    peers =
        sameOnes.map(it -> it.peers).orElseGet(() -> new PeerTable(participants.count(), place));
    pool =
        sameOnes
            .filter(it -> it.register.equals(register))
            .map(it -> it.pool)
            .orElseGet(
                () -> {
                  EntryPool fresh =
                      new EntryPool(participants.count(), place, node.settings().maxPoolEntries());
                  before.ifPresent(it -> takeOver(it, fresh, nowMs));
                  return fresh;
                });
    rules =
        new ProposalRules(
            electorate,
            register.root(),
            entryRules,
            ids -> node.finals().among(ids, pool),
            node.settings().maxClockAheadMs());
    votes = new VoteBox(electorate, peers::complain);
    views = new ViewSynchroniser(electorate, self);
    ceremony =
        new ColdStartCeremony(beginning, electorate, node.signatures(), node.evidence(), self);
    ballots = BallotBox.of(beginning, register, node.signatures());
    inherited.add(beginning.anchor());
    timeoutMs = config.timeoutMs();
  }

  /** One entry that may not stand on the ledger any more would spoil every block. */
  private void takeOver(RunningEpoch before, EntryPool fresh, long nowMs) {
    for (SignedEntry entry : before.pool.all()) {
      String member = entry.entry().member();
      Optional<Bytes> key = before.register.institution(member).map(Institution::signingKey);
      boolean stands =
          register
              .institution(member)
              .filter(own -> !own.suspended() && key.equals(Optional.of(own.signingKey())))
              .isPresent();
      if (stands) {
        participants.indexOf(member).ifPresent(whose -> fresh.add(whose, entry, nowMs));
      }
    }
  }

  /**
   * What the blocks between the tip and another one hold.
   *
   * @param entryIds ids of their entries
   * @param ballots of the epoch up to that block
   */
  record Way(Set<Hash> entryIds, BallotBox ballots) {
    Way and(List<SignedEntry> entries) {
      Set<Hash> more = new HashSet<>(entryIds);
      entries.forEach(entry -> more.add(entry.id()));
      return new Way(more, ballots.after(entries));
    }
  }

  /** Walks once over blocks that follow the tip. */
  Way way(List<Held> blocks) {
    Set<Hash> ids = new HashSet<>();
    BallotBox box = ballots;
    for (Held block : blocks) {
      List<SignedEntry> entries = block.candidate().block().entries();
      entries.forEach(entry -> ids.add(entry.id()));
      box = box.after(entries);
    }
    return new Way(ids, box);
  }

  boolean hasSeat() {
    return self != NO_SEAT;
  }

  /** Why this block could be proposed, where a voter must know. */
  Optional<Justification> reasonOf(Held block) {
    return protocol.asksForReasons()
        ? Optional.ofNullable(reasons.get(block.view()))
            .filter(reason -> reason.blockHash().equals(block.hash()))
            .map(Reason::justification)
        : Optional.of(new Justification.Anchor()); // its leader's enclave looked at the real one
  }

  /** A quorum made the tip final with this. */
  void certified(QuorumCertificate certificate) {
    tipCertificate = Optional.of(certificate);
    finality.put(certificate.height(), certificate);
    if (finality.size() > REMEMBERED_CERTIFICATES) {
      finality.pollFirstEntry();
    }
  }

  /** The certificate of the final block of this height, if it is one of the last that had some. */
  Optional<QuorumCertificate> finality(long height) {
    return Optional.ofNullable(finality.get(height));
  }

  /** The certificate that a report names, if it is known here. */
  Optional<QuorumCertificate> certificateOf(NewView report) {
    return tipCertificate
        .filter(each -> each.view() == report.votedView())
        .or(() -> Optional.ofNullable(prepared.get(report.votedView())))
        .filter(each -> each.blockHash().equals(report.votedHash()));
  }

  /** Whether a quorum voted for this block, so that whoever lacks it wants it. */
  boolean isPrepared(Hash hash) {
    return prepared.values().stream().anyMatch(each -> each.blockHash().equals(hash));
  }

  /** What is at or below the tip's view is over. */
  void forgetUpTo(long tipView) {
    votes.forgetUpTo(tipView);
    prepared.headMap(tipView, true).clear();
    reasons.headMap(tipView, true).clear();
  }

  /** Whether this header ends the epoch. */
  boolean isEndedBy(BlockHeader header) {
    return header.lastInEpoch() && header.epoch() == config.epoch();
  }
}
