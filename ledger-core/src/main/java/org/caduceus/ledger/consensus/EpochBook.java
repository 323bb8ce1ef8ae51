package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.block.SignatureVerifier;
import org.caduceus.ledger.membership.EpochProof;

/**
 * Why each epoch up to the running one began, and with that who voted in those that ended. A node
 * that was away while governance went on, or that began with a snapshot, is in the running epoch
 * and lacks blocks which only the quorums of earlier ones certified.
 */
final class EpochBook {
  private final List<EpochProof> proofs = new ArrayList<>();
  private final SignatureVerifier signatures;

  /** That of the epoch asked for last: missing blocks come in order. */
  private Optional<Electorate> last = Optional.empty();

  EpochBook(SignatureVerifier signatures) {
    this.signatures = signatures;
  }

  /** The next epoch's. */
  void add(EpochProof proof) {
    proofs.add(proof);
  }

  /** Genesis first; a new instance of the voter walks through them. */
  List<EpochProof> proofs() {
    return List.copyOf(proofs);
  }

  /** Whether a quorum of that epoch, which began here, made final what the certificate names. */
  boolean certified(QuorumCertificate certificate) {
    return electorate(certificate.epoch())
        .filter(voters -> voters.certified(certificate))
        .isPresent();
  }

  private Optional<Electorate> electorate(long epoch) {
    if (epoch < 1 || epoch > proofs.size()) {
      return Optional.empty();
    }
    if (last.filter(it -> it.config().epoch() == epoch).isEmpty()) {
      last = Optional.of(new Electorate(proofs.get((int) epoch - 1).config(), signatures));
    }
    return last;
  }
}
