package org.caduceus.ledger.ejb.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A block this node may have voted for, with header, entries and PROP signature. */
@Entity
@Table(name = "candidate")
class CandidateRow {
  @Id String hash;
  long height;

  @Column(name = "view_number")
  long view;

  byte[] content;

  /** For JPA. */
  CandidateRow() {}
}
