package org.caduceus.ledger.ejb.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An account; the password is a salted slow hash. */
@Entity
@Table(name = "account")
class AccountRow {
  @Id String name;
  String password;
  String roles;
  boolean enabled;

  @Column(name = "created_at")
  long createdAt;

  /** For JPA. */
  AccountRow() {}
}
