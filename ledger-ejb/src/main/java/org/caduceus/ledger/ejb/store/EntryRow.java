package org.caduceus.ledger.ejb.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** A final entry at its place. */
@Entity
@Table(name = "entry")
@IdClass(EntryRow.Place.class)
class EntryRow {
  @Id long height;

  @Id int idx;

  @Column(name = "entry_id")
  byte[] entryId;

  @Column(name = "lookup_tag")
  byte[] lookupTag;

  byte[] cose;

  /** For JPA. */
  EntryRow() {}

  /** Its key. */
  record Place(long height, int idx) {}
}
