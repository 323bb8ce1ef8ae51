package org.caduceus.console.page;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import java.util.List;
import org.caduceus.ledger.peers.PeerDirectory;

/** Where does this node find its peers? */
@Named("peersCard")
@RequestScoped
public class PeersCard {
  /**
   * A peer.
   *
   * @param address {@code host:port}, or a dash
   * @param source who said it, as {@link PeerDirectory.Source}
   * @param state {@code up}, {@code down}, or {@code waits} for one that is no peer yet or any more
   */
  public record Row(String id, String address, String source, String state) {}

  @EJB PeerDirectory directory;

  private List<Row> rows;

  @PostConstruct
  void look() {
    rows = directory.peers().stream().map(PeersCard::row).toList();
  }

  private static Row row(PeerDirectory.Peer peer) {
    return new Row(
        peer.id(),
        peer.address().orElse("–"),
        peer.source().name(),
        !peer.admitted() ? "waits" : peer.connected() ? "up" : "down");
  }

  /** All of them. */
  public List<Row> getRows() {
    return rows;
  }
}
