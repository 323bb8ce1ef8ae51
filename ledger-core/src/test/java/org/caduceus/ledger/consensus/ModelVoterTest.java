package org.caduceus.ledger.consensus;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.SampleSigner;

final class ModelVoterTest implements VoterContract {
  private final ModelVoter voter =
      new ModelVoter(SampleSigner.Scheme.ES256, "the instance under test");

  @Override
  public Voter voter() {
    return voter;
  }

  @Override
  public Bytes votingKey() {
    return voter.votingKey();
  }
}
