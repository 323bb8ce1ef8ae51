/**
 * Shells around {@code ledger-core} for Jakarta EE: transactions, JPA, JMS, timers. No rule of the
 * ledger stands here; where one seems to, it belongs into the core. A message comes in at {@link
 * org.caduceus.ledger.ejb.intake}, becomes final in {@code consensus}, and leaves by {@code
 * fanout}.
 */
package org.caduceus.ledger.ejb;
