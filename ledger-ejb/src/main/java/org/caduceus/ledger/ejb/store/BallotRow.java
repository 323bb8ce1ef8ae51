package org.caduceus.ledger.ejb.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** A final ballot of the running epoch, kept apart so that a restart need not read all blocks. */
@Entity
@Table(name = "ballot")
@IdClass(BallotRow.Place.class)
class BallotRow {
  @Id long height;

  @Id int idx;

  byte[] cose;

  /** For JPA. */
  BallotRow() {}

  /** Its key. */
  record Place(long height, int idx) {}
}
