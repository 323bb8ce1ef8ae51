package org.caduceus.ledger.ejb.peer;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How long the certificate of this node's peer links is good for. Peers refuse one that has ended,
 * and with it every message of this node: better said three times than met once.
 *
 * @param notAfter the end
 */
public record CertificateTerm(Instant notAfter) {
  /** Days before the end at which operators are told, ascending. */
  static final List<Integer> WARNINGS = List.of(7, 30, 90);

  /** Of a certificate. */
  static CertificateTerm of(X509Certificate certificate) {
    return new CertificateTerm(certificate.getNotAfter().toInstant());
  }

  /** Whole days that are left, negative after the end. */
  public long daysLeft(Instant now) {
    return Math.floorDiv(Duration.between(now, notAfter).toSeconds(), 86_400L);
  }

  /** Whether it has ended. */
  public boolean isOver(Instant now) {
    return now.isAfter(notAfter);
  }

  /** The narrowest warning that applies, 0 once it is over, -1 if there is nothing to warn of. */
  int warning(Instant now) {
    if (isOver(now)) {
      return 0;
    }
    long left = daysLeft(now);
    return WARNINGS.stream().filter(days -> left < days).findFirst().orElse(-1);
  }

  /** One English sentence for whoever looks at the health. */
  public String text(Instant now) {
    return isOver(now)
        ? "The certificate of the peer links ended on " + notAfter + ": peers refuse this node"
        : "The certificate of the peer links ends on "
            + notAfter
            + ", in "
            + daysLeft(now)
            + " days";
  }
}
