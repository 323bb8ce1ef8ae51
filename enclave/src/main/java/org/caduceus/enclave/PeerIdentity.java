package org.caduceus.enclave;

import org.caduceus.ledger.Bytes;

/**
 * A peer whose evidence this member's enclave accepted.
 *
 * @param votingKey SEC 1 point, of the seat's instance
 * @param exchangeKey SEC 1 point, to which secrets for it may be encrypted
 */
public record PeerIdentity(Bytes votingKey, Bytes exchangeKey) {}
