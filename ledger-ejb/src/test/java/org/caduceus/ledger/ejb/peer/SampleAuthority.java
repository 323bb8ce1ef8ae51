package org.caduceus.ledger.ejb.peer;

import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.NodeSettings;

/** A certificate authority like that of the deployment: P-256, names of this machine. */
final class SampleAuthority {
  private static final String PASSWORD = "not a secret";

  private final KeyPair keys = newKeys();
  private final X500Principal name;
  private final X509Certificate certificate;

  SampleAuthority(String name) throws Exception {
    this.name = new X500Principal("CN=" + name);
    JcaX509v3CertificateBuilder builder = builder(this.name, keys);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    this.certificate = signed(builder);
  }

  /** A key, its certificate and the authority that issued it. */
  record Credential(KeyPair keys, X509Certificate certificate, X509Certificate issuer) {
    Hash pin() {
      return Hash.sha256(keys.getPublic().getEncoded());
    }
  }

  /** A new key and a certificate for it, for {@code localhost}. */
  Credential issue(String subject) throws Exception {
    return issue(subject, newKeys());
  }

  /** Another certificate for the same key. */
  Credential renew(Credential old) throws Exception {
    return issue(old.certificate().getSubjectX500Principal().getName(), old.keys());
  }

  private Credential issue(String subject, KeyPair own) throws Exception {
    JcaX509v3CertificateBuilder builder = builder(new X500Principal(subject), own);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.dNSName, "localhost"),
              new GeneralName(GeneralName.iPAddress, "127.0.0.1")
            }));
    return new Credential(own, signed(builder), certificate);
  }

  /** PKCS12 files of one node that has this key and trusts this authority. */
  NodeSettings.Tls stores(Path folder, Credential own) throws Exception {
    return new NodeSettings.Tls(
        write(folder.resolve("key.p12"), keyStore(own)),
        PASSWORD,
        write(folder.resolve("trust.p12"), trustStore()),
        PASSWORD);
  }

  /** The TLS of a client with this key, or without any. */
  SSLContext context(Optional<Credential> own) throws Exception {
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    KeyStore empty = KeyStore.getInstance("PKCS12");
    empty.load(null, null);
    keyManagers.init(own.isPresent() ? keyStore(own.get()) : empty, PASSWORD.toCharArray());
    TrustManagerFactory trustManagers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trustManagers.init(trustStore());
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
    return context;
  }

  private KeyStore trustStore() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("consortium", certificate);
    return store;
  }

  private static KeyStore keyStore(Credential own) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "own",
        own.keys().getPrivate(),
        PASSWORD.toCharArray(),
        new X509Certificate[] {own.certificate(), own.issuer()});
    return store;
  }

  private static Path write(Path file, KeyStore store) throws Exception {
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    return file;
  }

  private JcaX509v3CertificateBuilder builder(X500Principal subject, KeyPair subjectKeys) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        name,
        new BigInteger(120, new SecureRandom()),
        Date.from(now.minus(Duration.ofMinutes(10))),
        Date.from(now.plus(Duration.ofDays(1))),
        subject,
        subjectKeys.getPublic());
  }

  private X509Certificate signed(JcaX509v3CertificateBuilder builder) throws Exception {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException("Expected P-256 of the Java platform, but it failed", e);
    }
  }
}
