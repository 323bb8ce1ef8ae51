package org.caduceus.ledger.ejb.peer;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.Node;

/**
 * Tells operators 90, 30 and 7 days ahead that this node's certificate ends, and when it has; and
 * sees to it that links show a renewed one.
 */
@Singleton
@Startup
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class CertificateWatch {
  @EJB private EmbeddedBroker broker;
  @Inject private Node node;

  private final InstantSource clock = InstantSource.system();
  private LinkCertificate certificate;
  private volatile CertificateTerm term;
  private volatile int warned = -1;

  @PostConstruct
  void read() {
    certificate = new LinkCertificate(node.settings().tls());
    term = certificate.term();
    look();
  }

  /** Takes a renewed certificate while the node runs. */
  @Schedule(hour = "*", minute = "*", second = "*/10", persistent = false)
  public synchronized void lookForRenewal() {
    switch (certificate.look(clock.instant())) {
      case LinkCertificate.Found.Unchanged() -> {}
      case LinkCertificate.Found.Useless(String why) -> LedgerLog.CERTIFICATE_NOT_TAKEN.log(why);
      case LinkCertificate.Found.Renewed(X509Certificate renewed) -> take(renewed);
    }
  }

  private void take(X509Certificate renewed) {
    try {
      broker.renewed();
    } catch (RuntimeException e) {
      certificate.lookAgain();
      LedgerLog.CERTIFICATE_NOT_TAKEN.log(e, "the broker does not show it, trying again");
      return;
    }
    certificate.taken(renewed);
    term = certificate.term();
    LedgerLog.CERTIFICATE_RENEWED.log(term.notAfter());
    look();
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
    return certificate.pin();
  }

  /** How long it is good for. */
  public CertificateTerm term() {
    return term;
  }
}
