package org.caduceus.ledger.ejb.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A final block without its entries. */
@Entity
@Table(name = "block")
class BlockRow {
  @Id long height;
  byte[] hash;
  byte[] header;
  byte[] certificate;
  byte[] suffix;

  @Column(name = "final_at")
  long finalAt;

  /** For JPA. */
  BlockRow() {}
}
