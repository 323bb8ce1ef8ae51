package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.HashSet;
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
import org.caduceus.ledger.membership.ColdStart;
import org.caduceus.ledger.membership.EpochChain;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.Member;
import org.caduceus.ledger.membership.ResumeStatement;
import org.caduceus.ledger.membership.SeatEvidence;

/**
 * One member's untrusted part of consensus (TEE-1P): gathers entries, proposes, votes, changes
 * views and catches up. It decides what is worth a signature; its {@link Voter} decides what is
 * safe to sign. Single-threaded and deterministic: the same inputs give the same outputs.
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
 *     view v  ── certificate of view u ≥ v ─────► view u + 1
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

  /** Where a voter that was moved ahead by an earlier life of this host is looked for. */
  private static final int SLOTS_TRIED_SINGLY = 16;

  private static final long MAX_VIEW = 1L << 61;

  /** Statuses after which the voter will not sign again until it is seen to. */
  private static final Set<String> LOST =
      Set.of("UNAVAILABLE", "E_STATE", "E_NOT_JOINED", "E_INTERNAL", "E_ALG_UNSUPPORTED");

  private static final String STALE = "E_STALE_VIEW";
  private static final int NO_SEAT = -1;

  private final String member;
  private final Voter voter;
  private final ReplicaSettings settings;
  private final SeatEvidence evidence;
  private final SignatureVerifier signatures;
  private final RecentlyFinal finals;
  private final CandidateTree tree;

  /** Proofs of all epochs up to this one, which a new instance of the voter walks through. */
  private final List<EpochProof> chain = new ArrayList<>();

  // Of the running epoch, made anew by beginEpoch.
  private EpochChain.Beginning epoch;
  private EpochConfig config;
  private Electorate electorate;
  private int self;
  private EntryRules entryRules;
  private EntryPool pool;
  private ProposalRules rules;
  private VoteBox votes;
  private ViewSynchroniser views;
  private PeerTable peers;
  private BallotBox ballots;
  private ColdStartCeremony ceremony;

  /** Blocks of the epoch before that this one goes on from and that no certificate covers yet. */
  private final Set<Hash> inherited = new HashSet<>();

  private final SyncBatch sync = new SyncBatch();
  private final List<ConsensusOutput> out = new ArrayList<>();
  private final Alarms alarms = new Alarms(out::add);

  /** Own entries that no message of this node told the peers of. */
  private final Map<Hash, SignedEntry> untold = new LinkedHashMap<>();

  private final Set<Hash> storing = new HashSet<>();
  private final Set<Hash> stored = new HashSet<>();

  private long now;
  private boolean started;
  private boolean voting;

  /** Whether this epoch's beginning survives a power cut here: before, the voter stays outside. */
  private boolean begun = true;

  private String voterStatus = "not started";
  private Optional<String> halted = Optional.empty();
  private long view = 1;
  private long proposedView;
  private long proposedMs;
  private long toldMs;
  private long votedView;
  private long timeoutMs;
  private long lastFinalMs;
  private Optional<CommittedBlock> tipBlock = Optional.empty();

  /** Certificate of the tip itself, not of a descendant. */
  private Optional<QuorumCertificate> tipCertificate = Optional.empty();

  /** The latest certificate whose block, or its ancestors, are missing. */
  private Optional<QuorumCertificate> awaited = Optional.empty();

  private Optional<QuorumCertificate> toAnnounce = Optional.empty();
  private Optional<PeerMessage.Propose> lastProposal = Optional.empty();
  private Optional<Vote> lastVote = Optional.empty();
  private Optional<Held> toVote = Optional.empty();

  /**
   * A replica that waits for {@link ConsensusInput.Start}.
   *
   * @param config of epoch 1
   * @param self index of this member
   */
  public Replica(
      EpochConfig config,
      int self,
      Voter voter,
      FinalEntries finalEntries,
      SeatEvidence evidence,
      ReplicaSettings settings) {
    this(
        config,
        self,
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
      int self,
      Voter voter,
      FinalEntries finalEntries,
      SeatEvidence evidence,
      ReplicaSettings settings,
      SignatureVerifier signatures) {
    Check.that(config.epoch() == 1, "Expected the configuration of epoch 1, but it is of another");
    Check.that(self >= 0 && self < config.n(), "Expected a member's index, but got " + self);
    this.member = config.members().get(self).id();
    this.voter = voter;
    this.settings = settings;
    this.evidence = evidence;
    this.signatures = signatures;
    this.finals = new RecentlyFinal(finalEntries);
    this.tree = new CandidateTree(config.hash());
    beginEpoch(EpochProof.genesis(config), EpochChain.Beginning.genesis(config));
  }

  // ---- epochs ---------------------------------------------------------------------------------

  /** Makes everything that belongs to one epoch anew. */
  private void beginEpoch(EpochProof proof, EpochChain.Beginning beginning) {
    boolean sameSeats = !chain.isEmpty() && ids(config).equals(ids(beginning.config()));
    List<SignedEntry> waiting = chain.isEmpty() ? List.of() : pool.all();
    chain.add(proof);
    epoch = beginning;
    config = beginning.config();
    electorate = new Electorate(config, signatures);
    self = config.indexOf(member).orElse(NO_SEAT);
    entryRules = new EntryRules(electorate, evidence);
    rules =
        new ProposalRules(
            electorate, entryRules, ids -> finals.among(ids, pool), settings.maxClockAheadMs());
    if (!sameSeats) {
      peers = new PeerTable(config.n(), self);
      pool = new EntryPool(config.n(), self, settings.maxPoolEntries());
      waiting.forEach(
          entry ->
              electorate
                  .indexOf(entry.entry().member())
                  .ifPresent(seat -> pool.add(seat, entry, now)));
    }
    votes = new VoteBox(electorate, (from, reason) -> peers.complain(from, reason));
    views = new ViewSynchroniser(electorate, self);
    ballots = BallotBox.of(config, signatures);
    ceremony = new ColdStartCeremony(beginning, electorate, signatures, evidence, self);
    inherited.clear();
    inherited.add(beginning.anchor());
    tree.beginEpoch(config.epoch(), beginning.anchor());
    if (tree.parent(beginning.anchor()).isPresent()) {
      tree.path(beginning.anchor()).forEach(block -> inherited.add(block.hash()));
    }
    storing.removeIf(hash -> tree.get(hash).isEmpty());
    stored.removeIf(hash -> tree.get(hash).isEmpty());
    view = 1;
    proposedView = 0;
    votedView = 0;
    timeoutMs = config.timeoutMs();
    tipCertificate = Optional.empty();
    awaited = Optional.empty();
    lastProposal = Optional.empty();
    lastVote = Optional.empty();
    toVote = Optional.empty();
    alarms.cancel(Timer.PROGRESS);
    alarms.cancel(Timer.REBROADCAST);
  }

  private static List<String> ids(EpochConfig config) {
    return config.members().stream().map(Member::id).toList();
  }

  /** Goes by a proof of the next epoch, whoever made it. */
  private void follow(EpochProof proof) {
    switch (EpochChain.next(epoch, proof, signatures)) {
      case EpochChain.Step.Broken(String reason) -> throw new LedgerViolation(reason);
      case EpochChain.Step.Into(EpochChain.Beginning next) -> beginEpoch(proof, next);
    }
  }

  /** The voter follows when the epoch's beginning survives a power cut here, not before. */
  private void begun() {
    begun = true;
    enterEpoch();
  }

  /**
   * Takes one input.
   *
   * @param nowMs the node's clock, ms since 1970-01-01 UTC; also measures delays
   * @return what to do, in order; nothing once halted
   */
  public List<ConsensusOutput> on(long nowMs, ConsensusInput input) {
    if (halted.isPresent()) {
      return List.of();
    }
    now = nowMs;
    try {
      Check.that(
          started != (input instanceof ConsensusInput.Start),
          "Expected Start first and once, but it was not so");
      apply(input);
      settle();
    } catch (LedgerViolation violation) {
      halt(violation.getMessage());
    }
    List<ConsensusOutput> result = List.copyOf(out);
    out.clear();
    return result;
  }

  // ---- inputs ---------------------------------------------------------------------------------

  private void apply(ConsensusInput input) {
    switch (input) {
      case ConsensusInput.Start start -> start(start);
      case ConsensusInput.Submitted(List<SignedEntry> entries, boolean justSigned) ->
          submitted(entries, justSigned);
      case ConsensusInput.Received(int from, PeerMessage message) -> {
        if (electorate.isMember(from) && from != self) {
          peers.heard(from, now);
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
        if (!begun && height >= epoch.anchorHeight()) {
          begun();
        }
      }
      case ConsensusInput.EpochStored(long number) -> {
        if (!begun && number == config.epoch()) {
          begun();
        }
      }
      case ConsensusInput.ColdStartApproved(Hash planHash, Bytes signature) ->
          approvedHere(planHash, signature);
      case ConsensusInput.VoterChanged() -> enterEpoch();
    }
  }

  private void start(ConsensusInput.Start start) {
    started = true;
    lastFinalMs = now;
    start.epochs().forEach(this::follow);
    ballots = ballots.after(start.ballots());
    start.tip().ifPresent(this::startAtTip);
    start.stated().forEach(kept -> ceremony.remember(kept.statement(), kept.evidence()));
    start.approved().ifPresent(this::approvedBefore);
    for (BlockStore.Candidate candidate : start.candidates()) {
      Held block = new Held(candidate);
      storing.add(block.hash());
      stored.add(block.hash());
      if (block.header().epoch() == config.epoch()) {
        view = Math.max(view, block.view());
      }
      consider(block, self);
    }
    submitted(start.waiting(), false);
    enterEpoch();
    announce();
  }

  private void startAtTip(CommittedBlock tip) {
    Hash hash = tip.block().hash();
    QuorumCertificate certificate = tip.certificate();
    tree.startAt(tip.block().header(), hash);
    tipBlock = Optional.of(tip);
    finals.stored(tip.block().header().height());
    if (certificate.epoch() != config.epoch()) {
      return; // the tip ended the epoch before
    }
    view = certificate.view() + 1;
    if (certificate.blockHash().equals(hash)) {
      tipCertificate = Optional.of(certificate);
    } else {
      // Stopped between the parts of a run of blocks that became final together.
      awaited = Optional.of(certificate);
    }
  }

  private void enterEpoch() {
    voting = begun && voter.enterEpoch(chain) && self != NO_SEAT;
    voterStatus = voting ? "voting" : "no seat or no answer";
  }

  private void voterLost(String status) {
    voting = false;
    voterStatus = status;
    toVote = Optional.empty();
  }

  private void submitted(List<SignedEntry> entries, boolean justSigned) {
    for (SignedEntry entry : entries) {
      if (pool.contains(entry.id()) || finals.contains(entry.id())) {
        continue;
      }
      Optional<String> violation =
          entryRules
              .seatViolation(List.of(entry))
              .or(
                  () ->
                      justSigned
                          ? entryRules.violationOfJustSigned(entry)
                          : entryRules.violation(List.of(entry)));
      if (violation.isPresent()) {
        peers.complain(self, violation.get());
      } else {
        pool.add(memberOf(entry, self), entry, now);
        tellPeersSoon(entry);
      }
    }
  }

  private void received(int from, PeerMessage message) {
    switch (message) {
      case PeerMessage.EntryGossip(List<SignedEntry> entries) -> gossiped(from, entries);
      case PeerMessage.Propose(BlockStore.Candidate candidate, Justification justification) -> {
        if (justification instanceof Justification.Certified(QuorumCertificate certificate)) {
          learn(certificate, from);
        }
        consider(new Held(candidate), from);
      }
      case PeerMessage.VoteMessage(Vote vote) -> {
        if (vote.member() == from) {
          collect(vote, false);
        } else {
          peers.complain(from, "Expected the sender's own vote, but it names another member");
        }
      }
      case PeerMessage.Decide(QuorumCertificate certificate) -> learn(certificate, from);
      case PeerMessage.NewViewMessage newView -> reported(from, newView);
      case PeerMessage.SyncRequest(long fromHeight) -> {
        if (fromHeight >= 1 && fromHeight <= finals.storedHeight() && peers.mayAnswer(from, now)) {
          out.add(new ConsensusOutput.SendBlocks(from, fromHeight));
        }
      }
      case PeerMessage.SyncBlocks(List<CommittedBlock> blocks) -> synced(from, blocks);
      case PeerMessage.CandidateRequest(Hash hash) -> {
        if (peers.mayAnswer(from, now)) {
          answerCandidate(from, hash);
        }
      }
      case PeerMessage.CandidateReply(BlockStore.Candidate candidate) -> {
        Held block = new Held(candidate);
        consider(block, from);
        if (tree.isStray(block.hash())) {
          send(from, new PeerMessage.CandidateRequest(block.header().parentHash()));
        }
      }
      case PeerMessage.StatusAnnouncement(
              long peerEpoch,
              long height,
              long peerView,
              boolean peerVotes) -> {
        peers.isIn(from, peerEpoch);
        peers.has(from, height);
      }
      case PeerMessage.Attestation attestation -> {} // for people; votes need no evidence
      case PeerMessage.Resume(ResumeStatement statement, Bytes shown, boolean current) ->
          stated(from, statement, shown, current);
      case PeerMessage.PlanColdStart(ColdStartPlan plan) -> planned(from, plan);
      case PeerMessage.ApproveColdStart(Hash planHash, Bytes signature) ->
          ceremony.approved(from, planHash, signature).ifPresent(this::coldStart);
      case PeerMessage.EpochRequest(long number) -> {
        if (number >= 1 && number <= chain.size() && peers.mayAnswer(from, now)) {
          send(from, new PeerMessage.EpochReply(chain.get((int) number - 1)));
        }
      }
      case PeerMessage.EpochReply(EpochProof proof) -> shownEpoch(from, proof);
      case PeerMessage.CredentialChallenge challenge -> {}
      case PeerMessage.CredentialAnswer answer -> {}
    }
  }

  private void fired(Timer timer) {
    switch (timer) {
      case PROGRESS -> {
        timeoutMs = Math.min(timeoutMs * 3 / 2, config.maxTimeoutMs());
        leaveSlot();
      }
      case REBROADCAST -> tellAgain();
      case BATCH -> {} // settle() proposes
      case GOSSIP -> {} // settle() tells the peers
      case SYNC -> askForMissing();
      case STATUS -> {
        if (!voting) {
          enterEpoch();
        }
        announce();
        tellColdStart();
        broadcastEntries(
            pool.ownToTellAgain(now - settings.regossipMs(), now, 8 * settings.maxGossipEntries()));
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
    awaited.ifPresent(certificate -> learnVerified(certificate, self));
    propose();
    toAnnounce.ifPresent(certificate -> broadcast(new PeerMessage.Decide(certificate)));
    toAnnounce = Optional.empty();
    tellPeersIfDue();
    setAlarms();
  }

  private void setAlarms() {
    if (voting && pending() && (!inNewView() || views.sharedByQuorum(view))) {
      alarms.setIfIdle(Timer.PROGRESS, now, timeoutMs);
    } else {
      alarms.cancel(Timer.PROGRESS);
    }
    if (voting && pending() && (inNewView() || hasProposed())) {
      alarms.setIfIdle(Timer.REBROADCAST, now, timeoutMs / 2);
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
    return pool.size() > 0 || !tree.isEmpty();
  }

  /** Whether this node came to its view by leaving another, and nothing has happened in it yet. */
  private boolean inNewView() {
    return views.own().filter(report -> report.newView() == view).isPresent();
  }

  private boolean hasProposed() {
    return lastProposal
        .filter(proposal -> proposal.candidate().block().header().view() == view)
        .isPresent();
  }

  private boolean behind() {
    return awaited.isPresent()
        || peers.anybodyAbove(tree.tip().height())
        || peers.beyond(config.epoch()).isPresent()
        || tree.hasStrays()
        || lacksAnchor();
  }

  /** Whether the block that this epoch goes on from is neither final nor held here. */
  private boolean lacksAnchor() {
    return tree.tip().height() < epoch.anchorHeight() && tree.parent(epoch.anchor()).isEmpty();
  }

  // ---- entries --------------------------------------------------------------------------------

  private void gossiped(int from, List<SignedEntry> entries) {
    Set<Hash> unknown = new LinkedHashSet<>();
    for (SignedEntry entry : entries) {
      if (!pool.contains(entry.id())) {
        unknown.add(entry.id());
      }
    }
    if (unknown.isEmpty()) {
      return;
    }
    Set<Hash> done = finals.among(unknown, pool);
    List<SignedEntry> fresh = new ArrayList<>();
    for (SignedEntry entry : entries) {
      if (unknown.contains(entry.id())
          && !done.contains(entry.id())
          && !pool.isFull(memberOf(entry, from))) {
        fresh.add(entry);
      }
    }
    Optional<String> violation =
        entryRules.violation(fresh).or(() -> entryRules.seatViolation(fresh));
    if (violation.isPresent()) {
      peers.complain(from, violation.get());
      return;
    }
    fresh.forEach(entry -> pool.add(memberOf(entry, from), entry, now));
  }

  private int memberOf(SignedEntry entry, int otherwise) {
    return electorate.indexOf(entry.entry().member()).orElse(otherwise);
  }

  private void tellPeersSoon(SignedEntry entry) {
    if (config.n() > 1) {
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
    return voting && leader() == self;
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
        broadcast(new PeerMessage.EntryGossip(chunk));
        chunk = new ArrayList<>();
        bytes = 0;
      }
      chunk.add(entry);
      bytes += length;
    }
    if (!chunk.isEmpty()) {
      broadcast(new PeerMessage.EntryGossip(chunk));
    }
  }

  // ---- proposing ------------------------------------------------------------------------------

  /** Why this node may propose in its view, and upon what. */
  private record Ground(Justification justification, CandidateTree.Parent parent) {}

  private void propose() {
    if (!leads() || !begun || proposedView >= view) {
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
    // Upon an epoch's last block, whose certificate was lost, only an empty one that proves it.
    List<SignedEntry> entries =
        parent.lastInEpoch()
            ? List.of()
            : pool.batch(
                tree.entryIdsUpTo(parent.hash()), config.maxBlockEntries(), config.maxBlockBytes());
    BlockHeader header = header(parent, entries);
    proposedView = view;
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
    lastProposal = Optional.of(message);
    if (justification instanceof Justification.Certified) {
      toAnnounce = Optional.empty(); // the proposal carries it
    }
    broadcast(message);
    candidate.block().entries().forEach(entry -> untold.remove(entry.id()));
    tree.proposed(block, electorate.name(self));
    tree.hold(block);
    voteFor(block);
  }

  private Optional<Ground> ground() {
    CandidateTree.Parent tip = tree.tip();
    if (view == 1 && tree.tipView() == 0) {
      return tree.parent(epoch.anchor())
          .map(anchor -> new Ground(new Justification.Anchor(), anchor));
    }
    if (tipCertificate.filter(certificate -> certificate.view() == view - 1).isPresent()) {
      return Optional.of(new Ground(new Justification.Certified(tipCertificate.get()), tip));
    }
    List<NewView> usable = views.reportsFor(view).stream().filter(this::isUsable).toList();
    if (usable.size() < config.quorum()) {
      return Optional.empty();
    }
    NewView highest =
        usable.stream().max((a, b) -> Long.compare(a.votedView(), b.votedView())).orElseThrow();
    Check.that(
        highest.votedView() >= tree.tipView(),
        "Expected a quorum to report the votes for the tip, but none does");
    return tree.parent(highest.votedHash())
        .map(parent -> new Ground(new Justification.NewViews(usable), parent));
  }

  /** Whether the reported block is one this node can build upon, or is older than the tip. */
  private boolean isUsable(NewView report) {
    if (report.votedView() == 0) {
      return tree.tipView() > 0 || tree.parent(epoch.anchor()).isPresent();
    }
    if (report.votedView() < tree.tipView()) {
      return true;
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
    OptionalLong oldest = pool.oldestArrival();
    if (oldest.isEmpty()) {
      return false;
    }
    long rest =
        Math.max(
            rest(settings.lingerMs(), oldest.getAsLong()), rest(settings.paceMs(), proposedMs));
    if (pool.size() >= config.maxBlockEntries()
        || pool.bytes() >= config.maxBlockBytes()
        || rest == 0) {
      return true;
    }
    alarms.setIfIdle(Timer.BATCH, now, rest);
    return false;
  }

  private BlockHeader header(CandidateTree.Parent parent, List<SignedEntry> entries) {
    Optional<EpochConfig> next = ballotsUpTo(parent.hash()).after(entries).next();
    return new BlockHeader(
        config.chainId(),
        config.epoch(),
        view,
        parent.height() + 1,
        parent.hash(),
        MerkleTree.ofEntries(entries).root(),
        BlockHeader.EMPTY_STATE,
        Math.max(now, parent.timeMs()),
        self,
        parent.lastInEpoch() || next.isPresent(),
        parent.lastInEpoch()
            ? parent.nextConfigHash()
            : next.map(EpochConfig::hash).orElse(Hash.ZERO),
        entries.size(),
        entries.stream().mapToInt(entry -> entry.cose().length()).sum());
  }

  /** The epoch's ballots up to a held block, or the tip. */
  private BallotBox ballotsUpTo(Hash hash) {
    BallotBox box = ballots;
    for (Held block : tree.path(hash)) {
      box = box.after(block.candidate().block().entries());
    }
    return box;
  }

  // ---- blocks and votes -----------------------------------------------------------------------

  /** Takes a proposed block from wherever it comes. */
  private void consider(Held block, int from) {
    BlockHeader header = block.header();
    if (tree.get(block.hash()).isPresent()) {
      voteAgain(block, from);
      return;
    }
    if (header.height() <= tree.tip().height()) {
      return;
    }
    if (header.epoch() > config.epoch()) {
      peers.has(from, header.height() - 1);
      return;
    }
    if (header.epoch() < config.epoch()) {
      inherit(block, from);
      return;
    }
    if (header.view() <= tree.tipView()) {
      return;
    }
    if (!electorate.proposed(header, block.hash(), block.candidate().proposal())) {
      peers.complain(from, "Expected a proposal signed by the view's leader, but it is not");
      return;
    }
    tree.proposed(block, electorate.name(electorate.leader(header.view())));
    if (rules.bodyMatches(block.candidate().block())) {
      place(block, from);
    } else {
      peers.complain(from, "Expected the entries the header commits to, but they differ");
    }
  }

  /**
   * A block of the epoch before is taken if this one goes on from it; its hash says that it does.
   */
  private void inherit(Held block, int from) {
    if (inherited.contains(block.hash()) && rules.bodyMatches(block.candidate().block())) {
      inherited.add(block.header().parentHash());
      place(block, from);
    }
  }

  private void place(Held block, int from) {
    Optional<CandidateTree.Parent> parent = tree.parent(block.header().parentHash());
    if (parent.isEmpty()) {
      tree.keepStray(new CandidateTree.Stray(block, from));
      return;
    }
    if (block.header().epoch() < config.epoch()) {
      tree.hold(block);
      return;
    }
    switch (verdict(block, parent.get(), from)) {
      case ProposalRules.Verdict.Invalid(String reason) ->
          peers.complain(electorate.leader(block.view()), reason);
      case ProposalRules.Verdict.Valid() -> {
        tree.hold(block);
        voteFor(block);
      }
    }
  }

  private ProposalRules.Verdict verdict(Held block, CandidateTree.Parent parent, int from) {
    Set<Hash> taken = tree.entryIdsUpTo(parent.hash());
    BallotBox box = ballotsUpTo(parent.hash());
    // What this node stored it may have voted for: neither its clock nor its roots judge it again.
    return from == self && stored.contains(block.hash())
        ? rules.checkFinal(block.candidate().block(), parent, taken, box)
        : rules.check(block.candidate().block(), parent, taken, box, now);
  }

  private void voteFor(Held block) {
    if (block.view() < view || tree.get(block.hash()).isEmpty()) {
      return;
    }
    moveUpTo(block.view());
    if (!voting || block.view() <= votedView) {
      return;
    }
    toVote = Optional.of(block);
    for (Held each : tree.path(block.hash())) {
      if (storing.add(each.hash())) {
        out.add(new ConsensusOutput.StoreCandidate(each.candidate()));
      }
    }
    voteIfStored();
  }

  private void candidateStored(Hash hash) {
    stored.add(hash);
    voteIfStored();
    ceremony
        .plan()
        .filter(plan -> !ceremony.approvals().containsKey(self))
        .ifPresent(this::askForApproval);
  }

  /** A vote is released only when the block and all below it survive a power cut here. */
  private void voteIfStored() {
    if (toVote.isEmpty() || tree.get(toVote.get().hash()).isEmpty()) {
      return;
    }
    Held block = toVote.get();
    if (block.view() < view) {
      toVote = Optional.empty();
    } else if (tree.path(block.hash()).stream().allMatch(each -> stored.contains(each.hash()))) {
      toVote = Optional.empty();
      vote(block);
    }
  }

  private void vote(Held block) {
    votedView = block.view();
    // The enclave needs no justification for a vote: the leader's enclave checked it.
    Voter.Signed answer =
        voter.vote(1, block.header(), block.candidate().proposal(), new Justification.Anchor());
    switch (answer) {
      case Voter.Signed.Yes(var signature) -> {
        Vote vote = Vote.of(self, block.header(), block.hash(), signature);
        lastVote = Optional.of(vote);
        deliver(vote);
      }
      case Voter.Signed.No(String status) -> {
        if (LOST.contains(status)) {
          voterLost(status);
        } else if (!status.equals(STALE)) {
          peers.complain(
              electorate.leader(block.view()), "Expected a proposal to vote for, but " + status);
        }
      }
    }
  }

  /** To the view's leader, and where a slot ends also to the next, who needs the certificate. */
  private void deliver(Vote vote) {
    int leader = electorate.leader(vote.view());
    int next = electorate.leader(vote.view() + 1);
    if (leader != self) {
      send(leader, new PeerMessage.VoteMessage(vote));
    }
    if (next != self && next != leader) {
      send(next, new PeerMessage.VoteMessage(vote));
    }
    if (leader == self || next == self) {
      collect(vote, true);
    }
  }

  /** A leader that proposes the same block again has missed votes. */
  private void voteAgain(Held block, int from) {
    lastVote
        .filter(vote -> vote.blockHash().equals(block.hash()))
        .filter(vote -> electorate.leader(vote.view()) == from)
        .ifPresent(vote -> send(from, new PeerMessage.VoteMessage(vote)));
  }

  private void collect(Vote vote, boolean trusted) {
    boolean mine =
        electorate.leader(vote.view()) == self || electorate.leader(vote.view() + 1) == self;
    if (!mine || vote.view() <= tree.tipView() || vote.view() > view + MAX_VIEWS_AHEAD) {
      return;
    }
    votes
        .add(vote, trusted)
        .ifPresent(
            certificate -> {
              toAnnounce = Optional.of(certificate);
              learnVerified(certificate, self);
            });
  }

  // ---- finality -------------------------------------------------------------------------------

  private void learn(QuorumCertificate certificate, int from) {
    if (certificate.epoch() != config.epoch()) {
      if (certificate.epoch() > config.epoch()) {
        peers.has(from, certificate.height());
      }
      return;
    }
    boolean known =
        certificate.height() <= tree.tip().height()
            && tree.finalHash(certificate.height())
                .filter(hash -> !hash.equals(certificate.blockHash()))
                .isEmpty();
    if (known || awaited.filter(each -> each.view() >= certificate.view()).isPresent()) {
      return;
    }
    if (!electorate.certified(certificate)) {
      peers.complain(from, "Expected votes of a quorum, but the certificate does not verify");
      return;
    }
    learnVerified(certificate, from);
  }

  private void learnVerified(QuorumCertificate certificate, int from) {
    Optional<Hash> there = tree.finalHash(certificate.height());
    Check.that(
        there.isEmpty() || there.get().equals(certificate.blockHash()),
        "Expected one final block at height "
            + certificate.height()
            + ", but a quorum certified another: a voter is broken");
    if (from != self) {
      peers.has(from, certificate.height());
    }
    moveUpTo(certificate.view() + 1);
    if (certificate.height() <= tree.tip().height()) {
      awaited = awaited.filter(each -> each.height() > tree.tip().height());
      return;
    }
    if (tree.get(certificate.blockHash()).isEmpty()) {
      awaited = Optional.of(certificate);
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
      if (header.lastInEpoch() && header.epoch() == config.epoch()) {
        return i;
      }
    }
    return blocks.size() - 1;
  }

  private void makeFinal(List<Block> run, List<BlockHeader> suffix, QuorumCertificate certificate) {
    BlockHeader last = run.getLast().header();
    run.forEach(block -> ballots = ballots.after(block.entries()));
    Optional<EpochProof> next = endOfEpoch(last, suffix, certificate);
    for (Block block : run) {
      CommittedBlock committed = new CommittedBlock(block, suffix, certificate);
      boolean ends = block.header().height() == last.height();
      out.add(new ConsensusOutput.Append(committed, ends ? next : Optional.empty()));
      tree.advance(block.header(), block.hash());
      tipBlock = Optional.of(committed);
      for (SignedEntry entry : block.entries()) {
        finals.add(entry.id(), block.header().height());
        pool.remove(entry.id());
        untold.remove(entry.id());
      }
    }
    Check.that(
        !suffix.isEmpty() || tree.tip().hash().equals(certificate.blockHash()),
        "Expected the certificate of the last block, but it is of another");
    views.confront(certificate);
    lastFinalMs = now;
    if (next.isPresent()) {
      begun = false;
      voting = false;
      follow(next.get());
      return;
    }
    tipCertificate = Optional.of(certificate);
    awaited = awaited.filter(each -> each.height() > tree.tip().height());
    tree.prune();
    votes.forgetUpTo(tree.tipView());
    storing.removeIf(hash -> tree.get(hash).isEmpty());
    stored.removeIf(hash -> tree.get(hash).isEmpty());
    timeoutMs = config.timeoutMs();
    alarms.cancel(Timer.PROGRESS); // settle() sets it anew for the next block
    alarms.cancel(Timer.REBROADCAST);
    moveUpTo(certificate.view() + 1);
  }

  /** The proof of the next epoch, if this block ends the running one. */
  private Optional<EpochProof> endOfEpoch(
      BlockHeader last, List<BlockHeader> suffix, QuorumCertificate certificate) {
    if (!last.lastInEpoch() || last.epoch() != config.epoch()) {
      return Optional.empty();
    }
    EpochConfig next =
        ballots
            .next()
            .filter(decided -> decided.hash().equals(last.nextConfigHash()))
            .orElseThrow(
                () ->
                    new LedgerViolation(
                        "Expected the next configuration to be what the ballots decide, but a"
                            + " quorum certified another"));
    List<BlockHeader> headers = new ArrayList<>(suffix);
    headers.addFirst(last);
    return Optional.of(new EpochProof.Ended(next, headers, certificate));
  }

  // ---- views ----------------------------------------------------------------------------------

  /** Follows the others into a later view; the voter learns of it by its next signature. */
  private void moveUpTo(long higher) {
    if (higher > view) {
      view = higher;
      alarms.cancel(Timer.PROGRESS);
    }
  }

  private void leaveSlot() {
    leaveTo((view / config.slotK() + 1) * config.slotK());
  }

  /** Leaves all views below {@code target} for good, or below the next slot the voter accepts. */
  private void leaveTo(long target) {
    long next = target;
    long step = config.slotK();
    for (int tries = 1; voting && next < MAX_VIEW; tries++) {
      switch (voter.newView(next)) {
        case Voter.Moved.Yes(NewView report) -> {
          view = next;
          alarms.cancel(Timer.PROGRESS);
          views.note(report);
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
    views
        .own()
        .ifPresent(
            report ->
                broadcast(
                    new PeerMessage.NewViewMessage(
                        config.epoch(),
                        report,
                        tipCertificate,
                        tree.get(report.votedHash()).map(Held::candidate))));
  }

  /** Until something becomes final, what this node said last in its view is said again. */
  private void tellAgain() {
    if (inNewView()) {
      tellNewView();
      // Whoever missed another member's report learns it from us, so that enough can join.
      for (NewView other : views.othersFrom(view)) {
        broadcast(
            new PeerMessage.NewViewMessage(
                config.epoch(), other, Optional.empty(), Optional.empty()));
      }
    }
    if (hasProposed()) {
      lastProposal.ifPresent(this::broadcast);
    }
  }

  private void reported(int from, PeerMessage.NewViewMessage message) {
    message.highest().ifPresent(certificate -> learn(certificate, from));
    NewView report = message.report();
    boolean own = report.member() == from;
    long peerHeight = message.highest().map(QuorumCertificate::height).orElse(0L);
    if (own && peerHeight < tree.tip().height()) {
      tipCertificate.ifPresent(certificate -> send(from, new PeerMessage.Decide(certificate)));
    }
    message.voted().ifPresent(candidate -> consider(new Held(candidate), from));
    if (message.epoch() != config.epoch()) {
      return;
    }
    if (!electorate.isMember(report.member()) || !views.isNews(report)) {
      return;
    }
    if (!electorate.reported(report)) {
      peers.complain(from, "Expected a signed report of a new view, but it does not verify");
      return;
    }
    views.note(report);
    tipCertificate.ifPresent(views::confront);
    OptionalLong join = views.viewToJoin(view);
    if (voting && join.isPresent()) {
      leaveTo(join.getAsLong());
    }
  }

  // ---- catching up ----------------------------------------------------------------------------

  private void askForMissing() {
    // Of everybody: whoever sent the child may be the one who withholds its parent.
    tree.missingParents().stream()
        .limit(MAX_PARENTS_ASKED)
        .forEach(parent -> broadcast(new PeerMessage.CandidateRequest(parent)));
    if (lacksAnchor()) {
      broadcast(new PeerMessage.CandidateRequest(epoch.anchor()));
    }
    peers
        .beyond(config.epoch())
        .ifPresent(peer -> send(peer, new PeerMessage.EpochRequest(config.epoch() + 1)));
    askForBlocks();
    alarms.set(Timer.SYNC, now, settings.syncTimeoutMs());
  }

  private void askForBlocks() {
    long height = tree.tip().height();
    peers
        .nextAbove(height)
        .ifPresent(peer -> send(peer, new PeerMessage.SyncRequest(sync.nextHeight(height))));
  }

  private void answerCandidate(int from, Hash hash) {
    tree.get(hash)
        .ifPresentOrElse(
            held -> send(from, new PeerMessage.CandidateReply(held.candidate())),
            () ->
                tipCertificate.ifPresent(
                    certificate -> send(from, new PeerMessage.Decide(certificate))));
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
      if (block.certificate().epoch() > config.epoch()) {
        // An epoch that began without a block that says so: askForMissing() asks why.
        sync.keep(List.of());
        return;
      }
      boolean certified = electorate.certified(block.certificate());
      if (certified) {
        requireUponTip(run);
      }
      if (!certified || !isLinked(run)) {
        peers.complain(from, "Expected certified blocks upon the tip, but they are not");
        peers.lacks(from, tree.tip().height());
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

  /** Whether the certificate that came with a block is its own, or that of its epoch's suffix. */
  private static boolean isCovered(CommittedBlock committed) {
    BlockHeader header = committed.block().header();
    BlockHeader certified = header;
    for (BlockHeader above : committed.suffix()) {
      if (!above.isSuffixOf(certified)) {
        return false;
      }
      certified = above;
    }
    return committed.certificate().isFor(certified, certified.hash());
  }

  /**
   * Checks that a certified run, if it is one, descends from the tip.
   *
   * @throws LedgerViolation if it has another ancestor of the tip's height: that was certified too
   */
  private void requireUponTip(List<Block> run) {
    for (int i = 1; i < run.size(); i++) {
      if (!run.get(i).header().parentHash().equals(run.get(i - 1).hash())) {
        return; // the sender's invention
      }
    }
    Check.that(
        run.getFirst().header().parentHash().equals(tree.tip().hash()),
        "Expected certified blocks upon the final block of height "
            + tree.tip().height()
            + ", but a quorum certified others: a voter is broken");
  }

  /**
   * Whether the blocks extend the tip and each the one before, and have the entries their headers
   * commit to: a certificate covers headers only, so the entries might be the sender's invention.
   */
  private boolean isLinked(List<Block> run) {
    Hash below = tree.tip().hash();
    for (Block block : run) {
      if (!block.header().parentHash().equals(below) || !rules.bodyMatches(block)) {
        return false;
      }
      below = block.hash();
    }
    return true;
  }

  /** A quorum certified these blocks: a broken rule in them is a broken ledger, not a bad peer. */
  private void requireValid(List<Block> run) {
    CandidateTree.Parent parent = tree.tip();
    Set<Hash> taken = new HashSet<>();
    BallotBox box = ballots;
    for (Block block : run) {
      if (block.header().epoch() < config.epoch()) {
        parent = CandidateTree.Parent.of(block.header(), block.hash(), config.epoch());
        continue; // governance vouched for it, with the rest of the epoch before
      }
      switch (rules.checkFinal(block, parent, taken, box)) {
        case ProposalRules.Verdict.Valid() -> {}
        case ProposalRules.Verdict.Invalid(String reason) ->
            throw new LedgerViolation(
                "Expected a certified block to be valid, but at height "
                    + block.header().height()
                    + ": "
                    + reason);
      }
      block.entries().forEach(entry -> taken.add(entry.id()));
      box = box.after(block.entries());
      parent = CandidateTree.Parent.of(block.header(), block.hash(), config.epoch());
    }
  }

  // ---- cold start -----------------------------------------------------------------------------

  /** Says again what this member has to say about an epoch that cannot go on. */
  private void tellColdStart() {
    if (!voting && begun && self != NO_SEAT && ceremony.plan().isEmpty()) {
      state(basis());
    }
    if (!voting) {
      ceremony.own().forEach(this::broadcast);
    }
    ceremony.plan().ifPresent(this::tellPlan);
    composePlan();
  }

  private void tellPlan(ColdStartPlan plan) {
    broadcast(new PeerMessage.PlanColdStart(plan));
    ceremony
        .approvals()
        .forEach(
            (seat, approval) -> {
              if (seat == self) {
                broadcast(new PeerMessage.ApproveColdStart(plan.hash(), approval.signature()));
              }
            });
    if (!ceremony.approvals().containsKey(self)) {
      askForApproval(plan);
    }
  }

  /** What this member may have voted for, by its disk: a block is stored before it is voted for. */
  private Voter.Basis basis() {
    Optional<Held> highest = tree.highest(config.epoch(), block -> stored.contains(block.hash()));
    Optional<QuorumCertificate> certified = awaited.or(() -> tipCertificate);
    long certifiedView = certified.map(QuorumCertificate::view).orElse(0L);
    if (highest.isPresent() && highest.get().view() > certifiedView) {
      return new Voter.Basis.Proposed(highest.get().header(), highest.get().candidate().proposal());
    }
    return certified.isPresent()
        ? new Voter.Basis.Certified(certified.get())
        : new Voter.Basis.Nothing();
  }

  private void state(Voter.Basis basis) {
    if (!(voter.resume(basis) instanceof Voter.Resumed.Yes(ResumeStatement statement))) {
      return;
    }
    ceremony
        .evidenceOf(statement.votingKey())
        .or(() -> evidence.own(tree.tip().hash()))
        .ifPresent(shown -> note(self, statement, shown, true));
  }

  private boolean note(int from, ResumeStatement statement, Bytes shown, boolean current) {
    boolean news = ceremony.evidenceOf(statement.votingKey()).isEmpty();
    Optional<String> violation = ceremony.note(statement, shown, current);
    violation.ifPresent(reason -> peers.complain(from, reason));
    if (news && violation.isEmpty()) {
      out.add(new ConsensusOutput.KeepStatement(config.epoch(), statement, shown));
    }
    return violation.isEmpty();
  }

  private void stated(int from, ResumeStatement statement, Bytes shown, boolean current) {
    if (!statement.configHash().equals(electorate.configHash()) || statement.member() != from) {
      return; // of another epoch, or not the sender's
    }
    if (!note(from, statement, shown, current)) {
      return;
    }
    if (voting && !ceremony.hasStated(self) && ceremony.quorumIsLost()) {
      // Without them no quorum is left: this member's key is of no use, but its word is.
      voterLost("gave up its key for a cold start");
      state(new Voter.Basis.GivenUp());
    }
    composePlan();
  }

  private void composePlan() {
    if (!begun || ceremony.plan().isPresent() || !ceremony.quorumIsLost()) {
      return;
    }
    Hash best = ColdStart.best(ceremony.statements()).votedHash();
    if (tree.parent(best).isEmpty()) {
      broadcast(new PeerMessage.CandidateRequest(best));
      return;
    }
    List<BlockHeader> end = endOnTheWayTo(best);
    Optional<EpochConfig> base = end.isEmpty() ? Optional.empty() : ballotsUpTo(best).next();
    ceremony
        .compose(now, settings.coldStartPatienceMs(), end, base)
        .ifPresent(plan -> planned(self, plan));
  }

  /** The block that ends this epoch and its suffix, on the way from the tip to a held block. */
  private List<BlockHeader> endOnTheWayTo(Hash hash) {
    return tree.path(hash).stream()
        .map(Held::header)
        .filter(header -> header.lastInEpoch() && header.epoch() == config.epoch())
        .toList();
  }

  private void planned(int from, ColdStartPlan plan) {
    if (!begun || ceremony.plan().isPresent()) {
      return;
    }
    Optional<String> violation = ceremony.violation(plan);
    if (violation.isPresent()) {
      peers.complain(from, violation.get());
      return;
    }
    Hash best = plan.best().votedHash();
    boolean known = plan.best().votedView() < tree.tipView() || tree.parent(best).isPresent();
    if (!known) {
      broadcast(new PeerMessage.CandidateRequest(best));
      return; // the plan comes again
    }
    Optional<EpochProof.ColdStarted> proof = ceremony.adopt(plan);
    tellPlan(plan);
    proof.ifPresent(this::coldStart);
  }

  /** Approving makes the block it goes on from final: it must be safe here first. */
  private void askForApproval(ColdStartPlan plan) {
    if (!plan.members().contains(self)) {
      return;
    }
    List<Held> way =
        tree.parent(plan.best().votedHash()).isPresent()
            ? tree.path(plan.best().votedHash())
            : List.of();
    boolean safe = true;
    for (Held block : way) {
      if (storing.add(block.hash())) {
        out.add(new ConsensusOutput.StoreCandidate(block.candidate()));
      }
      safe &= stored.contains(block.hash());
    }
    if (safe) {
      out.add(new ConsensusOutput.ApproveColdStart(config.epoch(), plan));
    }
  }

  private void approvedHere(Hash planHash, Bytes signature) {
    Optional<EpochProof.ColdStarted> proof = ceremony.approved(self, planHash, signature);
    ceremony.plan().ifPresent(this::tellPlan);
    proof.ifPresent(this::coldStart);
  }

  /** An earlier life of this host approved: whatever happened since, it approves nothing else. */
  private void approvedBefore(ColdStartPlan.Approved approved) {
    ceremony.adopt(approved.plan());
    ceremony
        .approved(self, approved.plan().hash(), approved.signature())
        .ifPresent(this::coldStart);
  }

  private void shownEpoch(int from, EpochProof proof) {
    if (proof.config().epoch() != config.epoch() + 1
        || !(proof instanceof EpochProof.ColdStarted started)) {
      return; // an epoch that ended by a block is learned with that block
    }
    if (EpochChain.next(epoch, started, signatures) instanceof EpochChain.Step.Broken broken) {
      peers.complain(from, broken.reason());
      return;
    }
    coldStart(started);
  }

  private void coldStart(EpochProof.ColdStarted proof) {
    out.add(new ConsensusOutput.EnterEpoch(proof));
    begun = false;
    voting = false;
    follow(proof);
    Check.that(
        tree.tip().height() < epoch.anchorHeight() || tree.tip().hash().equals(epoch.anchor()),
        "Expected governance to go on from the last final block or above it, but it did not");
  }

  // ---- outputs --------------------------------------------------------------------------------

  private void announce() {
    broadcast(
        new PeerMessage.StatusAnnouncement(config.epoch(), finals.storedHeight(), view, voting));
    alarms.set(Timer.STATUS, now, settings.statusMs());
  }

  private void send(int member, PeerMessage message) {
    if (member != self) {
      out.add(new ConsensusOutput.Send(member, message));
    }
  }

  private void broadcast(PeerMessage message) {
    if (config.n() > 1) {
      out.add(new ConsensusOutput.Broadcast(message));
    }
  }

  private void halt(String reason) {
    halted = Optional.of(reason);
    voting = false;
    // Whoever has another final block at this height sees the proof as well.
    tipCertificate.ifPresent(certificate -> broadcast(new PeerMessage.Decide(certificate)));
    out.add(new ConsensusOutput.Halted(reason));
  }

  // ---- status ---------------------------------------------------------------------------------

  /** The running epoch's configuration. */
  public EpochConfig config() {
    return config;
  }

  /** Proofs of all epochs up to this one, genesis first. */
  public List<EpochProof> epochs() {
    return List.copyOf(chain);
  }

  /** How this member would go on after a lost quorum, once it knows. */
  public Optional<ColdStartPlan> coldStartPlan() {
    return ceremony.plan();
  }

  /** Current view. */
  public long view() {
    return view;
  }

  /** Index of the current view's leader. */
  public int leader() {
    return electorate.leader(view);
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
    return pool.size();
  }

  /** Whether this member's voter has a seat and answers. */
  public boolean voting() {
    return voting;
  }

  /** Why the replica halted, if it did. */
  public Optional<String> halted() {
    return halted;
  }

  /** Height that member announced last; own height for the replica itself. */
  public long peerHeight(int member) {
    return member == self ? height() : peers.height(member);
  }

  /** When that member's last message arrived, ms since 1970-01-01 UTC, 0 if never. */
  public long peerLastHeardMs(int member) {
    return peers.lastHeardMs(member);
  }

  /** What that member did wrong last, if anything: "Expected …, but …". */
  public Optional<String> complaint(int member) {
    return peers.complaint(member);
  }

  /** One English sentence: why consensus moves, rests or is stuck. */
  public String summary(long nowMs) {
    if (halted.isPresent()) {
      return "Halted for safety: " + halted.get() + ".";
    }
    if (!started) {
      return "Not started yet.";
    }
    String role = voting ? "" : "Follows without voting (" + voterStatus + "); ";
    Diagnosis diagnosis = new Diagnosis(electorate, self, peers, nowMs, 3 * settings.statusMs());
    String members = diagnosis.ofMembers(height()) + diagnosis.ofColdStart(ceremony);
    if (peers.anybodyAbove(height() + 1)) {
      return role + "catching up from height " + height() + ".";
    }
    if (!pending()) {
      return role + "nothing waits; height " + height() + members + ".";
    }
    long still = Math.max(0, nowMs - lastFinalMs) / 1_000;
    String waits =
        pool.size()
            + " entries wait, last final block "
            + still
            + " s ago; leader of view "
            + view
            + " is "
            + electorate.name(leader());
    return role + waits + (inNewView() ? ", which takes over" : "") + members + ".";
  }
}
