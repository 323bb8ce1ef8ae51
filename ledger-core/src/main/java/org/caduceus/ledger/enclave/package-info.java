/**
 * The port to the trusted component: sealing, signing, evidence. The voting side of the same
 * enclave is {@link org.caduceus.ledger.consensus.Voter}. The statement of what an assurance tier
 * means is here; the binding to the native enclave is in module {@code enclave}.
 */
package org.caduceus.ledger.enclave;
