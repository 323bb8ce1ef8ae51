package org.caduceus.ledger.ejb.consensus;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.EJB;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.LedgerViolation;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.ColdStartPlan;
import org.caduceus.ledger.consensus.ConsensusInput;
import org.caduceus.ledger.consensus.ConsensusOutput;
import org.caduceus.ledger.consensus.Electorate;
import org.caduceus.ledger.consensus.OpenMatters;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.Replica;
import org.caduceus.ledger.consensus.ReplicaSettings;
import org.caduceus.ledger.consensus.VoterByMode;
import org.caduceus.ledger.consensus.VoterFault;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.ejb.Threads;
import org.caduceus.ledger.ejb.fanout.CommittedBlockFeed;
import org.caduceus.ledger.ejb.peer.EmbeddedBroker;
import org.caduceus.ledger.ejb.peer.JmsPeerNetwork;
import org.caduceus.ledger.ejb.peer.Links;
import org.caduceus.ledger.ejb.store.JpaVoterLogs;
import org.caduceus.ledger.ejb.store.NodeStore;
import org.caduceus.ledger.ejb.store.RecordStore;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.Institution;
import org.caduceus.ledger.membership.NextEpoch;
import org.caduceus.ledger.membership.Register;

/**
 * The replica on its own thread: one input at a time, its outputs executed in order before the
 * next.
 *
 * <pre>
 *   PeerInbox ──┐
 *   GroupCommit ┼─► queue ─► Replica.on ─► outputs ─► database, peers, alarms, block feed
 *   EnclaveBean ┘               ▲                        │
 *                               └── stored, appended ◄───┘
 * </pre>
 *
 * <p>A write that fails is tried again until it succeeds, because the replica may neither vote nor
 * go on without it; meanwhile inputs wait. After a {@link LedgerViolation}, or anything else the
 * replica throws, it is not called again and health turns red.
 */
@Singleton
@Startup
@LocalBean
@DependsOn({"CommittedBlockFeed", "EnclaveBean", "EmbeddedBroker"})
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SerialReplica {
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long PUBLISH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long COUNT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int LOOKS_AFTER_FAILURE = 3;
  private static final long SILENCE_MS = TimeUnit.SECONDS.toMillis(10);
  private static final long RETRY_MS = 200;
  private static final long MAX_RETRY_MS = 5_000;

  /** Something for the replica. */
  private sealed interface Queued {
    /** An input as it is. */
    record Input(ConsensusInput input) implements Queued {}

    /** A peer's message; which seat the sender has, the epoch decides in which it is read. */
    record Letter(String sender, PeerMessage message, long position) implements Queued {}
  }

  @EJB private BlockStore store;
  @EJB private RecordStore records;
  @EJB private NodeStore nodeStore;
  @EJB private EnclaveBean enclave;
  @EJB private JpaVoterLogs voterLogs;
  @EJB private JmsPeerNetwork network;
  @EJB private EmbeddedBroker broker;
  @EJB private Links links;
  @EJB private Governance governance;
  @EJB private CommittedBlockFeed feed;
  @Inject private Node node;
  @Resource private ManagedThreadFactory threads;

  private final InstantSource clock = InstantSource.system();
  private final ReplicaSettings settings = ReplicaSettings.defaults();
  private final LinkedBlockingQueue<Queued> queue = new LinkedBlockingQueue<>();
  private final Alarms alarms = new Alarms();
  private final AtomicInteger looksLeft = new AtomicInteger();
  private final Farewells farewells = new Farewells();
  private Constitution linked;
  private PeerWatch peers;
  private long watchedEpoch;
  private volatile ReplicaState state;
  private volatile OpenMatters openMatters;
  private volatile boolean running = true;
  private volatile Optional<String> halted = Optional.empty();
  private ProcessVoter process;
  private Replica replica;
  private Thread thread;
  private long tipAtMs;
  private long publishedNanos;
  private long countedNanos;

  @PostConstruct
  void start() {
    process =
        new ProcessVoter(
            node.settings().enclave().directory().resolveSibling("voter.key"),
            node.genesis().suite(),
            enclave,
            key -> ProcessVoter.logIn(voterLogs, key),
            enclave.verifier());
    replica =
        new Replica(
            node.genesis(),
            node.member(),
            new VoterByMode(enclave.voter(), process),
            store::finalAmong,
            governance,
            settings,
            enclave.verifier());
    Optional<CommittedBlock> tip = store.tip();
    tipAtMs = tip.flatMap(block -> nodeStore.finalAt(block.block().header().height())).orElse(0L);
    openMatters = replica.openMatters();
    publish();
    enclave.onConnected(() -> enqueue(new ConsensusInput.VoterChanged()));
    thread = threads.newThread(() -> run(tip));
    thread.setName("caduceus-replica");
    thread.start();
  }

  @PreDestroy
  void stop() {
    running = false;
    enqueue(new ConsensusInput.VoterChanged());
    Threads.join(thread, Duration.ofSeconds(10));
  }

  /** Own entries, signed in this process and durable here. Never blocks. */
  public void submitted(List<SignedEntry> entries) {
    enqueue(new ConsensusInput.Submitted(entries, true));
  }

  /**
   * A commit failed, so its entries may be durable without anybody having said so: the database is
   * asked what waits, a few times, because a commit whose connection broke may still end.
   */
  public void commitFailed() {
    looksLeft.set(LOOKS_AFTER_FAILURE);
  }

  /**
   * A peer's message. Never blocks; the broker's door bounds how much of each peer waits.
   *
   * @param sender id of the member that the link authenticated
   * @param position among the sender's messages
   */
  public void received(String sender, PeerMessage message, long position) {
    queue.add(new Queued.Letter(sender, message, position));
  }

  /** The state last published. */
  public ReplicaState state() {
    return state;
  }

  /** Key of this node's voter of BFT-2P, once it was needed. */
  public Optional<Bytes> processKey() {
    return process.votingKey();
  }

  /** The same, opened or made for it; empty while enclave or database are away. */
  public Optional<Bytes> announcedKey() {
    return process.announced();
  }

  /** What waits for governance keys, at most a second old. */
  public OpenMatters openMatters() {
    return openMatters;
  }

  /** The institution approved a plan, and that it did is durable. Never blocks. */
  public void approved(Hash planHash, Bytes signature) {
    enqueue(new ConsensusInput.ColdStartApproved(planHash, signature));
  }

  /** Whether the replica's thread runs. */
  public boolean alive() {
    return thread.isAlive();
  }

  private void enqueue(ConsensusInput input) {
    queue.add(new Queued.Input(input));
  }

  private void run(Optional<CommittedBlock> tip) {
    ConsensusInput.Start start = ConsensusInput.Start.of(store, node.settings().maxWaiting());
    long height = tip.map(block -> block.block().header().height()).orElse(0L);
    LedgerLog.REPLICA_STARTED.log(node.member(), height, start.waiting().size());
    EpochConfig config =
        start.epochs().isEmpty() ? node.genesis() : start.epochs().getLast().config();
    link(new Constitution(config, start.register().orElseGet(() -> Register.of(config))));
    try {
      step(start);
      while (running) {
        turn();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LedgerLog.REPLICA_FAILED.log(e);
      halt(
          e instanceof LedgerViolation
              ? e.getMessage()
              : "The replica failed: " + e.getClass().getSimpleName());
    }
  }

  private void turn() throws InterruptedException {
    long now = System.nanoTime();
    Optional<org.caduceus.ledger.consensus.Timer> due = alarms.due(now);
    if (due.isPresent()) {
      step(new ConsensusInput.TimerFired(due.get()));
    } else {
      Queued next = queue.poll(alarms.nanosToNext(now, IDLE_NANOS), TimeUnit.NANOSECONDS);
      if (next != null) {
        take(next);
      }
    }
    now = System.nanoTime();
    if (now - publishedNanos >= PUBLISH_NANOS) {
      publish();
    }
    if (now - countedNanos >= COUNT_NANOS) {
      countedNanos = now;
      openMatters = replica.openMatters();
      countWaiting();
      lookForWaiting();
      watchPeers();
      sayFarewell();
    }
  }

  private void take(Queued next) throws InterruptedException {
    switch (next) {
      case Queued.Input(ConsensusInput input) -> step(input);
      case Queued.Letter(String sender, PeerMessage message, long position) -> {
        Optional<Integer> from = replica.participant(sender);
        if (from.isPresent()) {
          step(new ConsensusInput.Received(from.get(), message));
        }
        broker.taken(sender, position);
      }
    }
  }

  /** One input and everything that follows from its writes. */
  private void step(ConsensusInput first) throws InterruptedException {
    Deque<ConsensusInput> inputs = new ArrayDeque<>();
    inputs.add(first);
    // A replica that halted by itself still shows others the proof; one that failed is not asked.
    while (!inputs.isEmpty() && (halted.isEmpty() || replica.halted().isPresent())) {
      for (ConsensusOutput output : replica.on(clock.millis(), inputs.remove())) {
        execute(output).ifPresent(inputs::add);
      }
    }
  }

  private Optional<ConsensusInput> execute(ConsensusOutput output) throws InterruptedException {
    switch (output) {
      case ConsensusOutput.Send(int toMember, PeerMessage message) -> send(toMember, message);
      case ConsensusOutput.Broadcast(PeerMessage message) -> network.broadcast(message);
      case ConsensusOutput.StoreCandidate(BlockStore.Candidate candidate) -> {
        untilStored("a candidate", () -> store.storeCandidate(candidate));
        return Optional.of(new ConsensusInput.CandidateStored(candidate.block().hash()));
      }
      case ConsensusOutput.Append(CommittedBlock block, Optional<NextEpoch> next) -> {
        long height = block.block().header().height();
        untilStored("block " + height, () -> store.append(block, next));
        next.ifPresent(epoch -> began(epoch, "its last block at height " + height, height));
        tipAtMs = clock.millis();
        feed.committed(block, tipAtMs);
        publish();
        return Optional.of(new ConsensusInput.BlockAppended(height));
      }
      case ConsensusOutput.SendBlocks(int toMember, long fromHeight) -> {
        List<CommittedBlock> blocks =
            store.from(fromHeight, settings.maxSyncBlocks(), settings.maxSyncBytes());
        if (!blocks.isEmpty()) {
          send(toMember, new PeerMessage.SyncBlocks(blocks));
        }
      }
      case ConsensusOutput.SendSnapshot(int toMember, long fromEpoch) ->
          send(
              toMember,
              new PeerMessage.SnapshotReply(store.snapshot(fromEpoch, settings.maxSyncBytes())));
      case ConsensusOutput.EnterEpochs(List<NextEpoch> epochs) -> {
        untilStored("an epoch", () -> store.enterEpochs(epochs));
        NextEpoch last = epochs.getLast();
        boolean cold = epochs.size() == 1 && last.proof() instanceof EpochProof.ColdStarted;
        began(
            last,
            cold
                ? "governance went on after a lost quorum"
                : "a peer showed its state with the votes of a quorum; blocks before it follow",
            0);
        return Optional.of(new ConsensusInput.EpochStored(last.proof().config().epoch()));
      }
      case ConsensusOutput.KeepStatement(long epoch, var statement, Bytes evidence) ->
          untilStored(
              "a statement",
              () -> store.keepStatement(epoch, new BlockStore.Statement(statement, evidence)));
      case ConsensusOutput.KeepFault(VoterFault fault) -> {
        untilStored("proof against a member", () -> store.keepFault(fault));
        LedgerLog.VOTER_BROKEN.log(
            fault.epoch(), fault.reason(new Electorate(replica.config(), enclave.verifier())));
      }
      case ConsensusOutput.ApproveColdStart(long epoch, ColdStartPlan plan) -> {
        return governance
            .approve(epoch, plan)
            .map(signature -> new ConsensusInput.ColdStartApproved(plan.hash(), signature));
      }
      case ConsensusOutput.SetTimer(org.caduceus.ledger.consensus.Timer timer, long delayMs) ->
          alarms.set(timer, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMs));
      case ConsensusOutput.CancelTimer(org.caduceus.ledger.consensus.Timer timer) ->
          alarms.cancel(timer);
      case ConsensusOutput.Halted(String reason) -> halt(reason);
    }
    return Optional.empty();
  }

  private void send(int toMember, PeerMessage message) {
    if (toMember < replica.participants().size()) { // an epoch may have ended in the same step
      network.send(replica.participants().get(toMember).id(), message);
    }
  }

  private void began(NextEpoch next, String why, long endOfLast) {
    Constitution before = linked;
    EpochConfig config = next.proof().config();
    LedgerLog.EPOCH_BEGAN.log(config.epoch(), why);
    for (Institution gone : before.participants()) {
      boolean stays = next.register().institution(gone.id()).isPresent();
      if (!stays && !gone.id().equals(node.member())) {
        farewells.add(gone.id(), gone.linkKey(), announcedBy(gone.id()), endOfLast, clock.millis());
      }
    }
    link(new Constitution(config, next.register()));
    if (!isHeard(before) && isHeard(linked)) {
      // What was taken in before was no entry that a block could have.
      looksLeft.set(LOOKS_AFTER_FAILURE);
    }
  }

  /** Whether the ledger takes entries of this institution. */
  private boolean isHeard(Constitution constitution) {
    return constitution
        .register()
        .institution(node.member())
        .filter(own -> !own.suspended())
        .isPresent();
  }

  /** As it was published before the epoch ended; of one without a seat nothing was. */
  private long announcedBy(String member) {
    OptionalInt seat = state.config().indexOf(member);
    return seat.isPresent() ? state.peers().get(seat.getAsInt()).height() : 0;
  }

  /** Links follow everybody who takes part in an epoch. */
  private void link(Constitution constitution) {
    linked = constitution;
    if (!isHeard(constitution)) {
      LedgerLog.NOT_HEARD.log(node.member(), constitution.config().epoch());
    }
    constitution.participants().forEach(each -> farewells.remove(each.id()));
    links.follow(
        constitution.participants().stream()
            .map(each -> new Links.Peer(each.id(), each.linkKey()))
            .toList(),
        constitution.register().institution(node.member()).isPresent(),
        farewells.peers());
  }

  /** Tells those who just lost their seats why nobody answers them any more. */
  private void sayFarewell() {
    long now = clock.millis();
    if (farewells.end(now)) {
      link(linked);
    }
    for (Farewells.Telling telling : farewells.due(now)) {
      try {
        farewells.told(telling.member(), tell(telling));
      } catch (RuntimeException e) {
        LedgerLog.STORE_FAILED.log(e, "nothing, reading", e.getClass().getSimpleName());
      }
    }
  }

  /** Tells blocks, and returns up to which height. */
  private long tell(Farewells.Telling telling) {
    long told = telling.above();
    for (int messages = 0; messages < Farewells.MESSAGES && told < telling.end(); messages++) {
      List<CommittedBlock> blocks =
          store.from(told + 1, settings.maxSyncBlocks(), settings.maxSyncBytes()).stream()
              .filter(block -> block.block().header().height() <= telling.end())
              .toList();
      if (blocks.isEmpty()) {
        return telling.end(); // this node learned of the epoch before it had its blocks
      }
      network.send(telling.member(), new PeerMessage.SyncBlocks(blocks));
      told = blocks.getLast().block().header().height();
    }
    return told;
  }

  private void untilStored(String what, Runnable write) throws InterruptedException {
    for (long pause = RETRY_MS; ; pause = Math.min(2 * pause, MAX_RETRY_MS)) {
      try {
        write.run();
        return;
      } catch (RuntimeException e) {
        LedgerViolation violation = violation(e);
        if (violation != null) {
          throw violation;
        }
        LedgerLog.STORE_FAILED.log(e, what, e.getClass().getSimpleName());
      }
      if (!running) {
        throw new InterruptedException("The node stops");
      }
      TimeUnit.MILLISECONDS.sleep(pause);
    }
  }

  /** The container wraps what a bean throws. */
  private static LedgerViolation violation(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof LedgerViolation violation) {
        return violation;
      }
    }
    return null;
  }

  private void halt(String reason) {
    LedgerLog.REPLICA_HALTED.log(reason);
    halted = Optional.of(reason);
    publish();
  }

  private void countWaiting() {
    try {
      records.countWaiting();
    } catch (RuntimeException e) {
      LedgerLog.STORE_FAILED.log(e, "nothing, counting", e.getClass().getSimpleName());
    }
  }

  private void lookForWaiting() throws InterruptedException {
    if (looksLeft.get() == 0) {
      return;
    }
    List<SignedEntry> waiting;
    try {
      waiting = store.waiting(node.settings().maxWaiting());
    } catch (RuntimeException e) {
      LedgerLog.STORE_FAILED.log(e, "nothing, reading", e.getClass().getSimpleName());
      return;
    }
    looksLeft.updateAndGet(left -> Math.max(0, left - 1));
    step(new ConsensusInput.Submitted(waiting, false));
  }

  private void watchPeers() {
    EpochConfig config = replica.config();
    if (watchedEpoch != config.epoch()) {
      watchedEpoch = config.epoch();
      int self = config.indexOf(node.member()).orElse(-1);
      peers = new PeerWatch(config.n(), self, SILENCE_MS, clock.millis());
    }
    long[] heard = IntStream.range(0, config.n()).mapToLong(replica::peerLastHeardMs).toArray();
    for (PeerWatch.Change change : peers.changes(clock.millis(), heard)) {
      LedgerLog message = change.silent() ? LedgerLog.PEER_SILENT : LedgerLog.PEER_HEARD;
      message.log(config.members().get(change.member()).id(), change.silenceMs() / 1_000);
    }
  }

  private void publish() {
    publishedNanos = System.nanoTime();
    long now = clock.millis();
    state =
        new ReplicaState(
            new Constitution(replica.config(), replica.register()),
            replica.view(),
            replica.leader(),
            replica.height(),
            replica.tip(),
            tipAtMs,
            replica.poolSize(),
            replica.voting() && halted.isEmpty(),
            halted.or(replica::halted),
            halted.map(reason -> "Halted: " + reason).orElseGet(() -> replica.summary(now)),
            halted
                .filter(reason -> replica.halted().isEmpty())
                .map(reason -> replica.standing(now).haltedFor(reason))
                .orElseGet(() -> replica.standing(now)),
            IntStream.range(0, replica.config().n())
                .mapToObj(
                    member ->
                        new ReplicaState.Heard(
                            replica.peerHeight(member), replica.peerLastHeardMs(member)))
                .toList());
  }
}
