package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.List;

/** What a replica wants done after the input it is at, in order. */
final class Outbox {
  private final List<ConsensusOutput> outputs = new ArrayList<>();
  private int self = RunningEpoch.NO_SEAT;
  private int members;

  /** From now on, these are the members. */
  void among(RunningEpoch epoch) {
    self = epoch.self;
    members = epoch.config.n();
  }

  void add(ConsensusOutput output) {
    outputs.add(output);
  }

  /** To another member; what would go to this one is dropped. */
  void send(int member, PeerMessage message) {
    if (member != self) {
      outputs.add(new ConsensusOutput.Send(member, message));
    }
  }

  void broadcast(PeerMessage message) {
    if (members > 1) {
      outputs.add(new ConsensusOutput.Broadcast(message));
    }
  }

  /** Everything so far, once. */
  List<ConsensusOutput> takeAll() {
    List<ConsensusOutput> all = List.copyOf(outputs);
    outputs.clear();
    return all;
  }
}
