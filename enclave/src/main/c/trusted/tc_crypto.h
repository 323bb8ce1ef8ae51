/*
 * The cryptography of the trusted core: SHA-256 and HMAC-SHA-256, and the
 * signatures and encryption of each suite it has (TEE_SUITE_ES256: ECDSA P-256,
 * AES-256-GCM; TEE_SUITE_SM2: see tc_sm.h). Over OpenSSL 3's EVP, statically linked; a port may replace the
 * file. Algorithms and contexts are fetched once, by tc_init.
 *
 * One thread at a time: the contexts are shared. Every function that can fail
 * says so; on failure nothing useful is left in the outputs.
 */
#ifndef CADUCEUS_TC_CRYPTO_H
#define CADUCEUS_TC_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tee_abi.h"

#define TC_SYM_KEY_LEN 32u
#define TC_GCM_IV_LEN 12u
#define TC_GCM_TAG_LEN 16u
#define TC_AEAD_IV_LEN 12u /* of every suite */
#define TC_AEAD_TAG_LEN 16u
#define TC_SCALAR_LEN 32u

/* A read-only run of bytes; data may be null if len is 0. */
typedef struct {
    const uint8_t *data;
    size_t len;
} tc_span;

/* A private key of one suite. Freed keys are overwritten. */
typedef struct tc_key tc_key;

/* Fetches algorithms and runs known-answer tests. 0, or -1: do not go on. */
int tc_init(void);
void tc_shutdown(void);

/* SHA-256 of the spans, one after another. 0 or -1. */
int tc_sha256(const tc_span *parts, size_t count, uint8_t out[TEE_HASH_LEN]);
/* SHA-384 of a stream, for measuring code outside the core's own hot paths. */
typedef struct tc_sha384_state tc_sha384_state;
tc_sha384_state *tc_sha384_begin(void);
int tc_sha384_add(tc_sha384_state *state, const uint8_t *data, size_t len);
int tc_sha384_end(tc_sha384_state *state, uint8_t out[TEE_MEASUREMENT_LEN]);

/* HMAC-SHA-256 of the spans under a 32-byte key. 0 or -1. */
int tc_hmac(const uint8_t key[TC_SYM_KEY_LEN], const tc_span *parts, size_t count,
            uint8_t out[TEE_HASH_LEN]);

/* Whether this port has the suite of that number. */
bool tc_suite_supported(uint8_t suite);

/* A fresh key, or null; null too for a suite this port does not have. */
tc_key *tc_key_generate(uint8_t suite);
/* The key of a stored scalar and point; null unless the two belong together. */
tc_key *tc_key_load(uint8_t suite, const uint8_t scalar[TC_SCALAR_LEN],
                    const uint8_t point[TEE_KEY_LEN]);
/* The private scalar, for sealing only. 0 or -1. */
int tc_key_scalar(const tc_key *key, uint8_t scalar[TC_SCALAR_LEN]);
uint8_t tc_key_suite(const tc_key *key);
const uint8_t *tc_key_public(const tc_key *key);
void tc_key_free(tc_key *key);

/*
 * ECDH: the x coordinate of own * peer (SEC 1 section 3.3.1). 0, or -1 if peer is
 * no point of P-256.
 */
int tc_ecdh(const tc_key *own, const uint8_t peer[TEE_KEY_LEN], uint8_t shared[TC_SCALAR_LEN]);

/* Signs the spans, one after another, by the key's suite; raw r || s. 0 or -1. */
int tc_sign_message(tc_key *key, const tc_span *parts, size_t count, uint8_t sig[TEE_SIG_LEN]);
/* Whether sig is the suite's signature of the spans under the uncompressed point. */
bool tc_verify_message(uint8_t suite, const uint8_t point[TEE_KEY_LEN], const tc_span *parts,
                       size_t count, const uint8_t sig[TEE_SIG_LEN]);

/*
 * The number that the suite's signature of the spans under the point signs: their
 * SHA-256, or with SM2 the SM3 of the signer's Z value and them. 0 or -1.
 */
int tc_digest(uint8_t suite, const uint8_t point[TEE_KEY_LEN], const tc_span *parts, size_t count,
              uint8_t out[TEE_HASH_LEN]);
/* tc_verify_message for a caller who has the digest of tc_digest only. */
bool tc_verify_digest(uint8_t suite, const uint8_t point[TEE_KEY_LEN],
                      const uint8_t digest[TEE_HASH_LEN], const uint8_t sig[TEE_SIG_LEN]);

/*
 * The suite's authenticated encryption of in to out (same length; may not overlap)
 * and tag; no two calls with the same key and iv. 0 or -1.
 */
int tc_aead_seal(uint8_t suite, const uint8_t key[TC_SYM_KEY_LEN],
                 const uint8_t iv[TC_AEAD_IV_LEN], const tc_span *aad, size_t aad_count,
                 tc_span in, uint8_t *out, uint8_t tag[TC_AEAD_TAG_LEN]);
/* The reverse. -1, with out zeroed, if the tag does not fit. */
int tc_aead_open(uint8_t suite, const uint8_t key[TC_SYM_KEY_LEN],
                 const uint8_t iv[TC_AEAD_IV_LEN], const tc_span *aad, size_t aad_count,
                 tc_span in, uint8_t *out, const uint8_t tag[TC_AEAD_TAG_LEN]);

/* AES-256-GCM of in to out (same length; may not overlap) and tag. 0 or -1. */
int tc_gcm_seal(const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_GCM_IV_LEN],
                const tc_span *aad, size_t aad_count, tc_span in, uint8_t *out,
                uint8_t tag[TC_GCM_TAG_LEN]);
/* The reverse. -1, with out zeroed, if the tag does not fit. */
int tc_gcm_open(const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_GCM_IV_LEN],
                const tc_span *aad, size_t aad_count, tc_span in, uint8_t *out,
                const uint8_t tag[TC_GCM_TAG_LEN]);

/* The suite's HMAC of the spans under a 32-byte key. 0 or -1. */
int tc_suite_hmac(uint8_t suite, const uint8_t key[TC_SYM_KEY_LEN], const tc_span *parts,
                  size_t count, uint8_t out[TEE_HASH_LEN]);

/* Compares secrets without telling by time where they differ. */
bool tc_equal(const uint8_t *a, const uint8_t *b, size_t len);

#endif
