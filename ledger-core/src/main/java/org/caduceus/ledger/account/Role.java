package org.caduceus.ledger.account;

/** Duties of an account. */
public enum Role {
  /** Creates administrators. */
  SUPER_ADMINISTRATOR,
  /** Runs the node. */
  ADMINISTRATOR,
  /** Reads everything that is on the ledger, and the audit trail. */
  AUDITOR,
  /** Watches rules and consent. */
  COMPLIANCE,
  /** Sees records of own patients. */
  CLINICIAN,
  /** Scans, verifies and traces drugs. */
  PHARMACIST,
  /** Uses data under a programme. */
  DATA_USER,
  /** A system that submits messages and events. */
  INTEGRATION
}
