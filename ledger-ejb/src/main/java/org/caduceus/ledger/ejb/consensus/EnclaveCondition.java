package org.caduceus.ledger.ejb.consensus;

import org.caduceus.ledger.enclave.EnclaveInfo;

/**
 * What the last look at the enclave found, for the node's health. The replica notices a lost voter
 * at its next vote only; a quiet node must show red before.
 *
 * @param serves whether the node can rely on it
 * @param text one English sentence for whoever looks at the health
 */
public record EnclaveCondition(boolean serves, String text) {
  /** Before the first look, and when there was no answer. */
  static final EnclaveCondition AWAY = new EnclaveCondition(false, "The enclave does not answer");

  /** Of an enclave that answered. */
  static EnclaveCondition of(EnclaveInfo.State state) {
    return switch (state) {
      case NEW, ACTIVE, FOLLOWER, RETIRED ->
          new EnclaveCondition(true, "The enclave answers, its voting key is " + state);
      case HALTED ->
          new EnclaveCondition(
              false, "The enclave is HALTED: it saw proof that some enclave is broken");
      case DEAD ->
          new EnclaveCondition(
              false, "The enclave is DEAD: an invariant failed in it; see tee.log, restart it");
    };
  }
}
