package org.caduceus.ledger.ejb.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Proof that a voter is broken. */
@Entity
@Table(name = "fault")
class FaultRow {
  @Id String id;
  long epoch;

  @Column(name = "kept_at")
  long keptAt;

  byte[] proof;

  /** The entry that carries it, once this node has made one. */
  @Column(name = "entry_id")
  byte[] entryId;

  /** For JPA. */
  FaultRow() {}
}
