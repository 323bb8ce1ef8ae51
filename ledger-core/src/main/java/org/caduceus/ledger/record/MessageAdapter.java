package org.caduceus.ledger.record;

/**
 * Turns messages of one family into canonical records. Implementations are thread-safe and do no
 * I/O.
 */
@FunctionalInterface
public interface MessageAdapter {
  /** The canonical form of {@code message}, or why there is none. Never throws for bad input. */
  Canonicalisation canonicalise(RawMessage message);
}
