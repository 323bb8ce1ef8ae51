package org.caduceus.ledger.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.SignedEntry;
import org.caduceus.ledger.consensus.ColdStartPlan;
import org.caduceus.ledger.consensus.ConsensusInput;
import org.caduceus.ledger.consensus.ConsensusOutput;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.Replica;
import org.caduceus.ledger.consensus.ReplicaSettings;
import org.caduceus.ledger.consensus.SampleConsortium;
import org.caduceus.ledger.consensus.SampleEvidence;
import org.caduceus.ledger.consensus.Timer;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.consensus.VoterFault;
import org.caduceus.ledger.membership.EpochProof;
import org.caduceus.ledger.membership.Institution;
import org.caduceus.ledger.membership.NextEpoch;

/**
 * A host: the shell around one replica, as the contract of {@link Replica} asks for it. Its disk
 * outlives crashes. The enclave lives beside it and survives crashes of the host too.
 */
final class SimulatedNode {
  private final int index;
  private final SampleConsortium consortium;
  private final ReplicaSettings settings;
  private final VirtualTime time;
  private final SimulatedNetwork network;
  private final Invariants invariants;
  private final Watcher watcher;
  private final SimulatedDisk disk;

  /** A letter is addressed when it is read: which seat its sender has, the epoch decides. */
  private final Deque<Supplier<Optional<ConsensusInput>>> inbox = new ArrayDeque<>();

  private final Deque<ConsensusOutput> todo = new ArrayDeque<>();
  private final Map<Timer, Integer> timerTokens = new EnumMap<>(Timer.class);
  private final long rightOffsetMs;
  private long clockOffsetMs;
  private WatchedEnclave enclave;
  private Optional<Replica> replica = Optional.empty();
  private Optional<ByzantineHost> byzantine = Optional.empty();
  private Optional<String> halted = Optional.empty();
  private boolean writing;
  private int life;
  private int starts;
  private int tokens;

  SimulatedNode(
      int index,
      SampleConsortium consortium,
      WatchedEnclave enclave,
      VirtualTime time,
      SplittableRandom random,
      SimulatedNetwork network,
      SimulatedDisk disk,
      Invariants invariants,
      Watcher watcher) {
    this.index = index;
    this.consortium = consortium;
    this.settings = ReplicaSettings.defaults();
    this.enclave = enclave;
    this.time = time;
    this.network = network;
    this.disk = disk;
    this.invariants = invariants;
    this.watcher = watcher;
    this.rightOffsetMs = 1_790_000_000_000L + random.nextLong(4_000);
    this.clockOffsetMs = rightOffsetMs;
  }

  int index() {
    return index;
  }

  String id() {
    return SampleConsortium.id(index);
  }

  boolean isUp() {
    return replica.isPresent();
  }

  boolean isHonest() {
    return byzantine.isEmpty();
  }

  Replica replica() {
    return replica.orElseThrow();
  }

  SimulatedDisk disk() {
    return disk;
  }

  WatchedEnclave enclave() {
    return enclave;
  }

  /** Why each epoch that it knows began. */
  List<EpochProof> epochs() {
    return isUp() && !replica().epochs().isEmpty()
        ? replica().epochs()
        : List.of(EpochProof.genesis(consortium.config()));
  }

  /** Why its replica halted, if it did. */
  Optional<String> halted() {
    return halted;
  }

  /** How often its replica was started. */
  int starts() {
    return starts;
  }

  /** What the host's own clock shows. */
  long clockMs() {
    return time.nowMs() + clockOffsetMs;
  }

  /** Somebody sets the clock: wrong by this much, forwards or backwards, besides a few seconds. */
  void setClock(long wrongByMs) {
    clockOffsetMs = rightOffsetMs + wrongByMs;
  }

  /** From the next start on, this host lies. */
  void corrupt(ByzantineHost host) {
    byzantine = Optional.of(host);
  }

  void start() {
    life++;
    starts++;
    halted = Optional.empty();
    enclave.start();
    replica =
        Optional.of(
            new Replica(
                consortium.config(),
                consortium.config().members().get(index).id(),
                byzantine.<Voter>map(ByzantineHost::voter).orElse(enclave),
                disk.store()::finalAmong,
                new SampleEvidence(),
                settings,
                consortium.scheme().verifier()));
    give(ConsensusInput.Start.of(disk.store(), Integer.MAX_VALUE));
  }

  /** Power cut of the host: everything but the disk and the enclave is gone. */
  void crash() {
    life++;
    replica = Optional.empty();
    inbox.clear();
    todo.clear();
    timerTokens.clear();
    writing = false;
    disk.powerCut();
    enclave.powerCut();
  }

  /** From the next start on, this instance of the enclave answers. */
  void replaceEnclave(WatchedEnclave other) {
    enclave = other;
  }

  /**
   * Takes an own entry in: durable first, then told to the replica.
   *
   * @return whether it was accepted
   */
  boolean submit(SignedEntry entry) {
    boolean accepted = disk.accept(entry);
    if (accepted) {
      give(new ConsensusInput.Submitted(List.of(entry), true));
    }
    return accepted;
  }

  void give(ConsensusInput input) {
    if (isUp()) {
      inbox.add(() -> Optional.of(input));
      run();
    }
  }

  void deliver(Letter letter) {
    if (isUp()) {
      watcher.arrived(letter);
      byzantine.ifPresent(host -> host.heard(letter.message()));
      inbox.add(() -> received(letter));
      run();
    }
  }

  private Optional<ConsensusInput> received(Letter letter) {
    return replica()
        .participant(SampleConsortium.id(letter.from()))
        .map(from -> new ConsensusInput.Received(from, letter.message()));
  }

  private void run() {
    while (isUp() && !writing) {
      if (!todo.isEmpty()) {
        execute(todo.poll());
      } else if (!inbox.isEmpty()) {
        Optional<ConsensusInput> input = inbox.remove().get();
        List<ConsensusOutput> outputs =
            input.map(each -> replica().on(clockMs(), each)).orElse(List.of());
        todo.addAll(outputs);
        outputs.forEach(invariants::entering);
        if (isHonest()) {
          outputs.forEach(output -> invariants.decided(index, output));
        }
      } else {
        return;
      }
    }
  }

  private void execute(ConsensusOutput output) {
    switch (output) {
      case ConsensusOutput.Send(int to, PeerMessage message) -> send(nodes(to), message);
      case ConsensusOutput.Broadcast(PeerMessage message) -> send(others(), message);
      case ConsensusOutput.StoreCandidate(var candidate) -> {
        Hash hash = candidate.block().hash();
        write(
            () -> disk.store().storeCandidate(candidate),
            () -> watcher.stored(index, hash),
            new ConsensusInput.CandidateStored(hash));
      }
      case ConsensusOutput.Append(CommittedBlock block, Optional<NextEpoch> next) -> {
        long height = block.block().header().height();
        write(
            () -> disk.store().append(block, next),
            () -> watcher.appended(index, height),
            new ConsensusInput.BlockAppended(height));
      }
      case ConsensusOutput.EnterEpochs(List<NextEpoch> epochs) -> {
        long epoch = epochs.getLast().proof().config().epoch();
        write(
            () -> disk.store().enterEpochs(epochs),
            () -> watcher.told("member " + index + " enters epoch " + epoch),
            new ConsensusInput.EpochStored(epoch));
      }
      case ConsensusOutput.KeepStatement(long epoch, var statement, Bytes evidence) -> {
        BlockStore.Statement kept = new BlockStore.Statement(statement, evidence);
        write(() -> disk.store().keepStatement(epoch, kept), () -> {}, Optional.empty());
      }
      case ConsensusOutput.KeepFault(VoterFault fault) ->
          write(
              () -> disk.store().keepFault(fault),
              () -> watcher.told("member " + index + " keeps proof of a broken voter"),
              Optional.empty());
      case ConsensusOutput.ApproveColdStart(long epoch, ColdStartPlan plan) -> approve(epoch, plan);
      case ConsensusOutput.SendBlocks(int to, long from) ->
          send(
              nodes(to),
              new PeerMessage.SyncBlocks(
                  disk.store().from(from, settings.maxSyncBlocks(), settings.maxSyncBytes())));
      case ConsensusOutput.SendSnapshot(int to, long fromEpoch) ->
          send(
              nodes(to),
              new PeerMessage.SnapshotReply(
                  disk.store().snapshot(fromEpoch, settings.maxSyncBytes())));
      case ConsensusOutput.SetTimer(Timer timer, long delayMs) -> setTimer(timer, delayMs);
      case ConsensusOutput.CancelTimer(Timer timer) -> timerTokens.remove(timer);
      case ConsensusOutput.Halted(String reason) -> {
        halted = Optional.of(reason);
        watcher.told("member " + index + " halts: " + reason);
      }
    }
  }

  /** The officers of this institution approve whatever their node may approve, but only once. */
  private void approve(long epoch, ColdStartPlan plan) {
    Bytes signature = consortium.scheme().signer("governance " + index).sign(plan.approvalBytes());
    Bytes approved = new ColdStartPlan.Approved(plan, signature).encode();
    if (disk.store().approval(epoch).filter(before -> !before.equals(approved)).isEmpty()) {
      write(
          () -> disk.store().keepApproval(epoch, approved),
          () -> {},
          new ConsensusInput.ColdStartApproved(plan.hash(), signature));
    }
  }

  private void send(List<Integer> to, PeerMessage message) {
    if (byzantine.isPresent()) {
      byzantine.get().send(to, message);
    } else {
      to.forEach(member -> network.send(index, member, message));
    }
  }

  /** Whom the replica means by this index: it counts seats, the simulator counts nodes. */
  private List<Integer> nodes(int participant) {
    List<Institution> all = replica().participants();
    return participant < all.size() // else an epoch ended within the same step
        ? List.of(consortium.config().indexOf(all.get(participant).id()).orElseThrow())
        : List.of();
  }

  List<Integer> others() {
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < consortium.config().n(); i++) {
      if (i != index) {
        others.add(i);
      }
    }
    return others;
  }

  private void write(Runnable write, Runnable tell, ConsensusInput answer) {
    write(write, tell, Optional.of(answer));
  }

  private void write(Runnable write, Runnable tell, Optional<ConsensusInput> answer) {
    writing = true;
    disk.write(
        write,
        () -> {
          writing = false;
          answer.ifPresent(input -> inbox.add(() -> Optional.of(input)));
          tell.run();
          run();
        });
  }

  private void setTimer(Timer timer, long delayMs) {
    int token = tokens++;
    int current = life;
    timerTokens.put(timer, token);
    time.in(
        delayMs,
        () -> {
          if (life == current && timerTokens.getOrDefault(timer, -1) == token) {
            timerTokens.remove(timer);
            give(new ConsensusInput.TimerFired(timer));
          }
        });
  }

  /** Whether the disk holds the block, final or not. */
  boolean holds(Hash hash, long height) {
    return disk.store().candidatesAbove(0).stream()
            .anyMatch(each -> each.block().hash().equals(hash))
        || disk.store().from(height, 1, Integer.MAX_VALUE).stream()
            .anyMatch(each -> each.block().hash().equals(hash));
  }
}
