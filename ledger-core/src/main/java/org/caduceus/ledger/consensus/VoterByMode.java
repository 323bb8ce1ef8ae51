package org.caduceus.ledger.consensus;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.EpochProof;

/**
 * A member's two voters, of which the entered epoch's mode chooses one: the enclave in TEE-1P, the
 * process in BFT-2P. Each has a key of its own, so neither signs in the other's epochs. The enclave
 * follows through those of the process: it believes what was final there, and finds back.
 */
public final class VoterByMode implements Voter {
  private final Voter enclave;
  private final Voter process;
  private Voter chosen;

  /**
   * Before an epoch is entered, the enclave.
   *
   * @param enclave for TEE-1P
   * @param process for BFT-2P
   */
  public VoterByMode(Voter enclave, Voter process) {
    this.enclave = enclave;
    this.process = process;
    this.chosen = enclave;
  }

  @Override
  public boolean enterEpoch(List<EpochProof> chain) {
    boolean seated = enclave.enterEpoch(chain);
    return switch (chain.getLast().config().mode()) {
      case EpochConfig.Mode.TEE_1P -> {
        chosen = enclave;
        yield seated;
      }
      case EpochConfig.Mode.BFT_2P -> {
        chosen = process;
        yield process.enterEpoch(chain);
      }
    };
  }

  @Override
  public Signed propose(BlockHeader header, Justification justification) {
    return chosen.propose(header, justification);
  }

  @Override
  public Signed vote(int phase, BlockHeader header, Bytes proposal, Justification justification) {
    return chosen.vote(phase, header, proposal, justification);
  }

  @Override
  public boolean isJustified(BlockHeader header, Justification justification) {
    return chosen.isJustified(header, justification);
  }

  @Override
  public Moved newView(long view) {
    return chosen.newView(view);
  }

  @Override
  public Optional<QuorumCertificate> highest() {
    return chosen.highest();
  }

  @Override
  public boolean remembers(Kind kind, long view) {
    return chosen.remembers(kind, view);
  }

  @Override
  public Resumed resume(Basis basis) {
    return chosen.resume(basis);
  }

  @Override
  public void retire() {
    chosen.retire();
  }
}
