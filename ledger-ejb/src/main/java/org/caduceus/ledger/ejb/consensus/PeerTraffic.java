package org.caduceus.ledger.ejb.consensus;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.caduceus.ledger.ejb.LedgerLog;

/**
 * How many bytes of each peer's messages wait, within a bound of its own: who floods this node
 * loses its own messages and holds up nobody else's. Consensus bears lost messages. Thread-safe.
 */
public final class PeerTraffic {
  private static final long SAID_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final class Peer {
    final Semaphore room;
    final AtomicLong dropped = new AtomicLong();
    volatile long saidNanos = System.nanoTime() - SAID_NANOS;

    Peer(int bytes) {
      room = new Semaphore(bytes);
    }
  }

  private final int bound;
  private final Map<String, Peer> peers = new ConcurrentHashMap<>();

  /**
   * No message waits.
   *
   * @param bound bytes of one peer that may wait; at least the longest message
   */
  PeerTraffic(int bound) {
    this.bound = bound;
  }

  private Peer peer(String sender) {
    return peers.computeIfAbsent(sender, each -> new Peer(bound));
  }

  /** Whether a message of this length may wait; else it is counted as dropped. */
  boolean admits(String sender, int bytes) {
    Peer peer = peer(sender);
    if (bytes <= bound && peer.room.tryAcquire(bytes)) {
      return true;
    }
    long dropped = peer.dropped.incrementAndGet();
    if (System.nanoTime() - peer.saidNanos >= SAID_NANOS) {
      peer.saidNanos = System.nanoTime();
      LedgerLog.PEER_FLOODS.log(sender, dropped);
    }
    return false;
  }

  /** A message that was admitted does not wait any more. */
  void taken(String sender, int bytes) {
    peer(sender).room.release(bytes);
  }

  /** A message of this peer was none, or is not to be heard. */
  public void refused(String sender) {
    peer(sender).dropped.incrementAndGet();
  }

  /** Messages of this peer that were not taken since the start. */
  public long dropped(String sender) {
    Peer peer = peers.get(sender);
    return peer == null ? 0 : peer.dropped.get();
  }
}
