package org.caduceus.ledger.membership;

import java.util.List;
import java.util.Map;

/**
 * What an election would come to if the running epoch ended now: with everything that is final, the
 * delegations and candidacies of this epoch included, which the register shows from the next epoch
 * on.
 *
 * @param dueHeight the first block with entries at this height or above ends the epoch, if nothing
 *     that is decided ends it before
 * @param votes weight that elects each institution, above 0, by id; nothing elects one that is not
 *     there
 * @param committee ids of those who would have a seat, ascending
 */
public record Outlook(long dueHeight, Map<String, Long> votes, List<String> committee) {
  /** Freezes the collections. */
  public Outlook {
    votes = Map.copyOf(votes);
    committee = List.copyOf(committee);
  }
}
