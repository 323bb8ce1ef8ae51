package org.caduceus.deploy.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Random;
import javax.net.SocketFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.caduceus.deploy.MemberHome;
import org.caduceus.deploy.MllpClient;
import org.caduceus.deploy.NodeClient;
import org.caduceus.deploy.Pause;
import org.caduceus.deploy.load.SampleMessages;
import org.junit.jupiter.api.Test;

/** HL7 over TLS 1.3 at a whole node: a client certificate opens it, and nothing else does. */
class MllpTlsIT {
  private static final int ANSWER_MS = 20_000;

  private final MemberHome hospital =
      SharedConsortium.get().installation().memberHome(SharedConsortium.HOSPITAL);
  private final NodeClient client = new NodeClient(hospital);
  private final String id = "TLS" + System.nanoTime();
  private final byte[] message = new SampleMessages(new Random(1)).admission(id);

  @Test
  void aClientWithACertificateOfTheConsortiumIsAnsweredAndFinal() throws Exception {
    try (MllpClient mllp = new MllpClient(sockets(true), hospital.ports().mllpTls(), ANSWER_MS)) {
      assertEquals("AA", mllp.exchange(message).code());
    }
    assertTrue(Pause.until(this::isFinal, Duration.ofSeconds(30), 100), "it becomes final");
  }

  @Test
  void aClientWithoutACertificateIsNotServed() throws Exception {
    SocketFactory anonymous = sockets(false);
    assertThrows(
        IOException.class,
        () -> {
          try (MllpClient mllp = new MllpClient(anonymous, hospital.ports().mllpTls(), ANSWER_MS)) {
            mllp.exchange(message);
          }
        });
    assertEquals(0, client.entries(id).size());
  }

  @Test
  void aClientWithoutTlsIsNotServed() throws Exception {
    assertThrows(
        IOException.class,
        () -> {
          try (MllpClient mllp = new MllpClient(hospital.ports().mllpTls(), ANSWER_MS)) {
            mllp.exchange(message);
          }
        });
    assertEquals(0, client.entries(id).size());
  }

  private boolean isFinal() {
    try {
      return client.entries(id).stream()
          .anyMatch(entry -> entry.path("status").asText().equals("final"));
    } catch (IOException notNow) {
      return false;
    }
  }

  /** Another member's key, as an integration engine of the consortium would have one. */
  private static SocketFactory sockets(boolean withCertificate)
      throws GeneralSecurityException, IOException {
    MemberHome home = SharedConsortium.get().installation().memberHome(SharedConsortium.REGULATOR);
    char[] password = home.secretValues().getProperty("tls.password").toCharArray();
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(load(home.trustStore(), password));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(load(home.keyStore(), password), password);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(
        withCertificate ? keys.getKeyManagers() : new KeyManager[0],
        trust.getTrustManagers(),
        null);
    return context.getSocketFactory();
  }

  private static KeyStore load(Path file, char[] password)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password);
    }
    return store;
  }
}
