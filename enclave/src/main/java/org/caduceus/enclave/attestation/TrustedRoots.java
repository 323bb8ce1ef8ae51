package org.caduceus.enclave.attestation;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Root certificates of platform vendors, and whether a chain ends in one (RFC 5280 section 6).
 * Revocation lists are not fetched. Thread-safe.
 */
public final class TrustedRoots {
  private static final int MAX_CHAIN = 8;

  private final Set<TrustAnchor> anchors;
  private final InstantSource clock;

  /**
   * Trusts these.
   *
   * @param clock at whose time certificates must be valid
   */
  public TrustedRoots(Collection<X509Certificate> roots, InstantSource clock) {
    this.anchors =
        roots.stream()
            .map(root -> new TrustAnchor(root, null))
            .collect(Collectors.toUnmodifiableSet());
    this.clock = clock;
  }

  /** Trusts nobody. */
  public static TrustedRoots none() {
    return new TrustedRoots(List.of(), InstantSource.system());
  }

  /**
   * Trusts the certificates of a file, PEM one after another.
   *
   * @throws IOException if it cannot be read or holds something else
   */
  public static TrustedRoots of(Path pem) throws IOException {
    return new TrustedRoots(certificates(pem), InstantSource.system());
  }

  /** The certificates of a file, PEM one after another, in their order. */
  static List<X509Certificate> certificates(Path pem) throws IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException e) {
      throw new IOException("Expected certificates in " + pem + ", but they cannot be read", e);
    }
  }

  /** The certificates of a chain, leaf first. */
  static List<X509Certificate> read(List<byte[]> encoded) {
    Unacceptable.unless(
        encoded.size() <= MAX_CHAIN, "Expected at most 8 certificates, but there are more");
    List<X509Certificate> chain = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (byte[] one : encoded) {
        chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(one)));
      }
    } catch (CertificateException e) {
      throw new Unacceptable("Expected certificates, but one cannot be read");
    }
    return chain;
  }

  /** Whether the chain, leaf first, is valid now and ends in a trusted root. */
  boolean trust(List<X509Certificate> chain) {
    List<X509Certificate> path =
        chain.stream()
            .filter(one -> !one.getSubjectX500Principal().equals(one.getIssuerX500Principal()))
            .toList();
    if (path.isEmpty() || anchors.isEmpty()) {
      return false;
    }
    try {
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(clock.instant()));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
