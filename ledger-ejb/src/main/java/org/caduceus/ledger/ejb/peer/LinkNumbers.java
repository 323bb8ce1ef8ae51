package org.caduceus.ledger.ejb.peer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which messages of a peer came before. A sender numbers its messages upwards under a number that
 * it draws at random whenever it opens its broker: the link. A bridge hands them on in their order,
 * at least once: it repeats what was not confirmed, but only over another connection than before.
 *
 * <p>So a number that does not rise within one connection is a replay, which no honest node sends;
 * one that came over an earlier connection is an ordinary repetition, and only dropped. What
 * consensus says twice on purpose has two numbers. Thread-safe.
 */
final class LinkNumbers {
  /** Property of a message: the link, a long. */
  static final String LINK = "CADUCEUS_LINK";

  /** Property of a message: its number, a long from 1. */
  static final String NUMBER = "CADUCEUS_NUMBER";

  /** Links of a peer that are remembered; a node opens its broker once a start. */
  static final int LINKS = 16;

  /** What a message is. */
  enum Judgement {
    /** Not seen yet. */
    NEW,
    /** Seen over an earlier connection. */
    REPEATED,
    /** Seen over this connection, or older than one seen over it. */
    REPLAYED
  }

  private static final class Link {
    long highest;
    Object connection;
    long highestThere;
  }

  private static final class Links extends LinkedHashMap<Long, Link> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, Link> eldest) {
      return size() > LINKS;
    }
  }

  private final Map<String, Links> peers = new ConcurrentHashMap<>();

  /**
   * What the message with this number is.
   *
   * @param connection over which it came
   */
  Judgement judge(String peer, Object connection, long link, long number) {
    Links links = peers.computeIfAbsent(peer, each -> new Links());
    synchronized (links) {
      Link known = links.computeIfAbsent(link, each -> new Link());
      if (connection.equals(known.connection)) {
        if (number <= known.highestThere) {
          return Judgement.REPLAYED;
        }
      } else {
        known.connection = connection;
      }
      known.highestThere = number;
      if (number <= known.highest) {
        return Judgement.REPEATED;
      }
      known.highest = number;
      return Judgement.NEW;
    }
  }
}
