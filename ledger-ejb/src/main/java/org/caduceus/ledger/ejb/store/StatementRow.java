package org.caduceus.ledger.ejb.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Where a member stood in an epoch, as an instance of its enclave stated it to this node. */
@Entity
@Table(name = "statement")
class StatementRow {
  @Id
  @Column(name = "voting_key")
  String votingKey;

  long epoch;
  byte[] statement;
  byte[] evidence;

  /** For JPA. */
  StatementRow() {}
}
