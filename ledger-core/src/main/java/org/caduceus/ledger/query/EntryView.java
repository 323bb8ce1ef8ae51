package org.caduceus.ledger.query;

import java.util.Optional;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignedEntry;

/**
 * An entry as a node knows it.
 *
 * @param signed the entry with its signature
 * @param externalId MSH-10, SOPInstanceUID or eventID, only at the institution that took the record
 *     in
 * @param place where it is final, empty while it waits
 */
public record EntryView(SignedEntry signed, Optional<String> externalId, Optional<Place> place) {
  /**
   * A final entry's place.
   *
   * @param height block height
   * @param index position in the block, from 0
   * @param blockHash the block
   * @param finalAtMs when this node stored the block, ms since 1970-01-01 UTC
   */
  public record Place(long height, int index, Hash blockHash, long finalAtMs) {}
}
