package org.caduceus.ledger.ejb.peer;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.caduceus.ledger.consensus.PeerMessage;
import org.caduceus.ledger.ejb.NodeSettings;

/**
 * The broker of a node, as configuration. Consensus messages are non-durable and bounded: what does
 * not fit is dropped, because the protocol sends again. An outbox drops by itself; the inbox is all
 * peers' and never full, as {@link PeerShares} bounds what waits of each. Final blocks for local
 * systems are durable and paged.
 */
final class BrokerConfiguration {
  static final int MIB = 1024 * 1024;

  /** A consensus message is never split into a "large message" on disk. */
  static final int WHOLE_MESSAGE_BYTES = PeerMessage.MAX_BYTES + MIB;

  /** The acceptor for peers and local systems. */
  static final String TLS_ACCEPTOR = "tls";

  private static final long OUTBOX_BYTES = 24L * MIB;
  private static final long BLOCKS_MEMORY_BYTES = 4L * MIB;
  private static final long BLOCKS_DISK_BYTES = 512L * MIB;

  private static final String DROPPED = "caduceus.dropped";

  private BrokerConfiguration() {}

  /** The configuration of one broker, without any link yet: {@link PeerLinks} makes them. */
  static Configuration of(NodeSettings settings) throws Exception {
    ConfigurationImpl configuration = new ConfigurationImpl();
    configuration.setName(settings.member());
    storage(configuration, settings.broker().data());
    configuration.setSecurityEnabled(true);
    // Decisions are cached by the user name that a client may choose freely, so they are not
    // cached.
    configuration.setAuthenticationCacheSize(0);
    configuration.setAuthorizationCacheSize(0);
    configuration.setPopulateValidatedUser(true);
    // The cluster user passes every check by its password; nobody is to know it.
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    configuration.setClusterPassword(HexFormat.of().formatHex(secret));
    configuration.setJMXManagementEnabled(false);
    configuration.setMessageCounterEnabled(false);
    configuration.setGracefulShutdownEnabled(false);
    configuration.setScheduledThreadPoolMaxSize(2);
    configuration.setThreadPoolMaxSize(12);
    // Each address has a bound of its own: one for all would have the outboxes of lost peers
    // silence those of the others.
    configuration.setGlobalMaxSize(-1);
    configuration.setCriticalAnalyzer(false);
    configuration.addAcceptorConfiguration(
        new TransportConfiguration(
            InVMAcceptorFactory.class.getName(), Map.of("serverId", "0"), "in-vm"));
    configuration.addAcceptorConfiguration(acceptor(settings));
    addresses(configuration);
    return configuration;
  }

  private static void storage(ConfigurationImpl configuration, Path data) {
    configuration.setPersistenceEnabled(true);
    configuration.setJournalDirectory(data.resolve("journal").toString());
    configuration.setBindingsDirectory(data.resolve("bindings").toString());
    configuration.setPagingDirectory(data.resolve("paging").toString());
    configuration.setLargeMessagesDirectory(data.resolve("large").toString());
    configuration.setNodeManagerLockDirectory(data.toString());
    configuration.setJournalType(JournalType.NIO);
    configuration.setJournalFileSize(2 * MIB);
    configuration.setJournalMinFiles(2);
    configuration.setJournalPoolFiles(4);
    configuration.setJournalBufferSize_NIO(MIB / 2);
    configuration.setMaxDiskUsage(-1);
  }

  private static TransportConfiguration acceptor(NodeSettings settings) {
    Map<String, Object> parameters = tls(settings.tls());
    parameters.put(TransportConstants.HOST_PROP_NAME, settings.broker().listen().host());
    parameters.put(TransportConstants.PORT_PROP_NAME, settings.broker().listen().port());
    parameters.put(TransportConstants.PROTOCOLS_PROP_NAME, "CORE");
    parameters.put(TransportConstants.NEED_CLIENT_AUTH_PROP_NAME, true);
    return new TransportConfiguration(
        NettyAcceptorFactory.class.getName(), parameters, TLS_ACCEPTOR);
  }

  static Map<String, Object> tls(NodeSettings.Tls tls) {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put(TransportConstants.SSL_ENABLED_PROP_NAME, true);
    parameters.put(TransportConstants.ENABLED_PROTOCOLS_PROP_NAME, "TLSv1.3");
    parameters.put(TransportConstants.KEYSTORE_TYPE_PROP_NAME, "PKCS12");
    parameters.put(TransportConstants.KEYSTORE_PATH_PROP_NAME, tls.keystore().toString());
    parameters.put(TransportConstants.KEYSTORE_PASSWORD_PROP_NAME, tls.keystorePassword());
    parameters.put(TransportConstants.TRUSTSTORE_TYPE_PROP_NAME, "PKCS12");
    parameters.put(TransportConstants.TRUSTSTORE_PATH_PROP_NAME, tls.truststore().toString());
    parameters.put(TransportConstants.TRUSTSTORE_PASSWORD_PROP_NAME, tls.truststorePassword());
    parameters.put(TransportConstants.USE_EPOLL_PROP_NAME, false);
    parameters.put(TransportConstants.USE_KQUEUE_PROP_NAME, false);
    parameters.put(TransportConstants.REMOTING_THREADS_PROPNAME, 2);
    parameters.put(TransportConstants.TCP_NODELAY_PROPNAME, true);
    return parameters;
  }

  private static void addresses(ConfigurationImpl configuration) {
    configuration.addAddressSetting("#", closed());
    configuration.addAddressConfiguration(
        new CoreAddressConfiguration().setName(DROPPED).addRoutingType(RoutingType.MULTICAST));
    configuration.addAddressConfiguration(inbox());
    configuration.addAddressSetting(
        Addresses.outbox("#"),
        closed()
            .setAddressFullMessagePolicy(AddressFullMessagePolicy.DROP)
            .setMaxSizeBytes(OUTBOX_BYTES));
    configuration.addAddressConfiguration(
        new CoreAddressConfiguration()
            .setName(Addresses.BLOCKS)
            .addRoutingType(RoutingType.MULTICAST));
    configuration.addAddressSetting(
        Addresses.BLOCKS,
        closed()
            .setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE)
            .setMaxSizeBytes(BLOCKS_MEMORY_BYTES)
            .setPageSizeBytes(MIB)
            .setPageLimitBytes(BLOCKS_DISK_BYTES)
            .setPageFullMessagePolicy(
                org.apache.activemq.artemis.core.settings.impl.PageFullMessagePolicy.DROP)
            .setAutoCreateQueues(true));
  }

  private static CoreAddressConfiguration inbox() {
    return new CoreAddressConfiguration()
        .setName(Addresses.INBOX)
        .addRoutingType(RoutingType.ANYCAST)
        .addQueueConfiguration(
            QueueConfiguration.of(Addresses.INBOX)
                .setAddress(Addresses.INBOX)
                .setRoutingType(RoutingType.ANYCAST)
                .setFilterString(PeerGate.UNHEARD + " IS NULL")
                .setDurable(false));
  }

  private static AddressSettings closed() {
    return new AddressSettings()
        // Nobody reads what expired or could not be delivered: it is gone.
        .setDeadLetterAddress(SimpleString.of(DROPPED))
        .setExpiryAddress(SimpleString.of(DROPPED))
        .setAutoCreateAddresses(false)
        .setAutoCreateQueues(false)
        .setAutoDeleteAddresses(false)
        .setAutoDeleteQueues(false);
  }
}
