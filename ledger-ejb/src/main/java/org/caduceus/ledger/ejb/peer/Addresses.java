package org.caduceus.ledger.ejb.peer;

/** Names of the broker's addresses. */
public final class Addresses {
  /** Every peer's consensus messages arrive here. */
  public static final String INBOX = "caduceus.consensus.in";

  /** Final blocks as JSON, for local systems. */
  public static final String BLOCKS = "caduceus.blocks";

  static final String OUTBOX = "caduceus.consensus.out.";

  private Addresses() {}

  /** What waits for the bridge to {@code member}. */
  public static String outbox(String member) {
    return OUTBOX + member;
  }

  /**
   * The name of that bridge. What follows the member's id keeps the broker from taking the bridge
   * to {@code a-1} for a second one to {@code a}, which it would end together with that.
   */
  static String bridge(String member) {
    return OUTBOX + member + ".bridge";
  }
}
