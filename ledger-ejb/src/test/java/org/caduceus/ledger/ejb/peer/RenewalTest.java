package org.caduceus.ledger.ejb.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.NodeSettings;
import org.caduceus.ledger.ejb.peer.LinkCertificate.Found;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate is renewed with the same key while both brokers run. */
final class RenewalTest {
  private static final String A = "hospital-a";
  private static final String B = "pharmacy-b";
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path home;

  private SampleAuthority consortium;
  private SampleAuthority.Credential own;
  private Path folder;
  private NodeSettings.Tls tls;

  @BeforeEach
  void issue() throws Exception {
    consortium = new SampleAuthority("consortium");
    own = consortium.issue("CN=" + A);
    folder = SampleBroker.folder(home, A);
    tls = consortium.stores(folder, own);
  }

  private void replaceBy(SampleAuthority.Credential credential) throws Exception {
    FileTime before = Files.getLastModifiedTime(tls.keystore());
    consortium.stores(folder, credential);
    // A file system may count whole seconds; an operator is not that fast.
    Files.setLastModifiedTime(tls.keystore(), FileTime.from(before.toInstant().plusSeconds(2)));
  }

  @Test
  void bothWaysShowTheRenewedCertificateWithoutARestart() throws Exception {
    SampleAuthority.Credential other = consortium.issue("CN=" + B);
    Map<String, Hash> pinned = Map.of(A, own.pin(), B, other.pin());
    Path folderOfB = SampleBroker.folder(home, B);
    int portOfA = SampleBroker.freePort();
    int portOfB = SampleBroker.freePort();
    try (SampleBroker a = new SampleBroker(folder, A, portOfA, tls, Map.of(B, portOfB), pinned);
        SampleBroker b =
            new SampleBroker(
                folderOfB,
                B,
                portOfB,
                consortium.stores(folderOfB, other),
                Map.of(A, portOfA),
                pinned)) {
      assertTrue(SampleBroker.within(SOON, () -> a.connected(B) && b.connected(A)));
      assertEquals(own.certificate(), shownAt(portOfA));

      SampleAuthority.Credential renewed = consortium.renew(own);
      assertNotEquals(own.certificate(), renewed.certificate());
      replaceBy(renewed);
      a.renewed();
      assertTrue(a.connected(B), "Expected links that stand to be left");
      assertTrue(b.connected(A), "Expected links that stand to be left");
      assertEquals(renewed.certificate(), shownAt(portOfA));

      b.sever(A);
      a.sever(B);
      assertTrue(
          SampleBroker.within(
              SOON, () -> b.shownBy(A).contains(renewed.certificate()) && b.connected(A)),
          "Expected the bridge to come with the renewed certificate, and to be let in");
      a.sendTo(B, "after the renewal", B);
      assertEquals(A, b.received(SOON).getStringProperty("JMSXUserID"));
      b.sendTo(A, "to the renewed one", A);
      assertEquals(B, a.received(SOON).getStringProperty("JMSXUserID"));
    }
  }

  private X509Certificate shownAt(int port) throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            consortium
                .context(Optional.of(own))
                .getSocketFactory()
                .createSocket("localhost", port)) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void aLookFindsTheRenewedCertificateOnceItIsThere() throws Exception {
    LinkCertificate certificate = new LinkCertificate(tls);
    assertInstanceOf(Found.Unchanged.class, certificate.look(Instant.now()));
    SampleAuthority.Credential renewed = consortium.renew(own);
    replaceBy(renewed);
    Found.Renewed found = assertInstanceOf(Found.Renewed.class, certificate.look(Instant.now()));
    assertEquals(renewed.certificate(), found.certificate());
    certificate.lookAgain();
    assertInstanceOf(Found.Renewed.class, certificate.look(Instant.now()));
    certificate.taken(found.certificate());
    assertInstanceOf(Found.Unchanged.class, certificate.look(Instant.now()));
    assertEquals(CertificateTerm.of(renewed.certificate()), certificate.term());
  }

  @Test
  void whatDoesNotDoIsSaidOnceAndNotTaken() throws Exception {
    LinkCertificate certificate = new LinkCertificate(tls);
    replaceBy(consortium.issue("CN=" + A));
    Found.Useless otherKey = assertInstanceOf(Found.Useless.class, certificate.look(Instant.now()));
    assertTrue(otherKey.why().contains("another key"), otherKey.why());
    assertInstanceOf(Found.Unchanged.class, certificate.look(Instant.now()));

    replaceBy(consortium.renew(own));
    Instant later = Instant.now().plus(Duration.ofDays(2));
    Found.Useless ended = assertInstanceOf(Found.Useless.class, certificate.look(later));
    assertTrue(ended.why().contains("ended"), ended.why());

    Files.write(tls.keystore(), new byte[] {1, 2, 3});
    Files.setLastModifiedTime(tls.keystore(), FileTime.from(Instant.now().plusSeconds(60)));
    assertInstanceOf(Found.Useless.class, certificate.look(Instant.now()));
    assertEquals(CertificateTerm.of(own.certificate()), certificate.term());
  }
}
