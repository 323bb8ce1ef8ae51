package org.caduceus.ledger.ejb.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.peer.Links;

/**
 * Institutions that lost their seat a moment ago. They may send nothing any more, so they cannot
 * fetch the block that says so; it is told to them instead, a few times within ten minutes. Without
 * it their nodes would go on taking messages in and show no more than silent peers. They get blocks
 * of the epoch in which they had a seat, none of a later one. Used by the replica's thread only.
 */
final class Farewells {
  /** How long somebody is told. */
  static final long LAST_MS = TimeUnit.MINUTES.toMillis(10);

  /** Messages of blocks that are told at once: less than an outbox holds. */
  static final int MESSAGES = 16;

  private static final long FIRST_PAUSE_MS = 5_000;

  /**
   * What to tell.
   *
   * @param member to whom
   * @param above the height that it announced last, or up to which it was told
   * @param end height of the last block of its epoch
   */
  record Telling(String member, long above, long end) {}

  private static final class Leaving {
    final Links.Peer peer;
    final Telling whole;
    final long untilMs;
    long above;
    long pauseMs = FIRST_PAUSE_MS;
    long nextMs;

    Leaving(Links.Peer peer, Telling telling, long nowMs) {
      this.peer = peer;
      this.whole = telling;
      this.above = telling.above();
      this.untilMs = nowMs + LAST_MS;
      this.nextMs = nowMs;
    }
  }

  private final List<Leaving> all = new ArrayList<>();

  /** This one lost its seat with the block of height {@code end}. */
  void add(String member, Hash linkKey, long above, long end, long nowMs) {
    all.add(new Leaving(new Links.Peer(member, linkKey), new Telling(member, above, end), nowMs));
  }

  /** This one has a seat again. */
  void remove(String member) {
    all.removeIf(leaving -> leaving.peer.id().equals(member));
  }

  /** Who is still told. */
  List<Links.Peer> peers() {
    return all.stream().map(leaving -> leaving.peer).toList();
  }

  /** What is to be told now; the pauses double. */
  List<Telling> due(long nowMs) {
    List<Telling> due = new ArrayList<>();
    for (Leaving leaving : all) {
      if (nowMs >= leaving.nextMs && nowMs < leaving.untilMs) {
        due.add(new Telling(leaving.whole.member(), leaving.above, leaving.whole.end()));
        leaving.nextMs = nowMs + leaving.pauseMs;
        leaving.pauseMs *= 2;
      }
    }
    return due;
  }

  /** It was told the blocks up to this height: the next time goes on there, or begins again. */
  void told(String member, long upTo) {
    for (Leaving leaving : all) {
      if (leaving.whole.member().equals(member)) {
        leaving.above = upTo < leaving.whole.end() ? upTo : leaving.whole.above();
      }
    }
  }

  /** Forgets whose time is over; whether there was anybody. */
  boolean end(long nowMs) {
    return all.removeIf(leaving -> nowMs >= leaving.untilMs);
  }
}
