package org.caduceus.ledger.ejb.consensus;

import java.util.Optional;
import org.caduceus.ledger.enclave.AssuranceTier;

/**
 * Whether this member's evidence is worth what the consortium asks, for the node's health.
 *
 * @param suffices whether it is
 * @param text one English sentence for whoever looks at the health
 */
public record AttestationCondition(boolean suffices, String text) {

  /**
   * Of what this node could verify of its own evidence, as a peer with the same roots would.
   *
   * @param minimum what the consortium asks; of SIMULATED nothing needs to be shown
   * @param own the last evidence
   * @param failure why the platform attests nothing, if it does not
   */
  static AttestationCondition of(
      AssuranceTier minimum, AttestationExchange.Seen own, Optional<String> failure) {
    String shown =
        own.tier()
            .map(tier -> "The enclave's evidence is worth " + tier)
            .orElseGet(
                () ->
                    own.refusal().isEmpty()
                        ? "The enclave has shown no evidence within the last minute"
                        : "The enclave's evidence is refused: " + own.refusal());
    return new AttestationCondition(
        minimum == AssuranceTier.SIMULATED || own.tier().isPresent(),
        shown + failure.map(why -> "; its platform attests nothing: " + why).orElse(""));
  }
}
