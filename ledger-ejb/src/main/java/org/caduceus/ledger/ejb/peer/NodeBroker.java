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
  private final ActiveMQServer server;

  private NodeBroker(ExecutorService threads, ActiveMQServer server) {
    this.threads = threads;
    this.server = server;
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
    ServiceRegistry registry = new ServiceRegistryImpl();
    registry.setExecutorService(threads);
    ActiveMQServer server = new ActiveMQServerImpl(configuration, null, security, null, registry);
    NodeBroker broker = new NodeBroker(threads, server);
    try {
      server.start();
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

  /** Whether the bridge to {@code member} has a connection now. */
  boolean connected(String member) {
    var bridge = server.getClusterManager().getBridges().get(Addresses.bridge(member));
    return bridge != null && bridge.isConnected();
  }

  /**
   * Ends the connections over which {@code member} sends.
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
    for (RemotingConnection connection : connections) {
      server.getRemotingService().removeConnection(connection.getID());
      connection.fail(new ActiveMQDisconnectedException(member + " is no peer of this node"));
    }
    return connections.size();
  }
}
