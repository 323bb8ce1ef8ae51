/**
 * Final blocks on their way out: to listeners in this application, and as JSON to local systems
 * that read the topic {@code caduceus.blocks} of this node's broker.
 */
package org.caduceus.ledger.ejb.fanout;
