package org.caduceus.ledger.ejb.peer;

import org.caduceus.ledger.Hash;
import org.caduceus.ledger.ejb.NodeSettings;

/**
 * How to reach a peer.
 *
 * @param address of its broker
 * @param pin SHA-256 of the one key that may answer there
 * @param eager whether to try often; a node that is not registered is refused until it is
 */
public record PeerLink(NodeSettings.Address address, Hash pin, boolean eager) {}
