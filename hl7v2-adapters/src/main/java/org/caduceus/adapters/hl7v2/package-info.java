/**
 * HL7 version 2 messages to canonical records. Reads the few fields that the ledger needs by an own
 * scan over the decoded text, a tenth of the time of a full parse, and keeps every byte as
 * received; HAPI gives the vocabulary of errors and is the oracle of the tests. Deliberately no
 * validation against message structures: a hospital's message is evidence, not ours to improve.
 * Knows nothing of MLLP and of acknowledgements ({@code org.caduceus.routes.mllp} does). Read on in
 * {@link org.caduceus.adapters.hl7v2.Hl7v2Adapter}.
 */
package org.caduceus.adapters.hl7v2;
