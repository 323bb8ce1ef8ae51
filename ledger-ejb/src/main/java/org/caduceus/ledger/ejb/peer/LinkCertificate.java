package org.caduceus.ledger.ejb.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.NodeSettings;

/**
 * The certificate of this node's links, and what is in their key store since. One that was renewed
 * has the same key: peers pin that, so anything else in the store would cut the node off.
 */
final class LinkCertificate {
  /** What a look at the key store finds. */
  sealed interface Found {
    /** Nothing new. */
    record Unchanged() implements Found {}

    /** Another certificate for the same key. */
    record Renewed(X509Certificate certificate) implements Found {}

    /** Something that does not do; said once for each change of the file. */
    record Useless(String why) implements Found {}
  }

  private final NodeSettings.Tls tls;
  private X509Certificate current;
  private FileTime lookedAt;

  /**
   * As the key store has it now.
   *
   * @throws IllegalStateException if it has none
   */
  LinkCertificate(NodeSettings.Tls tls) {
    this.tls = tls;
    try {
      this.lookedAt = Files.getLastModifiedTime(tls.keystore());
      this.current = read(tls);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Expected the key store at " + tls.keystore() + ", but reading failed", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Expected a PKCS12 key store, but it is none", e);
    }
  }

  /** How long it is good for. */
  CertificateTerm term() {
    return CertificateTerm.of(current);
  }

  /** By which peers know its key. */
  Hash pin() {
    return CertificateSecurity.pinOf(current);
  }

  /** Whether another certificate came there. Who takes it says so with {@link #taken}. */
  Found look(Instant now) {
    try {
      FileTime changed = Files.getLastModifiedTime(tls.keystore());
      if (changed.equals(lookedAt)) {
        return new Found.Unchanged();
      }
      lookedAt = changed;
      X509Certificate found = read(tls);
      if (found.equals(current)) {
        return new Found.Unchanged();
      }
      String objection = objection(found, now);
      return objection.isEmpty() ? new Found.Renewed(found) : new Found.Useless(objection);
    } catch (IOException | GeneralSecurityException | IllegalStateException e) {
      return new Found.Useless(e.getMessage());
    }
  }

  private String objection(X509Certificate found, Instant now) {
    if (!CertificateSecurity.pinOf(found).equals(CertificateSecurity.pinOf(current))) {
      return "its certificate is for another key than the one that peers pin";
    }
    if (now.isAfter(found.getNotAfter().toInstant())) {
      return "its certificate has ended already";
    }
    return now.isBefore(found.getNotBefore().toInstant()) ? "its certificate is not good yet" : "";
  }

  /** This one is shown from now on. */
  void taken(X509Certificate certificate) {
    current = certificate;
  }

  /** Showing what was found failed: the next look is to find it again. */
  void lookAgain() {
    lookedAt = FileTime.fromMillis(0);
  }

  private static X509Certificate read(NodeSettings.Tls tls)
      throws IOException, GeneralSecurityException {
    try (InputStream file = Files.newInputStream(tls.keystore())) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(file, tls.keystorePassword().toCharArray());
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)
            && store.getCertificate(alias) instanceof X509Certificate certificate) {
          return certificate;
        }
      }
    }
    throw new IllegalStateException("Expected a key with its certificate, but there is none");
  }
}
