/**
 * Questions about many patients that betray none of them: what is asked ({@link
 * org.caduceus.ledger.analytics.DpQuery}), what it costs of the privacy budget, the debit on the
 * ledger that pays for it, and the noised answer. Drawing noise and reading records is the
 * enclave's alone ({@link org.caduceus.ledger.enclave.PrivacyEnclave}); who may ask, and how much
 * budget there is, is decided by the contract that writes debits. Layouts and reasons stand in
 * {@code docs/reference/formats.md}, section "Privacy computation".
 */
package org.caduceus.ledger.analytics;
