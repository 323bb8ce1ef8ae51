package org.caduceus.ledger.simulation;

import org.caduceus.ledger.Hash;

/** Sees what happens in a simulated consortium, as it happens. */
interface Watcher {
  /** A message was sent; it may yet be lost. */
  default void sent(Letter letter) {}

  /** A message was lost. */
  default void lost(Letter letter) {}

  /** A message reached a host that is up. */
  default void arrived(Letter letter) {}

  /** A block that is not final survives a power cut of this host. */
  default void stored(int node, Hash block) {}

  /** A final block survives a power cut of this host. */
  default void appended(int node, long height) {}

  /** Something else happened that a reader wants to know. */
  default void told(String what) {}
}
