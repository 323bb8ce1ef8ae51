package org.caduceus.ledger.ejb.peer;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnectorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.caduceus.ledger.ejb.NodeSettings;

/** A connection that speaks the broker's protocol, and does not connect again by itself. */
final class SampleClient implements AutoCloseable {
  private static final int LARGE_BYTES = 100_000;

  private final ServerLocator locator;
  private final ClientSessionFactory factory;
  private final ClientSession session;

  private SampleClient(Map<String, Object> parameters, String user) throws Exception {
    locator =
        ActiveMQClient.createServerLocatorWithoutHA(
            new TransportConfiguration(NettyConnectorFactory.class.getName(), parameters));
    locator.setInitialConnectAttempts(1);
    locator.setReconnectAttempts(0);
    locator.setCallTimeout(TimeUnit.SECONDS.toMillis(10));
    locator.setBlockOnDurableSend(true);
    locator.setMinLargeMessageSize(LARGE_BYTES);
    try {
      factory = locator.createSessionFactory();
      session = factory.createSession(user, "", false, true, true, false, 0);
    } catch (ActiveMQException e) {
      locator.close();
      throw e;
    }
  }

  /** To a broker of this machine, with this key. */
  static SampleClient of(int port, NodeSettings.Tls tls, String user) throws Exception {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put(TransportConstants.HOST_PROP_NAME, "localhost");
    parameters.put(TransportConstants.PORT_PROP_NAME, port);
    parameters.put(TransportConstants.USE_EPOLL_PROP_NAME, false); // as the bridges of this process
    parameters.put(TransportConstants.SSL_ENABLED_PROP_NAME, true);
    parameters.put(TransportConstants.FORCE_SSL_PARAMETERS, true);
    parameters.put(TransportConstants.KEYSTORE_TYPE_PROP_NAME, "PKCS12");
    parameters.put(TransportConstants.KEYSTORE_PATH_PROP_NAME, tls.keystore().toString());
    parameters.put(TransportConstants.KEYSTORE_PASSWORD_PROP_NAME, tls.keystorePassword());
    parameters.put(TransportConstants.TRUSTSTORE_TYPE_PROP_NAME, "PKCS12");
    parameters.put(TransportConstants.TRUSTSTORE_PATH_PROP_NAME, tls.truststore().toString());
    parameters.put(TransportConstants.TRUSTSTORE_PASSWORD_PROP_NAME, tls.truststorePassword());
    return with(parameters, user);
  }

  /** With these parameters of the transport. */
  static SampleClient with(Map<String, Object> parameters, String user) throws Exception {
    return new SampleClient(parameters, user);
  }

  ClientSession session() {
    return session;
  }

  ClientSession transacted(String user) throws ActiveMQException {
    return factory.createSession(user, "", false, false, false, false, 0);
  }

  @Override
  public void close() throws ActiveMQException {
    session.close();
    locator.close();
  }
}
