package org.caduceus.ledger.consensus;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.caduceus.ledger.Hash;

/**
 * Entries of the last final blocks: spares the store most questions, and knows what the store does
 * not know yet.
 */
final class RecentlyFinal {
  private static final int REMEMBERED = 65_536;

  private final Map<Hash, Long> heightById = new LinkedHashMap<>();
  private final FinalEntries store;
  private long storedHeight;

  RecentlyFinal(FinalEntries store) {
    this.store = store;
  }

  void add(Hash entryId, long height) {
    heightById.put(entryId, height);
    Iterator<Long> eldest = heightById.values().iterator();
    while (heightById.size() > REMEMBERED && eldest.next() <= storedHeight) {
      eldest.remove();
    }
  }

  boolean contains(Hash entryId) {
    return heightById.containsKey(entryId);
  }

  /** The store has all blocks up to this height. */
  void stored(long height) {
    storedHeight = Math.max(storedHeight, height);
  }

  /** Height of the last block that the store confirmed. */
  long storedHeight() {
    return storedHeight;
  }

  /** Those of {@code ids} that are final; {@code waiting} ones are known not to be. */
  Set<Hash> among(Set<Hash> ids, EntryPool waiting) {
    Set<Hash> found = new HashSet<>();
    Set<Hash> unknown = new HashSet<>();
    for (Hash id : ids) {
      if (contains(id)) {
        found.add(id);
      } else if (!waiting.contains(id)) {
        unknown.add(id);
      }
    }
    if (!unknown.isEmpty()) {
      found.addAll(store.among(unknown));
    }
    return found;
  }
}
