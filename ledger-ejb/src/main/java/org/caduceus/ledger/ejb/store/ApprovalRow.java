package org.caduceus.ledger.ejb.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** What this member approved in an epoch. */
@Entity
@Table(name = "approval")
class ApprovalRow {
  @Id long epoch;
  byte[] approved;

  /** For JPA. */
  ApprovalRow() {}
}
