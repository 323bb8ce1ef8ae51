package org.caduceus.ledger.ejb.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Whose database this is, and how far final blocks were published; one row. */
@Entity
@Table(name = "node")
class NodeRow {
  @Id int id;

  @Column(name = "chain_id")
  byte[] chainId;

  String member;

  @Column(name = "feed_height")
  long feedHeight;

  /** For JPA. */
  NodeRow() {}
}
