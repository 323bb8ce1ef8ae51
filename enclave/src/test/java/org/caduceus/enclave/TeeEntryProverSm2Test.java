package org.caduceus.enclave;

import org.caduceus.ledger.block.SampleSigner;

/** The same with SM2. */
class TeeEntryProverSm2Test extends TeeEntryProverTest {
  @Override
  SampleSigner.Scheme scheme() {
    return SampleSigner.Scheme.SM2;
  }
}
