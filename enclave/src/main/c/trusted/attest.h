/*
 * EVIDENCE: who this instance is, bound to the asker's nonce.
 *
 * Layout (docs/reference/formats.md): tag `CDC1EVID`, version, tier, port, debug,
 * measurement, chainId, member, configHash, votingKey, signingKey, nonce, the
 * platform's own attestation of H(everything so far), and a signature with the
 * voting key over all of it.
 */
#ifndef CADUCEUS_ATTEST_H
#define CADUCEUS_ATTEST_H

#include "checker.h"
#include "keystore.h"

#define ATTEST_VERSION 1u

/* E_STATE once the voting key is gone, E_SHORT, E_INTERNAL or OK and the length. */
tee_status attest_evidence(const checker *ck, const keystore *keys, const identity *who,
                           const uint8_t nonce[TEE_NONCE_LEN], uint8_t *out, size_t cap,
                           size_t *len);

#endif
