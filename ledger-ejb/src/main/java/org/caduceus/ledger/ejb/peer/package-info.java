/**
 * Messages between members: this node's broker, a core bridge to each peer's broker over mutual
 * TLS, and the inbox. Who sent a message is what the link's certificate says, never what the
 * message says; and a bridge gives a member's messages only to the key that the epoch configuration
 * pins for it, whatever the authority vouches for. Inputs go on to {@link
 * org.caduceus.ledger.ejb.consensus}.
 */
package org.caduceus.ledger.ejb.peer;
