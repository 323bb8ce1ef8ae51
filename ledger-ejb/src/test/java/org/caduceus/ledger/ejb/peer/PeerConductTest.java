package org.caduceus.ledger.ejb.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.NodeSettings;
import org.caduceus.ledger.query.CutOff;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: a member that floods, lies about sizes or replays is cut off for a while, and the others
 * notice nothing; a bridge that is disconnected and repeats is not blamed.
 *
 * <p>Method: the broker of hospital-a takes messages as in the application, by a clock of the test.
 * pharmacy-b and regulator-c have brokers with bridges to it; who misbehaves as pharmacy-b comes
 * with its certificate on a connection of its own.
 */
final class PeerConductTest {
  private static final String A = "hospital-a";
  private static final String B = "pharmacy-b";
  private static final String C = "regulator-c";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String NOISE = "noise";
  private static final int FLOOD = 3_000;

  /** Of a message that the client does not send in parts. */
  private static final int LENGTH = 64_000;

  private static final Logger BROKER_LOG = Logger.getLogger("org.apache.activemq.artemis");

  @TempDir private Path home;

  private final List<Throwable> stackTraces = new CopyOnWriteArrayList<>();
  private final Handler watch =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          if (line.getThrown() != null) {
            stackTraces.add(line.getThrown());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2027-03-01T12:00:00Z"));
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger noise = new AtomicInteger();

  /** Held by a test while the application takes nothing. */
  private final Semaphore pause = new Semaphore(1);

  private final Map<String, SampleAuthority.Credential> members = new HashMap<>();
  private SampleAuthority consortium;
  private Path folderOfA;
  private SampleBroker a;
  private SampleBroker b;
  private SampleBroker c;

  @BeforeEach
  void start() throws Exception {
    consortium = new SampleAuthority("consortium");
    Map<String, Hash> pinned = new HashMap<>();
    for (String member : List.of(A, B, C)) {
      members.put(member, consortium.issue("CN=" + member));
      pinned.put(member, members.get(member).pin());
    }
    BROKER_LOG.addHandler(watch);
    int port = SampleBroker.freePort();
    folderOfA = SampleBroker.folder(home, A);
    a =
        new SampleBroker(
            folderOfA,
            A,
            port,
            consortium.stores(folderOfA, members.get(A)),
            Map.of(),
            pinned,
            new Conduct(now::get, PeerConductTest::borne));
    a.hear(this::note);
    b = neighbour(B, port, pinned);
    c = neighbour(C, port, pinned);
    assertTrue(SampleBroker.within(SOON, () -> b.connected(A) && c.connected(A)));
  }

  /** A flood that a busy machine, too, sends within the test's patience. */
  private static long borne(CutOff.Offence offence) {
    return offence == CutOff.Offence.MANY_MESSAGES ? FLOOD : offence.borne();
  }

  private SampleBroker neighbour(String self, int port, Map<String, Hash> pinned) throws Exception {
    Path folder = SampleBroker.folder(home, self);
    NodeSettings.Tls tls = consortium.stores(folder, members.get(self));
    return new SampleBroker(folder, self, SampleBroker.freePort(), tls, Map.of(A, port), pinned);
  }

  @AfterEach
  void stop() throws Exception {
    BROKER_LOG.removeHandler(watch);
    b.close();
    c.close();
    a.close();
  }

  /** As the inbox and the replica do. */
  private void note(Message message) {
    try {
      pause.acquire();
      pause.release();
      String sender = message.getStringProperty("JMSXUserID");
      String text =
          message instanceof TextMessage content
              ? content.getText()
              : new String(bytes((BytesMessage) message), StandardCharsets.UTF_8);
      if (text.startsWith(NOISE)) {
        noise.incrementAndGet();
      } else {
        heard.add(sender + ": " + text);
      }
      a.gate().shares().taken(sender, message.getLongProperty(PeerGate.POSITION));
    } catch (JMSException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] bytes(BytesMessage message) throws JMSException {
    byte[] bytes = new byte[(int) message.getBodyLength()];
    message.readBytes(bytes);
    return bytes;
  }

  private SampleClient asB() throws Exception {
    Path folder = SampleBroker.folder(home, "client");
    return SampleClient.of(a.port(), consortium.stores(folder, members.get(B)), B);
  }

  private static ClientMessage message(SampleClient client, String text, long number) {
    ClientMessage message = client.session().createMessage(ClientMessage.BYTES_TYPE, false);
    message.getBodyBuffer().writeBytes(text.getBytes(StandardCharsets.UTF_8));
    message.putLongProperty(LinkNumbers.LINK, 77);
    message.putLongProperty(LinkNumbers.NUMBER, number);
    return message;
  }

  private void assertOthersAreHeard() throws Exception {
    c.sendTo(A, "what regulator-c says", C);
    assertTrue(
        SampleBroker.within(SOON, () -> heard.contains(C + ": what regulator-c says")),
        "Expected the third member to be heard");
    assertTrue(a.gate().cutOff(C).isEmpty());
  }

  private void assertCutOff(CutOff.Offence offence) {
    assertTrue(
        SampleBroker.within(SOON, () -> a.gate().cutOff(B).isPresent()),
        "Expected pharmacy-b to be cut off");
    assertEquals(offence, a.gate().cutOff(B).orElseThrow().offence());
    assertTrue(
        SampleBroker.within(SOON, () -> a.shownBy(B).isEmpty()),
        "Expected no connection of pharmacy-b to be left");
    assertThrows(ActiveMQException.class, () -> asB().close());
  }

  private void assertReturnsByItselfAfterThePause() throws Exception {
    now.updateAndGet(time -> time.plusSeconds(10));
    assertTrue(SampleBroker.within(SOON, () -> b.connected(A)));
    b.sendTo(A, "sorry", B);
    assertTrue(SampleBroker.within(SOON, () -> heard.contains(B + ": sorry")));
    assertTrue(a.gate().cutOff(B).isEmpty());
  }

  @Test
  void whoReplaysIsCutOffAndComesBackByItself() throws Exception {
    try (SampleClient peer = asB()) {
      ClientProducer producer = peer.session().createProducer(Addresses.INBOX);
      producer.send(message(peer, "vote", 1));
      for (int i = 0; i < 20; i++) {
        producer.send(message(peer, "vote", 1));
      }
      producer.send(message(peer, "another", 2));
      assertTrue(SampleBroker.within(SOON, () -> heard.contains(B + ": another")));
      assertTrue(a.gate().cutOff(B).isEmpty(), "Expected twenty of them to be borne");
      assertEquals(List.of(B + ": vote", B + ": another"), heard);
      producer.send(message(peer, "vote", 1));
      assertCutOff(CutOff.Offence.REPLAYED);
      assertTrue(SampleBroker.within(SOON, () -> !b.connected(A)));
      assertOthersAreHeard();
    }
    assertReturnsByItselfAfterThePause();
  }

  @Test
  void whoFloodsIsCutOffWhileTheOthersAreHeard() throws Exception {
    Thread flood =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (SampleClient peer = asB();
                      ClientProducer producer = peer.session().createProducer(Addresses.INBOX)) {
                    for (long number = 1; number < 10 * FLOOD; number++) {
                      producer.send(message(peer, NOISE, number));
                    }
                  } catch (Exception cut) {
                    // its connection ended, as it must
                  }
                });
    assertOthersAreHeard();
    assertCutOff(CutOff.Offence.MANY_MESSAGES);
    flood.join();
    assertEquals(List.of(), stackTraces, "Expected a log that a flood does not fill");
    assertTrue(noise.get() <= FLOOD, "Expected nothing of it to be heard after the cut");
    heard.clear();
    assertOthersAreHeard();
    assertReturnsByItselfAfterThePause();
  }

  /** Nobody is blamed for what a slow node does not take; but it keeps no more than a share. */
  @Test
  void whileANodeTakesNothingWhatWaitsOfOneLeavesRoomForTheOthers() throws Exception {
    int most = PeerShares.SHARE / LENGTH;
    String noiseOfLength = NOISE + "-".repeat(LENGTH - NOISE.length());
    pause.acquire();
    try (SampleClient peer = asB();
        ClientProducer producer = peer.session().createProducer(Addresses.INBOX)) {
      for (long number = 1; number <= 2L * most; number++) {
        producer.send(message(peer, noiseOfLength, number));
      }
      assertTrue(SampleBroker.within(SOON, () -> a.gate().shares().refusals(B) >= most));
      c.sendTo(A, "what regulator-c says", C);
      pause.release();
      assertTrue(SampleBroker.within(SOON, () -> heard.contains(C + ": what regulator-c says")));
      assertTrue(noise.get() <= most, "Expected no more than its share, but heard " + noise.get());
      assertTrue(noise.get() > most * 9 / 10, "Expected its share, but heard " + noise.get());
      producer.send(message(peer, "another", 1_000));
      assertTrue(SampleBroker.within(SOON, () -> heard.contains(B + ": another")));
      assertTrue(a.gate().cutOff(B).isEmpty());
    }
  }

  /** The broker writes a stack trace for each that it refuses, unless it is refused before. */
  @Test
  void whoSendsElsewhereIsCutOffAndFillsNoLog() throws Exception {
    try (SampleClient peer = asB()) {
      ClientProducer producer = peer.session().createProducer("elsewhere");
      for (long number = 1; number <= 61; number++) {
        producer.send(message(peer, NOISE, number));
      }
      assertCutOff(CutOff.Offence.MALFORMED);
    }
    assertEquals(List.of(), stackTraces);
    assertOthersAreHeard();
  }

  @Test
  void whoSendsWithoutNumbersIsNotHeardAndCutOff() throws Exception {
    try (SampleClient peer = asB()) {
      ClientProducer producer = peer.session().createProducer(Addresses.INBOX);
      for (int i = 0; i < 61; i++) {
        ClientMessage message = peer.session().createMessage(ClientMessage.BYTES_TYPE, false);
        message.getBodyBuffer().writeBytes("nobody counts me".getBytes(StandardCharsets.UTF_8));
        producer.send(message);
      }
      assertCutOff(CutOff.Offence.MALFORMED);
    }
    assertOthersAreHeard();
    assertEquals(List.of(C + ": what regulator-c says"), heard);
  }

  /** One in parts would be written to disk without an end, before anybody looks at it. */
  @Test
  void aMessageInPartsIsRefusedBeforeAnythingOfItIsWritten() throws Exception {
    try (SampleClient peer = asB()) {
      ClientProducer producer = peer.session().createProducer(Addresses.INBOX);
      ClientMessage large = peer.session().createMessage(true);
      large.getBodyBuffer().writeBytes(new byte[1_000_000]);
      assertThrows(ActiveMQException.class, () -> producer.send(large));
      assertCutOff(CutOff.Offence.OVERSIZED);
    }
    assertOthersAreHeard();
    try (Stream<Path> files = Files.list(folderOfA.resolve("large"))) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void aPacketThatSaysItHasTwoGibibytesEndsTheConnectionAtOnce() throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            consortium
                .context(Optional.of(members.get(B)))
                .getSocketFactory()
                .createSocket("localhost", a.port())) {
      socket.setSoTimeout((int) SOON.toMillis());
      OutputStream out = socket.getOutputStream();
      out.write("ARTEMIS".getBytes(StandardCharsets.US_ASCII));
      out.write(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array());
      out.write(new byte[1_000]);
      out.flush();
      assertEquals(-1, socket.getInputStream().read());
    }
    assertCutOff(CutOff.Offence.OVERSIZED);
    assertOthersAreHeard();
  }

  /** Links that break at any moment: a bridge repeats, each message is heard once, no blame. */
  @Test
  void anHonestBridgeThatIsDisconnectedAgainAndAgainIsNotCutOff() throws Exception {
    List<String> said = IntStream.range(0, 400).mapToObj(i -> B + ": " + i).toList();
    for (int i = 0; i < 400; i++) {
      b.sendTo(A, Integer.toString(i), B);
      if (i % 40 == 39) {
        a.sever(B);
        assertTrue(SampleBroker.within(SOON, () -> !a.shownBy(B).isEmpty()));
      }
    }
    assertTrue(SampleBroker.within(SOON, () -> heard.containsAll(said)), heard::toString);
    assertEquals(said, heard);
    assertTrue(a.gate().cutOff(B).isEmpty());
    assertFalse(a.shownBy(B).isEmpty());
  }
}
