/*
 * What TEE_SUITE_SM2 needs beside its curve: the hash SM3 (GB/T 32905-2016), the
 * identity value Z of a signer (GB/T 32918.2-2016 section 5.5), and encryption by
 * SM4 (GB/T 32907-2016) in counter mode with HMAC-SM3.
 *
 * One implementation a port: tc_sm_evp.c, or none (port/openenclave/tc_sm_none.c),
 * since the enclave's OpenSSL is built without these algorithms. Without them
 * every function but the first three fails.
 */
#ifndef CADUCEUS_TC_SM_H
#define CADUCEUS_TC_SM_H

#include "tc_crypto.h"

/* Whether this port has the algorithms. */
bool tc_sm_supported(void);
/* Fetches them and runs known-answer tests, if this port has them. 0 or -1. */
int tc_sm_init(void);
void tc_sm_shutdown(void);

/* SM3 of the spans, one after another. 0 or -1. */
int tc_sm3(const tc_span *parts, size_t count, uint8_t out[TEE_HASH_LEN]);

/* HMAC (RFC 2104) with SM3 of the spans under a 32-byte key. 0 or -1. */
int tc_sm3_hmac(const uint8_t key[TC_SYM_KEY_LEN], const tc_span *parts, size_t count,
                uint8_t out[TEE_HASH_LEN]);

/*
 * e = SM3(Z || spans), what an SM2 signature of the spans signs; Z of the default
 * signer id 1234567812345678 and the point. 0 or -1.
 */
int tc_sm2_digest(const uint8_t point[TEE_KEY_LEN], const tc_span *parts, size_t count,
                  uint8_t out[TEE_HASH_LEN]);

/*
 * Encrypt-then-MAC, with two keys derived from the one given:
 *   cipher key  first 16 bytes of HMAC-SM3(key, "CDC1SM4E")
 *   MAC key     HMAC-SM3(key, "CDC1SM4M")
 *   out         in under SM4-CTR, first counter block iv || 00000000
 *   tag         first 16 bytes of HMAC-SM3(MAC key, aadLength 8 || aad || iv || out)
 * Contracts as tc_aead_seal and tc_aead_open.
 */
int tc_sm4_seal(const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_AEAD_IV_LEN],
                const tc_span *aad, size_t aad_count, tc_span in, uint8_t *out,
                uint8_t tag[TC_AEAD_TAG_LEN]);
int tc_sm4_open(const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_AEAD_IV_LEN],
                const tc_span *aad, size_t aad_count, tc_span in, uint8_t *out,
                const uint8_t tag[TC_AEAD_TAG_LEN]);

#endif
