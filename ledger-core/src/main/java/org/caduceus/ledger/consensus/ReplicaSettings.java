package org.caduceus.ledger.consensus;

/**
 * What a node may choose for itself; agreement does not depend on any of it.
 *
 * @param lingerMs how long the oldest entry waits for company before a block is proposed
 * @param paceMs between two proposals of this node that are not full: under load larger blocks, not
 *     more of them, as a block costs as much as many entries
 * @param gossipMs between two messages with own entries; the first goes at once
 * @param statusMs between two announcements on an idle chain
 * @param silentLeaderMs how long a leader is waited for that nobody here has heard of for several
 *     announcements: a dead member's turns to lead then cost next to nothing
 * @param regossipMs after which own entries that are not final are sent again
 * @param syncPatienceMs how long a node behind its peers waits for the ordinary messages
 * @param syncTimeoutMs after which another peer is asked for the same blocks
 * @param coldStartPatienceMs how long members that lost their keys wait for the rest to state where
 *     they stood
 * @param maxClockAheadMs how far a proposer's clock may be ahead of this node's
 * @param maxPoolEntries other members' entries kept per member; own ones are bounded by intake
 * @param maxGossipEntries entries in one message
 * @param maxGossipBytes sum of their bytes
 * @param maxSyncBlocks blocks in one answer
 * @param maxSyncBytes sum of their entries' bytes
 */
public record ReplicaSettings(
    long lingerMs,
    long paceMs,
    long gossipMs,
    long statusMs,
    long silentLeaderMs,
    long regossipMs,
    long syncPatienceMs,
    long syncTimeoutMs,
    long coldStartPatienceMs,
    long maxClockAheadMs,
    int maxPoolEntries,
    int maxGossipEntries,
    int maxGossipBytes,
    int maxSyncBlocks,
    int maxSyncBytes) {

  /** Values for a local network. */
  public static ReplicaSettings defaults() {
    return new ReplicaSettings(
        10,
        100,
        40,
        3_000,
        100,
        2_000,
        200,
        2_000,
        10_000,
        30_000,
        20_000,
        256,
        512 * 1024,
        64,
        1024 * 1024);
  }

  /** The same with other waiting times of a leader and of own entries, ms. */
  public ReplicaSettings withBatching(long linger, long pace, long gossip) {
    return new ReplicaSettings(
        linger,
        pace,
        gossip,
        statusMs,
        silentLeaderMs,
        regossipMs,
        syncPatienceMs,
        syncTimeoutMs,
        coldStartPatienceMs,
        maxClockAheadMs,
        maxPoolEntries,
        maxGossipEntries,
        maxGossipBytes,
        maxSyncBlocks,
        maxSyncBytes);
  }

  /** After so long without a message a peer counts as silent, ms. */
  long silenceMs() {
    return 3 * statusMs;
  }
}
