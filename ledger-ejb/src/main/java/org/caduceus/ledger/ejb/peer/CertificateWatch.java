package org.caduceus.ledger.ejb.peer;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.ejb.NodeSettings;

/** Tells operators 90, 30 and 7 days ahead that this node's certificate ends, and when it has. */
@Singleton
@Startup
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class CertificateWatch {
  @Inject private Node node;

  private final InstantSource clock = InstantSource.system();
  private CertificateTerm term;
  private Hash pin;
  private volatile int warned = -1;

  @PostConstruct
  void read() {
    X509Certificate certificate = certificate(node.settings().tls());
    term = CertificateTerm.of(certificate);
    pin = CertificateSecurity.pinOf(certificate);
    look();
  }

  /** The certificate in a key store that holds one key. */
  static X509Certificate certificate(NodeSettings.Tls tls) {
    try (InputStream file = Files.newInputStream(tls.keystore())) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(file, tls.keystorePassword().toCharArray());
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)
            && store.getCertificate(alias) instanceof X509Certificate certificate) {
          return certificate;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Expected the key store at " + tls.keystore() + ", but reading failed", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Expected a PKCS12 key store, but it is none", e);
    }
    throw new IllegalStateException("Expected a key with its certificate, but there is none");
  }

  /** Says once for each warning that applies. */
  @Schedule(hour = "*", minute = "7", persistent = false)
  public void look() {
    Instant now = clock.instant();
    int warning = term.warning(now);
    if (warning >= 0 && warning != warned) {
      if (warning == 0) {
        LedgerLog.CERTIFICATE_OVER.log(term.notAfter());
      } else {
        LedgerLog.CERTIFICATE_ENDS.log(term.notAfter(), term.daysLeft(now));
      }
    }
    warned = warning;
  }

  /** By which peers are to know this node's links. */
  public Hash pin() {
    return pin;
  }

  /** How long it is good for. */
  public CertificateTerm term() {
    return term;
  }
}
