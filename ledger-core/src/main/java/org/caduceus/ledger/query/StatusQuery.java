package org.caduceus.ledger.query;

/** How the node is. */
public interface StatusQuery {
  /**
   * The state at this moment. Never throws for a missing enclave, database or peer: the status says
   * so.
   */
  NodeStatus status();
}
