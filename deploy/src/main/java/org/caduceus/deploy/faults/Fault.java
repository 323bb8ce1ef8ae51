package org.caduceus.deploy.faults;

/** What happens to a consortium. */
enum Fault {
  NODE_KILLED("a node is killed", 4),
  NODE_RESTARTED("a node is stopped in order", 2),
  NODE_FROZEN("a node stands still (SIGSTOP)", 3),
  ENCLAVE_KILLED("an enclave is killed: its voting key is gone", 3),
  ENCLAVE_FROZEN("an enclave stands still", 1),
  MACHINE_KILLED("a node and its enclave are killed", 3),
  LINK_CUT("the link between two members is cut", 3),
  LINK_CUT_ONE_WAY("one direction of a link is cut", 2),
  LINK_FLAPS("a link is cut and mended every second", 2),
  MEMBER_ISOLATED("a member is cut off from all others", 3),
  SPLIT("half of the members is cut off from the other half", 2),
  ROLLING_RESTART("all nodes are restarted, one after the other", 1),
  ALL_NODES_KILLED("all nodes are killed at once", 1),
  ALL_ENCLAVES_KILLED("all enclaves are killed at once: a cold start", 1),
  DISK_LOST("a member loses its database and rebuilds the ledger from its peers", 1);

  private final String text;
  private final int weight;

  Fault(String text, int weight) {
    this.text = text;
    this.weight = weight;
  }

  /** In words. */
  String text() {
    return text;
  }

  /** How often it happens, compared with the others. */
  int weight() {
    return weight;
  }
}
