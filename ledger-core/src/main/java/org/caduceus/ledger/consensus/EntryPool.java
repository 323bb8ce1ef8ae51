package org.caduceus.ledger.consensus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.SignedEntry;

/**
 * Verified entries that are not final, per member in order of arrival. Blocks take from the members
 * in turn, so that no institution can crowd out another; each may fill only its own share.
 */
final class EntryPool {
  private static final class Waiting {
    final SignedEntry entry;
    final long arrivedMs;
    long toldMs;

    Waiting(SignedEntry entry, long arrivedMs) {
      this.entry = entry;
      this.arrivedMs = arrivedMs;
      this.toldMs = arrivedMs;
    }
  }

  private final List<LinkedHashMap<Hash, Waiting>> queues = new ArrayList<>();
  private final Map<Hash, Integer> memberById = new HashMap<>();
  private final int self;
  private final int maxPerPeer;
  private long bytes;
  private int turn;

  EntryPool(int members, int self, int maxPerPeer) {
    for (int i = 0; i < members; i++) {
      queues.add(new LinkedHashMap<>());
    }
    this.self = self;
    this.maxPerPeer = maxPerPeer;
  }

  /** Whether it was added: false if it is there already or the member's share is full. */
  boolean add(int member, SignedEntry entry, long nowMs) {
    if (memberById.containsKey(entry.id()) || isFull(member)) {
      return false;
    }
    memberById.put(entry.id(), member);
    queues.get(member).put(entry.id(), new Waiting(entry, nowMs));
    bytes += entry.cose().length();
    return true;
  }

  /** All entries, member by member in order of arrival. */
  List<SignedEntry> all() {
    List<SignedEntry> all = new ArrayList<>();
    queues.forEach(queue -> queue.values().forEach(waiting -> all.add(waiting.entry)));
    return all;
  }

  /** Own entries are durable already and bounded where they are taken in. */
  boolean isFull(int member) {
    return member != self && queues.get(member).size() >= maxPerPeer;
  }

  boolean contains(Hash id) {
    return memberById.containsKey(id);
  }

  void remove(Hash id) {
    Integer member = memberById.remove(id);
    if (member != null) {
      Waiting gone = queues.get(member).remove(id);
      bytes -= gone.entry.cose().length();
    }
  }

  int size() {
    return memberById.size();
  }

  /** Sum of the entries' bytes. */
  long bytes() {
    return bytes;
  }

  /** When the entry that waits longest arrived here. */
  OptionalLong oldestArrival() {
    return queues.stream()
        .filter(queue -> !queue.isEmpty())
        .mapToLong(queue -> queue.values().iterator().next().arrivedMs)
        .min();
  }

  /**
   * The next block's entries. They stay in the pool until they are final.
   *
   * @param taken in blocks that are not final but will be below the next one
   */
  List<SignedEntry> batch(Set<Hash> taken, int maxEntries, long maxBytes) {
    List<Iterator<Waiting>> turns = new ArrayList<>();
    for (int i = 0; i < queues.size(); i++) {
      turns.add(queues.get((turn + i) % queues.size()).values().iterator());
    }
    turn = (turn + 1) % queues.size();
    List<SignedEntry> batch = new ArrayList<>();
    long batchBytes = 0;
    while (!turns.isEmpty()) {
      for (Iterator<Iterator<Waiting>> each = turns.iterator(); each.hasNext(); ) {
        Iterator<Waiting> queue = each.next();
        if (!queue.hasNext()) {
          each.remove();
          continue;
        }
        SignedEntry entry = queue.next().entry;
        if (taken.contains(entry.id())) {
          continue;
        }
        if (batch.size() == maxEntries || batchBytes + entry.cose().length() > maxBytes) {
          return batch;
        }
        batch.add(entry);
        batchBytes += entry.cose().length();
      }
    }
    return batch;
  }

  /**
   * Own entries last told to the peers at or before {@code beforeMs}, oldest first; counts as
   * telling them now.
   */
  List<SignedEntry> ownToTellAgain(long beforeMs, long nowMs, int limit) {
    List<SignedEntry> again = new ArrayList<>();
    if (self < 0) {
      return again; // this institution has no seat
    }
    for (Waiting waiting : queues.get(self).values()) {
      if (again.size() == limit) {
        break;
      }
      // Told in the future: the clock was turned back meanwhile.
      if (waiting.toldMs <= beforeMs || waiting.toldMs > nowMs) {
        waiting.toldMs = nowMs;
        again.add(waiting.entry);
      }
    }
    return again;
  }
}
