package org.caduceus.ledger.ejb.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQSecurityException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.caduceus.ledger.Hash;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: who may speak to a node's broker, and to whom the broker speaks, over real TLS sockets.
 *
 * <p>Method: the brokers of hospital-a and pharmacy-b run as in the application; strangers, peers
 * and local systems come with certificates made here, and others answer in pharmacy-b's place.
 */
final class BrokerSecurityTest {
  private static final String A = "hospital-a";
  private static final String B = "pharmacy-b";
  private static final String C = "regulator-c";
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration A_WHILE = Duration.ofMillis(1500);

  private static final AtomicLong NUMBERS = new AtomicLong();

  @TempDir static Path home;

  private static SampleAuthority consortium;
  private static SampleAuthority stranger;
  private static final Map<String, SampleAuthority.Credential> members = new HashMap<>();
  private static final Map<String, Hash> pinned = new HashMap<>();
  private static SampleBroker a;
  private static SampleBroker b;

  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Logger logger = Logger.getLogger("org.caduceus.ledger");
  private final Handler listening =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          log.add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeAll
  static void start() throws Exception {
    consortium = new SampleAuthority("consortium");
    stranger = new SampleAuthority("consortium");
    for (String member : List.of(A, B, C)) {
      members.put(member, consortium.issue("CN=" + member));
      pinned.put(member, members.get(member).pin());
    }
    int portOfA = SampleBroker.freePort();
    int portOfB = SampleBroker.freePort();
    a = broker(A, portOfA, members.get(A), Map.of(B, portOfB));
    b = broker(B, portOfB, members.get(B), Map.of(A, portOfA));
  }

  @AfterAll
  static void stop() throws Exception {
    a.close();
    b.close();
  }

  @BeforeEach
  void listen() {
    logger.addHandler(listening);
  }

  @AfterEach
  void listenNoMore() {
    logger.removeHandler(listening);
  }

  // ---- members ---------------------------------------------------------------------------------

  @Test
  void aBridgeDeliversAndTheMessageNamesTheMemberOfItsCertificate() throws Exception {
    assertTrue(SampleBroker.within(SOON, () -> a.connected(B) && b.connected(A)));
    a.sendTo(B, "from a", C);
    assertReceived(b, "from a", A);
    b.sendTo(A, "from b", C);
    assertReceived(a, "from b", B);
  }

  @Test
  void aPeerCannotSayThatItIsAnother() throws Exception {
    for (String user : new String[] {C, B, "", null}) {
      try (SampleClient peer = client(b, members.get(A), user)) {
        ClientProducer producer = peer.session().createProducer(Addresses.INBOX);
        producer.send(claiming(peer, C, "plain"));
        assertReceived(b, "plain", A);
      }
      try (SampleClient peer = client(b, members.get(A), user);
          ClientSession transacted = peer.transacted(user)) {
        transacted.createProducer(Addresses.INBOX).send(claiming(peer, C, "in a transaction"));
        transacted.commit();
        assertReceived(b, "in a transaction", A);
      }
    }
  }

  @Test
  void aPeerOnlySendsToTheInbox() throws Exception {
    try (SampleClient peer = client(b, members.get(A), A)) {
      ClientSession session = peer.session();
      forbidden(() -> session.createConsumer(Addresses.INBOX));
      forbidden(() -> session.createConsumer(Addresses.INBOX, true));
      forbidden(() -> session.createConsumer(Addresses.outbox(A)));
      for (String address :
          new String[] {
            Addresses.BLOCKS,
            Addresses.outbox(A),
            "caduceus.dropped",
            "activemq.management",
            "activemq.notifications",
            "an.address.of.its.own"
          }) {
        forbidden(() -> send(peer, address));
      }
      for (String address :
          new String[] {
            Addresses.INBOX, Addresses.BLOCKS, "activemq.notifications", "an.address.of.its.own"
          }) {
        forbidden(() -> createQueue(session, address, "durable", true));
        forbidden(() -> createQueue(session, address, "passing", false));
      }
      forbidden(
          () ->
              session.createAddress(
                  SimpleString.of("an.address.of.its.own"), RoutingType.ANYCAST, false));
      forbidden(() -> session.deleteQueue(Addresses.INBOX));
    }
  }

  @Test
  void aMembersNameWithAnotherKeyIsRefusedAndLogged() throws Exception {
    SampleAuthority.Credential other = consortium.issue("CN=" + A);
    assertThrows(ActiveMQSecurityException.class, () -> client(b, other, A).close());
    assertTrue(SampleBroker.within(SOON, () -> logged("CADL0010")), log::toString);
    assertThrows(
        ActiveMQSecurityException.class,
        () -> client(b, consortium.issue("CN=" + A + ",OU=" + B), A).close());
  }

  // ---- strangers -------------------------------------------------------------------------------

  @Test
  void aCertificateOfAnotherAuthorityIsRefusedInTheHandshake() throws Exception {
    SampleAuthority.Credential forged = stranger.issue("CN=" + A);
    assertRefusedInTheHandshake(Optional.of(forged));
    assertThrows(ActiveMQException.class, () -> client(b, forged, A).close());
  }

  @Test
  void nobodyComesInWithoutACertificate() throws Exception {
    assertRefusedInTheHandshake(Optional.empty());
  }

  @Test
  void theHandshakeIsNotRefusedToAMember() throws Exception {
    try (SSLSocket socket = handshake(Optional.of(members.get(A)))) {
      socket.setSoTimeout(500);
      assertThrows(java.net.SocketTimeoutException.class, () -> socket.getInputStream().read());
    }
  }

  @Test
  void plaintextIsRefused() throws Exception {
    try (Socket socket = new Socket("localhost", b.port())) {
      socket.setSoTimeout((int) SOON.toMillis());
      socket.getOutputStream().write("ACTIVEMQ".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(new byte[64]);
      byte[] answer = answer(socket);
      assertTrue(
          answer.length == 0 || answer[0] == 0x15,
          "Expected the connection to end, at most with a TLS alert");
    }
    Map<String, Object> plain =
        Map.of(
            TransportConstants.HOST_PROP_NAME,
            "localhost",
            TransportConstants.PORT_PROP_NAME,
            b.port(),
            TransportConstants.USE_EPOLL_PROP_NAME,
            false);
    assertThrows(ActiveMQException.class, () -> SampleClient.with(plain, A).close());
  }

  // ---- local systems ---------------------------------------------------------------------------

  @Test
  void aLocalSystemReadsFinalBlocksAndNothingElse() throws Exception {
    SampleAuthority.Credential system = consortium.issue("CN=his,OU=" + A);
    try (SampleClient his = client(a, system, "his")) {
      ClientSession session = his.session();
      createQueue(session, Addresses.BLOCKS, "his-blocks", true);
      ClientConsumer consumer = session.createConsumer("his-blocks");
      session.start();
      a.publish("block 1");
      ClientMessage block = consumer.receive(SOON.toMillis());
      assertNotNull(block);
      block.acknowledge();
      consumer.close();
      session.deleteQueue("his-blocks");

      forbidden(() -> session.createConsumer(Addresses.INBOX));
      forbidden(() -> session.createConsumer(Addresses.INBOX, true));
      forbidden(() -> session.createConsumer(Addresses.outbox(B)));
      forbidden(() -> session.createConsumer(Addresses.BLOCKS + "::" + Addresses.outbox(B)));
      for (String address :
          new String[] {
            Addresses.BLOCKS,
            Addresses.INBOX,
            Addresses.outbox(B),
            Addresses.BLOCKS + "::" + Addresses.INBOX,
            "activemq.management",
            "an.address.of.its.own"
          }) {
        forbidden(() -> send(his, address));
      }
      for (String address :
          new String[] {
            Addresses.INBOX, Addresses.outbox(B), "activemq.notifications", "an.address.of.its.own"
          }) {
        forbidden(() -> createQueue(session, address, "a-queue", false));
      }
      forbidden(() -> session.deleteQueue(Addresses.INBOX));
      forbidden(() -> session.deleteQueue(Addresses.outbox(B)));
    }
  }

  @Test
  void aLocalSystemOfAnotherMemberIsRefused() throws Exception {
    SampleAuthority.Credential system = consortium.issue("CN=his,OU=" + A);
    assertThrows(ActiveMQSecurityException.class, () -> client(b, system, "his").close());
    assertThrows(
        ActiveMQSecurityException.class,
        () -> client(b, consortium.issue("CN=his"), "his").close());
  }

  // ---- who answers in a member's place ----------------------------------------------------------

  @Test
  void aStrangersBrokerGetsNothing() throws Exception {
    assertGetsNothing(stranger.issue("CN=" + B), false);
  }

  @Test
  void anotherMembersBrokerGetsNothing() throws Exception {
    assertGetsNothing(members.get(C), true);
  }

  @Test
  void aLocalSystemThatAnswersForAMemberGetsNothing() throws Exception {
    assertGetsNothing(consortium.issue("CN=his,OU=" + A), true);
  }

  @Test
  void aMembersNameWithAnotherKeyGetsNothing() throws Exception {
    assertGetsNothing(consortium.issue("CN=" + B), true);
  }

  /** As in the application server: Artemis in the EAR's library folder, this module below it. */
  @Test
  void bridgesConnectWhereArtemisDoesNotSeeThisModule() throws Exception {
    List<URL> libraries = new ArrayList<>();
    List<URL> module = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry).toAbsolutePath();
      boolean own = path.startsWith(Path.of("target").toAbsolutePath());
      (own ? module : libraries).add(path.toUri().toURL());
    }
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader lib =
            new URLClassLoader(
                libraries.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        URLClassLoader application = new URLClassLoader(module.toArray(URL[]::new), lib)) {
      assertThrows(
          ClassNotFoundException.class,
          () -> lib.loadClass(PinnedConnectorFactory.class.getName()));
      Class<?> probe = application.loadClass(BridgeProbe.class.getName());
      assertNotEquals(BridgeProbe.class, probe);
      Thread.currentThread().setContextClassLoader(application);
      Callable<?> bridges = (Callable<?>) probe.getConstructor(Path.class).newInstance(home);
      assertEquals(true, bridges.call());
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  /** Then the member itself comes back to its address and gets what waited. */
  private void assertGetsNothing(SampleAuthority.Credential impostors, boolean logged)
      throws Exception {
    int port = SampleBroker.freePort();
    try (SampleBroker sender =
        broker(A, SampleBroker.freePort(), members.get(A), Map.of(B, port))) {
      sender.sendTo(B, "for b only", A);
      // The impostor is a broker that would take the message: it knows and trusts hospital-a.
      try (SampleBroker impostor = broker(B, port, impostors, Map.of())) {
        if (logged) {
          assertTrue(
              SampleBroker.within(SOON, () -> logged("CADL0021") || sender.connected(B)),
              "Expected the bridge to try");
        }
        assertFalse(SampleBroker.within(A_WHILE, () -> sender.connected(B)), log::toString);
        assertNull(impostor.received(Duration.ofMillis(100)));
        assertEquals(0, impostor.everSentTo(Addresses.INBOX));
        assertEquals(1, sender.waitingFor(B));
      }
      try (SampleBroker member = broker(B, port, members.get(B), Map.of())) {
        assertReceived(member, "for b only", A);
      }
    }
  }

  // ---- how
  // ---------------------------------------------------------------------------------------

  private static SampleBroker broker(
      String self, int port, SampleAuthority.Credential own, Map<String, Integer> peers)
      throws Exception {
    Path folder = SampleBroker.folder(home, self);
    return new SampleBroker(folder, self, port, consortium.stores(folder, own), peers, pinned);
  }

  private boolean logged(String code) {
    return log.stream().anyMatch(text -> text.startsWith(code));
  }

  private static void assertReceived(SampleBroker broker, String text, String sender)
      throws Exception {
    Message message = broker.received(SOON);
    assertNamed(sender, message);
    if (message instanceof TextMessage content) {
      assertEquals(text, content.getText());
    }
  }

  private static void assertNamed(String sender, Message message) throws Exception {
    assertNotNull(message, "Expected a message, but none came");
    assertEquals(sender, message.getStringProperty("JMSXUserID"));
    assertNotEquals(C, message.getStringProperty("_AMQ_VALIDATED_USER"));
  }

  private static ClientMessage claiming(SampleClient client, String member, String text) {
    ClientMessage message = client.session().createMessage(true);
    message.setValidatedUserID(member);
    message.putStringProperty("_AMQ_VALIDATED_USER", member);
    message.putStringProperty("JMSXUserID", member);
    message.putLongProperty(LinkNumbers.LINK, 1);
    message.putLongProperty(LinkNumbers.NUMBER, NUMBERS.incrementAndGet());
    message.getBodyBuffer().writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return message;
  }

  private static void send(SampleClient client, String address) throws ActiveMQException {
    try (ClientProducer producer = client.session().createProducer(address)) {
      producer.send(client.session().createMessage(true));
    }
  }

  private static void createQueue(
      ClientSession session, String address, String name, boolean durable)
      throws ActiveMQException {
    session.createQueue(
        QueueConfiguration.of(name)
            .setAddress(address)
            .setDurable(durable)
            .setRoutingType(RoutingType.MULTICAST));
  }

  private static void forbidden(Executable call) {
    assertThrows(ActiveMQSecurityException.class, call);
  }

  private static SSLSocket handshake(Optional<SampleAuthority.Credential> own) throws Exception {
    SSLSocket socket =
        (SSLSocket) consortium.context(own).getSocketFactory().createSocket("localhost", b.port());
    socket.setSoTimeout((int) SOON.toMillis());
    socket.startHandshake();
    return socket;
  }

  /** In TLS 1.3 the client hears of it with the first byte it wants to read. */
  private static void assertRefusedInTheHandshake(Optional<SampleAuthority.Credential> own) {
    assertThrows(
        SSLException.class,
        () -> {
          try (SSLSocket socket = handshake(own)) {
            socket.getInputStream().read();
          }
        });
  }

  private static byte[] answer(Socket socket) {
    try {
      return socket.getInputStream().readAllBytes();
    } catch (IOException reset) {
      return new byte[0];
    }
  }

  private static SampleClient client(
      SampleBroker broker, SampleAuthority.Credential own, String user) throws Exception {
    return SampleClient.of(
        broker.port(), consortium.stores(SampleBroker.folder(home, "client"), own), user);
  }
}
