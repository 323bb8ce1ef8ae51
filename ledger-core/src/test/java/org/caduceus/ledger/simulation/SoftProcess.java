package org.caduceus.ledger.simulation;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.MalformedException;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.QuorumCertificate;
import org.caduceus.ledger.consensus.SoftMistake;
import org.caduceus.ledger.consensus.SoftVoter;
import org.caduceus.ledger.consensus.Voter;
import org.caduceus.ledger.membership.EpochProof;

/**
 * The part of a host that votes in BFT-2P: a power cut leaves it its key and its log, and it reads
 * the log when the host starts again. Tells the invariants what it signs.
 */
final class SoftProcess implements Voter {
  private final SampleSigner.Scheme scheme;
  private final SoftVoter.Key key;
  private final SimulatedVoterLog log;
  private final SoftMistake mistake;
  private final Invariants invariants;
  private Optional<SoftVoter> voter = Optional.empty();
  private long epoch;

  SoftProcess(
      SampleSigner.Scheme scheme,
      SampleSigner signer,
      SimulatedVoterLog log,
      SoftMistake mistake,
      Invariants invariants) {
    this.scheme = scheme;
    this.log = log;
    this.mistake = mistake;
    this.invariants = invariants;
    this.key =
        new SoftVoter.Key() {
          @Override
          public Bytes publicKey() {
            return signer.publicKey();
          }

          @Override
          public Bytes sign(Bytes message) {
            return signer.sign(message);
          }
        };
    SoftVoter.create(key, log, scheme.verifier());
  }

  SoftVoter.Key key() {
    return key;
  }

  SimulatedVoterLog log() {
    return log;
  }

  /** What a host gets whose log is gone: another key, as the old one must not sign any more. */
  SoftProcess withoutLog(SampleSigner fresh, SimulatedVoterLog empty) {
    return new SoftProcess(scheme, fresh, empty, mistake, invariants);
  }

  void powerCut() {
    voter = Optional.empty();
    log.powerCut();
  }

  void start() {
    try {
      voter = Optional.of(mistake.open(key, log, scheme.verifier()));
    } catch (MalformedException broken) {
      voter = Optional.empty(); // it needs a new key
    }
  }

  @Override
  public boolean enterEpoch(List<EpochProof> chain) {
    epoch = chain.getLast().config().epoch();
    return voter.isPresent() && voter.get().enterEpoch(chain);
  }

  @Override
  public Signed propose(BlockHeader header, Justification justification) {
    return voter
        .map(
            it -> {
              Signed answer = it.propose(header, justification);
              if (answer instanceof Signed.Yes) {
                invariants.proposedBy(key.publicKey(), header);
              }
              return answer;
            })
        .orElse(new Signed.No("UNAVAILABLE"));
  }

  @Override
  public Signed vote(int phase, BlockHeader header, Bytes proposal, Justification justification) {
    return voter
        .map(
            it -> {
              Signed answer = it.vote(phase, header, proposal, justification);
              if (answer instanceof Signed.Yes) {
                invariants.votedBy(key.publicKey(), phase, header);
              }
              return answer;
            })
        .orElse(new Signed.No("UNAVAILABLE"));
  }

  @Override
  public boolean isJustified(BlockHeader header, Justification justification) {
    return voter.filter(it -> it.isJustified(header, justification)).isPresent();
  }

  @Override
  public Moved newView(long view) {
    Moved answer = voter.map(it -> it.newView(view)).orElse(new Moved.No("UNAVAILABLE"));
    if (answer instanceof Moved.Yes(var report)) {
      invariants.movedBy(key.publicKey(), epoch, report);
    }
    return answer;
  }

  @Override
  public Optional<QuorumCertificate> highest() {
    return voter.flatMap(SoftVoter::highest);
  }

  @Override
  public boolean remembers(Kind kind, long view) {
    return voter.isEmpty() || voter.get().remembers(kind, view);
  }

  @Override
  public Resumed resume(Basis basis) {
    return new Resumed.No("E_STATE");
  }

  @Override
  public void retire() {
    voter.ifPresent(SoftVoter::retire);
  }
}
