package org.caduceus.routes.mllp;

import org.caduceus.ledger.Bytes;

/**
 * What stood between a start block and an end block; the exchange body of an {@code mllp:} route.
 *
 * @param content without the framing bytes, at least one byte
 * @param remote the sender's address and port
 * @param tooLarge whether the frame exceeds the limit and {@code content} is only its beginning
 */
public record MllpFrame(Bytes content, String remote, boolean tooLarge) {}
