package org.caduceus.ledger.ejb.store;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Local;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.account.Account;
import org.caduceus.ledger.account.Accounts;
import org.caduceus.ledger.account.Role;
import org.caduceus.ledger.ejb.LedgerLog;
import org.caduceus.ledger.ejb.Node;
import org.caduceus.ledger.ejb.NodeSettings;
import org.caduceus.ledger.ejb.account.PasswordHash;
import org.caduceus.ledger.ejb.account.SignInThrottle;

/** Accounts and tokens in the database; a token itself is never stored. */
@Singleton
@Startup
@Local(Accounts.class)
@DependsOn("NodeStore")
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.REQUIRED)
public class JpaAccounts implements Accounts {
  private static final int TOKEN_BYTES = 32;
  private static final int MIN_LIFETIME_SECONDS = 60;
  private static final int MAX_LIFETIME_SECONDS = 86_400;

  @PersistenceContext(unitName = "caduceus")
  private EntityManager entityManager;

  @Inject private Node node;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final SignInThrottle throttle = new SignInThrottle();

  /** What a password is compared with when the name is unknown: takes the same time. */
  private final String nobodysHash = PasswordHash.ofNobody();

  /** For the container. */
  public JpaAccounts() {
    this.clock = InstantSource.system();
  }

  JpaAccounts(EntityManager entityManager, InstantSource clock) {
    this.entityManager = entityManager;
    this.clock = clock;
  }

  @PostConstruct
  void firstAdministrator() {
    NodeSettings.Administrator first = node.settings().firstAdministrator();
    if (createFirst(first.name(), first.password().toCharArray())) {
      LedgerLog.ADMINISTRATOR_CREATED.log(first.name());
    }
  }

  /** Creates the first account unless there is one already. */
  boolean createFirst(String name, char[] password) {
    long count =
        entityManager
            .createQuery("select count(a) from AccountRow a", Long.class)
            .getSingleResult();
    if (count > 0) {
      return false;
    }
    AccountRow row = new AccountRow();
    row.name = name;
    row.password = PasswordHash.of(password);
    row.roles = roles(Set.of(Role.SUPER_ADMINISTRATOR, Role.ADMINISTRATOR));
    row.enabled = true;
    row.createdAt = clock.millis();
    entityManager.persist(row);
    return true;
  }

  @Override
  public Optional<Account> authenticate(String name, char[] password) {
    if (!throttle.allows(name, clock.millis())) {
      return Optional.empty();
    }
    AccountRow row =
        name.indexOf('\0') < 0 && name.length() <= 64
            ? entityManager.find(AccountRow.class, name)
            : null;
    boolean matches = PasswordHash.matches(row == null ? nobodysHash : row.password, password);
    if (row == null || !matches || !row.enabled) {
      if (throttle.failed(name, clock.millis())) {
        LedgerLog.SIGN_IN_THROTTLED.log(SignInThrottle.MAX_FAILURES);
      }
      return Optional.empty();
    }
    throttle.succeeded(name);
    return Optional.of(account(row));
  }

  @Override
  public Optional<Account> byToken(String token) {
    TokenRow row = entityManager.find(TokenRow.class, hash(token));
    if (row == null || row.expiresAt <= clock.millis()) {
      return Optional.empty();
    }
    return Optional.ofNullable(entityManager.find(AccountRow.class, row.account))
        .filter(account -> account.enabled)
        .map(JpaAccounts::account);
  }

  @Override
  public Token issueToken(String accountName, int lifetimeSeconds) {
    if (lifetimeSeconds < MIN_LIFETIME_SECONDS || lifetimeSeconds > MAX_LIFETIME_SECONDS) {
      throw new IllegalArgumentException(
          "Expected a lifetime of 60 to 86400 seconds, but got " + lifetimeSeconds);
    }
    AccountRow account = entityManager.find(AccountRow.class, accountName);
    if (account == null || !account.enabled) {
      throw new IllegalArgumentException("Expected an enabled account, but it is not");
    }
    byte[] value = new byte[TOKEN_BYTES];
    random.nextBytes(value);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    TokenRow row = new TokenRow();
    row.hash = hash(token);
    row.account = accountName;
    row.expiresAt = clock.millis() + lifetimeSeconds * 1_000L;
    entityManager.persist(row);
    return new Token(token, row.expiresAt);
  }

  @Override
  public void revokeToken(String token) {
    entityManager
        .createQuery("delete from TokenRow t where t.hash = :hash")
        .setParameter("hash", hash(token))
        .executeUpdate();
  }

  /** Removes tokens whose life has ended. */
  @Schedule(hour = "*", minute = "17", persistent = false)
  public void sweep() {
    entityManager
        .createQuery("delete from TokenRow t where t.expiresAt <= :now")
        .setParameter("now", clock.millis())
        .executeUpdate();
  }

  private static String hash(String token) {
    return Hash.sha256(token.getBytes(StandardCharsets.UTF_8)).toHex();
  }

  private static String roles(Set<Role> roles) {
    return roles.stream().map(Role::name).sorted().collect(Collectors.joining(" "));
  }

  private static Account account(AccountRow row) {
    Set<Role> roles =
        row.roles.isEmpty()
            ? Set.of()
            : Arrays.stream(row.roles.split(" ")).map(Role::valueOf).collect(Collectors.toSet());
    return new Account(row.name, roles, row.enabled);
  }
}
