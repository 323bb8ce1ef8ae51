package org.caduceus.ledger.ejb.peer;

import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.api.core.ActiveMQDisconnectedException;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnection;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.ServiceRegistry;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.server.impl.ServiceRegistryImpl;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.utils.ActiveMQThreadFactory;
import org.apache.activemq.artemis.utils.ActiveMQThreadPoolExecutor;

/**
 * A broker and its threads. They carry this module's class loader, because bridges make {@link
 * PinnedConnectorFactory} by name and Artemis, in the application's library folder, does not see
 * it.
 */
final class NodeBroker {
  private static final long IDLE_SECONDS = 60;

  private final ExecutorService threads;
  private final CertificateSecurity security;
  private final PeerGate gate;
  private final ActiveMQServer server;

  private NodeBroker(
      ExecutorService threads, Configuration configuration, CertificateSecurity security) {
    this.threads = threads;
    this.security = security;
    this.gate =
        new PeerGate(
            security, security.conduct(), member -> threads.execute(() -> disconnect(member)));
    ServiceRegistry registry = new ServiceRegistryImpl();
    registry.setExecutorService(threads);
    registry.addIncomingInterceptor(gate);
    server = new ActiveMQServerImpl(configuration, null, security, null, registry);
    server.registerBrokerPlugin(gate);
  }

  static NodeBroker start(Configuration configuration, CertificateSecurity security)
      throws Exception {
    ExecutorService threads =
        new ActiveMQThreadPoolExecutor(
            0,
            configuration.getThreadPoolMaxSize(),
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ActiveMQThreadFactory(
                "caduceus-broker", false, PinnedConnectorFactory.class.getClassLoader()));
    NodeBroker broker = new NodeBroker(threads, configuration, security);
    try {
      broker.server.start();
    } catch (Exception e) {
      broker.stop();
      throw e;
    }
    return broker;
  }

  void stop() throws Exception {
    try {
      server.stop();
    } finally {
      threads.shutdown();
    }
  }

  ActiveMQServer server() {
    return server;
  }

  /** Where peers' bytes come in. */
  PeerGate gate() {
    return gate;
  }

  /**
   * New connections from others show what the key store holds now; those that stand are left, and
   * bridges read the store for each connection they make.
   */
  void renewed() {
    server.getRemotingService().getAcceptor(BrokerConfiguration.TLS_ACCEPTOR).reload();
  }

  /** Whether the bridge to {@code member} has a connection now. */
  boolean connected(String member) {
    var bridge = server.getClusterManager().getBridges().get(Addresses.bridge(member));
    return bridge != null && bridge.isConnected();
  }

  /**
   * Ends the connections over which {@code member} sends: those whose certificate is its, and, as
   * its key may count for nothing by now, those that it came in by.
   *
   * @return how many
   */
  int disconnect(String member) {
    Set<RemotingConnection> connections =
        server.getSessions().stream()
            .filter(session -> member.equals(session.getValidatedUser()))
            .map(ServerSession::getRemotingConnection)
            .filter(connection -> !(connection.getTransportConnection() instanceof InVMConnection))
            .collect(Collectors.toSet());
    server.getRemotingService().getConnections().stream()
        .filter(connection -> security.peer(connection).filter(member::equals).isPresent())
        .forEach(connections::add);
    for (RemotingConnection connection : connections) {
      server.getRemotingService().removeConnection(connection.getID());
      connection.fail(new ActiveMQDisconnectedException(member + " may not send here"));
    }
    return connections.size();
  }
}
