package org.caduceus.ledger.ejb.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.junit.jupiter.api.Test;

/** A node is red for its evidence only where the consortium asks for more than it shows. */
final class AttestationConditionTest {
  private static final AttestationExchange.Seen REFUSED =
      new AttestationExchange.Seen(Optional.empty(), "Expected more, but got less", 1);

  @Test
  void whereNothingIsAskedAFailingAttesterIsSaidAndNoMore() {
    assertEquals(
        new AttestationCondition(
            true, "The enclave's evidence is worth SIMULATED; its platform attests nothing: why"),
        AttestationCondition.of(
            AssuranceTier.SIMULATED, worth(AssuranceTier.SIMULATED), Optional.of("why")));
    assertEquals(
        new AttestationCondition(true, "The enclave has shown no evidence within the last minute"),
        AttestationCondition.of(
            AssuranceTier.SIMULATED, AttestationExchange.Seen.NOTHING, Optional.empty()));
  }

  @Test
  void whereMoreIsAskedItMustBeShown() {
    AssuranceTier asked = AssuranceTier.MEASURED_TPM;
    assertEquals(
        new AttestationCondition(true, "The enclave's evidence is worth MEASURED_TPM"),
        AttestationCondition.of(asked, worth(asked), Optional.empty()));
    assertEquals(
        new AttestationCondition(
            false,
            "The enclave's evidence is refused: Expected more, but got less; its platform attests"
                + " nothing: why"),
        AttestationCondition.of(asked, REFUSED, Optional.of("why")));
    assertEquals(
        new AttestationCondition(false, "The enclave has shown no evidence within the last minute"),
        AttestationCondition.of(asked, AttestationExchange.Seen.NOTHING, Optional.empty()));
  }

  private static AttestationExchange.Seen worth(AssuranceTier tier) {
    return new AttestationExchange.Seen(Optional.of(tier), "", 1);
  }
}
