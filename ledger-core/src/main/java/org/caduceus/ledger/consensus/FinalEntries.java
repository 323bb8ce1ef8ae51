package org.caduceus.ledger.consensus;

import java.util.Set;
import org.caduceus.ledger.Hash;

/** Asks the store which entries are final; most often {@code store::finalAmong}. */
@FunctionalInterface
public interface FinalEntries {
  /** Those of {@code entryIds} that are in a final, stored block. */
  Set<Hash> among(Set<Hash> entryIds);
}
