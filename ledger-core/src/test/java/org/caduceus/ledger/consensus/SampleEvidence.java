package org.caduceus.ledger.consensus;

import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.SeatEvidence;

/** Evidence that everybody believes, but for a marked one: policy is tested where it is made. */
public final class SampleEvidence implements SeatEvidence {
  /** Evidence that nobody accepts. */
  public static final Bytes REFUSED = Bytes.wrap(new byte[] {0});

  @Override
  public Optional<Bytes> own(Hash nonce) {
    return Optional.of(Bytes.wrap(new byte[] {1}));
  }

  @Override
  public Optional<String> instanceViolation(
      Bytes evidence, EpochConfig config, String member, Bytes votingKey) {
    return evidence.equals(REFUSED)
        ? Optional.of("Expected acceptable evidence, but it is not")
        : Optional.empty();
  }
}
