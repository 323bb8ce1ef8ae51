package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.List;

/** What a replica wants done after the input it is at, in order. */
final class Outbox {
  private final List<ConsensusOutput> outputs = new ArrayList<>();
  private int place = RunningEpoch.NO_SEAT;
  private int participants;

  /** From now on, these are the participants. */
  void among(RunningEpoch epoch) {
    place = epoch.place;
    participants = epoch.participants.count();
  }

  void add(ConsensusOutput output) {
    outputs.add(output);
  }

  /** To another participant; what would go to this one is dropped. */
  void send(int member, PeerMessage message) {
    if (member != place) {
      outputs.add(new ConsensusOutput.Send(member, message));
    }
  }

  void broadcast(PeerMessage message) {
    if (participants > 1) {
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
