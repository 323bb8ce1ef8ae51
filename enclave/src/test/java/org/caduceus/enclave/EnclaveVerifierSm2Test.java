package org.caduceus.enclave;

import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.block.SampleSigner;

/** The same of SM2. */
final class EnclaveVerifierSm2Test extends EnclaveVerifierTest {
  @Override
  SampleSigner.Scheme scheme() {
    return SampleSigner.Scheme.SM2;
  }

  @Override
  Bytes order() {
    return Bytes.fromHex("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123");
  }
}
