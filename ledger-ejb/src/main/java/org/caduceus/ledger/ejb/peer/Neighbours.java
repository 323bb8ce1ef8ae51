package org.caduceus.ledger.ejb.peer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.NodeSettings;
import org.caduceus.ledger.ejb.store.PeerAddresses;

/**
 * With whom a node speaks, from what the members decided and what its operators say. Pure.
 *
 * <p>The node of a registered institution goes by the members' decisions alone. Another has only an
 * old configuration to go by, at first the genesis; there the keys that its operator vouches for
 * stand above it. Whoever answers is never a reason to believe anything.
 *
 * @param self this institution
 * @param takesPart whether it is registered in the running epoch
 * @param peers who takes part
 * @param leaving who was expelled a moment ago: it is told so, and not heard any more
 */
record Neighbours(
    String self, boolean takesPart, List<Links.Peer> peers, List<Links.Peer> leaving) {
  /** Nobody yet. */
  static final Neighbours NONE = new Neighbours("", false, List.of(), List.of());

  /** Freezes the lists. */
  Neighbours {
    peers = List.copyOf(peers);
    leaving = List.copyOf(leaving);
  }

  /** Who may send here, and with which keys. */
  Map<String, Hash> admitted(List<PeerAddresses.Said> said) {
    Map<String, Hash> pins = new HashMap<>();
    peers.forEach(peer -> pins.put(peer.id(), peer.linkKey()));
    if (!takesPart) {
      said.forEach(each -> each.linkKey().ifPresent(key -> pins.put(each.id(), key)));
    }
    pins.remove(self);
    return pins;
  }

  /**
   * The links to have.
   *
   * @param settings addresses that are not said otherwise
   */
  Map<String, PeerLink> links(
      Map<String, NodeSettings.Address> settings, List<PeerAddresses.Said> said) {
    Map<String, Hash> pins = new HashMap<>();
    leaving.forEach(peer -> pins.put(peer.id(), peer.linkKey()));
    pins.putAll(admitted(said));
    pins.remove(self);
    Map<String, NodeSettings.Address> addresses = addresses(settings, said);
    Map<String, PeerLink> links = new HashMap<>();
    pins.forEach(
        (id, pin) -> {
          NodeSettings.Address address = addresses.get(id);
          if (address != null) {
            links.put(id, new PeerLink(address, pin, takesPart));
          }
        });
    return links;
  }

  /** Peers of which nobody said where they are. */
  Set<String> homeless(Map<String, NodeSettings.Address> settings, List<PeerAddresses.Said> said) {
    Set<String> ids = new TreeSet<>(admitted(said).keySet());
    ids.removeAll(addresses(settings, said).keySet());
    return ids;
  }

  private static Map<String, NodeSettings.Address> addresses(
      Map<String, NodeSettings.Address> settings, List<PeerAddresses.Said> said) {
    Map<String, NodeSettings.Address> addresses = new HashMap<>(settings);
    said.forEach(
        each -> addresses.put(each.id(), new NodeSettings.Address(each.host(), each.port())));
    return addresses;
  }
}
