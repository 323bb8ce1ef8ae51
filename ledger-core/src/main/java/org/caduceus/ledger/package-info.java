/**
 * The rules of the ledger as plain Java. No Jakarta EE, no Camel, no logging, no threads, no clock
 * and no randomness: time and chance arrive as arguments, so that every rule can be replayed. Start
 * reading at {@link org.caduceus.ledger.record}, then {@code intake}, {@code block}, {@code
 * consensus}.
 */
package org.caduceus.ledger;
