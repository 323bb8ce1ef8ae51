package org.caduceus.ledger.query;

import org.caduceus.ledger.consensus.Standing;

/** How the node is. */
public interface StatusQuery {
  /**
   * The state at this moment. Never throws for a missing enclave, database or peer: the status says
   * so.
   */
  NodeStatus status();

  /** Who takes part in the running epoch, at most a second old. */
  Participation participation();

  /** Why consensus moves, rests or is stuck, at most a moment ago. */
  Standing standing();
}
