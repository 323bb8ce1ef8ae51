package org.caduceus.ledger.consensus;

/** The alarm clocks of a replica, at most one of each set at a time. */
public enum Timer {
  /** Known entries or a proposed block did not become final in time: change the view. */
  PROGRESS,
  /** Tell the new-view report again. */
  REBROADCAST,
  /** The oldest waiting entry has lingered long enough: propose. */
  BATCH,
  /** Send collected own entries to the peers. */
  GOSSIP,
  /** Ask (again) for missing blocks. */
  SYNC,
  /** Announce height and view, gossip again what is not final. */
  STATUS
}
