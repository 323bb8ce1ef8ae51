package org.caduceus.ledger.ejb.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An own accepted entry that is not final. */
@Entity
@Table(name = "waiting")
class WaitingRow {
  @Id long seq;

  @Column(name = "entry_id")
  byte[] entryId;

  @Column(name = "lookup_tag")
  byte[] lookupTag;

  byte[] cose;

  /** For JPA. */
  WaitingRow() {}
}
