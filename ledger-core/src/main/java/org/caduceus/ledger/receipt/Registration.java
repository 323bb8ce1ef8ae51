package org.caduceus.ledger.receipt;

import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.StateTree;
import org.caduceus.ledger.membership.Institution;
import org.caduceus.ledger.membership.Register;

/**
 * That an institution was registered, and with which keys, where a header's state root stands.
 *
 * @param institution what the world state says of it
 * @param path from that root to it
 */
public record Registration(Institution institution, StateTree.Path path) {
  /**
   * That of an institution of the register.
   *
   * @throws java.util.NoSuchElementException if it is not registered
   */
  public static Registration of(Register register, String id) {
    return new Registration(register.institution(id).orElseThrow(), register.path(id));
  }

  /** Whether it shows that this is the institution of this id under that root. */
  boolean holds(Hash stateRoot, String id) {
    return institution.id().equals(id)
        && path.proves(stateRoot, Register.key(id), institution.encode());
  }
}
