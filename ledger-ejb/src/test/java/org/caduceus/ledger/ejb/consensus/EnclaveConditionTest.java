package org.caduceus.ledger.ejb.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Set;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.junit.jupiter.api.Test;

/** The node's health is red for an enclave that nothing can be left to, and says why. */
class EnclaveConditionTest {
  private static final Set<EnclaveInfo.State> BROKEN =
      EnumSet.of(EnclaveInfo.State.HALTED, EnclaveInfo.State.DEAD);

  @Test
  void aBrokenEnclaveMakesHealthRedAndIsNamed() {
    for (EnclaveInfo.State state : EnclaveInfo.State.values()) {
      EnclaveCondition condition = EnclaveCondition.of(state);
      assertEquals(!BROKEN.contains(state), condition.serves(), state.name());
      assertTrue(condition.text().contains(state.name()), condition.text());
    }
    assertFalse(EnclaveCondition.AWAY.serves());
  }
}
