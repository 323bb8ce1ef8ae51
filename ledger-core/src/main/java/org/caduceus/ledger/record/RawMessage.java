package org.caduceus.ledger.record;

import org.caduceus.ledger.Bytes;

/**
 * A message exactly as it arrived.
 *
 * @param inlet the family it claims by the door it came through
 * @param content every byte received, without transport framing
 * @param remote the sender's network address, for the message journal; never part of the ledger
 */
public record RawMessage(Inlet inlet, Bytes content, String remote) {}
