package org.caduceus.ledger.ejb.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Why an epoch began, and with which institutions. */
@Entity
@Table(name = "epoch")
class EpochRow {
  @Id long epoch;
  byte[] proof;
  byte[] register;

  /** For JPA. */
  EpochRow() {}
}
