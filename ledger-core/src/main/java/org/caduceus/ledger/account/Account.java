package org.caduceus.ledger.account;

import java.util.Set;

/**
 * A person or a system that uses this node.
 *
 * @param name login name and ledger author, 1 to 64 characters
 * @param roles duties
 * @param enabled whether it may sign in
 */
public record Account(String name, Set<Role> roles, boolean enabled) {
  /** Freezes the set. */
  public Account {
    roles = Set.copyOf(roles);
  }
}
