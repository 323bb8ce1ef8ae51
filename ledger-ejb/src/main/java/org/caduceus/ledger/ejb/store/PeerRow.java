package org.caduceus.ledger.ejb.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Where an operator says a peer is. */
@Entity
@Table(name = "peer")
class PeerRow {
  @Id String id;
  String host;
  int port;

  @Column(name = "link_key")
  byte[] linkKey;

  @Column(name = "changed_at")
  long changedAt;

  @Column(name = "changed_by")
  String changedBy;

  /** For JPA. */
  PeerRow() {}
}
