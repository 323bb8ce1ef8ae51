/**
 * Load for a consortium: messages made from a seed, sent over real MLLP connections, each
 * acknowledgement checked and remembered. Used by the crash test and by the measurements. It makes
 * no judgement; go on to the test {@code NothingLostIT}.
 */
package org.caduceus.deploy.load;
