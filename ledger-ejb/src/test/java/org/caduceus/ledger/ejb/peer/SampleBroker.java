package org.caduceus.ledger.ejb.peer;

import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQQueue;
import org.apache.activemq.artemis.jms.client.ActiveMQTopic;
import org.apache.activemq.artemis.utils.CertificateUtil;
import org.caduceus.enclave.attestation.AttesterSettings;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.NodeSettings;

/** A real broker of one node on a port of this machine, with what the application may do at it. */
final class SampleBroker implements AutoCloseable {
  private static final AtomicInteger NUMBERS = new AtomicInteger(100);

  private final NodeBroker broker;
  private final CertificateSecurity security;
  private final PeerLinks links;
  private final int port;
  private final AtomicLong numbers = new AtomicLong();
  private volatile Map<String, Hash> pinned;
  private final ActiveMQConnectionFactory factory;
  private final JMSContext application;

  /**
   * Starts it.
   *
   * @param self the member it says it is
   * @param tls its key and trust
   * @param peers ports of the others
   * @param pinned keys of the members, hashed
   */
  SampleBroker(
      Path folder,
      String self,
      int port,
      NodeSettings.Tls tls,
      Map<String, Integer> peers,
      Map<String, Hash> pinned)
      throws Exception {
    this(folder, self, port, tls, peers, pinned, new Conduct(InstantSource.system()));
  }

  /** With a conduct of the peers whose clock is the test's. */
  SampleBroker(
      Path folder,
      String self,
      int port,
      NodeSettings.Tls tls,
      Map<String, Integer> peers,
      Map<String, Hash> pinned,
      Conduct conduct)
      throws Exception {
    this.port = port;
    this.pinned = Map.copyOf(pinned);
    NodeSettings settings =
        new NodeSettings(
            self,
            folder.resolve("genesis"),
            Bytes.wrap(new byte[32]),
            new NodeSettings.EnclavePaths(folder, folder, folder, Optional.empty()),
            AttesterSettings.none(),
            NodeSettings.Roots.NONE,
            new NodeSettings.Broker(new NodeSettings.Address("localhost", port), folder),
            Map.of(),
            tls,
            Optional.empty(),
            Optional.empty(),
            new NodeSettings.Administrator("admin", ""),
            10,
            10);
    Configuration configuration = BrokerConfiguration.of(settings);
    // Several brokers in one Java process: each needs a number of its own.
    int number = NUMBERS.incrementAndGet();
    Set<TransportConfiguration> acceptors = configuration.getAcceptorConfigurations();
    acceptors.removeIf(each -> each.getName().equals("in-vm"));
    acceptors.add(
        new TransportConfiguration(
            InVMAcceptorFactory.class.getName(),
            Map.of("serverId", Integer.toString(number)),
            "in-vm"));
    this.security = new CertificateSecurity(self, () -> this.pinned, conduct);
    this.broker = NodeBroker.start(configuration, security);
    this.links = new PeerLinks(broker, settings);
    link(peers);
    this.factory = new ActiveMQConnectionFactory("vm://" + number);
    this.application = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE);
  }

  static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  static Path folder(Path parent, String name) throws Exception {
    return Files.createTempDirectory(parent, name);
  }

  /** Links to these ports of this machine, and to no other. */
  void link(Map<String, Integer> peers) throws Exception {
    Map<String, PeerLink> wanted = new HashMap<>();
    peers.forEach(
        (member, to) ->
            wanted.put(
                member,
                new PeerLink(new NodeSettings.Address("localhost", to), pinned.get(member), true)));
    links.set(wanted);
  }

  /** Takes from these what comes, and from nobody else; who was connected stays so. */
  void admit(Map<String, Hash> members) {
    pinned = Map.copyOf(members);
  }

  int disconnect(String member) {
    return broker.disconnect(member);
  }

  boolean hasOutbox(String member) {
    return broker.server().getAddressInfo(SimpleString.of(Addresses.outbox(member))) != null;
  }

  int port() {
    return port;
  }

  /** Puts a text into the bridge's queue, with a false name of its sender. */
  void sendTo(String member, String text, String falseName) throws Exception {
    sendTo(member, text, falseName, numbers.incrementAndGet());
  }

  /** The same with this number among the messages of this broker's one link. */
  void sendTo(String member, String text, String falseName, long number) throws Exception {
    Message message = application.createTextMessage(text);
    message.setStringProperty("JMSXUserID", falseName);
    message.setLongProperty(LinkNumbers.LINK, port);
    message.setLongProperty(LinkNumbers.NUMBER, number);
    application
        .createProducer()
        .setDeliveryMode(jakarta.jms.DeliveryMode.NON_PERSISTENT)
        .send(new ActiveMQQueue(Addresses.outbox(member)), message);
  }

  void publish(String text) {
    application
        .createProducer()
        .send(new ActiveMQTopic(Addresses.BLOCKS), application.createTextMessage(text));
  }

  /** The next message of the inbox, or null after that time. */
  Message received(Duration wait) {
    try (var consumer = application.createConsumer(new ActiveMQQueue(Addresses.INBOX))) {
      return consumer.receive(wait.toMillis());
    }
  }

  /** Takes everything from the inbox, in order, on a thread of the broker's client. */
  void hear(MessageListener listener) {
    application.createConsumer(new ActiveMQQueue(Addresses.INBOX)).setMessageListener(listener);
  }

  long waitingFor(String member) {
    return broker.server().locateQueue(SimpleString.of(Addresses.outbox(member))).getMessageCount();
  }

  long everSentTo(String address) throws Exception {
    return broker.server().getAddressInfo(SimpleString.of(address)).getRoutedMessageCount();
  }

  boolean connected(String member) {
    return broker.connected(member);
  }

  /** As when another certificate came into the key store. */
  void renewed() {
    broker.renewed();
  }

  /** Closes what comes from this member; its bridge connects again. */
  void sever(String member) {
    broker.disconnect(member);
  }

  PeerGate gate() {
    return broker.gate();
  }

  /** Certificates of the connections that come from this member. */
  List<X509Certificate> shownBy(String member) {
    return broker.server().getRemotingService().getConnections().stream()
        .filter(connection -> security.peer(connection).filter(member::equals).isPresent())
        .map(connection -> CertificateUtil.getCertsFromConnection(connection)[0])
        .toList();
  }

  /** Whether it became true in time. */
  static boolean within(Duration time, BooleanSupplier condition) {
    long end = System.nanoTime() + time.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return true;
  }

  @Override
  public void close() throws java.io.IOException {
    application.close();
    factory.close();
    try {
      broker.stop();
    } catch (Exception e) {
      throw new java.io.IOException("Expected the broker to stop, but it failed", e);
    }
  }
}
