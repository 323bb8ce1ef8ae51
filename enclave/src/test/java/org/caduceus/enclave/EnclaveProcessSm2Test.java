package org.caduceus.enclave;

import org.caduceus.ledger.block.Suite;

/** The same of an instance of the Chinese suite. */
final class EnclaveProcessSm2Test extends EnclaveProcessTest {
  @Override
  Suite suite() {
    return Suite.SM2_SM3;
  }
}
