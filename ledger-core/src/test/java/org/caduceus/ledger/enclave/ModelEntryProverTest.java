package org.caduceus.ledger.enclave;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.SampleSigner;
import org.caduceus.ledger.consensus.Electorate;
import org.caduceus.ledger.consensus.SampleConsortium;

final class ModelEntryProverTest implements EntryProverContract {
  private final SampleConsortium consortium = new SampleConsortium(SampleSigner.Scheme.ES256, 5, 4);
  private final SampleSigner signer =
      SampleSigner.Scheme.ES256.signer(SampleConsortium.votingKeyName(0));
  private final EntryProver prover =
      new ModelEntryProver(
          new Electorate(consortium.config(), SampleSigner.Scheme.ES256.verifier()), signer);

  @Override
  public EntryProver prover() {
    return prover;
  }

  @Override
  public Bytes votingKey() {
    return signer.publicKey();
  }

  @Override
  public SampleConsortium consortium() {
    return consortium;
  }
}
