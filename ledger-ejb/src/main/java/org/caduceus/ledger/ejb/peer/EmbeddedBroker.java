package org.caduceus.ledger.ejb.peer;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.ejb.NodeSettings;
import org.caduceus.ledger.query.CutOff;

/**
 * This node's broker, as long as the application runs. It starts with nobody admitted and no link;
 * {@link Links} says who are peers.
 */
@Singleton
@Startup
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class EmbeddedBroker {
  @Inject private Node node;

  private NodeBroker broker;
  private PeerLinks links;
  private volatile Map<String, Hash> admitted = Map.of();

  @PostConstruct
  void start() {
    NodeSettings settings = node.settings();
    try {
      broker =
          NodeBroker.start(
              BrokerConfiguration.of(settings),
              new CertificateSecurity(
                  settings.member(), () -> admitted, new Conduct(InstantSource.system())));
      links = new PeerLinks(broker, settings);
    } catch (Exception e) {
      throw new IllegalStateException("Expected the broker to start, but it failed", e);
    }
    LedgerLog.BROKER_READY.log(
        settings.broker().listen().host(), settings.broker().listen().port());
  }

  @PreDestroy
  void stop() {
    try {
      broker.stop();
      LedgerLog.BROKER_STOPPED.log();
    } catch (Exception e) {
      throw new IllegalStateException("Expected the broker to stop, but it failed", e);
    }
  }

  /**
   * From now on these may send, and nobody else.
   *
   * @param pins SHA-256 of each one's key, by id
   */
  public void admit(Map<String, Hash> pins) {
    admitted = Map.copyOf(pins);
  }

  /** Who may send, and with which key. */
  public Map<String, Hash> admitted() {
    return admitted;
  }

  /** Ends the connections over which this one sends; how many there were. */
  public int disconnect(String member) {
    return broker.disconnect(member);
  }

  /**
   * Makes these the links, and ends every other. Takes its time.
   *
   * @throws IllegalStateException if the broker fails; the next call goes on
   */
  public void link(Map<String, PeerLink> wanted) {
    try {
      links.set(wanted);
    } catch (Exception e) {
      throw new IllegalStateException("Expected the broker to make its links, but it failed", e);
    }
  }

  /** Members whose outbox takes messages. */
  public Set<String> open() {
    return links.open();
  }

  /** A peer's message was none. */
  public void malformed(String peer) {
    broker.gate().note(peer, CutOff.Offence.MALFORMED, 1);
  }

  /** The replica, or nobody, has a peer's message, and those before it; not the broker any more. */
  public void taken(String peer, long position) {
    broker.gate().shares().taken(peer, position);
  }

  /** A peer's message was none, or is not to be heard. */
  public void refused(String peer) {
    broker.gate().shares().refused(peer);
  }

  /** Messages of a peer that were not taken since the start. */
  public long refusals(String peer) {
    return broker.gate().shares().refusals(peer);
  }

  /** Why and until when a peer is cut off now, if it is. */
  public Optional<CutOff> cutOff(String peer) {
    return broker.gate().cutOff(peer);
  }

  /** Another certificate is in the key store: new connections show it. */
  public void renewed() {
    broker.renewed();
  }

  /** Whether the bridge to {@code member} has a connection now. */
  public boolean connected(String member) {
    return broker.connected(member);
  }
}
