package org.caduceus.ledger.peers;

import java.util.List;
import java.util.Optional;
import org.caduceus.ledger.Hash;

/** The addresses of peers, which operators set while the node runs. */
public interface PeerDirectory {
  /** Who said where a peer is. */
  enum Source {
    /** The node's settings, {@code caduceus.peers}. */
    SETTINGS,
    /** An operator, whose word stands above the settings. */
    OPERATOR,
    /** Nobody: there is no link to this peer. */
    NOBODY
  }

  /**
   * A peer, or an institution that may become one.
   *
   * @param id of the institution
   * @param address {@code host:port} of its broker, if somebody said it
   * @param source who said it
   * @param linkKey SHA-256 of the key of its links that an operator vouches for; counts only as
   *     long as this node has no seat, since a node with one goes by what the members decided
   * @param admitted whether it is a peer now: messages are taken from it and sent to it
   * @param connected whether the link to it is up
   */
  record Peer(
      String id,
      Optional<String> address,
      Source source,
      Optional<Hash> linkKey,
      boolean admitted,
      boolean connected) {}

  /** All that this node knows, in order of id. */
  List<Peer> peers();

  /**
   * Sets where an institution's broker is, whether it is a peer already or not. The link follows
   * within seconds.
   *
   * @param linkKey vouched for by the operator, see {@link Peer#linkKey}
   * @param who sets it
   * @throws IllegalArgumentException if the id is none, or this node's own, or the address is not
   *     {@code host:port}
   */
  void set(String id, String address, Optional<Hash> linkKey, String who);

  /**
   * Forgets what an operator set; what the settings say holds again.
   *
   * @return whether there was anything to forget
   */
  boolean remove(String id, String who);
}
