/**
 * What comes in: raw messages and the canonical record that an adapter makes of each. Deliberately
 * knows nothing of HL7, DICOM or EPCIS (the adapter modules do) and nothing of storage. Read on in
 * {@link org.caduceus.ledger.intake}.
 */
package org.caduceus.ledger.record;
