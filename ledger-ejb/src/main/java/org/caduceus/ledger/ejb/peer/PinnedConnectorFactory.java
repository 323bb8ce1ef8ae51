package org.caduceus.ledger.ejb.peer;

import io.netty.channel.ChannelFuture;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnection;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnector;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnectorFactory;
import org.apache.activemq.artemis.spi.core.remoting.BufferHandler;
import org.apache.activemq.artemis.spi.core.remoting.ClientConnectionLifeCycleListener;
import org.apache.activemq.artemis.spi.core.remoting.ClientProtocolManager;
import org.apache.activemq.artemis.spi.core.remoting.Connector;
import org.apache.activemq.artemis.utils.CertificateUtil;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.LedgerLog;

/**
 * Connections of a bridge to one member, and to nobody else: whoever answers must have the very key
 * that the epoch configuration pins for that member.
 *
 * <p>The consortium's authority and the host name are not enough. Every member and every local
 * system has a certificate of that authority, often for the same names, and the way to a peer's
 * address (its DNS, its routers) is in nobody's hands here. TLS 1.3 has verified by then that the
 * other side holds the certificate's key; nothing of this protocol was sent before the check.
 *
 * <p>Why not the {@code trustManagerFactoryPlugin} of Artemis: it names a class without arguments,
 * so that it would have to find out by itself which member is meant, and it is loaded by a thread
 * of Netty that does not see the classes of this module. Artemis makes a connector factory by name
 * too, but on a thread of the broker's pool, which {@link NodeBroker} supplies.
 */
public final class PinnedConnectorFactory extends NettyConnectorFactory {
  static final String MEMBER = "pinnedMember";
  static final String KEY = "pinnedKey";

  /** For Artemis, which makes it by name. */
  public PinnedConnectorFactory() {}

  @Override
  public Connector createConnector(
      Map<String, Object> configuration,
      BufferHandler handler,
      ClientConnectionLifeCycleListener listener,
      Executor closeExecutor,
      Executor threadPool,
      ScheduledExecutorService scheduledThreadPool,
      ClientProtocolManager protocolManager) {
    return new PinnedConnector(
        configuration,
        handler,
        listener,
        closeExecutor,
        threadPool,
        scheduledThreadPool,
        protocolManager);
  }

  private static final class PinnedConnector extends NettyConnector {
    private final String member;
    private final Hash pin;

    PinnedConnector(
        Map<String, Object> configuration,
        BufferHandler handler,
        ClientConnectionLifeCycleListener listener,
        Executor closeExecutor,
        Executor threadPool,
        ScheduledExecutorService scheduledThreadPool,
        ClientProtocolManager protocolManager) {
      super(
          configuration,
          handler,
          listener,
          closeExecutor,
          threadPool,
          scheduledThreadPool,
          protocolManager);
      this.member = (String) configuration.get(MEMBER);
      this.pin = Hash.fromHex((String) configuration.get(KEY));
    }

    @Override
    public NettyConnection createConnection(
        Consumer<ChannelFuture> onConnect, String host, int port) {
      NettyConnection connection = super.createConnection(onConnect, host, port);
      if (connection == null || isPinned(connection)) {
        return connection;
      }
      LedgerLog.PEER_IMPOSTOR.log(member, host, port);
      connection.close();
      return null; // as if nobody had answered: the bridge tries again
    }

    private boolean isPinned(NettyConnection connection) {
      X509Certificate[] chain = CertificateUtil.getCertsFromChannel(connection.getNettyChannel());
      return chain != null && chain.length > 0 && pin.equals(CertificateSecurity.pinOf(chain[0]));
    }
  }
}
