package org.caduceus.deploy.operator;

import org.caduceus.deploy.ToolFailure;

/** The node does not answer at all. */
final class NodeAway extends ToolFailure {
  private static final long serialVersionUID = 1L;

  NodeAway(String node, Throwable cause) {
    super("Expected " + node + " to answer, but it does not", cause);
  }
}
