package org.caduceus.ledger.receipt;

import org.caduceus.ledger.block.SampleSigner;

/** The same of a consortium that signs by SM2. */
final class ReceiptVerifierSm2Test extends ReceiptVerifierTest {
  @Override
  SampleSigner.Scheme scheme() {
    return SampleSigner.Scheme.SM2;
  }
}
