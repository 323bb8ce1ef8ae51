package org.caduceus.ledger.ejb.peer;

import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnection;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.RolePrincipal;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.apache.activemq.artemis.utils.CertificateUtil;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.LedgerLog;

/**
 * Who may do what at this node's broker, from the certificate of the connection alone; user names
 * and passwords are not looked at.
 *
 * <ul>
 *   <li>This application, in the VM: everything.
 *   <li>A peer, whose key is the one that is pinned for it now: sends to the inbox, nothing else.
 *       The broker writes its member id on each message. Once another one is pinned, or none, not
 *       even a session that was open may send.
 *   <li>A local system, whose certificate has this member's id as OU: reads final blocks, nothing
 *       else.
 * </ul>
 */
final class CertificateSecurity implements ActiveMQSecurityManager5 {
  private static final RolePrincipal APPLICATION = new RolePrincipal("application");
  private static final RolePrincipal PEER = new RolePrincipal("peer");
  private static final RolePrincipal READER = new RolePrincipal("reader");

  private final String self;
  private final Supplier<Map<String, Hash>> pinned;
  private final Conduct conduct;

  /**
   * Rules of one broker.
   *
   * @param self this member's id
   * @param pinned SHA-256 of the key of each peer at this moment
   * @param conduct of the peers
   */
  CertificateSecurity(String self, Supplier<Map<String, Hash>> pinned, Conduct conduct) {
    this.self = self;
    this.pinned = pinned;
    this.conduct = conduct;
  }

  /** This member's id: the user of everybody here who is no peer. */
  String self() {
    return self;
  }

  /** The conduct of the peers. */
  Conduct conduct() {
    return conduct;
  }

  @Override
  public Subject authenticate(
      String user, String password, RemotingConnection connection, String securityDomain) {
    if (connection == null) {
      return null;
    }
    if (connection.getTransportConnection() instanceof InVMConnection) {
      return subject(self, APPLICATION, Set.of());
    }
    X509Certificate[] chain = CertificateUtil.getCertsFromConnection(connection);
    if (chain == null || chain.length == 0) {
      LedgerLog.PEER_CERTIFICATE_REFUSED.log(connection.getRemoteAddress(), "no certificate");
      return null;
    }
    Optional<Subject> subject = identify(chain[0]);
    if (subject.isEmpty()) {
      LedgerLog.PEER_CERTIFICATE_REFUSED.log(
          connection.getRemoteAddress(),
          "the key is not the one pinned for a member, nor is it a local system");
    }
    return subject.orElse(null);
  }

  /** The member at the other end of a connection, if it is a peer. */
  Optional<String> peer(RemotingConnection connection) {
    X509Certificate[] chain = CertificateUtil.getCertsFromConnection(connection);
    return chain == null || chain.length == 0
        ? Optional.empty()
        : identify(chain[0]).flatMap(CertificateSecurity::peer);
  }

  private static Optional<String> peer(Subject subject) {
    return subject.getPrincipals().contains(PEER)
        ? subject.getPrincipals(UserPrincipal.class).stream().map(UserPrincipal::getName).findAny()
        : Optional.empty();
  }

  /** The subject of a certificate that the TLS layer has verified against the consortium's CA. */
  Optional<Subject> identify(X509Certificate certificate) {
    Optional<String> name = attribute(certificate, "CN");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Hash pin = pinned.get().get(name.get());
    if (pin != null) {
      return pin.equals(pinOf(certificate))
          ? Optional.of(subject(name.get(), PEER, Set.of(pin)))
          : Optional.empty();
    }
    return attribute(certificate, "OU")
        .filter(self::equals)
        .map(unit -> subject(unit, READER, Set.of()));
  }

  @Override
  public boolean authorize(
      Subject subject, Set<Role> roles, CheckType checkType, String addressOrQueue) {
    if (subject == null) {
      return false;
    }
    if (subject.getPrincipals().contains(APPLICATION)) {
      return true;
    }
    String address = addressOrQueue.split("::", 2)[0];
    if (subject.getPrincipals().contains(PEER)) {
      return checkType == CheckType.SEND && address.equals(Addresses.INBOX) && isPinned(subject);
    }
    return subject.getPrincipals().contains(READER)
        && address.equals(Addresses.BLOCKS)
        && switch (checkType) {
          case CONSUME,
              BROWSE,
              CREATE_DURABLE_QUEUE,
              DELETE_DURABLE_QUEUE,
              CREATE_NON_DURABLE_QUEUE,
              DELETE_NON_DURABLE_QUEUE ->
              true;
          case SEND, CREATE_ADDRESS, DELETE_ADDRESS, MANAGE, VIEW, EDIT -> false;
        };
  }

  private boolean isPinned(Subject peer) {
    Map<String, Hash> now = pinned.get();
    return peer.getPrincipals(UserPrincipal.class).stream()
        .map(user -> now.get(user.getName()))
        .anyMatch(pin -> pin != null && peer.getPublicCredentials().contains(pin));
  }

  @Override
  public boolean validateUser(String user, String password) {
    throw new UnsupportedOperationException("The broker asks authenticate with the connection");
  }

  @Override
  public boolean validateUserAndRole(
      String user, String password, Set<Role> roles, CheckType checkType) {
    throw new UnsupportedOperationException("The broker asks authorize with the subject");
  }

  private static Subject subject(String name, RolePrincipal role, Set<Hash> pin) {
    return new Subject(true, Set.of(new UserPrincipal(name), role), pin, Set.of());
  }

  /**
   * SHA-256 of the SubjectPublicKeyInfo, as the epoch configuration pins it (RFC 7469 section 2.4):
   * a certificate that was renewed with the same key has the same.
   */
  static Hash pinOf(X509Certificate certificate) {
    return Hash.sha256(certificate.getPublicKey().getEncoded());
  }

  private static Optional<String> attribute(X509Certificate certificate, String type) {
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase(type)) {
          return Optional.of(part.getValue().toString());
        }
      }
      return Optional.empty();
    } catch (InvalidNameException e) {
      return Optional.empty();
    }
  }
}
