/*
 * The member's long-lived keys: the institution's signing key, its exchange key
 * (to which other members' enclaves encrypt) and the key encryption key of its
 * records. Made at the first boot, sealed into a blob that the host keeps and gives
 * back at each later boot.
 *
 * The blob opens only on the same port and tier, for the same suite, chain and
 * member. It holds no state that could be rolled back: the voting key is not in it.
 */
#ifndef CADUCEUS_KEYSTORE_H
#define CADUCEUS_KEYSTORE_H

#include "codec.h"

/* tag, port, tier, nonce, then two key pairs and the KEK encrypted as the suite does. */
#define KEYSTORE_BLOB_LEN (8u + 1u + 1u + 24u + 2u * (32u + 65u) + 32u + 16u)

/* Whom an instance serves; bound into everything it seals. */
typedef struct {
    uint8_t chain_id[TEE_HASH_LEN];
    uint8_t member_len;
    uint8_t member[TEE_MAX_ID_LEN];
} identity;

/* Writes len(chainId, idLength, id) bytes that name the identity; returns len. */
#define IDENTITY_MAX_LEN (TEE_HASH_LEN + 1u + TEE_MAX_ID_LEN)
size_t identity_encode(const identity *who, uint8_t out[IDENTITY_MAX_LEN]);
/* The reverse; E_PARAM unless it is exactly one identity. */
tee_status identity_decode(tc_span bytes, identity *out);

typedef struct {
    uint8_t suite; /* of the signing key and of all that these keys encrypt */
    tc_key *signing;
    tc_key *exchange;
    uint8_t record_kek[TC_SYM_KEY_LEN];
} keystore;

/* Fresh keys, and the blob that holds them. */
tee_status keystore_create(keystore *keys, uint8_t suite, const identity *who,
                           uint8_t blob[KEYSTORE_BLOB_LEN]);
/* The keys of a blob; E_AUTH if it is altered or not this suite's and identity's. */
tee_status keystore_open(keystore *keys, uint8_t suite, const identity *who, tc_span blob);
void keystore_wipe(keystore *keys);

/* What everything sealed begins with: the tag, and which port and tier sealed it. */
#define SEALED_HEAD_LEN (TEE_TAG_LEN + 2u)
void sealed_head(const char tag[TEE_TAG_LEN], uint8_t out[SEALED_HEAD_LEN]);

/*
 * The suite's encryption with a 24-byte nonce: its first half picks a subkey by
 * HMAC, its second half is the cipher's nonce. Random nonces then never run out,
 * where GCM's own 12 bytes allow 2^32 under one key. Used wherever a long-lived key
 * encrypts.
 */
#define WIDE_NONCE_LEN 24u
int wide_seal(uint8_t suite, const uint8_t key[TC_SYM_KEY_LEN], const char tag[TEE_TAG_LEN],
              const uint8_t nonce[WIDE_NONCE_LEN], const tc_span *aad, size_t aad_count, tc_span in,
              uint8_t *out, uint8_t aead_tag[TC_AEAD_TAG_LEN]);
int wide_open(uint8_t suite, const uint8_t key[TC_SYM_KEY_LEN], const char tag[TEE_TAG_LEN],
              const uint8_t nonce[WIDE_NONCE_LEN], const tc_span *aad, size_t aad_count, tc_span in,
              uint8_t *out, const uint8_t aead_tag[TC_AEAD_TAG_LEN]);

#endif
