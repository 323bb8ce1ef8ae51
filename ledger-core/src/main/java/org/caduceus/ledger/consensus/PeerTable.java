package org.caduceus.ledger.consensus;

import java.util.Arrays;
import java.util.Optional;

/** What this node knows of the others, for choosing whom to ask and for people to look at. */
final class PeerTable {
  private static final long WINDOW_MS = 1_000;
  private static final int ANSWERS_PER_WINDOW = 50;

  private final int self;
  private final long[] lastHeardMs;
  private final long[] height;
  private final long[] epoch;
  private final boolean[] votes;
  private final long[] windowStartMs;
  private final int[] answered;
  private final String[] complaint;
  private int lastAsked;
  private int lastAskedForEpoch;

  PeerTable(int members, int self) {
    this.self = self;
    this.lastAsked = Math.max(0, self);
    this.lastAskedForEpoch = Math.max(0, self);
    lastHeardMs = new long[members];
    height = new long[members];
    epoch = new long[members];
    votes = new boolean[members];
    windowStartMs = new long[members];
    answered = new int[members];
    complaint = new String[members];
    Arrays.fill(complaint, "");
    Arrays.fill(votes, true); // until it says otherwise
  }

  void heard(int member, long nowMs) {
    lastHeardMs[member] = nowMs;
  }

  /** The member has a final block of this height. */
  void has(int member, long finalHeight) {
    height[member] = Math.max(height[member], finalHeight);
  }

  /** The member did not deliver what it announced; it may announce again. */
  void lacks(int member, long finalHeight) {
    height[member] = Math.min(height[member], finalHeight);
  }

  /** The member is in this epoch. */
  void isIn(int member, long itsEpoch) {
    epoch[member] = itsEpoch;
  }

  /** Whether the member said where it stands since this node started. */
  boolean hasAnnounced(int member) {
    return epoch[member] > 0;
  }

  /** Whether the member's voter has a seat and answers, as it says. */
  void votes(int member, boolean itVotes) {
    votes[member] = itVotes;
  }

  boolean votes(int member) {
    return votes[member];
  }

  boolean anybodyBeyond(long ownEpoch) {
    return Arrays.stream(epoch).anyMatch(each -> each > ownEpoch);
  }

  /** The next member in turn that says it is in a later epoch; it may lie and never answer. */
  Optional<Integer> nextBeyond(long ownEpoch) {
    for (int i = 1; i <= epoch.length; i++) {
      int member = (lastAskedForEpoch + i) % epoch.length;
      if (member != self && epoch[member] > ownEpoch) {
        lastAskedForEpoch = member;
        return Optional.of(member);
      }
    }
    return Optional.empty();
  }

  long height(int member) {
    return height[member];
  }

  long lastHeardMs(int member) {
    return lastHeardMs[member];
  }

  /** Of the first {@code members}, those heard from within {@code withinMs}, this one included. */
  int alive(int members, long nowMs, long withinMs) {
    int count = 0;
    for (int i = 0; i < members; i++) {
      if (i == self || (lastHeardMs[i] > 0 && nowMs - lastHeardMs[i] <= withinMs)) {
        count++;
      }
    }
    return count;
  }

  boolean anybodyAbove(long finalHeight) {
    return Arrays.stream(height).anyMatch(each -> each > finalHeight);
  }

  /** The next member in turn that announced more than this height. */
  Optional<Integer> nextAbove(long finalHeight) {
    for (int i = 1; i <= height.length; i++) {
      int member = (lastAsked + i) % height.length;
      if (member != self && height[member] > finalHeight) {
        lastAsked = member;
        return Optional.of(member);
      }
    }
    return Optional.empty();
  }

  /** Whether the member may have another expensive answer within this second. */
  boolean mayAnswer(int member, long nowMs) {
    if (nowMs < windowStartMs[member] || nowMs - windowStartMs[member] >= WINDOW_MS) {
      windowStartMs[member] = nowMs;
      answered[member] = 0;
    }
    return answered[member]++ < ANSWERS_PER_WINDOW;
  }

  void complain(int member, String reason) {
    if (member >= 0) { // else it is this node's own, which has no seat
      complaint[member] = reason;
    }
  }

  Optional<String> complaint(int member) {
    return complaint[member].isEmpty() ? Optional.empty() : Optional.of(complaint[member]);
  }
}
