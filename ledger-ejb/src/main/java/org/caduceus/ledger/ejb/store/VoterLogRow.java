package org.caduceus.ledger.ejb.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A record of a voter's log; the identity says which came first. */
@Entity
@Table(name = "voter_log")
class VoterLogRow {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  Long id;

  @Column(name = "voting_key")
  String votingKey;

  byte[] content;

  /** For JPA. */
  VoterLogRow() {}
}
