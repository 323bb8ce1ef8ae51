package org.caduceus.ledger.ejb.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A message that left no entry. */
@Entity
@Table(name = "not_taken")
class NotTakenRow {
  @Id long seq;

  @Column(name = "decided_at")
  long decidedAt;

  String family;
  String kind;

  @Column(name = "external_id")
  String externalId;

  String remote;
  String outcome;
  String code;
  String location;
  String reason;

  /** For JPA. */
  NotTakenRow() {}
}
