package org.caduceus.ledger.account;

import java.util.Optional;

/** Sign-in with password or bearer token. Thread-safe. */
public interface Accounts {

  /**
   * An issued token.
   *
   * @param value opaque, 256 random bits, shown once
   * @param expiresAtMs end of its life, ms since 1970-01-01 UTC
   */
  record Token(String value, long expiresAtMs) {
    /** Never the value. */
    @Override
    public String toString() {
      return "Token[expires " + expiresAtMs + "]";
    }
  }

  /**
   * The account, if name and password fit and it is enabled. Takes the same time whether the name
   * exists or not.
   */
  Optional<Account> authenticate(String name, char[] password);

  /**
   * The account a token stands for, unless it is unknown, expired or revoked or the account is
   * disabled.
   */
  Optional<Account> byToken(String token);

  /**
   * A new token for an enabled account.
   *
   * @param lifetimeSeconds 60 to 86,400
   */
  Token issueToken(String accountName, int lifetimeSeconds);

  /** Ends a token's life at once; unknown tokens are ignored. */
  void revokeToken(String token);
}
