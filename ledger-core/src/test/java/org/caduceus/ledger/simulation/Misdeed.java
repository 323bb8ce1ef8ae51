package org.caduceus.ledger.simulation;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.block.BlockHeader;
import org.caduceus.ledger.consensus.Justification;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.consensus.Voter;

/**
 * One way for a host to misbehave. A {@link ByzantineHost} combines several: every message passes
 * through all of them in turn, the first one that wants to proposes, and each acts on its own.
 */
interface Misdeed {

  /**
   * A message and its receivers.
   *
   * @param to indexes, perhaps none
   */
  record Mail(List<Integer> to, PeerMessage message) {
    /** Freezes the list. */
    public Mail {
      to = List.copyOf(to);
    }

    Mail to(List<Integer> others) {
      return new Mail(others, message);
    }

    Mail with(PeerMessage other) {
      return new Mail(to, other);
    }
  }

  /** What goes out in place of what the replica wanted to send. */
  default List<Mail> instead(ByzantineHost host, Mail mail) {
    return List.of(mail);
  }

  /**
   * What the replica hears that wants a proposal signed.
   *
   * @return empty to leave it to the enclave
   */
  default Optional<Voter.Signed> propose(
      ByzantineHost host, BlockHeader header, Justification justification) {
    return Optional.empty();
  }

  /** Whether what the replica wants proposed or voted for does not reach the enclave. */
  default boolean abstains() {
    return false;
  }

  /**
   * Whether its enclave states in a cold start that it voted for nothing, whatever the disk says.
   */
  default boolean forgets() {
    return false;
  }

  /** A message has come; the replica gets it too. */
  default void heard(ByzantineHost host, PeerMessage message) {}

  /** Does something nobody asked for, if it likes. Called many times a second. */
  default void act(ByzantineHost host) {}
}
