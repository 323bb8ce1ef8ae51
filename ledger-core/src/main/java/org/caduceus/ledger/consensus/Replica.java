package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Check;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.LedgerViolation;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.MerkleTree;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.CandidateTree.Held;
import org.caduceus.ledger.membership.BallotBox;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.EpochChain;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.Institution;
import org.caduceus.ledger.membership.NextEpoch;
import org.caduceus.ledger.membership.Register;
import org.caduceus.ledger.membership.ResumeStatement;
import org.caduceus.ledger.membership.SeatEvidence;
import org.caduceus.ledger.membership.Snapshot;

/**
 * One member's part of consensus: gathers entries, proposes, votes, changes views and catches up.
 * It decides what is worth a signature; its {@link Voter} decides what is safe to sign. Two
 * protocols differ in their {@link Rules}. Single-threaded and deterministic: the same inputs give
 * the same outputs.
 *
 * <pre>
 *                    Start, voter has a seat
 *   created ───────────────┬──────────────────────► VOTING ◄──────────────┐
 *                          │ no seat, or            │    │               │ VoterChanged, or the
 *                          │ no enclave             │    │ voter lost    │ next announcement
 *                          └──────────────► FOLLOWING ◄──┘ ──────────────┘
 *   any ── proof of a broken rule or voter ──► HALTED (no way back but a new replica)
 *
 *   VOTING, within a view:
 *     view v  ── PROPOSE of its leader, valid ──► stored ── CandidateStored ──► voted
 *     view v  ── certificate of view u ≥ v ─────► view u + 1, of phase 1 in BFT-2P: committed in u
 *     view v  ── PROGRESS alarm ────────────────► first view of the next slot, NEWV told to all
 *     view v  ── more than f members above v ───► their view, NEWV told to all
 *     view v  ── v's leader with QC(v-1), or with NEWVs of a quorum whose blocks it holds ──► PROPOSE
 * </pre>
 *
 * <p>FOLLOWING, a replica forwards own entries, keeps up with final blocks and serves them.
 *
 * <p>Contract of the caller. It MUST call {@link #on} from one thread at a time; give {@link
 * ConsensusInput.Start} first and once; execute the outputs one by one in their order, and all of
 * one call before those of the next; answer {@link ConsensusOutput.StoreCandidate} and {@link
 * ConsensusOutput.Append} when, and only when, the write survives a power cut; authenticate the
 * sender of every message; after any exception thrown by {@link #on}, treat the replica as halted.
 * It MAY lose, repeat, delay or reorder messages, batch {@link ConsensusInput.Submitted} entries,
 * answer a write late, fire an alarm late, and read the accessors from other threads if it
 * publishes them safely. It MUST NOT vote with the same voter through two replicas at a time.
 */
public final class Replica {
  /** Votes for views further ahead than this are not kept. */
  private static final long MAX_VIEWS_AHEAD = 1_024;

  private static final int MAX_PARENTS_ASKED = 4;

  /**
   * Where a voter that was moved ahead by an earlier life of this host is looked for. A refusal
   * costs some microseconds; a leap past the voter's view leaves the others behind, who come after
   * one timeout at a time, and with each restart it would be twice as far.
   */
  private static final int SLOTS_TRIED_SINGLY = 4_096;

  private static final long MAX_VIEW = 1L << 61;

  /** Statuses after which the voter will not sign again until it is seen to. */
  private static final Set<String> LOST =
      Set.of("UNAVAILABLE", "E_STATE", "E_NOT_JOINED", "E_INTERNAL", "E_ALG_UNSUPPORTED");

  private static final String STALE = "E_STALE_VIEW";

  private final Voter voter;
  private final ReplicaSettings settings;
  private final SignatureVerifier signatures;
  private final RecentlyFinal finals;
  private final RunningEpoch.Surroundings node;
  private final CandidateTree tree;
  private final ColdStartDialogue coldStart;

  private final EpochBook book;

  private final SyncBatch sync = new SyncBatch();
  private final Outbox out = new Outbox();
  private final Alarms alarms = new Alarms(out::add);
  private final CandidateDisk disk = new CandidateDisk(out);
  private final VotingRight right = new VotingRight();

  /** Own entries that no message of this node told the peers of. */
  private final Map<Hash, SignedEntry> untold = new LinkedHashMap<>();

  private RunningEpoch epoch;
  private long now;
  private boolean started;
  private Optional<String> halted = Optional.empty();

  /** Why it halted, where that can be proven. */
  private Optional<VoterFault> proof = Optional.empty();

  private long proposedMs;
  private long toldMs;
  private long startedMs;
  private long lastFinalMs;
  private Optional<CommittedBlock> tipBlock = Optional.empty();
  private Optional<QuorumCertificate> toAnnounce = Optional.empty();

  /**
   * A replica that waits for {@link ConsensusInput.Start}.
   *
   * @param config of epoch 1
   * @param member id of this institution, which need not have a seat: it follows until it has one
   */
  public Replica(
      EpochConfig config,
      String member,
      Voter voter,
      FinalEntries finalEntries,
      SeatEvidence evidence,
      ReplicaSettings settings) {
    this(
        config,
        member,
        voter,
        finalEntries,
        evidence,
        settings,
        SignatureVerifier.of(config.suite()));
  }

  /**
   * Same, with another way to verify signatures.
   *
   * @param signatures a native verifier, for instance
   */
  public Replica(
      EpochConfig config,
      String member,
      Voter voter,
      FinalEntries finalEntries,
      SeatEvidence evidence,
      ReplicaSettings settings,
      SignatureVerifier signatures) {
    Check.that(config.epoch() == 1, "Expected the configuration of epoch 1, but it is of another");
    this.voter = voter;
    this.settings = settings;
    this.signatures = signatures;
    this.finals = new RecentlyFinal(finalEntries);
    this.book = new EpochBook(signatures);
    this.node = new RunningEpoch.Surroundings(member, signatures, evidence, settings, finals);
    this.tree = new CandidateTree(config.hash());
    this.coldStart = new ColdStartDialogue(voter, evidence, settings, tree, disk, out, right);
    this.book.add(EpochProof.genesis(config));
    begin(RunningEpoch.first(EpochChain.Beginning.genesis(config), node));
  }

  // ---- epochs ---------------------------------------------------------------------------------

  private void begin(RunningEpoch next) {
    epoch = next;
    out.among(next);
    Hash anchor = next.beginning.anchor();
    tree.beginEpoch(next.config.epoch(), anchor);
    if (tree.parent(anchor).isPresent()) {
      tree.path(anchor).forEach(block -> next.inherited.add(block.hash()));
    }
    disk.keepOnly(hash -> tree.get(hash).isPresent());
    alarms.cancel(Timer.PROGRESS);
    alarms.cancel(Timer.REBROADCAST);
  }

  /**
   * Goes by a proof of the next epoch, whoever made it.
   *
   * @param register with which that epoch begins
   */
  private void follow(EpochProof proof, Register register) {
    EpochChain.Beginning next = proven(epoch.beginning, proof);
    book.add(proof);
    begin(epoch.next(next, register, node, now));
  }

  private EpochChain.Beginning proven(EpochChain.Beginning before, EpochProof proof) {
    return switch (EpochChain.next(before, proof, signatures)) {
      case EpochChain.Step.Broken(String reason) -> throw new LedgerViolation(reason);
      case EpochChain.Step.Into(EpochChain.Beginning next) -> next;
    };
  }

  /**
   * Goes on in a later epoch, though not all blocks up to it are here.
   *
   * @param epochs proven, ascending from the next
   * @param last where the last of them begins
   */
  private void enter(List<NextEpoch> epochs, EpochChain.Beginning last) {
    out.add(new ConsensusOutput.EnterEpochs(epochs));
    right.suspend();
    epochs.forEach(each -> book.add(each.proof()));
    begin(epoch.next(last, epochs.getLast().register(), node, now));
    Check.that(
        tree.tip().height() < last.anchorHeight() || tree.tip().hash().equals(last.anchor()),
        "Expected the ledger to go on from the last final block or above it, but it did not");
  }

  /** The voter follows when the epoch's beginning survives a power cut here, not before. */
  private void begun() {
    right.begin();
    enterEpoch();
  }

  /**
   * Takes one input.
   *
   * @param nowMs the node's clock, ms since 1970-01-01 UTC; also measures delays
   * @return what to do, in order; once halted nothing but to show others the proof
   */
  public List<ConsensusOutput> on(long nowMs, ConsensusInput input) {
    if (halted.isPresent()) {
      return testimony(input);
    }
    now = nowMs;
    try {
      Check.that(
          started != (input instanceof ConsensusInput.Start),
          "Expected Start first and once, but it was not so");
      apply(input);
      settle();
    } catch (BrokenVoter broken) {
      keep(broken.fault());
      if (epoch.barred.isEmpty() || broken.fault().isFork()) {
        proof = Optional.of(broken.fault());
        halt(broken.getMessage());
      }
    } catch (LedgerViolation violation) {
      halt(violation.getMessage());
    }
    return out.takeAll();
  }

  /** Whoever was away when this node halted for a broken voter learns why it did. */
  private List<ConsensusOutput> testimony(ConsensusInput input) {
    return input instanceof ConsensusInput.Received(int from, PeerMessage.StatusAnnouncement status)
            && proof.isPresent()
        ? List.of(new ConsensusOutput.Send(from, new PeerMessage.Fault(proof.get())))
        : List.of();
  }

  // ---- inputs ---------------------------------------------------------------------------------

  private void apply(ConsensusInput input) {
    switch (input) {
      case ConsensusInput.Start start -> start(start);
      case ConsensusInput.Submitted(List<SignedEntry> entries, boolean justSigned) ->
          submitted(entries, justSigned);
      case ConsensusInput.Received(int from, PeerMessage message) -> {
        if (epoch.participants.contains(from) && from != epoch.place) {
          epoch.peers.heard(from, now);
          received(from, message);
        }
      }
      case ConsensusInput.TimerFired(Timer timer) -> {
        if (alarms.isDue(timer, now)) {
          fired(timer);
        }
      }
      case ConsensusInput.CandidateStored(Hash hash) -> candidateStored(hash);
      case ConsensusInput.BlockAppended(long height) -> {
        finals.stored(height);
        if (!right.begun() && height >= epoch.beginning.anchorHeight()) {
          begun();
        }
      }
      case ConsensusInput.EpochStored(long number) -> {
        if (!right.begun() && number == epoch.config.epoch()) {
          begun();
        }
      }
      case ConsensusInput.ColdStartApproved(Hash planHash, Bytes signature) ->
          coldStart.approvedHere(epoch, planHash, signature).ifPresent(this::startCold);
      case ConsensusInput.VoterChanged() -> enterEpoch();
    }
  }

  private void start(ConsensusInput.Start start) {
    started = true;
    startedMs = now;
    lastFinalMs = now;
    startInEpoch(start);
    epoch.ballots = epoch.ballots.after(start.ballots());
    start.tip().ifPresent(this::startAtTip);
    start.faults().forEach(this::barredBy);
    start.stated().forEach(kept -> epoch.ceremony.remember(kept.statement(), kept.evidence()));
    start
        .approved()
        .flatMap(before -> coldStart.approvedBefore(epoch, before))
        .ifPresent(this::startCold);
    inheritStored(start.candidates());
    for (BlockStore.Candidate candidate : start.candidates()) {
      Held block = new Held(candidate);
      disk.found(block.hash());
      if (block.header().epoch() == epoch.config.epoch()) {
        epoch.view = Math.max(epoch.view, block.view());
      }
      consider(block, epoch.self, Optional.empty());
    }
    submitted(start.waiting(), false);
    enterEpoch();
    announce();
  }

  private void startInEpoch(ConsensusInput.Start start) {
    EpochChain.Beginning last = epoch.beginning;
    for (EpochProof proof : start.epochs()) {
      last = proven(last, proof);
      book.add(proof);
    }
    if (!start.epochs().isEmpty()) {
      begin(epoch.next(last, start.register().orElse(epoch.register), node, now));
    }
  }

  private void startAtTip(CommittedBlock tip) {
    Hash hash = tip.block().hash();
    QuorumCertificate certificate = tip.certificate();
    tree.startAt(tip.block().header(), hash);
    tipBlock = Optional.of(tip);
    finals.stored(tip.block().header().height());
    if (certificate.epoch() != epoch.config.epoch()) {
      return; // the tip ended the epoch before
    }
    epoch.view = certificate.view() + 1;
    if (certificate.blockHash().equals(hash)) {
      epoch.certified(certificate);
    } else {
      // Stopped between the parts of a run of blocks that became final together.
      epoch.awaited = Optional.of(certificate);
    }
  }

  /**
   * An earlier life of this host found this. If it halted for a broken voter, people had it start
   * again, so it follows; but it does not vote in that voter's epoch any more.
   */
  private void barredBy(VoterFault fault) {
    if (!fault.holds(epoch.electorate, epoch.register)) {
      return;
    }
    if (fault.isFork()) {
      throw new BrokenVoter(fault, epoch.electorate);
    }
    epoch.faults.add(fault.id());
    if (isReasonToHalt(fault)) {
      epoch.barred = Optional.of(fault.reason(epoch.electorate));
    } else {
      fault.member(epoch.electorate).ifPresent(member -> accuse(member, fault));
    }
  }

  private void enterEpoch() {
    right.asked(right.begun() && voter.enterEpoch(book.proofs()) && epoch.hasSeat());
    if (!epoch.hasSeat()) {
      right.lost("this institution has no seat");
    }
    if (right.voting()) {
      voter.highest().ifPresent(certificate -> learn(certificate, epoch.self));
    }
    epoch.barred.ifPresent(why -> right.lost("refuses this epoch: " + why));
  }

  private void voterLost(String status) {
    right.lost(status);
    epoch.toVote = Optional.empty();
  }

  private void submitted(List<SignedEntry> entries, boolean justSigned) {
    for (SignedEntry entry : entries) {
      if (epoch.pool.contains(entry.id()) || finals.contains(entry.id())) {
        continue;
      }
      Optional<String> violation =
          epoch
              .entryRules
              .seatViolation(List.of(entry))
              .or(
                  () ->
                      justSigned
                          ? epoch.entryRules.violationOfJustSigned(entry)
                          : epoch.entryRules.violation(List.of(entry)));
      if (violation.isPresent()) {
        epoch.peers.complain(epoch.place, violation.get());
      } else {
        epoch.pool.add(whoseOf(entry, epoch.place), entry, now);
        tellPeersSoon(entry);
      }
    }
  }

  private void received(int from, PeerMessage message) {
    switch (message) {
      case PeerMessage.EntryGossip(List<SignedEntry> entries) -> gossiped(from, entries);
      case PeerMessage.Propose(BlockStore.Candidate candidate, Justification justification) -> {
        switch (justification) {
          case Justification.Certified(QuorumCertificate certificate) -> learn(certificate, from);
          case Justification.Reported(var reports, QuorumCertificate highest) ->
              learn(highest, from);
          case Justification.Anchor anchor -> {}
          case Justification.NewViews reports -> {}
        }
        consider(new Held(candidate), from, Optional.of(justification));
      }
      case PeerMessage.VoteMessage(Vote vote) -> {
        if (vote.member() == from) {
          collect(vote, false);
        } else {
          epoch.peers.complain(from, "Expected the sender's own vote, but it names another member");
        }
      }
      case PeerMessage.Prepared(QuorumCertificate certificate) -> learn(certificate, from);
      case PeerMessage.Decide(QuorumCertificate certificate) -> learn(certificate, from);
      case PeerMessage.NewViewMessage newView -> reported(from, newView);
      case PeerMessage.SyncRequest(long fromHeight) -> {
        if (fromHeight >= 1
            && fromHeight <= finals.storedHeight()
            && epoch.peers.mayAnswer(from, now)) {
          out.add(new ConsensusOutput.SendBlocks(from, fromHeight));
        }
      }
      case PeerMessage.SyncBlocks(List<CommittedBlock> blocks) -> synced(from, blocks);
      case PeerMessage.CandidateRequest(Hash hash) -> {
        if (epoch.peers.mayAnswer(from, now)) {
          answerCandidate(from, hash);
        }
      }
      case PeerMessage.CandidateReply(BlockStore.Candidate candidate) -> {
        Held block = new Held(candidate);
        consider(block, from, Optional.empty());
        if (tree.isStray(block.hash())) {
          out.send(from, new PeerMessage.CandidateRequest(block.header().parentHash()));
        }
      }
      case PeerMessage.StatusAnnouncement(
              long peerEpoch,
              long height,
              long peerView,
              boolean peerVotes) -> {
        epoch.peers.isIn(from, peerEpoch);
        epoch.peers.has(from, height);
        epoch.peers.votes(from, peerVotes);
        // At rest no alarm says it again, and a member left behind would delay the next entry. One
        // that says so without end must not have this node flood the others.
        if (peerEpoch == epoch.config.epoch()
            && peerView < epoch.view
            && !pending()
            && epoch.peers.mayAnswer(from, now)) {
          tellAgain();
        }
      }
      case PeerMessage.Attestation attestation -> {} // for people; votes need no evidence
      case PeerMessage.Resume(ResumeStatement statement, Bytes shown, boolean current) ->
          coldStart.stated(epoch, from, statement, shown, current, now).ifPresent(this::startCold);
      case PeerMessage.PlanColdStart(ColdStartPlan plan) ->
          coldStart.planned(epoch, from, plan, now).ifPresent(this::startCold);
      case PeerMessage.ApproveColdStart(Hash planHash, Bytes signature) ->
          epoch.ceremony.approved(from, planHash, signature).ifPresent(this::startCold);
      case PeerMessage.SnapshotRequest(long number) -> {
        if (number > 1 && number <= epoch.config.epoch() && epoch.peers.mayAnswer(from, now)) {
          out.add(new ConsensusOutput.SendSnapshot(from, number));
        }
      }
      case PeerMessage.SnapshotReply(Snapshot snapshot) -> shown(from, snapshot);
      case PeerMessage.CredentialChallenge challenge -> {}
      case PeerMessage.CredentialAnswer answer -> {}
      case PeerMessage.Fault(VoterFault fault) -> accused(from, fault);
    }
  }

  private void fired(Timer timer) {
    switch (timer) {
      case PROGRESS -> {
        if (!leaderIsSilent()) {
          epoch.timeoutMs = Math.min(epoch.timeoutMs * 3 / 2, epoch.config.maxTimeoutMs());
        }
        leaveSlot();
      }
      case REBROADCAST -> tellAgain();
      case BATCH -> {} // settle() proposes
      case GOSSIP -> {} // settle() tells the peers
      case SYNC -> askForMissing();
      case STATUS -> {
        if (!right.voting()) {
          enterEpoch();
        }
        announce();
        coldStart.tell(epoch, now).ifPresent(this::startCold);
        broadcastEntries(
            epoch.pool.ownToTellAgain(
                now - settings.regossipMs(), now, 8 * settings.maxGossipEntries()));
      }
    }
  }

  /** What may follow from any input. */
  private void settle() {
    for (Optional<CandidateTree.Stray> stray = tree.nextConnectedStray();
        stray.isPresent();
        stray = tree.nextConnectedStray()) {
      place(stray.get().held(), stray.get().fromMember());
    }
    epoch.awaited.ifPresent(certificate -> learnVerified(certificate, epoch.self));
    commitIfStored();
    propose();
    toAnnounce.ifPresent(certificate -> out.broadcast(new PeerMessage.Decide(certificate)));
    toAnnounce = Optional.empty();
    tellPeersIfDue();
    setAlarms();
  }

  /** How long this node waits in its view; a local choice, which safety does not rest on. */
  private long patience() {
    return leaderIsSilent()
        ? Math.min(settings.silentLeaderMs(), epoch.timeoutMs)
        : epoch.timeoutMs;
  }

  /** Whoever does not hear the leader cannot help it to make a block final. */
  private boolean leaderIsSilent() {
    long since = Math.max(startedMs, epoch.peers.lastHeardMs(leader()));
    return leader() != epoch.self && now - since > settings.silenceMs();
  }

  private void setAlarms() {
    if (right.voting() && pending() && (!inNewView() || epoch.views.sharedByQuorum(epoch.view))) {
      alarms.setIfIdle(Timer.PROGRESS, now, patience());
    } else {
      alarms.cancel(Timer.PROGRESS);
    }
    if (right.voting() && pending() && (inNewView() || hasProposed())) {
      alarms.setIfIdle(Timer.REBROADCAST, now, epoch.timeoutMs / 2);
    } else {
      alarms.cancel(Timer.REBROADCAST);
    }
    if (behind()) {
      alarms.setIfIdle(Timer.SYNC, now, settings.syncPatienceMs());
    } else {
      alarms.cancel(Timer.SYNC);
    }
  }

  /** Whether something known here should become final. */
  private boolean pending() {
    return epoch.pool.size() > 0 || !tree.isEmpty();
  }

  /** Whether this node came to its view by leaving another, and nothing has happened in it yet. */
  private boolean inNewView() {
    return epoch.views.own().filter(report -> report.newView() == epoch.view).isPresent();
  }

  private boolean hasProposed() {
    return epoch
        .lastProposal
        .filter(proposal -> proposal.candidate().block().header().view() == epoch.view)
        .isPresent();
  }

  private boolean behind() {
    return epoch.awaited.isPresent()
        || epoch.peers.anybodyAbove(tree.tip().height())
        || epoch.peers.anybodyBeyond(epoch.config.epoch())
        || tree.hasStrays()
        || !lackedPrepared().isEmpty()
        || lacksAnchor();
  }

  /** Whether the block that this epoch goes on from is neither final nor held here. */
  private boolean lacksAnchor() {
    return tree.tip().height() < epoch.beginning.anchorHeight()
        && tree.parent(epoch.beginning.anchor()).isEmpty();
  }

  /** Blocks that a quorum prepared and that are not here: a voter commits to nothing unseen. */
  private List<Hash> lackedPrepared() {
    return epoch.prepared.values().stream()
        .map(QuorumCertificate::blockHash)
        .filter(hash -> tree.get(hash).isEmpty() && !tree.isStray(hash))
        .toList();
  }

  // ---- entries --------------------------------------------------------------------------------

  private void gossiped(int from, List<SignedEntry> entries) {
    Set<Hash> unknown = new LinkedHashSet<>();
    for (SignedEntry entry : entries) {
      if (!epoch.pool.contains(entry.id())) {
        unknown.add(entry.id());
      }
    }
    if (unknown.isEmpty()) {
      return;
    }
    Set<Hash> done = finals.among(unknown, epoch.pool);
    List<SignedEntry> fresh = new ArrayList<>();
    for (SignedEntry entry : entries) {
      if (unknown.contains(entry.id())
          && !done.contains(entry.id())
          && !epoch.pool.isFull(whoseOf(entry, from))) {
        fresh.add(entry);
      }
    }
    Optional<String> violation =
        epoch.entryRules.violation(fresh).or(() -> epoch.entryRules.seatViolation(fresh));
    if (violation.isPresent()) {
      epoch.peers.complain(from, violation.get());
      return;
    }
    fresh.forEach(entry -> epoch.pool.add(whoseOf(entry, from), entry, now));
  }

  private int whoseOf(SignedEntry entry, int otherwise) {
    return epoch.participants.indexOf(entry.entry().member()).orElse(otherwise);
  }

  private void tellPeersSoon(SignedEntry entry) {
    if (epoch.participants.count() > 1) {
      untold.put(entry.id(), entry);
    }
  }

  /** Tells the peers of own entries, unless a proposal of this node will or did. */
  private void tellPeersIfDue() {
    if (untold.isEmpty() || leads()) {
      return;
    }
    if (untold.size() >= settings.maxGossipEntries() || rest(settings.gossipMs(), toldMs) == 0) {
      tellPeers();
    } else {
      alarms.setIfIdle(Timer.GOSSIP, now, rest(settings.gossipMs(), toldMs));
    }
  }

  private boolean leads() {
    return right.voting() && leader() == epoch.self;
  }

  private void tellPeers() {
    broadcastEntries(List.copyOf(untold.values()));
    untold.clear();
    toldMs = now;
    alarms.cancel(Timer.GOSSIP);
  }

  /**
   * What is left of {@code duration} since {@code sinceMs}; nothing if the clock was turned back.
   */
  private long rest(long duration, long sinceMs) {
    long gone = now - sinceMs;
    return gone < 0 ? 0 : Math.max(0, duration - gone);
  }

  private void broadcastEntries(List<SignedEntry> entries) {
    List<SignedEntry> chunk = new ArrayList<>();
    long bytes = 0;
    for (SignedEntry entry : entries) {
      int length = entry.cose().length();
      if (chunk.size() == settings.maxGossipEntries()
          || (bytes + length > settings.maxGossipBytes() && !chunk.isEmpty())) {
        out.broadcast(new PeerMessage.EntryGossip(chunk));
        chunk = new ArrayList<>();
        bytes = 0;
      }
      chunk.add(entry);
      bytes += length;
    }
    if (!chunk.isEmpty()) {
      out.broadcast(new PeerMessage.EntryGossip(chunk));
    }
  }

  // ---- proposing ------------------------------------------------------------------------------

  /** Why this node may propose in its view, and upon what. */
  private record Ground(Justification justification, CandidateTree.Parent parent) {}

  private void propose() {
    if (!leads() || !right.begun() || epoch.proposedView >= epoch.view) {
      return;
    }
    Optional<Ground> ground = ground();
    if (ground.isEmpty()) {
      return;
    }
    CandidateTree.Parent parent = ground.get().parent();
    boolean parentIsFinal = parent.equals(tree.tip());
    // A parent that is not final must not wait for more entries: a child is what makes it final.
    if (parentIsFinal && !batchIsDue()) {
      return;
    }
    RunningEpoch.Way way = epoch.way(tree.path(parent.hash()));
    // Upon an epoch's last block, whose certificate was lost, only an empty one that proves it.
    List<SignedEntry> entries =
        parent.lastInEpoch()
            ? List.of()
            : epoch.pool.batch(
                way.entryIds(), epoch.config.maxBlockEntries(), epoch.config.maxBlockBytes());
    BlockHeader header = header(parent, entries, way.ballots());
    epoch.proposedView = epoch.view;
    proposedMs = now;
    switch (voter.propose(header, ground.get().justification())) {
      case Voter.Signed.Yes yes ->
          proposed(
              new BlockStore.Candidate(new Block(header, entries), yes.signature()),
              ground.get().justification());
      case Voter.Signed.No(String status) -> {
        if (LOST.contains(status)) {
          voterLost(status);
        } else {
          // E_STALE_VIEW: an earlier life of this host proposed here. Nobody else will.
          leaveSlot();
        }
      }
    }
  }

  private void proposed(BlockStore.Candidate candidate, Justification justification) {
    Held block = new Held(candidate);
    PeerMessage.Propose message = new PeerMessage.Propose(candidate, justification);
    epoch.lastProposal = Optional.of(message);
    if (justification instanceof Justification.Certified(QuorumCertificate shown)) {
      // The proposal carries it.
      toAnnounce = toAnnounce.filter(certificate -> certificate.phase() != shown.phase());
    }
    out.broadcast(message);
    candidate.block().entries().forEach(entry -> untold.remove(entry.id()));
    tree.otherProposal(block).ifPresent(this::found);
    epoch.reasons.put(block.view(), new RunningEpoch.Reason(block.hash(), justification));
    tree.hold(block);
    voteFor(block);
  }

  private Optional<Ground> ground() {
    CandidateTree.Parent tip = tree.tip();
    if (epoch.view == 1 && tree.tipView() == 0) {
      return tree.parent(epoch.beginning.anchor())
          .map(anchor -> new Ground(new Justification.Anchor(), anchor));
    }
    Optional<QuorumCertificate> certified =
        epoch
            .tipCertificate
            .filter(certificate -> certificate.view() == epoch.view - 1)
            .or(() -> Optional.ofNullable(epoch.prepared.get(epoch.view - 1)))
            .filter(certificate -> tree.parent(certificate.blockHash()).isPresent());
    if (certified.isPresent()) {
      return tree.parent(certified.get().blockHash())
          .map(parent -> new Ground(new Justification.Certified(certified.get()), parent));
    }
    List<NewView> usable =
        epoch.views.reportsFor(epoch.view).stream().filter(this::isUsable).toList();
    if (usable.size() < epoch.config.quorum()) {
      return Optional.empty();
    }
    Rules.Tip highest = epoch.protocol.tip(usable, epoch::certificateOf);
    Check.that(
        highest.report().votedView() >= tree.tipView(),
        "Expected a quorum to report the votes for the tip, but none does");
    Hash parent =
        highest.report().votedView() == 0 ? epoch.beginning.anchor() : highest.report().votedHash();
    return tree.parent(parent).map(block -> new Ground(highest.justification(), block));
  }

  /** Whether the reported block is one this node can build upon, or is older than the tip. */
  private boolean isUsable(NewView report) {
    if (report.votedView() == 0) {
      return tree.tipView() > 0 || tree.parent(epoch.beginning.anchor()).isPresent();
    }
    if (report.votedView() < tree.tipView()) {
      return true;
    }
    if (epoch.protocol.asksForReasons()) {
      return epoch.certificateOf(report).isPresent() && tree.parent(report.votedHash()).isPresent();
    }
    if (report.votedView() == tree.tipView()) {
      Check.that(
          report.votedHash().equals(tree.tip().hash()),
          "Expected votes of the tip's view for the tip, but a voter reports another block");
      return true;
    }
    return tree.get(report.votedHash()).isPresent();
  }

  private boolean batchIsDue() {
    OptionalLong oldest = epoch.pool.oldestArrival();
    if (oldest.isEmpty()) {
      return false;
    }
    long rest =
        Math.max(
            rest(settings.lingerMs(), oldest.getAsLong()), rest(settings.paceMs(), proposedMs));
    if (epoch.pool.size() >= epoch.config.maxBlockEntries()
        || epoch.pool.bytes() >= epoch.config.maxBlockBytes()
        || rest == 0) {
      return true;
    }
    alarms.setIfIdle(Timer.BATCH, now, rest);
    return false;
  }

  private BlockHeader header(
      CandidateTree.Parent parent, List<SignedEntry> entries, BallotBox ballots) {
    Optional<EpochConfig> next = ProposalRules.next(ballots, entries, parent.height() + 1);
    return new BlockHeader(
        epoch.config.chainId(),
        epoch.config.epoch(),
        epoch.view,
        parent.height() + 1,
        parent.hash(),
        MerkleTree.ofEntries(entries).root(),
        epoch.register.root(),
        Math.max(now, parent.timeMs()),
        epoch.self,
        parent.lastInEpoch() || next.isPresent(),
        parent.lastInEpoch()
            ? parent.nextConfigHash()
            : next.map(EpochConfig::hash).orElse(Hash.ZERO),
        entries.size(),
        entries.stream().mapToInt(entry -> entry.cose().length()).sum());
  }

  // ---- blocks and votes -----------------------------------------------------------------------

  /** Takes a proposed block from wherever it comes. */
  private void consider(Held block, int from, Optional<Justification> shown) {
    BlockHeader header = block.header();
    if (tree.get(block.hash()).isPresent()) {
      voteAgain(block, from);
      return;
    }
    if (header.height() <= tree.tip().height()) {
      return;
    }
    if (header.epoch() > epoch.config.epoch()) {
      epoch.peers.has(from, header.height() - 1);
      return;
    }
    if (header.epoch() < epoch.config.epoch()) {
      inherit(block, from);
      return;
    }
    if (header.view() <= tree.tipView()) {
      return;
    }
    if (!epoch.electorate.proposed(header, block.hash(), block.candidate().proposal())) {
      epoch.peers.complain(from, "Expected a proposal signed by the view's leader, but it is not");
      return;
    }
    Optional<String> broken = epoch.rules.headerViolation(header);
    if (broken.isPresent()) {
      found(new VoterFault.Proof.InvalidHeader(header, block.candidate().proposal()));
      epoch.peers.complain(epoch.electorate.leader(block.view()), broken.get());
      return;
    }
    if (epoch.protocol.asksForReasons() && !isWanted(block, from) && !isJustified(block, shown)) {
      return;
    }
    tree.otherProposal(block).ifPresent(this::found);
    if (epoch.rules.bodyMatches(block.candidate().block())) {
      place(block, from);
    } else {
      epoch.peers.complain(from, "Expected the entries the header commits to, but they differ");
    }
  }

  /** Own blocks, and those that others built upon, or are about to, need no other reason. */
  private boolean isWanted(Held block, int from) {
    return from == epoch.self
        || epoch.isPrepared(block.hash())
        || epoch.awaited.filter(each -> each.blockHash().equals(block.hash())).isPresent()
        || tree.missingParents().contains(block.hash());
  }

  /**
   * Whether the leader shows why it may propose this, and only this: else it could fill memories
   * and disks, and move views.
   */
  private boolean isJustified(Held block, Optional<Justification> shown) {
    int leader = epoch.electorate.leader(block.view());
    if (!right.voting() || shown.isEmpty()) {
      return false; // told again to who votes, and not asked for by who does not
    }
    if (!voter.isJustified(block.header(), shown.get())) {
      epoch.peers.complain(leader, "Expected a reason for a proposal, but it does not hold");
      return false;
    }
    RunningEpoch.Reason reason = new RunningEpoch.Reason(block.hash(), shown.get());
    RunningEpoch.Reason first = epoch.reasons.putIfAbsent(block.view(), reason);
    if (first != null && !first.blockHash().equals(block.hash())) {
      tree.otherProposal(block).ifPresent(this::found);
      return false;
    }
    return true;
  }

  /**
   * A block of the epoch before is taken if this one goes on from it; its hash says that it does.
   */
  private void inherit(Held block, int from) {
    if (epoch.inherited.contains(block.hash())
        && epoch.rules.bodyMatches(block.candidate().block())) {
      epoch.inherited.add(block.header().parentHash());
      place(block, from);
    }
  }

  /**
   * Which stored blocks of the epoch before lead to where this one begins. Only the upper says so
   * of the lower, and they come back the lowest first.
   */
  private void inheritStored(List<BlockStore.Candidate> candidates) {
    List<BlockHeader> older =
        candidates.stream()
            .map(candidate -> candidate.block().header())
            .filter(header -> header.epoch() < epoch.config.epoch())
            .sorted(Comparator.comparingLong(BlockHeader::height).reversed())
            .toList();
    for (BlockHeader header : older) {
      if (epoch.inherited.contains(header.hash())) {
        epoch.inherited.add(header.parentHash());
      }
    }
  }

  private void place(Held block, int from) {
    Optional<CandidateTree.Parent> parent = tree.parent(block.header().parentHash());
    if (parent.isEmpty()) {
      tree.keepStray(new CandidateTree.Stray(block, from));
      return;
    }
    if (block.header().epoch() < epoch.config.epoch()) {
      tree.hold(block);
      return;
    }
    switch (verdict(block, parent.get(), from)) {
      case ProposalRules.Verdict.Invalid(String reason) -> {
        BlockStore.Candidate candidate = block.candidate();
        epoch.rules.invalidEntry(candidate.block(), candidate.proposal()).ifPresent(this::found);
        epoch.peers.complain(epoch.electorate.leader(block.view()), reason);
      }
      case ProposalRules.Verdict.Valid() -> {
        tree.hold(block);
        voteFor(block);
      }
    }
  }

  private ProposalRules.Verdict verdict(Held block, CandidateTree.Parent parent, int from) {
    RunningEpoch.Way way = epoch.way(tree.path(parent.hash()));
    // What this node stored it may have voted for: neither its clock nor its roots judge it again.
    // What a quorum prepared others judged already.
    return (from == epoch.self && disk.has(block.hash())) || epoch.isPrepared(block.hash())
        ? epoch.rules.checkFinal(block.candidate().block(), parent, way)
        : epoch.rules.check(block.candidate().block(), parent, way, now);
  }

  private void voteFor(Held block) {
    if (block.view() < epoch.view
        || tree.get(block.hash()).isEmpty()
        || epoch.reasonOf(block).isEmpty()) {
      return;
    }
    moveUpTo(block.view());
    if (!right.voting() || block.view() <= epoch.votedView) {
      return;
    }
    epoch.toVote = Optional.of(block);
    voteIfStored();
  }

  private void candidateStored(Hash hash) {
    disk.answered(hash);
    voteIfStored();
    coldStart.candidateStored(epoch);
  }

  /** A vote is released only when the block and all below it survive a power cut here. */
  private void voteIfStored() {
    if (epoch.toVote.isEmpty() || tree.get(epoch.toVote.get().hash()).isEmpty()) {
      return;
    }
    Held block = epoch.toVote.get();
    if (block.view() < epoch.view) {
      epoch.toVote = Optional.empty();
    } else if (disk.store(tree.path(block.hash()))) {
      epoch.toVote = Optional.empty();
      vote(block);
    }
  }

  private void vote(Held block) {
    epoch.votedView = block.view();
    epoch.reasonOf(block).ifPresent(reason -> vote(1, block, reason));
  }

  private void vote(int phase, Held block, Justification justification) {
    switch (voter.vote(phase, block.header(), block.candidate().proposal(), justification)) {
      case Voter.Signed.Yes(var signature) -> {
        Vote vote = Vote.of(epoch.self, phase, block.header(), block.hash(), signature);
        epoch.lastVotes.put(phase, vote);
        deliver(vote);
      }
      case Voter.Signed.No(String status) -> {
        if (LOST.contains(status)) {
          voterLost(status);
        } else if (!status.equals(STALE)) {
          epoch.peers.complain(
              epoch.electorate.leader(block.view()),
              "Expected a proposal to vote for, but " + status);
        }
      }
    }
  }

  /** A COMMIT is released only when what it is for survives a power cut here (BFT-2P). */
  private void commitIfStored() {
    epoch.toCommit = epoch.toCommit.filter(each -> each.view() >= epoch.view);
    if (!right.voting() || epoch.toCommit.isEmpty()) {
      return;
    }
    QuorumCertificate certificate = epoch.toCommit.get();
    Optional<Held> block = tree.get(certificate.blockHash());
    if (block.isPresent() && disk.store(tree.path(certificate.blockHash()))) {
      epoch.toCommit = Optional.empty();
      vote(2, block.get(), new Justification.Certified(certificate));
    }
  }

  /** To the view's leader, and where a slot ends also to the next, who needs the certificate. */
  private void deliver(Vote vote) {
    int leader = epoch.electorate.leader(vote.view());
    int next = epoch.electorate.leader(vote.view() + 1);
    if (leader != epoch.self) {
      out.send(leader, new PeerMessage.VoteMessage(vote));
    }
    if (next != epoch.self && next != leader) {
      out.send(next, new PeerMessage.VoteMessage(vote));
    }
    if (leader == epoch.self || next == epoch.self) {
      collect(vote, true);
    }
  }

  /** A leader that proposes the same block again has missed votes. */
  private void voteAgain(Held block, int from) {
    if (epoch.electorate.leader(block.view()) == from) {
      epoch.lastVotes.values().stream()
          .filter(vote -> vote.blockHash().equals(block.hash()))
          .forEach(vote -> out.send(from, new PeerMessage.VoteMessage(vote)));
    }
  }

  private void collect(Vote vote, boolean trusted) {
    boolean mine =
        epoch.electorate.leader(vote.view()) == epoch.self
            || epoch.electorate.leader(vote.view() + 1) == epoch.self;
    if (!mine || vote.view() <= tree.tipView() || vote.view() > epoch.view + MAX_VIEWS_AHEAD) {
      return;
    }
    Optional<QuorumCertificate> completed = epoch.votes.add(vote, trusted);
    epoch.votes.takeMisdeeds().forEach(this::found);
    completed.ifPresent(
        certificate -> {
          if (epoch.electorate.commits(certificate)) {
            toAnnounce = Optional.of(certificate);
            learnVerified(certificate, epoch.self);
          } else if (!epoch.prepared.containsKey(certificate.view())) {
            out.broadcast(new PeerMessage.Prepared(certificate));
            prepared(certificate);
          }
        });
  }

  // ---- finality -------------------------------------------------------------------------------

  private void learn(QuorumCertificate certificate, int from) {
    if (certificate.epoch() != epoch.config.epoch()) {
      if (certificate.epoch() > epoch.config.epoch()) {
        epoch.peers.has(from, certificate.height());
      }
      return;
    }
    if (!epoch.electorate.commits(certificate)) {
      learnPrepared(certificate, from);
      return;
    }
    boolean known =
        certificate.height() <= tree.tip().height()
            && tree.finalHash(certificate.height())
                .filter(hash -> !hash.equals(certificate.blockHash()))
                .isEmpty();
    if (known || epoch.awaited.filter(each -> each.view() >= certificate.view()).isPresent()) {
      return;
    }
    if (!epoch.electorate.certified(certificate)) {
      epoch.peers.complain(from, "Expected votes of a quorum, but the certificate does not verify");
      return;
    }
    learnVerified(certificate, from);
  }

  private void learnPrepared(QuorumCertificate certificate, int from) {
    if (certificate.view() <= tree.tipView()) {
      return;
    }
    QuorumCertificate known = epoch.prepared.get(certificate.view());
    if (known != null && known.blockHash().equals(certificate.blockHash())) {
      tree.get(known.blockHash()).ifPresent(block -> voteAgain(block, from));
      return;
    }
    if (epoch.electorate.prepared(certificate)) {
      prepared(certificate);
    } else {
      epoch.peers.complain(from, "Expected votes of a quorum, but the certificate does not verify");
    }
  }

  /** A quorum prepared a block: whoever has left no view above it commits to it. */
  private void prepared(QuorumCertificate certificate) {
    QuorumCertificate before = epoch.prepared.putIfAbsent(certificate.view(), certificate);
    Check.that(
        before == null || before.blockHash().equals(certificate.blockHash()),
        "Expected one block prepared in view "
            + certificate.view()
            + ", but there are two: more voters lie than the consortium bears");
    requireMemory(Voter.Kind.PREPARE, certificate);
    moveUpTo(certificate.view());
    epoch.toCommit =
        epoch
            .toCommit
            .filter(each -> each.view() > certificate.view())
            .or(() -> Optional.of(certificate));
    commitIfStored();
  }

  /** A voter that does not know its own vote lost its log, or was given an old one. */
  private void requireMemory(Voter.Kind kind, QuorumCertificate certificate) {
    if (epoch.hasSeat() && (certificate.signers() >>> epoch.self & 1) == 1) {
      requireMemory(kind, certificate.view());
    }
  }

  private void requireMemory(Voter.Kind kind, long itsView) {
    if (right.voting() && !voter.remembers(kind, itsView)) {
      voterLost("it does not know what it signed in view " + itsView + " and needs a new key");
    }
  }

  private void learnVerified(QuorumCertificate certificate, int from) {
    epoch
        .finality(certificate.height())
        .filter(known -> !known.blockHash().equals(certificate.blockHash()))
        .ifPresent(
            known -> {
              throw BrokenVoter.of(
                  epoch.electorate, new VoterFault.Proof.TwoCertificates(known, certificate));
            });
    Optional<Hash> there = tree.finalHash(certificate.height());
    Check.that(
        there.isEmpty() || there.get().equals(certificate.blockHash()),
        "Expected one final block at height "
            + certificate.height()
            + ", but a quorum certified another: a voter is broken");
    if (from != epoch.self) {
      epoch.peers.has(from, certificate.height());
    }
    requireMemory(Voter.Kind.COMMIT, certificate);
    moveUpTo(certificate.view() + 1);
    if (certificate.height() <= tree.tip().height()) {
      epoch.awaited = epoch.awaited.filter(each -> each.height() > tree.tip().height());
      return;
    }
    if (tree.get(certificate.blockHash()).isEmpty()) {
      epoch.awaited = Optional.of(certificate);
      return;
    }
    List<Block> blocks =
        tree.path(certificate.blockHash()).stream().map(held -> held.candidate().block()).toList();
    makeFinal(blocks, certificate);
  }

  /**
   * Makes a run of blocks final.
   *
   * @param blocks ascending from tip + 1; what follows a block that ends the epoch is its suffix
   * @param certificate of the last one
   */
  private void makeFinal(List<Block> blocks, QuorumCertificate certificate) {
    int ends = indexOfEnd(blocks);
    List<Block> run = blocks.subList(0, ends + 1);
    List<BlockHeader> suffix =
        blocks.subList(ends + 1, blocks.size()).stream().map(Block::header).toList();
    makeFinal(run, suffix, certificate);
  }

  /** Index of the block that ends the epoch, or of the last one. */
  private int indexOfEnd(List<Block> blocks) {
    for (int i = 0; i < blocks.size(); i++) {
      BlockHeader header = blocks.get(i).header();
      if (epoch.isEndedBy(header)) {
        return i;
      }
    }
    return blocks.size() - 1;
  }

  private void makeFinal(List<Block> run, List<BlockHeader> suffix, QuorumCertificate certificate) {
    BlockHeader last = run.getLast().header();
    run.forEach(block -> epoch.ballots = epoch.ballots.after(block.entries()));
    Optional<NextEpoch> next = endOfEpoch(last, suffix, certificate);
    for (Block block : run) {
      CommittedBlock committed = new CommittedBlock(block, suffix, certificate);
      boolean ends = block.header().height() == last.height();
      Check.that(
          block.header().height() != epoch.beginning.anchorHeight()
              || block.hash().equals(epoch.beginning.anchor()),
          "Expected the block that epoch "
              + epoch.config.epoch()
              + " goes on from at height "
              + block.header().height()
              + ", but a quorum certified another");
      out.add(new ConsensusOutput.Append(committed, ends ? next : Optional.empty()));
      tree.advance(block.header(), block.hash());
      tipBlock = Optional.of(committed);
      for (SignedEntry entry : block.entries()) {
        finals.add(entry.id(), block.header().height());
        epoch.pool.remove(entry.id());
        untold.remove(entry.id());
      }
    }
    Check.that(
        !suffix.isEmpty() || tree.tip().hash().equals(certificate.blockHash()),
        "Expected the certificate of the last block, but it is of another");
    lastFinalMs = now;
    if (certificate.epoch() < epoch.config.epoch()) {
      tree.prune(); // nothing of it concerns the views and voters of this epoch
      return;
    }
    epoch.views.confront(certificate);
    if (next.isPresent()) {
      right.suspend();
      follow(next.get().proof(), next.get().register());
      return;
    }
    epoch.certified(certificate);
    epoch.awaited = epoch.awaited.filter(each -> each.height() > tree.tip().height());
    tree.prune();
    epoch.forgetUpTo(tree.tipView());
    disk.keepOnly(hash -> tree.get(hash).isPresent());
    epoch.timeoutMs = epoch.config.timeoutMs();
    alarms.cancel(Timer.PROGRESS); // settle() sets it anew for the next block
    alarms.cancel(Timer.REBROADCAST);
    moveUpTo(certificate.view() + 1);
  }

  /** The proof of the next epoch, if this block ends the running one. */
  private Optional<NextEpoch> endOfEpoch(
      BlockHeader last, List<BlockHeader> suffix, QuorumCertificate certificate) {
    if (!epoch.isEndedBy(last)) {
      return Optional.empty();
    }
    Constitution next =
        epoch
            .ballots
            .next(last.height())
            .filter(decided -> decided.config().hash().equals(last.nextConfigHash()))
            .orElseThrow(
                () ->
                    new LedgerViolation(
                        "Expected the next configuration to be what the ballots decide, but a"
                            + " quorum certified another"));
    List<BlockHeader> headers = new ArrayList<>(suffix);
    headers.addFirst(last);
    return Optional.of(
        new NextEpoch(new EpochProof.Ended(next.config(), headers, certificate), next.register()));
  }

  // ---- views ----------------------------------------------------------------------------------

  /** Follows the others into a later view; the voter learns of it by its next signature. */
  private void moveUpTo(long higher) {
    if (higher > epoch.view) {
      epoch.view = higher;
      alarms.cancel(Timer.PROGRESS);
    }
  }

  private void leaveSlot() {
    leaveTo((epoch.view / epoch.config.slotK() + 1) * epoch.config.slotK());
  }

  /** Leaves all views below {@code target} for good, or below the next slot the voter accepts. */
  private void leaveTo(long target) {
    long next = target;
    long step = epoch.config.slotK();
    for (int tries = 1; right.voting() && next < MAX_VIEW; tries++) {
      switch (voter.newView(next)) {
        case Voter.Moved.Yes(NewView report) -> {
          epoch.view = next;
          alarms.cancel(Timer.PROGRESS);
          epoch.views.note(report);
          tellNewView();
          return;
        }
        case Voter.Moved.No(String status) -> {
          if (!status.equals(STALE)) {
            voterLost(status);
          }
        }
      }
      next += step;
      step = tries < SLOTS_TRIED_SINGLY ? step : step * 2;
    }
  }

  private void tellNewView() {
    epoch
        .views
        .own()
        .ifPresent(
            report ->
                out.broadcast(
                    new PeerMessage.NewViewMessage(
                        epoch.config.epoch(),
                        report,
                        epoch.protocol.asksForReasons() ? voter.highest() : epoch.tipCertificate,
                        tree.get(report.votedHash()).map(Held::candidate))));
  }

  /** Until something becomes final, what this node said last in its view is said again. */
  private void tellAgain() {
    if (inNewView()) {
      tellNewView();
      // Whoever missed another member's report learns it from us, so that enough can join.
      for (NewView other : epoch.views.othersFrom(epoch.view)) {
        out.broadcast(
            new PeerMessage.NewViewMessage(
                epoch.config.epoch(), other, reasonOf(other), Optional.empty()));
      }
    }
    if (hasProposed()) {
      epoch.lastProposal.ifPresent(out::broadcast);
      Optional.ofNullable(epoch.prepared.get(epoch.view))
          .ifPresent(certificate -> out.broadcast(new PeerMessage.Prepared(certificate)));
    }
  }

  private Optional<QuorumCertificate> reasonOf(NewView report) {
    return epoch.protocol.asksForReasons() ? epoch.certificateOf(report) : Optional.empty();
  }

  private void reported(int from, PeerMessage.NewViewMessage message) {
    message.highest().ifPresent(certificate -> learn(certificate, from));
    NewView report = message.report();
    boolean own = report.member() == from;
    long peerHeight = message.highest().map(QuorumCertificate::height).orElse(0L);
    if (own && peerHeight < tree.tip().height()) {
      epoch.tipCertificate.ifPresent(
          certificate -> out.send(from, new PeerMessage.Decide(certificate)));
    }
    message.voted().ifPresent(candidate -> consider(new Held(candidate), from, Optional.empty()));
    if (message.epoch() != epoch.config.epoch()) {
      return;
    }
    if (!epoch.electorate.isMember(report.member()) || !epoch.views.isNews(report)) {
      return;
    }
    if (!epoch.electorate.reported(report)) {
      epoch.peers.complain(from, "Expected a signed report of a new view, but it does not verify");
      return;
    }
    if (report.member() == epoch.self) {
      requireMemory(Voter.Kind.NEW_VIEW, report.newView());
    }
    epoch.views.note(report);
    epoch.tipCertificate.ifPresent(epoch.views::confront);
    OptionalLong join = epoch.views.viewToJoin(epoch.view);
    if (right.voting() && join.isPresent()) {
      leaveTo(join.getAsLong());
    }
  }

  // ---- catching up ----------------------------------------------------------------------------

  private void askForMissing() {
    // Of everybody: whoever sent the child may be the one who withholds its parent.
    tree.missingParents().stream()
        .limit(MAX_PARENTS_ASKED)
        .forEach(parent -> out.broadcast(new PeerMessage.CandidateRequest(parent)));
    lackedPrepared().stream()
        .limit(MAX_PARENTS_ASKED)
        .forEach(hash -> out.broadcast(new PeerMessage.CandidateRequest(hash)));
    if (lacksAnchor()) {
      out.broadcast(new PeerMessage.CandidateRequest(epoch.beginning.anchor()));
    }
    epoch
        .peers
        .nextBeyond(epoch.config.epoch())
        .ifPresent(
            peer -> out.send(peer, new PeerMessage.SnapshotRequest(epoch.config.epoch() + 1)));
    askForBlocks();
    alarms.set(Timer.SYNC, now, settings.syncTimeoutMs());
  }

  private void askForBlocks() {
    long height = tree.tip().height();
    epoch
        .peers
        .nextAbove(height)
        .ifPresent(peer -> out.send(peer, new PeerMessage.SyncRequest(sync.nextHeight(height))));
  }

  private void answerCandidate(int from, Hash hash) {
    tree.get(hash)
        .ifPresentOrElse(
            held -> out.send(from, new PeerMessage.CandidateReply(held.candidate())),
            () ->
                epoch.tipCertificate.ifPresent(
                    certificate -> out.send(from, new PeerMessage.Decide(certificate))));
  }

  private void synced(int from, List<CommittedBlock> answer) {
    long before = tree.tip().height();
    List<CommittedBlock> blocks = sync.joined(answer, before);
    if (blocks.isEmpty()) {
      return;
    }
    int done = 0;
    for (int i = 0; i < blocks.size(); i++) {
      CommittedBlock block = blocks.get(i);
      if (!isCovered(block)) {
        continue; // covered by a later block's certificate
      }
      List<Block> run = blocks.subList(done, i + 1).stream().map(CommittedBlock::block).toList();
      if (block.certificate().epoch() > epoch.config.epoch()) {
        // An epoch that began without a block that says so: askForMissing() asks why.
        sync.keep(List.of());
        return;
      }
      if (!isCertified(block) || !isCertifiedRun(run)) {
        epoch.peers.complain(from, "Expected certified blocks upon the tip, but they are not");
        epoch.peers.lacks(from, tree.tip().height());
        sync.keep(List.of());
        return;
      }
      requireValid(run);
      makeFinal(run, block.suffix(), block.certificate());
      done = i + 1;
    }
    sync.keep(blocks.subList(done, blocks.size()));
    if (!answer.isEmpty() && behind()) {
      askForBlocks();
      alarms.set(Timer.SYNC, now, settings.syncTimeoutMs());
    }
  }

  /**
   * Whether a quorum made it final: that of the running epoch, or of one before, whose blocks end
   * where this epoch begins.
   */
  private boolean isCertified(CommittedBlock committed) {
    QuorumCertificate certificate = committed.certificate();
    return certificate.epoch() == epoch.config.epoch()
        ? epoch.electorate.certified(certificate)
        : committed.block().header().height() <= epoch.beginning.anchorHeight()
            && book.certified(certificate);
  }

  /**
   * A peer is in a later epoch and shows its state. This node goes on there, and the blocks before
   * come while it follows that epoch; it votes again once it has them all.
   */
  private void shown(int from, Snapshot snapshot) {
    switch (snapshot.after(epoch.beginning, epoch.register, signatures)) {
      case Snapshot.Outcome.Broken(String reason) -> epoch.peers.complain(from, reason);
      case Snapshot.Outcome.Nothing nothing -> {} // the blocks between will say it
      case Snapshot.Outcome.Vouched(List<NextEpoch> epochs, EpochChain.Beginning last) ->
          enter(epochs, last);
    }
  }

  /** Whether the certificate that came with a block is its own, or that of its epoch's suffix. */
  private static boolean isCovered(CommittedBlock committed) {
    BlockHeader header = committed.block().header();
    List<BlockHeader> suffix = committed.suffix();
    BlockHeader certified = suffix.isEmpty() ? header : suffix.getLast();
    return EpochChain.isSuffix(header, suffix)
        && committed.certificate().isFor(certified, certified.hash());
  }

  /**
   * Whether these are the blocks that the certificate of the last one covers: each upon the one
   * before, and with the entries their headers commit to. A certificate covers headers only, so the
   * rest might be the sender's invention.
   *
   * @throws LedgerViolation if they descend from another block of the tip's height: that was
   *     certified too
   */
  private boolean isCertifiedRun(List<Block> run) {
    for (int i = 1; i < run.size(); i++) {
      if (!run.get(i).header().parentHash().equals(run.get(i - 1).hash())) {
        return false;
      }
    }
    Check.that(
        run.getFirst().header().parentHash().equals(tree.tip().hash()),
        "Expected certified blocks upon the final block of height "
            + tree.tip().height()
            + ", but a quorum certified others: a voter is broken");
    return run.stream().allMatch(epoch.rules::bodyMatches);
  }

  /** A quorum certified these blocks: a broken rule in them is a broken ledger, not a bad peer. */
  private void requireValid(List<Block> run) {
    CandidateTree.Parent parent = tree.tip();
    RunningEpoch.Way way = epoch.way(List.of());
    for (Block block : run) {
      if (block.header().epoch() < epoch.config.epoch()) {
        parent = CandidateTree.Parent.of(block.header(), block.hash(), epoch.config.epoch());
        continue; // the quorum of its epoch vouched for it, or governance with the rest of that
      }
      switch (epoch.rules.checkFinal(block, parent, way)) {
        case ProposalRules.Verdict.Valid() -> {}
        case ProposalRules.Verdict.Invalid(String reason) ->
            throw new LedgerViolation(
                "Expected a certified block to be valid, but at height "
                    + block.header().height()
                    + ": "
                    + reason);
      }
      way = way.and(block.entries());
      parent = CandidateTree.Parent.of(block.header(), block.hash(), epoch.config.epoch());
    }
  }

  // ---- cold start -----------------------------------------------------------------------------

  private void startCold(EpochProof.ColdStarted proof) {
    Register register = new Constitution(proof.config(), epoch.register).register();
    enter(List.of(new NextEpoch(proof, register)), proven(epoch.beginning, proof));
  }

  // ---- outputs --------------------------------------------------------------------------------

  private void announce() {
    out.broadcast(
        new PeerMessage.StatusAnnouncement(
            epoch.config.epoch(), finals.storedHeight(), epoch.view, right.voting()));
    alarms.set(Timer.STATUS, now, settings.statusMs());
  }

  /**
   * A member did what it must not. Where voters are trusted and one is broken, agreement has lost
   * its ground and this node halts; else it is the misdeed of one that counts as a fault anyway.
   *
   * @throws BrokenVoter where the node halts
   */
  private void found(VoterFault.Proof misdeed) {
    VoterFault fault = VoterFault.of(epoch.electorate, misdeed);
    if (isReasonToHalt(fault)) {
      throw new BrokenVoter(fault, epoch.electorate);
    }
    int member = fault.member(epoch.electorate).orElseThrow();
    epoch.peers.complain(member, fault.reason(epoch.electorate));
    if (accuse(member, fault)) {
      keep(fault);
    }
  }

  private boolean isReasonToHalt(VoterFault fault) {
    return fault.isFork() || (epoch.protocol.trustsVoters() && fault.breaksVoter());
  }

  /** Whether this is the first proof of its gravity: it says all there is to say of a member. */
  private boolean accuse(int member, VoterFault fault) {
    return epoch.accused.add(new RunningEpoch.Accusation(member, fault.breaksVoter()));
  }

  /** What proves a misdeed outlives this node, and the others learn of it. */
  private void keep(VoterFault fault) {
    if (!epoch.faults.add(fault.id())) {
      return;
    }
    out.add(new ConsensusOutput.KeepFault(fault));
    out.broadcast(new PeerMessage.Fault(fault));
  }

  /** Somebody says that a member did what it must not; believed once it is proven. */
  private void accused(int from, VoterFault fault) {
    if (fault.epoch() != epoch.config.epoch()) {
      return; // that key signs no more
    }
    if (epoch.faults.contains(fault.id())) {
      if (isReasonToHalt(fault)) {
        epoch.peers.votes(from, false); // it halted for this, and announces nothing any more
      }
      return;
    }
    if (!fault.holds(epoch.electorate, epoch.register)) {
      epoch.peers.complain(from, "Expected proof of a misdeed, but it proves nothing");
      return;
    }
    found(fault.proof());
  }

  private void halt(String reason) {
    halted = Optional.of(reason);
    right.halt();
    // Whoever has another final block at this height sees the proof as well.
    epoch.tipCertificate.ifPresent(
        certificate -> out.broadcast(new PeerMessage.Decide(certificate)));
    out.add(new ConsensusOutput.Halted(reason));
  }

  // ---- status ---------------------------------------------------------------------------------

  /** The running epoch's configuration. */
  public EpochConfig config() {
    return epoch.config;
  }

  /** The institutions of the running epoch, as every header of it commits to them. */
  public Register register() {
    return epoch.register;
  }

  /**
   * Everybody to be heard and told in the running epoch, by the index that inputs and outputs use:
   * the members, then the institutions without a seat.
   */
  public List<Institution> participants() {
    return epoch.participants.all();
  }

  /** Index of an institution among the participants. */
  public Optional<Integer> participant(String id) {
    return epoch.participants.indexOf(id);
  }

  /** Proofs of all epochs up to this one, genesis first. */
  public List<EpochProof> epochs() {
    return book.proofs();
  }

  /** How this member would go on after a lost quorum, once it knows. */
  public Optional<ColdStartPlan> coldStartPlan() {
    return epoch.ceremony.plan();
  }

  /** Current view. */
  public long view() {
    return epoch.view;
  }

  /** Index of the current view's leader. */
  public int leader() {
    return epoch.electorate.leader(epoch.view);
  }

  /** Height of the last final block, 0 before the first; the store may be about to write it. */
  public long height() {
    return tree.tip().height();
  }

  /** Hash of the last final block, or the epoch's anchor. */
  public Hash tip() {
    return tree.tip().hash();
  }

  /** The last final block. */
  public Optional<CommittedBlock> tipBlock() {
    return tipBlock;
  }

  /** Entries known here that are not final. */
  public int poolSize() {
    return epoch.pool.size();
  }

  /** Whether this member's voter has a seat and answers. */
  public boolean voting() {
    return right.voting();
  }

  /** Why the replica halted, if it did. */
  public Optional<String> halted() {
    return halted;
  }

  /** Height that participant announced last; own height for the replica itself. */
  public long peerHeight(int member) {
    return member == epoch.place ? height() : epoch.peers.height(member);
  }

  /** When that member's last message arrived, ms since 1970-01-01 UTC, 0 if never. */
  public long peerLastHeardMs(int member) {
    return epoch.peers.lastHeardMs(member);
  }

  /** What that member did wrong last, if anything: "Expected …, but …". */
  public Optional<String> complaint(int member) {
    return epoch.peers.complaint(member);
  }

  /** What waits for governance keys in the running epoch. */
  public OpenMatters openMatters() {
    return OpenMatters.of(
        new Constitution(epoch.config, epoch.register),
        epoch.ballots,
        epoch.pool.all(),
        epoch.ceremony);
  }

  /** Why consensus moves, rests or is stuck. */
  public Standing standing(long nowMs) {
    Diagnosis.Doing doing =
        new Diagnosis.Doing(
            halted,
            right.voting(),
            right.status(),
            epoch.view,
            inNewView(),
            hasProposed()
                ? OptionalLong.of(
                    epoch.lastProposal.orElseThrow().candidate().block().header().height())
                : OptionalLong.empty(),
            alarms.dueAtMs(Timer.PROGRESS),
            epoch.timeoutMs,
            height(),
            epoch.pool.size(),
            pending(),
            tree.missingParents().size() + (epoch.awaited.isPresent() || lacksAnchor() ? 1 : 0),
            lastFinalMs);
    return new Diagnosis(epoch.electorate, epoch.self, epoch.peers, nowMs, settings.silenceMs())
        .of(doing, epoch.votes, epoch.views, epoch.ceremony);
  }

  /** The same in one English sentence. */
  public String summary(long nowMs) {
    return started || halted.isPresent() ? standing(nowMs).summary() : "Not started yet.";
  }
}
