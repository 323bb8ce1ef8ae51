/**
 * What platforms say of an enclave: verifying and fetching the platform part of its evidence. One
 * verifier a format ({@link org.caduceus.enclave.attestation.TpmQuoteVerifier TPM 2.0 quotes},
 * {@link org.caduceus.enclave.attestation.SnpReportVerifier SEV-SNP reports}, {@link
 * org.caduceus.enclave.attestation.TdxQuoteVerifier TDX} and {@link
 * org.caduceus.enclave.attestation.SgxEvidenceVerifier SGX} quotes), and {@link
 * org.caduceus.enclave.attestation.PlatformVerifiers} that finds the right one. What the result is
 * worth, the ledger's policy decides: {@link org.caduceus.ledger.enclave.EvidencePolicy}.
 *
 * <p>Only the TPM part was ever run against something that answers as the real thing does, a
 * software TPM. The parts for SEV-SNP, TDX and SGX were tested against structures that the tests
 * construct, <b>never on hardware</b>, and no verifier here fetches collateral: certificate
 * revocation lists and TCB information are not consulted, so a platform whose key was revoked or
 * whose firmware has a known hole is not recognised as such.
 */
package org.caduceus.enclave.attestation;
