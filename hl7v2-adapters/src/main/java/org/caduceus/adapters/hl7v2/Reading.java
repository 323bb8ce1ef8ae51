package org.caduceus.adapters.hl7v2;

import org.caduceus.ledger.record.Canonicalisation;

/**
 * A message read once for both its readers: the intake wants the record, the answer wants the
 * header.
 *
 * @param header as far as it could be read
 * @param outcome the record, or why there is none
 */
public record Reading(MessageHeader header, Canonicalisation outcome) {}
