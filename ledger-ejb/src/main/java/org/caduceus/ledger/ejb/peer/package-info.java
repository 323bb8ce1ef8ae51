/**
 * Messages between members: this node's broker, a core bridge to each peer's broker over mutual
 * TLS, and the inbox. Who sent a message is what the link's certificate says, never what the
 * message says. Inputs go on to {@link org.caduceus.ledger.ejb.consensus}.
 */
package org.caduceus.ledger.ejb.peer;
