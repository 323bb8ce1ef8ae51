package org.caduceus.deploy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.caduceus.deploy.operator.Operator;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.block.Suite;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.membership.EpochConfig;
import org.caduceus.ledger.membership.Member;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator renews the certificate of a node's links: the commands, on real key stores. */
final class CertificateRenewalTest {
  private static final String PASSWORD = "only-of-this-test";
  private static final String CHAIN = "ab".repeat(32);
  private static final int DAYS = 825;

  @TempDir private Path folder;

  private final PrintStream console = System.out;
  private final PrintStream consoleErr = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Authority authority = Authority.create(CHAIN);
  private final Authority.Credential old = authority.issue("hospital-a", Duration.ofDays(5));
  private Path home;
  private Path keyStore;

  @BeforeEach
  void prepare() {
    home = PrivateFiles.folder(folder.resolve("hospital-a"));
    keyStore = home.resolve("tls.p12");
    PrivateFiles.write(keyStore, authority.keyStore("hospital-a", old, PASSWORD));
    PrivateFiles.write(home.resolve("trust.p12"), authority.trustStore(PASSWORD));
    PrivateFiles.write(
        home.resolve("node.properties"),
        Map.of(
            "caduceus.tls.keystore",
            keyStore.toString(),
            "caduceus.tls.keystore.password",
            PASSWORD,
            "caduceus.tls.truststore",
            "${caduceus.home}/trust.p12",
            "caduceus.tls.truststore.password",
            PASSWORD));
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setOut(console);
    System.setErr(consoleErr);
  }

  private int certificates(String... arguments) {
    List<String> all = new ArrayList<>(List.of("certificates"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--settings", home.resolve("node.properties").toString()));
    return Operator.run(all.toArray(String[]::new));
  }

  private String requestOfOperator() {
    out.reset();
    assertEquals(0, certificates("request"), err::toString);
    return out.toString(StandardCharsets.UTF_8);
  }

  private int install(byte[] answer) {
    Path file = folder.resolve("answer");
    PrivateFiles.write(file, answer);
    return certificates("install", file.toString());
  }

  private int install(X509Certificate answer) throws Exception {
    return install(
        Pem.text("CERTIFICATE", answer.getEncoded()).getBytes(StandardCharsets.US_ASCII));
  }

  private static KeyStore load(Path file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(Files.readAllBytes(file)), PASSWORD.toCharArray());
    return store;
  }

  private static PKCS10CertificationRequest request(String name, KeyPair keys, String... hosts)
      throws Exception {
    JcaPKCS10CertificationRequestBuilder builder =
        new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=" + name), keys.getPublic());
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    extensions.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(
            Stream.of(hosts)
                .map(
                    host ->
                        new GeneralName(
                            host.startsWith("127") ? GeneralName.iPAddress : GeneralName.dNSName,
                            host))
                .toArray(GeneralName[]::new)));
    builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
    return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
  }

  @Test
  void aRenewedCertificateHasTheSameKeyAndTheOldStoreStays() throws Exception {
    byte[] before = Files.readAllBytes(keyStore);
    X509Certificate answer = authority.sign(Authority.request(requestOfOperator()), DAYS);
    assertEquals(old.certificate().getPublicKey(), answer.getPublicKey());
    assertEquals(
        List.copyOf(old.certificate().getSubjectAlternativeNames()),
        List.copyOf(answer.getSubjectAlternativeNames()));

    assertEquals(0, install(answer), err::toString);

    KeyStore store = load(keyStore);
    assertEquals(answer, store.getCertificate("hospital-a"));
    assertEquals(authority.certificate(), store.getCertificateChain("hospital-a")[1]);
    assertEquals(old.keys().getPrivate(), store.getKey("hospital-a", PASSWORD.toCharArray()));
    assertTrue(PrivateFiles.isPrivate(keyStore));
    try (Stream<Path> files = Files.list(home)) {
      Path kept =
          files
              .filter(file -> file.getFileName().toString().startsWith("tls.p12.until-"))
              .findFirst()
              .orElseThrow();
      assertArrayEquals(before, Files.readAllBytes(kept));
      assertTrue(PrivateFiles.isPrivate(kept));
    }
  }

  @Test
  void theAuthoritysWholeAnswerIsTakenInAnyOrder() throws Exception {
    X509Certificate answer = authority.sign(Authority.request(requestOfOperator()), DAYS);
    String text =
        Pem.text("CERTIFICATE", authority.certificate().getEncoded())
            + Pem.text("CERTIFICATE", answer.getEncoded());
    assertEquals(0, install(text.getBytes(StandardCharsets.US_ASCII)), err::toString);
    assertEquals(answer, load(keyStore).getCertificate("hospital-a"));
    assertEquals(2, load(keyStore).getCertificateChain("hospital-a").length);
  }

  @Test
  void whatTheOthersWouldRefuseIsNotInstalled() throws Exception {
    PKCS10CertificationRequest asked = Authority.request(requestOfOperator());
    Authority stranger = Authority.create(CHAIN);
    KeyPair otherKey = Authority.newKeys();
    assertRefused(
        authority.sign(request("hospital-a", otherKey, "localhost", "127.0.0.1"), DAYS),
        "it is for another key");
    assertRefused(stranger.sign(asked, DAYS), "the others would refuse it");
    assertRefused(authority.sign(asked, 4), "ends after the one in use");
    assertRefused(authority.sign(asked, 0), "but it ended at");
    assertRefused(
        authority.sign(request("pharmacy-b", old.keys(), "localhost", "127.0.0.1"), DAYS),
        "but it is of CN=pharmacy-b");
    assertRefused(
        authority.sign(request("hospital-a", old.keys(), "127.0.0.1"), DAYS), "lacks localhost");
    err.reset();
    assertEquals(1, install("no certificate".getBytes(StandardCharsets.US_ASCII)));
    assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("error: Expected "), err::toString);
  }

  private void assertRefused(X509Certificate answer, String why) throws Exception {
    byte[] before = Files.readAllBytes(keyStore);
    err.reset();
    assertEquals(1, install(answer));
    String said = err.toString(StandardCharsets.UTF_8);
    assertTrue(said.startsWith("error: Expected ") && said.contains(why), said);
    assertArrayEquals(before, Files.readAllBytes(keyStore));
    try (Stream<Path> files = Files.list(home)) {
      assertEquals(3, files.count());
    }
  }

  @Test
  void theDemosAuthoritySignsForTheKeyThatIsPinnedOnly() throws Exception {
    Installation installation =
        new Installation(
            folder,
            Installation.NAMES.subList(0, 3),
            18_000,
            Installation.Database.H2,
            "",
            CHAIN,
            Suite.ES256,
            Installation.Governance.AUTO,
            CHAIN);
    installation.write();
    authority.write(folder);
    PrivateFiles.write(
        installation.memberHome("hospital-a").genesis(), genesis().encode().toArray());
    Path request = folder.resolve("request.pem");
    PrivateFiles.write(request, requestOfOperator());
    out.reset();
    assertEquals(0, sign(request), err::toString);
    assertEquals(0, install(out.toByteArray()), err::toString);

    PrivateFiles.write(
        request,
        Pem.text(
            "CERTIFICATE REQUEST",
            request("hospital-a", Authority.newKeys(), "localhost").getEncoded()));
    err.reset();
    assertEquals(1, sign(request));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("another key"), err::toString);
  }

  private int sign(Path request) {
    return Consortium.commandLine()
        .execute("sign-certificate", "--home", folder.toString(), request.toString());
  }

  private EpochConfig genesis() {
    List<Member> members = new ArrayList<>();
    for (String id : List.of("hospital-a", "pharmacy-b", "regulator-c")) {
      byte[] point = new byte[Member.KEY_LENGTH];
      point[0] = 4;
      point[1] = (byte) id.charAt(0);
      Bytes key = Bytes.of(point);
      Hash link = Hash.sha256(old.certificate().getPublicKey().getEncoded());
      members.add(new Member(id, key, key, key, link, Hash.ZERO));
    }
    return new EpochConfig(
        Hash.fromHex(CHAIN),
        1,
        EpochConfig.Mode.TEE_1P,
        Suite.ES256,
        16,
        1_000,
        8_000,
        100,
        100_000,
        AssuranceTier.SIMULATED,
        0,
        members,
        List.of());
  }
}
