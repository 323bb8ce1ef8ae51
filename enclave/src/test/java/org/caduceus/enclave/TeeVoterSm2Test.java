package org.caduceus.enclave;

import org.caduceus.ledger.block.SampleSigner;

/** The same of an instance of the Chinese suite, against Bouncy Castle's SM2. */
final class TeeVoterSm2Test extends TeeVoterTest {
  @Override
  public SampleSigner.Scheme scheme() {
    return SampleSigner.Scheme.SM2;
  }
}
