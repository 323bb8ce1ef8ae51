package org.caduceus.ledger.ejb.peer;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.ejb.LedgerLog;

/**
 * How much of what each peer sent waits here, from the broker's door until the replica took it,
 * within a bound of its own: who floods this node loses its own messages and holds up nobody
 * else's. Consensus bears lost messages. Thread-safe.
 *
 * <p>What a peer sends is taken in its order, so each message that may wait gets a position: the
 * weight of all that came before and of its own. What waits is the last position that was given
 * less the last one that was taken, and a message that got lost on its way here takes no room once
 * a later one is taken.
 */
final class PeerShares {
  /** What the smallest message weighs, in bytes: taking it costs time, whatever its length. */
  static final int LEAST_WEIGHT = 4 * 1024;

  /** Weight of one peer's messages that may wait: the longest one, or some thousand votes. */
  static final int SHARE = PeerMessage.MAX_BYTES + BrokerConfiguration.MIB;

  private static final long SAID_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final class Peer {
    long given;
    long taken;
    long refused;
    long saidNanos = System.nanoTime() - SAID_NANOS;
  }

  private final Map<String, Peer> peers = new ConcurrentHashMap<>();

  private Peer peer(String id) {
    return peers.computeIfAbsent(id, each -> new Peer());
  }

  /**
   * A message that may wait.
   *
   * @param bytes its length
   * @return its position; empty if too much of this peer waits already, which counts as refused
   */
  OptionalLong admit(String id, int bytes) {
    Peer peer = peer(id);
    synchronized (peer) {
      int weight = Math.max(bytes, LEAST_WEIGHT);
      if (peer.given - peer.taken + weight <= SHARE) {
        peer.given += weight;
        return OptionalLong.of(peer.given);
      }
      peer.refused++;
      if (System.nanoTime() - peer.saidNanos >= SAID_NANOS) {
        peer.saidNanos = System.nanoTime();
        LedgerLog.PEER_FLOODS.log(id, peer.refused);
      }
      return OptionalLong.empty();
    }
  }

  /** The message of this position does not wait any more, nor do those before it. */
  void taken(String id, long position) {
    Peer peer = peer(id);
    synchronized (peer) {
      peer.taken = Math.max(peer.taken, position);
    }
  }

  /** A message of this peer was none, or is not to be heard. */
  void refused(String id) {
    Peer peer = peer(id);
    synchronized (peer) {
      peer.refused++;
    }
  }

  /** Messages of this peer that were not taken since the start. */
  long refusals(String id) {
    Peer peer = peer(id);
    synchronized (peer) {
      return peer.refused;
    }
  }
}
