/**
 * Where a node finds its peers: what its operators see and set. Who is a peer is not decided here
 * but by the members ({@link org.caduceus.ledger.membership}).
 *
 * <p>节点在何处找到对等方：运维人员所见与所设。谁是对等方由成员决定。
 */
package org.caduceus.ledger.peers;
