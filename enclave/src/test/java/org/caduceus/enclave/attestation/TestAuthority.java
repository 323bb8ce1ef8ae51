package org.caduceus.enclave.attestation;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A vendor of platforms that the tests invent: a root, one authority below it, and leaves. */
public final class TestAuthority {
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final KeyPair rootKey;
  private final KeyPair issuerKey;
  private final X509Certificate root;
  private final X509Certificate issuer;

  /** A vendor with keys of this curve. */
  public TestAuthority(String name, String curve) {
    this.rootKey = keys(curve);
    this.issuerKey = keys(curve);
    X500Principal rootName = new X500Principal("CN=" + name + " root");
    X500Principal issuerName = new X500Principal("CN=" + name + " issuer");
    this.root = certificate(rootName, rootKey, rootName, rootKey.getPublic(), true, null, Map.of());
    this.issuer =
        certificate(rootName, rootKey, issuerName, issuerKey.getPublic(), true, null, Map.of());
  }

  static KeyPair keys(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whom to trust. */
  public X509Certificate root() {
    return root;
  }

  /** What stands between root and leaves. */
  public X509Certificate issuer() {
    return issuer;
  }

  /** The same as a verifier takes it. */
  public TrustedRoots roots() {
    return new TrustedRoots(List.of(root), InstantSource.system());
  }

  /** The roots at a time when its certificates are no longer valid. */
  TrustedRoots rootsLater() {
    return new TrustedRoots(
        List.of(root), InstantSource.fixed(Instant.now().plus(Duration.ofDays(400))));
  }

  /**
   * A leaf.
   *
   * @param usage extended key usage, or null
   * @param extensions raw values by OID
   */
  X509Certificate leaf(PublicKey key, String usage, Map<String, byte[]> extensions) {
    return certificate(
        issuer.getSubjectX500Principal(),
        issuerKey,
        new X500Principal("CN=leaf " + SERIAL.get()),
        key,
        false,
        usage,
        extensions);
  }

  private static X509Certificate certificate(
      X500Principal issuerName,
      KeyPair issuerKey,
      X500Principal subject,
      PublicKey key,
      boolean authority,
      String usage,
      Map<String, byte[]> extensions) {
    Instant now = Instant.now();
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuerName,
              BigInteger.valueOf(SERIAL.getAndIncrement()),
              Date.from(now.minus(Duration.ofDays(1))),
              Date.from(now.plus(Duration.ofDays(365))),
              subject,
              key);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (usage != null) {
        builder.addExtension(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(KeyPurposeId.getInstance(new ASN1ObjectIdentifier(usage))));
      }
      for (Map.Entry<String, byte[]> extension : extensions.entrySet()) {
        builder.addExtension(
            new ASN1ObjectIdentifier(extension.getKey()), false, extension.getValue());
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA384withECDSA").build(issuerKey.getPrivate())));
    } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
