package org.caduceus.deploy.bench;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.caduceus.deploy.ToolFailure;
import org.caduceus.enclave.EnclaveProcess;
import org.caduceus.enclave.EnclaveVerifier;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Block;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.ConsensusInput;
import org.caduceus.ledger.consensus.ConsensusOutput;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.Replica;
import org.caduceus.ledger.consensus.ReplicaSettings;
import org.caduceus.ledger.consensus.Timer;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.SeatEvidence;

/**
 * A member of the measured consortium: a real replica on a thread of its own with a real enclave
 * process, its writes forced, its messages encoded and decoded. A second thread makes own entries
 * durable, as many with one write as wait.
 */
final class MeasuredReplica implements AutoCloseable {
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** Where messages go. */
  interface Links {
    /** Delivers to one member, without blocking. */
    void send(int from, int to, Bytes message);

    /** Delivers to all members but the sender, without blocking. */
    void broadcast(int from, Bytes message);
  }

  private sealed interface Queued {
    record Input(ConsensusInput input) implements Queued {}

    record Letter(int from, Bytes bytes) implements Queued {}
  }

  /** No seat changes hands while the run lasts. */
  private static final SeatEvidence NO_SEATS =
      new SeatEvidence() {
        @Override
        public Optional<Bytes> own(Hash nonce) {
          return Optional.empty();
        }

        @Override
        public Optional<String> instanceViolation(
            Bytes evidence, EpochConfig config, String member, Bytes votingKey) {
          return Optional.of("Expected no change of seats, but there is one");
        }
      };

  private final int self;
  private final MeasuredStore store;
  private final Links links;
  private final Consumer<Block> onFinal;
  private final ReplicaSettings settings;
  private final Replica replica;
  private final BlockingQueue<Queued> queue = new LinkedBlockingQueue<>();
  private final BlockingQueue<SignedEntry> accepted = new LinkedBlockingQueue<>();
  private final Map<Timer, Long> alarms = new EnumMap<>(Timer.class);
  private final Thread turning;
  private final Thread accepting;
  private volatile boolean running = true;
  private volatile Optional<String> failure = Optional.empty();
  private volatile State state = new State(0, Hash.ZERO, 0, false, 0);

  /** What others may look at while the replica turns. */
  record State(long height, Hash tip, int leader, boolean voting, int waiting) {}

  /**
   * A member that waits for {@link #start}.
   *
   * @param enclave verifies signatures
   * @param onFinal told of each block once it is stored here, by the replica's thread
   */
  MeasuredReplica(
      EpochConfig config,
      int self,
      EnclaveProcess enclave,
      Voter voter,
      MeasuredStore store,
      Links links,
      ReplicaSettings settings,
      Consumer<Block> onFinal) {
    this.self = self;
    this.store = store;
    this.links = links;
    this.settings = settings;
    this.onFinal = onFinal;
    this.replica =
        new Replica(
            config,
            config.members().get(self).id(),
            voter,
            store::finalAmong,
            NO_SEATS,
            settings,
            new EnclaveVerifier(enclave));
    // First of all, before a peer that starts earlier sends something.
    queue.add(new Queued.Input(ConsensusInput.Start.of(store, 1)));
    this.turning = Thread.ofPlatform().name("replica-" + self).unstarted(() -> guarded(this::turn));
    this.accepting =
        Thread.ofPlatform().name("intake-" + self).unstarted(() -> guarded(this::acceptAll));
  }

  void start() {
    turning.start();
    accepting.start();
  }

  /** Own entry, signed; it is told to the replica when it is durable. Never blocks. */
  void accept(SignedEntry entry) {
    accepted.add(entry);
  }

  /** A peer's message. Never blocks. */
  void received(int from, Bytes message) {
    queue.add(new Queued.Letter(from, message));
  }

  State state() {
    return state;
  }

  boolean isRunning() {
    return running && failure.isEmpty();
  }

  /**
   * Fails if the replica did.
   *
   * @throws ToolFailure with the reason
   */
  void requireSound() {
    failure.ifPresent(
        reason -> {
          throw new ToolFailure("Expected replica " + self + " to go on, but: " + reason);
        });
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private void guarded(Work work) {
    try {
      work.run();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (running) { // else a write was interrupted
        failure = Optional.of(e.toString());
      }
    }
  }

  private void acceptAll() throws InterruptedException {
    while (running) {
      List<SignedEntry> entries = new ArrayList<>();
      entries.add(accepted.take());
      accepted.drainTo(entries);
      store.accept(entries);
      queue.add(new Queued.Input(new ConsensusInput.Submitted(entries, true)));
    }
  }

  private void turn() throws InterruptedException {
    while (isRunning()) {
      Optional<Map.Entry<Timer, Long>> next =
          alarms.entrySet().stream().min(Map.Entry.comparingByValue());
      long rest = next.map(alarm -> alarm.getValue() - System.nanoTime()).orElse(IDLE_NANOS);
      if (rest <= 0) {
        alarms.remove(next.orElseThrow().getKey());
        step(new ConsensusInput.TimerFired(next.get().getKey()));
        continue;
      }
      switch (queue.poll(Math.min(rest, IDLE_NANOS), TimeUnit.NANOSECONDS)) {
        case null -> {}
        case Queued.Input(ConsensusInput input) -> step(input);
        case Queued.Letter(int from, Bytes bytes) ->
            step(new ConsensusInput.Received(from, PeerMessage.decode(bytes)));
      }
    }
  }

  private void step(ConsensusInput first) {
    Deque<ConsensusInput> inputs = new ArrayDeque<>();
    inputs.add(first);
    while (!inputs.isEmpty()) {
      for (ConsensusOutput output : replica.on(System.currentTimeMillis(), inputs.remove())) {
        execute(output).ifPresent(inputs::add);
      }
    }
    state =
        new State(
            replica.height(),
            replica.tip(),
            replica.leader(),
            replica.voting(),
            replica.poolSize());
  }

  private Optional<ConsensusInput> execute(ConsensusOutput output) {
    switch (output) {
      case ConsensusOutput.Send(int to, PeerMessage message) ->
          links.send(self, to, message.encode());
      case ConsensusOutput.Broadcast(PeerMessage message) ->
          links.broadcast(self, message.encode());
      case ConsensusOutput.StoreCandidate(var candidate) -> {
        store.storeCandidate(candidate);
        return Optional.of(new ConsensusInput.CandidateStored(candidate.block().hash()));
      }
      case ConsensusOutput.Append(var block, var next) -> {
        store.append(block, next);
        onFinal.accept(block.block());
        return Optional.of(new ConsensusInput.BlockAppended(block.block().header().height()));
      }
      case ConsensusOutput.SendBlocks(int to, long fromHeight) ->
          links.send(
              self,
              to,
              new PeerMessage.SyncBlocks(
                      store.from(fromHeight, settings.maxSyncBlocks(), settings.maxSyncBytes()))
                  .encode());
      case ConsensusOutput.SendSnapshot(int to, long fromEpoch) ->
          links.send(
              self,
              to,
              new PeerMessage.SnapshotReply(store.snapshot(fromEpoch, settings.maxSyncBytes()))
                  .encode());
      case ConsensusOutput.EnterEpochs(var epochs) -> {
        store.enterEpochs(epochs);
        return Optional.of(
            new ConsensusInput.EpochStored(epochs.getLast().proof().config().epoch()));
      }
      case ConsensusOutput.KeepStatement(long epoch, var statement, Bytes evidence) ->
          store.keepStatement(epoch, new BlockStore.Statement(statement, evidence));
      case ConsensusOutput.KeepFault(var fault) -> store.keepFault(fault);
      case ConsensusOutput.ApproveColdStart approval -> {} // nobody governs this consortium
      case ConsensusOutput.SetTimer(Timer timer, long delayMs) ->
          alarms.put(timer, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMs));
      case ConsensusOutput.CancelTimer(Timer timer) -> alarms.remove(timer);
      case ConsensusOutput.Halted(String reason) -> failure = Optional.of(reason);
    }
    return Optional.empty();
  }

  /** Stops both threads where they stand, as a dead machine would. */
  @Override
  public void close() {
    running = false;
    turning.interrupt();
    accepting.interrupt();
    try {
      turning.join(Duration.ofSeconds(10));
      accepting.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
  }
}
