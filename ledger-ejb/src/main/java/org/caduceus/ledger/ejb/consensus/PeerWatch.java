package org.caduceus.ledger.ejb.consensus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Notices when a peer falls silent and when it is heard again: one change each, however long it
 * lasts, so that the log holds one line for each instead of one for each failed attempt to connect.
 * A running peer announces itself every few seconds.
 */
final class PeerWatch {
  /**
   * A change.
   *
   * @param member index
   * @param silent silent from now on, or heard again
   * @param silenceMs how long it has been silent, or had been
   */
  record Change(int member, boolean silent, long silenceMs) {}

  private final int self;
  private final long patienceMs;
  private final long[] silentSince;
  private final long startMs;

  /**
   * @param n number of members
   * @param self index of this one
   * @param patienceMs silence that counts
   * @param nowMs the peers count as heard now
   */
  PeerWatch(int n, int self, long patienceMs, long nowMs) {
    this.self = self;
    this.patienceMs = patienceMs;
    this.startMs = nowMs;
    this.silentSince = new long[n];
    Arrays.fill(silentSince, -1);
  }

  /**
   * What has changed since the last call.
   *
   * @param lastHeardMs by member index, 0 if never
   */
  List<Change> changes(long nowMs, long[] lastHeardMs) {
    List<Change> changes = new ArrayList<>();
    for (int member = 0; member < silentSince.length; member++) {
      long heard = Math.max(startMs, lastHeardMs[member]);
      boolean silent = member != self && nowMs - heard > patienceMs;
      if (silent && silentSince[member] < 0) {
        silentSince[member] = heard;
        changes.add(new Change(member, true, nowMs - heard));
      } else if (!silent && silentSince[member] >= 0) {
        changes.add(new Change(member, false, heard - silentSince[member]));
        silentSince[member] = -1;
      }
    }
    return changes;
  }
}
