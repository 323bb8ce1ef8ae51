package org.caduceus.ledger.simulation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.ModelVoter;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.membership.EpochProof;

/** An enclave that counts what it refuses, by status. */
final class WatchedEnclave implements Voter {
  private final ModelVoter model;
  private final Map<String, Integer> refusals = new TreeMap<>();

  WatchedEnclave(ModelVoter model) {
    this.model = model;
  }

  ModelVoter model() {
    return model;
  }

  int refusals(String status) {
    return refusals.getOrDefault(status, 0);
  }

  Map<String, Integer> refusals() {
    return refusals;
  }

  @Override
  public boolean enterEpoch(List<EpochProof> chain) {
    return model.enterEpoch(chain);
  }

  @Override
  public Signed propose(BlockHeader header, Justification justification) {
    return counted(model.propose(header, justification));
  }

  @Override
  public Signed vote(int phase, BlockHeader header, Bytes proposal, Justification justification) {
    return counted(model.vote(phase, header, proposal, justification));
  }

  @Override
  public Moved newView(long view) {
    Moved answer = model.newView(view);
    if (answer instanceof Moved.No(String status)) {
      refusals.merge(status, 1, Integer::sum);
    }
    return answer;
  }

  private Signed counted(Signed answer) {
    if (answer instanceof Signed.No(String status)) {
      refusals.merge(status, 1, Integer::sum);
    }
    return answer;
  }

  @Override
  public Resumed resume(Basis basis) {
    Resumed answer = model.resume(basis);
    if (answer instanceof Resumed.No(String status)) {
      refusals.merge(status, 1, Integer::sum);
    }
    return answer;
  }

  @Override
  public void retire() {
    model.retire();
  }
}
