package org.caduceus.ledger.ejb.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An accepted record of this institution: sealed payload and circumstances. */
@Entity
@Table(name = "record")
class RecordRow {
  @Id long seq;

  @Column(name = "entry_id")
  byte[] entryId;

  @Column(name = "submission_key")
  byte[] submissionKey;

  @Column(name = "lookup_tag")
  byte[] lookupTag;

  String family;
  String kind;
  String sender;

  @Column(name = "external_id")
  String externalId;

  @Column(name = "content_hash")
  byte[] contentHash;

  @Column(name = "accepted_at")
  long acceptedAt;

  String author;
  String remote;
  byte[] sealed;

  /** For JPA. */
  RecordRow() {}
}
