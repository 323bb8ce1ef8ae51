package org.caduceus.ledger.ejb.consensus;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.consensus.Standing;
import org.caduceus.ledger.membership.Constitution;
import org.caduceus.ledger.membership.EpochConfig;

/**
 * What the replica's thread last published of itself, for readers on other threads.
 *
 * @param constitution of the running epoch
 * @param view current view
 * @param leader member index of its leader
 * @param height of the last final block
 * @param tip its hash, or the anchor
 * @param tipAtMs when it became final here, 0 before the first
 * @param pool entries known here that wait for a block
 * @param voting whether the voter has a seat and answers
 * @param halted why nothing moves any more
 * @param summary one English sentence
 * @param standing the same as facts
 * @param peers one for each member, in the configuration's order
 */
public record ReplicaState(
    Constitution constitution,
    long view,
    int leader,
    long height,
    Hash tip,
    long tipAtMs,
    int pool,
    boolean voting,
    Optional<String> halted,
    String summary,
    Standing standing,
    List<Heard> peers) {

  /**
   * What was heard of a member.
   *
   * @param height announced last
   * @param lastHeardMs ms since 1970-01-01 UTC, 0 if never
   */
  public record Heard(long height, long lastHeardMs) {}

  /** Freezes the list. */
  public ReplicaState {
    peers = List.copyOf(peers);
  }

  /** Configuration of the running epoch. */
  public EpochConfig config() {
    return constitution.config();
  }
}
