package org.caduceus.ledger.ejb.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A bearer token's hash. */
@Entity
@Table(name = "token")
class TokenRow {
  @Id String hash;
  String account;

  @Column(name = "expires_at")
  long expiresAt;

  /** For JPA. */
  TokenRow() {}
}
