package org.caduceus.deploy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/** Certificates do what the peers' links ask of them: TLS 1.3 with both sides named. */
class AuthorityTest {
  private static final String PASSWORD = "only-of-this-test";

  private final Authority authority = Authority.create("ab".repeat(32));

  @Test
  void membersOfOneConsortiumLink() throws Exception {
    assertEquals(
        "CN=pharmacy-b", link(context(authority, "hospital-a"), context(authority, "pharmacy-b")));
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
    Authority stranger = Authority.create("ab".repeat(32));
    SSLContext server = context(authority, "hospital-a");
    SSLContext client = context(stranger, "pharmacy-b");
    assertThrows(SSLException.class, () -> link(server, client));
  }

  @Test
  void aMemberCannotIssueCertificates() throws Exception {
    X509Certificate certificate = authority.issue("hospital-a").certificate();
    assertEquals(-1, certificate.getBasicConstraints());
    assertFalse(certificate.getKeyUsage()[5], "keyCertSign");
    assertEquals(
        List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"), certificate.getExtendedKeyUsage());
  }

  @Test
  void keysAreNewEachTime() {
    assertNotEquals(
        authority.issue("hospital-a").certificate().getPublicKey(),
        authority.issue("hospital-a").certificate().getPublicKey());
  }

  @Test
  void storesOpenWithTheirPasswordOnly() throws Exception {
    Authority.Credential credential = authority.issue("hospital-a");
    byte[] bytes = authority.keyStore("hospital-a", credential, PASSWORD);
    KeyStore store = load(bytes, PASSWORD);
    assertTrue(store.isKeyEntry("hospital-a"));
    assertArrayEquals(
        credential.certificate().getEncoded(), store.getCertificate("hospital-a").getEncoded());
    assertThrows(IOException.class, () -> load(bytes, "guess"));
  }

  // Returns the name in the certificate that the server sees.
  private static String link(SSLContext server, SSLContext client) throws Exception {
    try (SSLServerSocket listener =
        (SSLServerSocket)
            server
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listener.setNeedClientAuth(true);
      listener.setEnabledProtocols(new String[] {"TLSv1.3"});
      AtomicReference<String> name = new AtomicReference<>();
      AtomicReference<IOException> failure = new AtomicReference<>();
      Thread accepting =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (SSLSocket socket = (SSLSocket) listener.accept()) {
                      socket.setSoTimeout(5_000);
                      socket.startHandshake();
                      name.set(socket.getSession().getPeerPrincipal().getName());
                      socket.getOutputStream().write(1);
                    } catch (IOException e) {
                      failure.set(e);
                    }
                  });
      try (SSLSocket socket =
          (SSLSocket)
              client.getSocketFactory().createSocket("127.0.0.1", listener.getLocalPort())) {
        socket.setSoTimeout(5_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        assertEquals(1, socket.getInputStream().read());
      }
      accepting.join();
      if (failure.get() != null) {
        throw failure.get();
      }
      return name.get();
    }
  }

  private static SSLContext context(Authority authority, String member)
      throws GeneralSecurityException, IOException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    byte[] own = authority.keyStore(member, authority.issue(member), PASSWORD);
    keys.init(load(own, PASSWORD), PASSWORD.toCharArray());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(load(authority.trustStore(PASSWORD), PASSWORD));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
    return context;
  }

  private static KeyStore load(byte[] bytes, String password)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(bytes), password.toCharArray());
    return store;
  }
}
