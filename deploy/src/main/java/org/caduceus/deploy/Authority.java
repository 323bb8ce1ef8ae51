package org.caduceus.deploy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.caduceus.ledger.Hash;

/**
 * The consortium's certificate authority: ECDSA P-256, its key made for this installation and kept
 * in its folder, for renewals and for members that join later. A real consortium keeps it
 * elsewhere, off line.
 */
final class Authority {
  private static final String CERTIFICATE_FILE = "authority.pem";
  private static final String KEY_FILE = "authority-key.pem";
  private static final String SIGNATURE = "SHA256withECDSA";

  // The stores' passwords are random, of some hundred bits: stretching them protects nothing, and
  // each start of a node opens its stores a dozen times.
  static {
    for (String count : List.of("certPbe", "keyPbe", "mac")) {
      System.setProperty("keystore.pkcs12." + count + "IterationCount", "1000");
    }
  }

  private static final Duration VALIDITY = Duration.ofDays(825);
  // Clocks of institutions differ.
  private static final Duration BACKDATED = Duration.ofMinutes(10);

  private final KeyPair keys;
  private final X509Certificate certificate;

  private Authority(KeyPair keys, X509Certificate certificate) {
    this.keys = keys;
    this.certificate = certificate;
  }

  /** A key with its certificate. */
  record Credential(KeyPair keys, X509Certificate certificate) {}

  /** A new authority for the consortium with this chain id. */
  static Authority create(String chainId) {
    try {
      KeyPair keys = newKeys();
      X500Principal name =
          new X500Principal("CN=Caduceus consortium " + chainId.substring(0, 16) + " authority");
      JcaX509v3CertificateBuilder builder = builder(name, name, keys.getPublic(), VALIDITY);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      return new Authority(keys, sign(builder, keys));
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw new ToolFailure("Expected to make a certificate authority, but that failed", e);
    }
  }

  /** Keeps it in this folder. */
  void write(Path folder) {
    try {
      PrivateFiles.write(
          folder.resolve(CERTIFICATE_FILE), Pem.text("CERTIFICATE", certificate.getEncoded()));
      PrivateFiles.write(
          folder.resolve(KEY_FILE), Pem.text("PRIVATE KEY", keys.getPrivate().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new ToolFailure("Expected to write the authority's certificate, but that failed", e);
    }
  }

  /** The one that {@link #write} kept in this folder. */
  static Authority read(Path folder) {
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(
                          Pem.bytes(
                              "CERTIFICATE", Files.readString(folder.resolve(CERTIFICATE_FILE)))));
      PrivateKey key =
          KeyFactory.getInstance("EC")
              .generatePrivate(
                  new PKCS8EncodedKeySpec(
                      Pem.bytes("PRIVATE KEY", Files.readString(folder.resolve(KEY_FILE)))));
      return new Authority(new KeyPair(certificate.getPublicKey(), key), certificate);
    } catch (IOException | GeneralSecurityException e) {
      throw new ToolFailure(
          "Expected the authority's key in " + folder + ", but it is not there", e);
    }
  }

  /** The request in this PEM text, whose sender has shown that it has the key. */
  static PKCS10CertificationRequest request(String pem) {
    try {
      JcaPKCS10CertificationRequest request =
          new JcaPKCS10CertificationRequest(Pem.bytes("CERTIFICATE REQUEST", pem));
      if (request.isSignatureValid(
          new JcaContentVerifierProviderBuilder().build(request.getPublicKey()))) {
        return request;
      }
    } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
      throw new ToolFailure("Expected a certificate request (PKCS #10), but it is none", e);
    }
    throw new ToolFailure(
        "Expected a request that is signed with the key it names, but its signature does not fit");
  }

  /** What peers pin of the key in a request. */
  static Hash pinOf(PKCS10CertificationRequest request) {
    try {
      return Hash.sha256(new JcaPKCS10CertificationRequest(request).getPublicKey().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new ToolFailure("Expected a key in the request, but there is none", e);
    }
  }

  /** The certificate that is asked for: its subject, its names, its key. */
  X509Certificate sign(PKCS10CertificationRequest request, int days) {
    Extensions asked = request.getRequestedExtensions();
    GeneralNames names =
        asked == null ? null : GeneralNames.fromExtensions(asked, Extension.subjectAlternativeName);
    if (names == null) {
      throw new ToolFailure(
          "Expected the names of the node (subjectAltName) in the request, but there are none");
    }
    try {
      return certify(
          new X500Principal(request.getSubject().getEncoded()),
          new JcaPKCS10CertificationRequest(request).getPublicKey(),
          names,
          Duration.ofDays(days));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new ToolFailure("Expected to issue a certificate, but that failed", e);
    }
  }

  /** A certificate for a member's links, as client and as server, on this machine. */
  Credential issue(String member) {
    return issue(member, VALIDITY);
  }

  /** The same for this long. */
  Credential issue(String member, Duration validity) {
    try {
      KeyPair own = newKeys();
      GeneralNames names =
          new GeneralNames(
              new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1")
              });
      return new Credential(
          own, certify(new X500Principal("CN=" + member), own.getPublic(), names, validity));
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw new ToolFailure("Expected to issue a certificate, but that failed", e);
    }
  }

  private X509Certificate certify(
      X500Principal subject, PublicKey key, GeneralNames names, Duration validity)
      throws GeneralSecurityException, CertIOException, OperatorCreationException {
    JcaX509v3CertificateBuilder builder =
        builder(certificate.getSubjectX500Principal(), subject, key, validity);
    JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(
            new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
    builder.addExtension(Extension.subjectAlternativeName, false, names);
    builder.addExtension(
        Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        identifiers.createAuthorityKeyIdentifier(certificate));
    return sign(builder, keys);
  }

  /** PKCS12 with a key and its chain under {@code alias}. */
  byte[] keyStore(String alias, Credential credential, String password) {
    return store(
        password,
        store ->
            store.setKeyEntry(
                alias,
                credential.keys().getPrivate(),
                password.toCharArray(),
                new X509Certificate[] {credential.certificate(), certificate}));
  }

  /** PKCS12 with this authority as the one that is trusted. */
  byte[] trustStore(String password) {
    return store(password, store -> store.setCertificateEntry("consortium", certificate));
  }

  /** The authority's certificate. */
  X509Certificate certificate() {
    return certificate;
  }

  /** A new P-256 key pair. */
  static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new ToolFailure("Expected P-256 keys of the Java platform, but that failed", e);
    }
  }

  private interface Filling {
    void into(KeyStore store) throws GeneralSecurityException;
  }

  private static byte[] store(String password, Filling filling) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      filling.into(store);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      store.store(out, password.toCharArray());
      return out.toByteArray();
    } catch (GeneralSecurityException | IOException e) {
      throw new ToolFailure("Expected to make a key store, but that failed", e);
    }
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Principal issuer, X500Principal subject, PublicKey key, Duration validity) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(1, Secrets.bytes(16)),
        Date.from(now.minus(BACKDATED)),
        Date.from(now.plus(validity)),
        subject,
        key);
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, KeyPair signer)
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder(SIGNATURE).build(signer.getPrivate())));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "Authority[%s]", certificate.getSubjectX500Principal().getName());
  }
}
