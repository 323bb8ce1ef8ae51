/**
 * The door into the ledger: a canonical record is sealed, kept at home and turned into an entry.
 * {@link org.caduceus.ledger.intake.RecordIntake} answers only when that is durable here; finality
 * comes later, from {@code consensus}. Storage and sealing stand behind ports in {@code ledger-ejb}
 * and {@code enclave}.
 */
package org.caduceus.ledger.intake;
