package org.caduceus.ledger.ejb.peer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.BridgeConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ComponentConfigurationRoutingType;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.NodeSettings;

/**
 * The links of a running broker to its peers: for each an outbox and a bridge that empties it. They
 * come and go while the broker runs.
 */
final class PeerLinks {
  private static final int EAGER_MS = 3_000;
  private static final int PATIENT_MS = 30_000;

  private final NodeBroker broker;
  private final NodeSettings settings;
  private final Map<String, PeerLink> links = new HashMap<>();
  private volatile Set<String> open = Set.of();

  /** No link yet; what an earlier life of the broker left in its journal goes. */
  PeerLinks(NodeBroker broker, NodeSettings settings) throws Exception {
    this.broker = broker;
    this.settings = settings;
    ActiveMQServer server = broker.server();
    for (SimpleString address : server.getPostOffice().getAddresses()) {
      if (address.toString().startsWith(Addresses.OUTBOX)) {
        server.removeAddressInfo(address, null, true);
      }
    }
  }

  /**
   * Makes these the links, and ends every other. May wait for a bridge that ends, so not for the
   * thread of the replica.
   */
  synchronized void set(Map<String, PeerLink> wanted) throws Exception {
    for (String member : List.copyOf(links.keySet())) {
      PeerLink next = wanted.get(member);
      if (next == null) {
        close(member);
      } else if (!next.equals(links.get(member))) {
        unbridge(member);
        bridge(member, next);
      }
    }
    for (Map.Entry<String, PeerLink> each : wanted.entrySet()) {
      if (!links.containsKey(each.getKey())) {
        open(each.getKey(), each.getValue());
      }
    }
  }

  /** Members whose outbox takes messages. */
  Set<String> open() {
    return open;
  }

  private void open(String member, PeerLink link) throws Exception {
    broker
        .server()
        .createQueue(
            QueueConfiguration.of(Addresses.outbox(member))
                .setAddress(Addresses.outbox(member))
                .setRoutingType(RoutingType.ANYCAST)
                .setDurable(false)
                .setAutoCreateAddress(true));
    bridge(member, link);
    open = Set.copyOf(links.keySet());
  }

  private void close(String member) throws Exception {
    PeerLink link = links.remove(member);
    open = Set.copyOf(links.keySet());
    endBridge(member);
    SimpleString outbox = SimpleString.of(Addresses.outbox(member));
    broker.server().destroyQueue(outbox, null, false);
    if (broker.server().getAddressInfo(outbox) != null) {
      broker.server().removeAddressInfo(outbox, null, true);
    }
    LedgerLog.LINK_ENDED.log(member, link.address().host(), link.address().port());
  }

  private void unbridge(String member) throws Exception {
    links.remove(member);
    endBridge(member);
  }

  private void endBridge(String member) throws Exception {
    broker.server().destroyBridge(Addresses.bridge(member));
    broker.server().getConfiguration().getConnectorConfigurations().remove(member);
  }

  private void bridge(String member, PeerLink link) throws Exception {
    ActiveMQServer server = broker.server();
    server.getConfiguration().addConnectorConfiguration(member, connector(member, link));
    server.deployBridge(
        new BridgeConfiguration(Addresses.bridge(member))
            .setQueueName(Addresses.outbox(member))
            .setForwardingAddress(Addresses.INBOX)
            .setStaticConnectors(List.of(member))
            .setUser(settings.member())
            .setPassword("")
            .setRoutingType(ComponentConfigurationRoutingType.ANYCAST)
            // Records of duplicate ids wait for the journal's timer: 3 ms a hop for nothing.
            .setUseDuplicateDetection(false)
            .setInitialConnectAttempts(-1)
            .setReconnectAttempts(-1)
            .setRetryInterval(200)
            .setRetryIntervalMultiplier(1.5)
            .setMaxRetryInterval(link.eager() ? EAGER_MS : PATIENT_MS)
            .setClientFailureCheckPeriod(3_000)
            .setConnectionTTL(9_000)
            .setCallTimeout(5_000)
            .setConfirmationWindowSize(4 * BrokerConfiguration.MIB)
            .setProducerWindowSize(-1)
            .setMinLargeMessageSize(BrokerConfiguration.WHOLE_MESSAGE_BYTES)
            .setHA(false));
    links.put(member, link);
    LedgerLog.LINK_MADE.log(member, link.address().host(), link.address().port());
  }

  private TransportConfiguration connector(String member, PeerLink link) {
    Map<String, Object> parameters = BrokerConfiguration.tls(settings.tls());
    parameters.put(TransportConstants.HOST_PROP_NAME, link.address().host());
    parameters.put(TransportConstants.PORT_PROP_NAME, link.address().port());
    // The server sets javax.net.ssl.* for itself; the bridge must not take those.
    parameters.put(TransportConstants.FORCE_SSL_PARAMETERS, true);
    return new TransportConfiguration(
        PinnedConnectorFactory.class.getName(),
        parameters,
        member,
        Map.of(
            PinnedConnectorFactory.MEMBER, member, PinnedConnectorFactory.KEY, link.pin().toHex()));
  }
}
