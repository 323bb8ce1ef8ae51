package org.caduceus.ledger.ejb.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.jms.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.NodeSettings;
import org.caduceus.ledger.query.CutOff;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: who takes part changes while brokers run, and nothing gets through that should not.
 *
 * <p>Method: real brokers on real TLS sockets of this machine.
 */
final class LinksOfARunningBrokerTest {
  private static final String A = "hospital";
  private static final String B = "hospital-1";
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration A_WHILE = Duration.ofMillis(1500);

  @TempDir static Path home;

  private static SampleAuthority.Credential ofA;
  private static SampleAuthority.Credential ofB;
  private static SampleAuthority consortium;
  private static Map<String, Hash> both;

  @BeforeAll
  static void certify() throws Exception {
    consortium = new SampleAuthority("consortium");
    ofA = consortium.issue("CN=" + A);
    ofB = consortium.issue("CN=" + B);
    both = Map.of(A, ofA.pin(), B, ofB.pin());
  }

  @Test
  void whoIsAdmittedLaterComesInWithoutARestart() throws Exception {
    int portOfA = SampleBroker.freePort();
    try (SampleBroker a = broker(A, portOfA, ofA, Map.of(), Map.of(A, ofA.pin()));
        SampleBroker b = broker(B, SampleBroker.freePort(), ofB, Map.of(A, portOfA), both)) {
      b.sendTo(A, "too early", B);
      assertFalse(SampleBroker.within(A_WHILE, () -> b.connected(A)));
      assertEquals(0, a.everSentTo(Addresses.INBOX));

      a.admit(both);
      assertReceived(a, B);
      a.link(Map.of(B, b.port()));
      a.sendTo(B, "welcome", A);
      assertReceived(b, A);
    }
  }

  /** After an outage a bridge brings all at once what waited, and nobody is to blame. */
  @Test
  void whatAFullOutboxBringsAtOnceIsNoFlood() throws Exception {
    int nobody = SampleBroker.freePort();
    try (SampleBroker b = broker(B, SampleBroker.freePort(), ofB, Map.of(A, nobody), both)) {
      long waiting = -1;
      while (b.waitingFor(A) > waiting) {
        waiting = b.waitingFor(A);
        for (int i = 0; i < 1_000; i++) {
          b.sendTo(A, "vote", B);
        }
      }
      long borne = CutOff.Offence.MANY_MESSAGES.borne();
      assertTrue(waiting * 3 / 2 < borne, "Expected far less than " + borne + ", but " + waiting);
    }
  }

  @Test
  void whoIsAdmittedNoMoreSendsNothingOverAnOpenConnectionEither() throws Exception {
    int portOfA = SampleBroker.freePort();
    try (SampleBroker a = broker(A, portOfA, ofA, Map.of(), both);
        SampleBroker b = broker(B, SampleBroker.freePort(), ofB, Map.of(A, portOfA), both)) {
      b.sendTo(A, "as a member", B);
      assertReceived(a, B);

      a.admit(Map.of(A, ofA.pin()));
      long before = a.everSentTo(Addresses.INBOX);
      b.sendTo(A, "as nobody", B);
      assertNull(a.received(A_WHILE));
      assertEquals(before, a.everSentTo(Addresses.INBOX));
      a.disconnect(B);
      assertTrue(SampleBroker.within(SOON, () -> !b.connected(A)));
      assertFalse(SampleBroker.within(A_WHILE, () -> b.connected(A)), "Expected to be kept out");
    }
  }

  @Test
  void theConnectionsOfWhoIsCutOffEnd() throws Exception {
    int portOfA = SampleBroker.freePort();
    try (SampleBroker a = broker(A, portOfA, ofA, Map.of(), both);
        SampleBroker b = broker(B, SampleBroker.freePort(), ofB, Map.of(A, portOfA), both)) {
      assertTrue(SampleBroker.within(SOON, () -> b.connected(A)));
      assertEquals(0, a.disconnect("another"));
      a.admit(Map.of());
      assertEquals(1, a.disconnect(B));
      assertTrue(SampleBroker.within(SOON, () -> !b.connected(A)));
      assertEquals(0, a.disconnect(B));
    }
  }

  @Test
  void aPeerThatMovedIsFoundAtItsNewAddressWithWhatWaited() throws Exception {
    int empty = SampleBroker.freePort();
    try (SampleBroker a = broker(A, SampleBroker.freePort(), ofA, Map.of(B, empty), both);
        SampleBroker b = broker(B, SampleBroker.freePort(), ofB, Map.of(), both)) {
      a.sendTo(B, "wherever you are", A);
      assertTrue(SampleBroker.within(SOON, () -> a.waitingFor(B) == 1));
      a.link(Map.of(B, b.port()));
      assertReceived(b, A);
    }
  }

  /** The broker ends bridges by a pattern, in which a number after a name is the same bridge. */
  @Test
  void endingOneLinkLeavesThatToALikeName() throws Exception {
    String c = "regulator";
    SampleAuthority.Credential ofC = consortium.issue("CN=" + c);
    Map<String, Hash> all = Map.of(A, ofA.pin(), B, ofB.pin(), c, ofC.pin());
    try (SampleBroker a = broker(A, SampleBroker.freePort(), ofA, Map.of(), all);
        SampleBroker b = broker(B, SampleBroker.freePort(), ofB, Map.of(), all);
        SampleBroker hub =
            broker(c, SampleBroker.freePort(), ofC, Map.of(A, a.port(), B, b.port()), all)) {
      assertTrue(SampleBroker.within(SOON, () -> hub.connected(A) && hub.connected(B)));
      hub.link(Map.of(B, b.port()));
      assertFalse(hub.connected(A));
      assertFalse(hub.hasOutbox(A));
      assertTrue(hub.connected(B));
      hub.sendTo(B, "still there", c);
      assertReceived(b, c);
    }
  }

  @Test
  void anOutboxOfAnEarlierLifeGoes() throws Exception {
    Path folder = SampleBroker.folder(home, A);
    NodeSettings.Tls tls = consortium.stores(folder, ofA);
    int port = SampleBroker.freePort();
    try (SampleBroker first = new SampleBroker(folder, A, port, tls, Map.of(B, 1), both)) {
      assertTrue(first.hasOutbox(B));
    }
    try (SampleBroker second = new SampleBroker(folder, A, port, tls, Map.of(), both)) {
      assertFalse(second.hasOutbox(B));
      second.link(Map.of(B, 1));
      assertTrue(second.hasOutbox(B));
    }
  }

  private static SampleBroker broker(
      String self,
      int port,
      SampleAuthority.Credential own,
      Map<String, Integer> peers,
      Map<String, Hash> pinned)
      throws Exception {
    Path folder = SampleBroker.folder(home, self);
    return new SampleBroker(folder, self, port, consortium.stores(folder, own), peers, pinned);
  }

  private static void assertReceived(SampleBroker broker, String sender) throws Exception {
    Message message = broker.received(SOON);
    assertNotNull(message, "Expected a message, but none came");
    assertEquals(sender, message.getStringProperty("JMSXUserID"));
  }
}
