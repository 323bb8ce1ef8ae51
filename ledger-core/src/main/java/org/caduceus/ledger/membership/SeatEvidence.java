package org.caduceus.ledger.membership;

import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;

/**
 * What enclave instances show of themselves when they ask for a seat, and what it is worth here.
 */
public interface SeatEvidence {
  /**
   * Evidence of this member's own instance.
   *
   * @param nonce hash of a final block, or of the configuration, that the peers know
   * @return empty if the enclave does not answer
   */
  Optional<Bytes> own(Hash nonce);

  /**
   * Why this evidence does not give a seat; empty if it does.
   *
   * @param config of the running epoch, whose policy decides
   * @param member id of the institution
   * @param votingKey of the instance, which the evidence must be of
   */
  Optional<String> violation(Bytes evidence, EpochConfig config, String member, Bytes votingKey);
}
