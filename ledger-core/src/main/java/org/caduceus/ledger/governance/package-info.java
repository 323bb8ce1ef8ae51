/**
 * 机构治理人员的事项：谁须签署什么，已由谁签署。私钥永不进入节点。
 *
 * <p>What waits for the institutions' officers, and how what they signed comes in. Their keys never
 * do. What a ballot changes is said in {@link org.caduceus.ledger.membership}, how a lost quorum
 * goes on in {@link org.caduceus.ledger.consensus}; the node behind the port is in ledger-ejb.
 */
package org.caduceus.ledger.governance;
