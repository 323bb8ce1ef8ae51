package org.caduceus.ledger.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.BlockStore;
import org.caduceus.ledger.block.CommittedBlock;
import org.caduceus.ledger.block.MemoryBlockStore;
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
import org.caduceus.ledger.membership.EpochProof;

/**
 * A host: the shell around one replica, as the contract of {@link Replica} asks for it. Its disk
 * outlives crashes, but a write that was not finished is lost. The voter lives beside it and
 * survives crashes of the host too.
 */
final class SimulatedNode {
  private static final long MAX_WRITE_MS = 4;

  private final int index;
  private final SampleConsortium consortium;
  private final ReplicaSettings settings;
  private final VirtualTime time;
  private final SplittableRandom random;
  private final SimulatedNetwork network;
  private final Invariants invariants;
  private final long clockOffsetMs;
  private final MemoryBlockStore disk = new MemoryBlockStore();
  private final Deque<ConsensusInput> inbox = new ArrayDeque<>();
  private final Deque<ConsensusOutput> todo = new ArrayDeque<>();
  private final Map<Timer, Integer> timerTokens = new EnumMap<>(Timer.class);
  private Voter voter;
  private Optional<Replica> replica = Optional.empty();
  private Optional<ByzantineHost> byzantine = Optional.empty();
  private Optional<String> halted = Optional.empty();
  private boolean writing;
  private int life;
  private int tokens;

  SimulatedNode(
      int index,
      SampleConsortium consortium,
      ReplicaSettings settings,
      Voter voter,
      VirtualTime time,
      SplittableRandom random,
      SimulatedNetwork network,
      Invariants invariants) {
    this.index = index;
    this.consortium = consortium;
    this.settings = settings;
    this.voter = voter;
    this.time = time;
    this.random = random;
    this.network = network;
    this.invariants = invariants;
    this.clockOffsetMs = 1_790_000_000_000L + random.nextLong(4_000);
  }

  int index() {
    return index;
  }

  /** What its clock says. */
  long nowMs() {
    return time.nowMs() + clockOffsetMs;
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

  MemoryBlockStore disk() {
    return disk;
  }

  Optional<String> halted() {
    return halted;
  }

  void corrupt(ByzantineHost host, Voter evilVoter) {
    byzantine = Optional.of(host);
    voter = evilVoter;
  }

  void start() {
    life++;
    replica =
        Optional.of(
            new Replica(
                consortium.config(),
                index,
                voter,
                disk::finalAmong,
                new SampleEvidence(),
                settings,
                consortium.scheme().verifier()));
    give(ConsensusInput.Start.of(disk, Integer.MAX_VALUE));
  }

  /** Power cut of the host: everything but finished writes and the voter is gone. */
  void crash() {
    life++;
    replica = Optional.empty();
    inbox.clear();
    todo.clear();
    timerTokens.clear();
    writing = false;
  }

  /** The enclave instance is gone for good; another one with another key takes its place. */
  void replaceVoter(Voter other) {
    voter = other;
    if (isUp()) {
      crash();
      start();
    }
  }

  /** Takes an own entry in: durable first, then told to the replica. */
  void submit(SignedEntry entry) {
    disk.accept(entry);
    give(new ConsensusInput.Submitted(List.of(entry), true));
  }

  void give(ConsensusInput input) {
    if (isUp()) {
      byzantine.ifPresent(host -> host.heard(input));
      inbox.add(input);
      run();
    }
  }

  private void run() {
    while (isUp() && !writing) {
      if (!todo.isEmpty()) {
        execute(todo.poll());
      } else if (!inbox.isEmpty()) {
        List<ConsensusOutput> outputs = replica().on(nowMs(), inbox.poll());
        todo.addAll(outputs);
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
      case ConsensusOutput.Send(int to, PeerMessage message) -> send(List.of(to), message);
      case ConsensusOutput.Broadcast(PeerMessage message) -> send(others(), message);
      case ConsensusOutput.StoreCandidate(var candidate) ->
          write(
              () -> disk.storeCandidate(candidate),
              new ConsensusInput.CandidateStored(candidate.block().hash()));
      case ConsensusOutput.Append(CommittedBlock block, Optional<EpochProof> next) ->
          write(
              () -> disk.append(block, next),
              new ConsensusInput.BlockAppended(block.block().header().height()));
      case ConsensusOutput.EnterEpoch(EpochProof proof) ->
          write(
              () -> disk.enterEpoch(proof), new ConsensusInput.EpochStored(proof.config().epoch()));
      case ConsensusOutput.KeepStatement(long epoch, var statement, Hash evidence) ->
          write(
              () -> disk.keepStatement(epoch, new BlockStore.Statement(statement, evidence)),
              Optional.empty());
      case ConsensusOutput.ApproveColdStart(long epoch, ColdStartPlan plan) -> approve(epoch, plan);
      case ConsensusOutput.SendBlocks(int to, long from) ->
          send(
              List.of(to),
              new PeerMessage.SyncBlocks(
                  disk.from(from, settings.maxSyncBlocks(), settings.maxSyncBytes())));
      case ConsensusOutput.SetTimer(Timer timer, long delayMs) -> setTimer(timer, delayMs);
      case ConsensusOutput.CancelTimer(Timer timer) -> timerTokens.remove(timer);
      case ConsensusOutput.Halted(String reason) -> halted = Optional.of(reason);
    }
  }

  /** The officers of this institution approve whatever their node may approve, but only once. */
  private void approve(long epoch, ColdStartPlan plan) {
    Bytes signature = consortium.scheme().signer("governance " + index).sign(plan.approvalBytes());
    Bytes approved = new ColdStartPlan.Approved(plan, signature).encode();
    if (disk.approval(epoch).filter(before -> !before.equals(approved)).isEmpty()) {
      write(
          () -> disk.keepApproval(epoch, approved),
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

  List<Integer> others() {
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < consortium.config().n(); i++) {
      if (i != index) {
        others.add(i);
      }
    }
    return others;
  }

  private void write(Runnable write, ConsensusInput answer) {
    write(write, Optional.of(answer));
  }

  private void write(Runnable write, Optional<ConsensusInput> answer) {
    writing = true;
    int current = life;
    time.in(
        random.nextLong(MAX_WRITE_MS + 1),
        () -> {
          if (life == current) {
            write.run();
            writing = false;
            answer.ifPresent(inbox::add);
            run();
          }
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
    return disk.candidatesAbove(0).stream().anyMatch(each -> each.block().hash().equals(hash))
        || disk.from(height, 1, Integer.MAX_VALUE).stream()
            .anyMatch(each -> each.block().hash().equals(hash));
  }
}
