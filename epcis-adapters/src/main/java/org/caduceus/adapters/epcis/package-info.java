/**
 * EPCIS 2.0 capture documents and events to canonical records, with event identifiers as CBV 2.0
 * section 8.9 defines them. Deliberately knows no HTTP, fetches no JSON-LD context and keeps no
 * events. Enter at {@link org.caduceus.adapters.epcis.EpcisAdapter}; what it accepts goes on to
 * {@link org.caduceus.ledger.intake.RecordIntake}.
 */
package org.caduceus.adapters.epcis;
