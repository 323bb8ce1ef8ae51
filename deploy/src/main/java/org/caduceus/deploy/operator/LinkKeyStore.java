package org.caduceus.deploy.operator;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.caduceus.deploy.Pem;
import org.caduceus.deploy.PrivateFiles;
import org.caduceus.deploy.ToolFailure;

/**
 * The key store of a node's links. Its certificate is renewed with the same key: the others pin the
 * key, so a certificate for another one would cut the node off.
 */
final class LinkKeyStore {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path file;
  private final char[] password;
  private final KeyStore store;
  private final String alias;
  private final KeyStore trusted;

  private LinkKeyStore(Path file, char[] password, KeyStore store, String alias, KeyStore trusted) {
    this.file = file;
    this.password = password;
    this.store = store;
    this.alias = alias;
    this.trusted = trusted;
  }

  /** What a certificate was replaced by. */
  record Renewed(X509Certificate certificate, Path oldStore) {}

  /**
   * The one that these settings of a node name.
   *
   * @param home the node's folder
   */
  static LinkKeyStore of(Properties settings, Path home) {
    Path file = path(settings, "caduceus.tls.keystore", home);
    char[] password = setting(settings, "caduceus.tls.keystore.password").toCharArray();
    KeyStore store = load(file, password);
    KeyStore trusted =
        load(
            path(settings, "caduceus.tls.truststore", home),
            setting(settings, "caduceus.tls.truststore.password").toCharArray());
    try {
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias) && store.getCertificate(alias) instanceof X509Certificate) {
          return new LinkKeyStore(file, password, store, alias, trusted);
        }
      }
    } catch (GeneralSecurityException e) {
      throw new ToolFailure("Expected to read " + file + ", but that failed", e);
    }
    throw new ToolFailure("Expected a key with its certificate in " + file + ", but there is none");
  }

  private static String setting(Properties settings, String key) {
    String value = settings.getProperty(key);
    if (value == null) {
      throw new ToolFailure("Expected " + key + " in the node's settings, but it is not there");
    }
    return value;
  }

  private static Path path(Properties settings, String key, Path home) {
    return Path.of(setting(settings, key).replace("${caduceus.home}", home.toString()));
  }

  private static KeyStore load(Path file, char[] password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(Files.readAllBytes(file)), password);
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new ToolFailure("Expected to read the key store " + file + ", but that failed", e);
    }
  }

  /** The certificate that is in use. */
  X509Certificate certificate() {
    try {
      return (X509Certificate) store.getCertificate(alias);
    } catch (GeneralSecurityException e) {
      throw new ToolFailure("Expected to read " + file + ", but that failed", e);
    }
  }

  /** PKCS #10, PEM: asks for the same subject and names, for the same key. */
  String request() {
    try {
      PrivateKey key = (PrivateKey) store.getKey(alias, password);
      JcaPKCS10CertificationRequestBuilder builder =
          new JcaPKCS10CertificationRequestBuilder(
              certificate().getSubjectX500Principal(), certificate().getPublicKey());
      Extension names =
          new JcaX509CertificateHolder(certificate())
              .getExtension(Extension.subjectAlternativeName);
      if (names != null) {
        builder.addAttribute(
            PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, new Extensions(names));
      }
      return Pem.text(
          "CERTIFICATE REQUEST",
          builder.build(new JcaContentSignerBuilder(algorithm(key)).build(key)).getEncoded());
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new ToolFailure(
          "Expected to sign a request with the key of " + file + ", but failed", e);
    }
  }

  private static String algorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> key.getAlgorithm();
    };
  }

  /**
   * Puts the authority's answer in the place of the certificate; the old store stays beside.
   *
   * @param answer certificates, PEM or DER, in any order
   * @throws ToolFailure if the others would not accept it, or the node could not read it
   */
  Renewed install(byte[] answer, Instant now) {
    requireOwner();
    List<X509Certificate> certificates = certificates(answer);
    X509Certificate own =
        certificates.stream()
            .filter(each -> each.getPublicKey().equals(certificate().getPublicKey()))
            .findFirst()
            .orElseThrow(
                () ->
                    new ToolFailure(
                        "Expected a certificate for the key in "
                            + file
                            + ", but it is for another key: the others pin the key"));
    requireSuccessor(own, now);
    List<X509Certificate> chain = chain(own, certificates);
    requireTrusted(chain);
    return new Renewed(own, replace(chain, now));
  }

  /** Another owner's file would be one that the node cannot read. */
  private void requireOwner() {
    if (PrivateFiles.owner(file) != PrivateFiles.owner(Path.of("/proc/self"))) {
      throw new ToolFailure(
          "Expected to run as the user whose file "
              + file
              + " is, as the node runs, but this is another user");
    }
  }

  private static List<X509Certificate> certificates(byte[] answer) {
    try {
      Collection<? extends java.security.cert.Certificate> found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(answer));
      if (found.isEmpty()) {
        throw new ToolFailure("Expected a certificate in the answer, but there is none");
      }
      return found.stream().map(X509Certificate.class::cast).toList();
    } catch (CertificateException e) {
      throw new ToolFailure("Expected certificates in PEM or DER, but they are neither", e);
    }
  }

  private void requireSuccessor(X509Certificate own, Instant now) {
    X509Certificate old = certificate();
    if (now.isAfter(own.getNotAfter().toInstant())) {
      throw new ToolFailure(
          "Expected a certificate that is good now, but it ended at "
              + own.getNotAfter().toInstant());
    }
    if (now.isBefore(own.getNotBefore().toInstant())) {
      throw new ToolFailure(
          "Expected a certificate that is good now, but it is from "
              + own.getNotBefore().toInstant()
              + " on");
    }
    if (!own.getNotAfter().toInstant().isAfter(old.getNotAfter().toInstant())) {
      throw new ToolFailure(
          "Expected a certificate that ends after the one in use, at "
              + old.getNotAfter().toInstant()
              + ", but it ends at "
              + own.getNotAfter().toInstant());
    }
    if (!own.getSubjectX500Principal().equals(old.getSubjectX500Principal())) {
      throw new ToolFailure(
          "Expected a certificate of "
              + old.getSubjectX500Principal()
              + ", but it is of "
              + own.getSubjectX500Principal());
    }
    Set<String> lost = names(old);
    lost.removeAll(names(own));
    if (!lost.isEmpty()) {
      throw new ToolFailure(
          "Expected a certificate with the names of the one in use, as the others look for them, but"
              + " it lacks "
              + String.join(", ", lost));
    }
  }

  private static Set<String> names(X509Certificate certificate) {
    try {
      Set<String> names = new TreeSet<>();
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        alternatives.forEach(name -> names.add(String.valueOf(name.get(1))));
      }
      return names;
    } catch (CertificateException e) {
      throw new ToolFailure("Expected the certificate's names, but they cannot be read", e);
    }
  }

  private List<X509Certificate> chain(X509Certificate own, List<X509Certificate> answer) {
    List<X509Certificate> chain = new ArrayList<>(List.of(own));
    while (chain.size() <= answer.size() + trustedCertificates().size()) {
      Optional<X509Certificate> issuer =
          Stream.concat(answer.stream(), trustedCertificates().stream())
              .filter(each -> !chain.contains(each) && issued(each, chain.getLast()))
              .findFirst();
      if (issuer.isEmpty()) {
        break;
      }
      chain.add(issuer.get());
    }
    return chain;
  }

  private static boolean issued(X509Certificate issuer, X509Certificate certificate) {
    try {
      if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
        return false;
      }
      certificate.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private List<X509Certificate> trustedCertificates() {
    try {
      List<X509Certificate> certificates = new ArrayList<>();
      for (String name : Collections.list(trusted.aliases())) {
        if (trusted.getCertificate(name) instanceof X509Certificate certificate) {
          certificates.add(certificate);
        }
      }
      return certificates;
    } catch (GeneralSecurityException e) {
      throw new ToolFailure("Expected to read the trust store, but that failed", e);
    }
  }

  /** As the others check it, when this node calls them and when they call it. */
  private void requireTrusted(List<X509Certificate> chain) {
    try {
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(trusted);
      X509TrustManager manager = (X509TrustManager) factory.getTrustManagers()[0];
      X509Certificate[] shown = chain.toArray(X509Certificate[]::new);
      manager.checkClientTrusted(shown, "UNKNOWN");
      manager.checkServerTrusted(shown, "UNKNOWN");
    } catch (GeneralSecurityException e) {
      throw new ToolFailure(
          "Expected a certificate that the consortium's authority issued for links, but the others"
              + " would refuse it",
          e);
    }
  }

  private Path replace(List<X509Certificate> chain, Instant now) {
    Path old = file.resolveSibling(file.getFileName() + ".until-" + STAMP.format(now));
    try {
      PrivateFiles.write(old, Files.readAllBytes(file));
      store.setKeyEntry(
          alias, store.getKey(alias, password), password, chain.toArray(X509Certificate[]::new));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      store.store(out, password);
      PrivateFiles.write(file, out.toByteArray());
      return old;
    } catch (IOException | GeneralSecurityException e) {
      throw new ToolFailure("Expected to write " + file + ", but that failed", e);
    }
  }
}
