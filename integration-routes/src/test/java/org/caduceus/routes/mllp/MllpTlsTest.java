package org.caduceus.routes.mllp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: the secure listener talks TLS 1.3 to peers with a certificate it trusts, and to no other.
 */
class MllpTlsTest {
  private static final String PASSWORD = "changeit";
  private static final String ADT = "MSH|^~\\&|HIS|A|L|I|20260901||ADT^A01|T1|P|2.5\rPID|1||7\r";

  @TempDir static Path dir;
  private static final FakeIntake intake = new FakeIntake();
  private static MllpServer server;

  @BeforeAll
  static void start() throws Exception {
    member("server");
    member("client");
    member("stranger");
    server = new MllpServer(intake, intake, MllpServer.secure(context("server", "client")));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aTrustedPeerIsServed() throws Exception {
    try (MllpClient client = new MllpClient(connect(context("client", "server")))) {
      assertTrue(client.ask(ADT).contains("\rMSA|AA|T1|"));
      assertEquals("TLSv1.3", ((SSLSocket) client.socket).getSession().getProtocol());
    }
  }

  @Test
  void aPeerWithAnUnknownCertificateIsRefused() throws Exception {
    try (MllpClient client = new MllpClient(connect(context("stranger", "server")))) {
      assertThrows(IOException.class, () -> client.ask(ADT));
    }
  }

  @Test
  void aPeerWithTls12IsRefused() throws Exception {
    try (SSLSocket socket = connect(context("client", "server"))) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertThrows(IOException.class, socket::startHandshake);
    }
  }

  @Test
  void aPeerInTheClearIsRefused() throws Exception {
    try (MllpClient client = new MllpClient(server.port())) {
      assertThrows(IOException.class, () -> client.ask(ADT));
    }
  }

  private static SSLSocket connect(SSLContext context) throws IOException {
    return (SSLSocket)
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
  }

  /** Certificates are their own issuers here, so a member's key store is also trust in it. */
  private static SSLContext context(String name, String trust) {
    return MllpTls.context(file(name), PASSWORD, file(trust), PASSWORD);
  }

  private static Path file(String name) {
    return dir.resolve(name + ".p12");
  }

  private static void member(String name) throws Exception {
    keytool(
        name,
        "-genkeypair -alias me -keyalg EC -groupname secp256r1 -validity 2 -dname CN=" + name);
  }

  private static void keytool(String store, String arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(Arrays.asList(arguments.split(" ")));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", file(store).toString()));
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
  }
}
