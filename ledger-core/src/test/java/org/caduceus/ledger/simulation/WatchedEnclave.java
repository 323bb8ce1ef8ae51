package org.caduceus.ledger.simulation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.ModelVoter;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.consensus.VoterByMode;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;

/**
 * What signs for a member: an enclave and, where the consortium has or may get BFT-2P, a process.
 * Counts what is refused, by status.
 */
final class WatchedEnclave implements Voter {
  private final ModelVoter model;
  private final Optional<SoftProcess> process;
  private final Voter voter;
  private final Map<String, Integer> refusals = new TreeMap<>();

  WatchedEnclave(ModelVoter model, Optional<SoftProcess> process) {
    this.model = model;
    this.process = process;
    this.voter = process.<Voter>map(it -> new VoterByMode(model, it)).orElse(model);
  }

  Optional<SoftProcess> process() {
    return process;
  }

  /** The same process beside another enclave. */
  WatchedEnclave with(ModelVoter other) {
    return new WatchedEnclave(other, process);
  }

  /** The host lost its power; the enclave lives on. */
  void powerCut() {
    process.ifPresent(SoftProcess::powerCut);
  }

  /** The host starts. */
  void start() {
    process.ifPresent(SoftProcess::start);
  }

  /** The key that has, or wants, the member's seat in an epoch of this mode. */
  Bytes votingKey(EpochConfig.Mode mode) {
    return switch (mode) {
      case TEE_1P -> model.votingKey();
      case BFT_2P -> process.orElseThrow().key().publicKey();
    };
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
    return voter.enterEpoch(chain);
  }

  @Override
  public Signed propose(BlockHeader header, Justification justification) {
    return counted(voter.propose(header, justification));
  }

  @Override
  public Signed vote(int phase, BlockHeader header, Bytes proposal, Justification justification) {
    return counted(voter.vote(phase, header, proposal, justification));
  }

  @Override
  public Moved newView(long view) {
    Moved answer = voter.newView(view);
    if (answer instanceof Moved.No(String status)) {
      refusals.merge(status, 1, Integer::sum);
    }
    return answer;
  }

  @Override
  public boolean isJustified(BlockHeader header, Justification justification) {
    return voter.isJustified(header, justification);
  }

  @Override
  public Optional<QuorumCertificate> highest() {
    return voter.highest();
  }

  @Override
  public boolean remembers(Kind kind, long view) {
    return voter.remembers(kind, view);
  }

  private Signed counted(Signed answer) {
    if (answer instanceof Signed.No(String status)) {
      refusals.merge(status, 1, Integer::sum);
    }
    return answer;
  }

  @Override
  public Resumed resume(Basis basis) {
    Resumed answer = voter.resume(basis);
    if (answer instanceof Resumed.No(String status)) {
      refusals.merge(status, 1, Integer::sum);
    }
    return answer;
  }

  @Override
  public void retire() {
    voter.retire();
  }
}
