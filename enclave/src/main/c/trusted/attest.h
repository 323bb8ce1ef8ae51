/*
 * EVIDENCE: who an instance is, bound to the asker's nonce; and PEER_VERIFY: whether
 * another instance's evidence is that of a seat in the entered epoch.
 *
 * Layout (docs/reference/formats.md): the claims, which begin with the tag
 * `CDC1EVID`; a signature over them with the key by which the ledger knows the instance, the
 * voting key or in an epoch of BFT-2P the institution's; and the platform's
 * attestation of H(claims), outside the signature, so that a host can attach what
 * a locked-down process cannot fetch itself. Whoever replaces it gains nothing: an
 * attestation counts only if it names H(claims).
 */
#ifndef CADUCEUS_ATTEST_H
#define CADUCEUS_ATTEST_H

#include "checker.h"
#include "keystore.h"

#define ATTEST_VERSION 2u

/* Decoded evidence. Nothing of it is verified. */
typedef struct {
    uint8_t tier;
    uint8_t port;
    bool debug;
    uint8_t measurement[TEE_MEASUREMENT_LEN];
    identity who;
    uint8_t genesis[TEE_HASH_LEN];
    uint64_t epoch;
    uint8_t config_hash[TEE_HASH_LEN];
    uint8_t suite; /* of the voting and signing key; the exchange key is P-256 */
    uint8_t voting_key[TEE_KEY_LEN];
    uint8_t signing_key[TEE_KEY_LEN];
    uint8_t exchange_key[TEE_KEY_LEN];
    uint8_t nonce[TEE_NONCE_LEN];
    tc_span claims;                    /* in the bytes decoded */
    uint8_t claims_hash[TEE_HASH_LEN]; /* H(claims) */
    uint8_t signature[TEE_SIG_LEN];
    tc_span platform; /* in the bytes decoded */
} evidence;

/* E_STATE once the voting key is gone, E_SHORT, E_INTERNAL or OK and the length. */
tee_status attest_evidence(const checker *ck, const keystore *keys, const identity *who,
                           const uint8_t nonce[TEE_NONCE_LEN], uint8_t *out, size_t cap,
                           size_t *len);

/* TEE_E_PARAM, TEE_E_ALG_UNSUPPORTED (suite), TEE_E_INTERNAL or TEE_OK. */
tee_status decode_evidence(tc_span bytes, evidence *out);

/* A peer whose evidence was accepted. */
typedef struct {
    uint16_t seat; /* member index in the entered epoch */
    uint8_t voting_key[TEE_KEY_LEN];
    uint8_t exchange_key[TEE_KEY_LEN];
} peer_identity;

/*
 * Whether the evidence is that of a seat of the entered epoch, under the policy in
 * the epoch's configuration. Decides in this order: format (E_PARAM,
 * E_ALG_UNSUPPORTED); E_STATE if no epoch was entered or the instance is HALTED;
 * E_EVIDENCE if it is another chain's, epoch's or member's, not of the seat's keys (in BFT-2P
 * the institution's alone), not signed with the one that counts, or claims a tier above
 * SIMULATED that the platform does not vouch for; E_POLICY if it is true but a debuggable instance,
 * other code or a lower tier than the policy allows.
 *
 * What it does not decide: the age of the nonce. The core knows no tip; evidence
 * is bound to the entered epoch, and the host judges maxEvidenceAge.
 */
tee_status attest_peer(const checker *ck, tc_span bytes, peer_identity *out);

#endif
