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
import java.util.Map;
import java.util.stream.Collectors;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.ejb.NodeSettings;
import org.caduceus.ledger.membership.Member;

/** This node's broker, as long as the application runs. */
@Singleton
@Startup
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class EmbeddedBroker {
  @Inject private Node node;

  private NodeBroker broker;

  @PostConstruct
  void start() {
    NodeSettings settings = node.settings();
    Map<String, Hash> pinned =
        node.genesis().members().stream()
            .collect(Collectors.toUnmodifiableMap(Member::id, Member::linkKey));
    try {
      broker =
          NodeBroker.start(
              BrokerConfiguration.of(settings, pinned),
              new CertificateSecurity(settings.member(), () -> pinned));
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

  /** Whether the bridge to {@code member} has a connection now. */
  public boolean connected(String member) {
    return broker.connected(member);
  }
}
