package org.caduceus.ledger.ejb.peer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.query.CutOff;

/**
 * Which peers are cut off, because they do what no honest node does, and until when. Thread-safe.
 *
 * <pre>
 *   taken ──too much of an offence within its time──► cut off
 *     ▲                                                  │
 *     └──────────────── the pause is over ◄──────────────┘
 * </pre>
 *
 * <p>The first pause is short and each further one three times as long, up to ten minutes; after an
 * hour without a cut it begins anew. A cut costs the consortium that member's messages here, no
 * more than its own silence would.
 *
 * <p>Being slow, being restarted, or sending more than a slow node can take is no offence: what a
 * peer has waiting is bounded apart from this ({@code PeerTraffic}), and a bridge that was
 * disconnected rightly repeats what was not confirmed ({@link LinkNumbers}). The bounds are several
 * times what the fastest consortium of {@code docs/benchmarks.md} sends, and twice what a bridge's
 * full queue brings at once after an outage.
 */
final class Conduct {
  static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
  static final Duration FORGIVEN = Duration.ofHours(1);
  private static final int GROWTH = 3;

  private static final class Window {
    Instant began;
    long count;

    Window(Instant began) {
      this.began = began;
    }
  }

  private static final class Peer {
    final Map<CutOff.Offence, Window> windows = new EnumMap<>(CutOff.Offence.class);
    Optional<CutOff> cut = Optional.empty();
    Duration pause = FIRST_PAUSE;
    Instant ended = Instant.MIN;
  }

  private final InstantSource clock;
  private final ToLongFunction<CutOff.Offence> borne;
  private final Map<String, Peer> peers = new ConcurrentHashMap<>();

  /** With the bounds that the offences name. */
  Conduct(InstantSource clock) {
    this(clock, CutOff.Offence::borne);
  }

  /** With other bounds. */
  Conduct(InstantSource clock, ToLongFunction<CutOff.Offence> borne) {
    this.clock = clock;
    this.borne = borne;
  }

  /**
   * A peer did this.
   *
   * @param amount how often, or how much of it
   * @return the cut, if this was too much; whoever is told closes the peer's connections
   */
  Optional<CutOff> note(String member, CutOff.Offence offence, long amount) {
    Peer peer = peers.computeIfAbsent(member, each -> new Peer());
    synchronized (peer) {
      Instant now = clock.instant();
      if (current(member, peer, now).isPresent()) {
        return Optional.empty();
      }
      Window window = peer.windows.computeIfAbsent(offence, each -> new Window(now));
      if (Duration.between(window.began, now).compareTo(offence.within()) >= 0) {
        window.began = now;
        window.count = 0;
      }
      window.count += amount;
      return window.count > borne.applyAsLong(offence)
          ? Optional.of(cut(member, peer, now, offence, window.count))
          : Optional.empty();
    }
  }

  private static CutOff cut(
      String member, Peer peer, Instant now, CutOff.Offence offence, long count) {
    boolean forgiven = peer.ended.isBefore(now.minus(FORGIVEN));
    Duration pause = forgiven ? FIRST_PAUSE : peer.pause;
    Duration longer = pause.multipliedBy(GROWTH);
    peer.pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    peer.ended = now.plus(pause);
    CutOff cut = new CutOff(peer.ended.toEpochMilli(), offence, count);
    peer.cut = Optional.of(cut);
    peer.windows.clear();
    LedgerLog.PEER_CUT_OFF.log(member, peer.ended, cut.reason());
    return cut;
  }

  /** Why and until when a peer is cut off now, if it is. */
  Optional<CutOff> cutOff(String member) {
    Peer peer = peers.get(member);
    if (peer == null) {
      return Optional.empty();
    }
    synchronized (peer) {
      return current(member, peer, clock.instant());
    }
  }

  private static Optional<CutOff> current(String member, Peer peer, Instant now) {
    if (peer.cut.isPresent() && !now.isBefore(peer.ended)) {
      peer.cut = Optional.empty();
      LedgerLog.PEER_MAY_RETURN.log(member);
    }
    return peer.cut;
  }
}
