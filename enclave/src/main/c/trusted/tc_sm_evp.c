/* SM3, Z and SM4-CTR with HMAC-SM3 by OpenSSL. */
#include "tc_sm.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "tp_platform.h"

#define SM4_KEY_LEN 16u
#define SM4_BLOCK_LEN 16u
#define COORDINATE_LEN 32u

typedef struct {
    uint8_t cipher[SM4_KEY_LEN];
    uint8_t mac[TC_SYM_KEY_LEN];
} record_keys;

static EVP_MD *md_sm3;
static EVP_MD_CTX *ctx_sm3;
static EVP_MAC *mac_hmac;
static EVP_MAC_CTX *ctx_hmac;
static EVP_CIPHER *cipher_sm4;
static EVP_CIPHER_CTX *ctx_sm4;

bool tc_sm_supported(void) {
    return true;
}

/* ---- hashes ------------------------------------------------------------- */

static bool sm3_add(const tc_span *parts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > 0 && EVP_DigestUpdate(ctx_sm3, parts[i].data, parts[i].len) != 1) {
            return false;
        }
    }
    return true;
}

static bool sm3_end(uint8_t out[TEE_HASH_LEN]) {
    unsigned int len = TEE_HASH_LEN;
    return EVP_DigestFinal_ex(ctx_sm3, out, &len) == 1 && len == TEE_HASH_LEN;
}

int tc_sm3(const tc_span *parts, size_t count, uint8_t out[TEE_HASH_LEN]) {
    bool ok = EVP_DigestInit_ex2(ctx_sm3, md_sm3, NULL) == 1 && sm3_add(parts, count)
              && sm3_end(out);
    return ok ? 0 : -1;
}

static bool hmac_add(const tc_span *parts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > 0 && EVP_MAC_update(ctx_hmac, parts[i].data, parts[i].len) != 1) {
            return false;
        }
    }
    return true;
}

static bool hmac_end(uint8_t out[TEE_HASH_LEN]) {
    size_t len = 0;
    return EVP_MAC_final(ctx_hmac, out, &len, TEE_HASH_LEN) == 1 && len == TEE_HASH_LEN;
}

int tc_sm3_hmac(const uint8_t key[TC_SYM_KEY_LEN], const tc_span *parts, size_t count,
                uint8_t out[TEE_HASH_LEN]) {
    bool ok = EVP_MAC_init(ctx_hmac, key, TC_SYM_KEY_LEN, NULL) == 1 && hmac_add(parts, count)
              && hmac_end(out);
    return ok ? 0 : -1;
}

/* ---- the signer's identity ---------------------------------------------- */

/* ENTL (the id's bits in 2 bytes), the id, then a, b, xG and yG of GB/T 32918.5-2017. */
static const uint8_t z_prefix[] = {
    0x00, 0x80, '1', '2', '3', '4', '5', '6', '7', '8', '1', '2', '3', '4', '5', '6', '7', '8',
    0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfc,
    0x28, 0xe9, 0xfa, 0x9e, 0x9d, 0x9f, 0x5e, 0x34, 0x4d, 0x5a, 0x9e, 0x4b, 0xcf, 0x65, 0x09, 0xa7,
    0xf3, 0x97, 0x89, 0xf5, 0x15, 0xab, 0x8f, 0x92, 0xdd, 0xbc, 0xbd, 0x41, 0x4d, 0x94, 0x0e, 0x93,
    0x32, 0xc4, 0xae, 0x2c, 0x1f, 0x19, 0x81, 0x19, 0x5f, 0x99, 0x04, 0x46, 0x6a, 0x39, 0xc9, 0x94,
    0x8f, 0xe3, 0x0b, 0xbf, 0xf2, 0x66, 0x0b, 0xe1, 0x71, 0x5a, 0x45, 0x89, 0x33, 0x4c, 0x74, 0xc7,
    0xbc, 0x37, 0x36, 0xa2, 0xf4, 0xf6, 0x77, 0x9c, 0x59, 0xbd, 0xce, 0xe3, 0x6b, 0x69, 0x21, 0x53,
    0xd0, 0xa9, 0x87, 0x7c, 0xc6, 0x2a, 0x47, 0x40, 0x02, 0xdf, 0x32, 0xe5, 0x21, 0x39, 0xf0, 0xa0};

_Static_assert(sizeof z_prefix == 2u + 16u + 4u * COORDINATE_LEN, "Z's fixed part");

int tc_sm2_digest(const uint8_t point[TEE_KEY_LEN], const tc_span *parts, size_t count,
                  uint8_t out[TEE_HASH_LEN]) {
    uint8_t z[TEE_HASH_LEN];
    const tc_span signer[] = {{z_prefix, sizeof z_prefix}, {point + 1, 2u * COORDINATE_LEN}};
    const tc_span identity = {z, sizeof z};
    bool ok = tc_sm3(signer, 2, z) == 0 && EVP_DigestInit_ex2(ctx_sm3, md_sm3, NULL) == 1
              && sm3_add(&identity, 1) && sm3_add(parts, count) && sm3_end(out);
    return ok ? 0 : -1;
}

/* ---- encryption --------------------------------------------------------- */

static bool derive_keys(const uint8_t key[TC_SYM_KEY_LEN], record_keys *out) {
    uint8_t derived[TEE_HASH_LEN];
    const tc_span cipher = {(const uint8_t *)"CDC1SM4E", TEE_TAG_LEN};
    const tc_span mac = {(const uint8_t *)"CDC1SM4M", TEE_TAG_LEN};
    bool ok = tc_sm3_hmac(key, &cipher, 1, derived) == 0
              && tc_sm3_hmac(key, &mac, 1, out->mac) == 0;
    memcpy(out->cipher, derived, SM4_KEY_LEN);
    tp_zero(derived, sizeof derived);
    return ok;
}

/* Counter mode: the same both ways. in.len is at most TEE_MAX_MESSAGE, an int. */
static bool sm4_ctr(const uint8_t key[SM4_KEY_LEN], const uint8_t counter[SM4_BLOCK_LEN],
                    tc_span in, uint8_t *out) {
    int len = 0;
    bool ok = in.len <= TEE_MAX_MESSAGE
              && EVP_CipherInit_ex2(ctx_sm4, cipher_sm4, key, counter, 1, NULL) == 1;
    if (ok && in.len > 0) {
        ok = EVP_CipherUpdate(ctx_sm4, out, &len, in.data, (int)in.len) == 1
             && (size_t)len == in.len;
    }
    EVP_CIPHER_CTX_reset(ctx_sm4); /* no key schedule stays behind */
    return ok;
}

static bool sm4_record(const record_keys *keys, const uint8_t iv[TC_AEAD_IV_LEN], tc_span in,
                       uint8_t *out) {
    uint8_t counter[SM4_BLOCK_LEN] = {0};
    memcpy(counter, iv, TC_AEAD_IV_LEN);
    return sm4_ctr(keys->cipher, counter, in, out);
}

/* The length of the aad first, so that no other split of the bytes has the same MAC. */
static bool record_mac(const record_keys *keys, const uint8_t iv[TC_AEAD_IV_LEN],
                       const tc_span *aad, size_t aad_count, tc_span cipher,
                       uint8_t out[TEE_HASH_LEN]) {
    uint8_t length[8];
    uint64_t total = 0;
    for (size_t i = 0; i < aad_count; i++) {
        total += aad[i].len;
    }
    for (size_t i = 0; i < sizeof length; i++) {
        length[i] = (uint8_t)(total >> (8 * (sizeof length - 1 - i)));
    }
    const tc_span head = {length, sizeof length};
    const tc_span tail[] = {{iv, TC_AEAD_IV_LEN}, cipher};
    return EVP_MAC_init(ctx_hmac, keys->mac, sizeof keys->mac, NULL) == 1 && hmac_add(&head, 1)
           && hmac_add(aad, aad_count) && hmac_add(tail, 2) && hmac_end(out);
}

int tc_sm4_seal(const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_AEAD_IV_LEN],
                const tc_span *aad, size_t aad_count, tc_span in, uint8_t *out,
                uint8_t tag[TC_AEAD_TAG_LEN]) {
    record_keys keys;
    uint8_t mac[TEE_HASH_LEN];
    const tc_span cipher = {out, in.len};
    bool ok = derive_keys(key, &keys) && sm4_record(&keys, iv, in, out)
              && record_mac(&keys, iv, aad, aad_count, cipher, mac);
    tp_zero(&keys, sizeof keys);
    if (ok) {
        memcpy(tag, mac, TC_AEAD_TAG_LEN);
    }
    return ok ? 0 : -1;
}

int tc_sm4_open(const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_AEAD_IV_LEN],
                const tc_span *aad, size_t aad_count, tc_span in, uint8_t *out,
                const uint8_t tag[TC_AEAD_TAG_LEN]) {
    record_keys keys;
    uint8_t mac[TEE_HASH_LEN];
    bool ok = derive_keys(key, &keys) && record_mac(&keys, iv, aad, aad_count, in, mac)
              && tc_equal(mac, tag, TC_AEAD_TAG_LEN) && sm4_record(&keys, iv, in, out);
    tp_zero(&keys, sizeof keys);
    tp_zero(mac, sizeof mac); /* the right tag of what was not authentic */
    if (!ok && in.len > 0) {
        tp_zero(out, in.len);
    }
    return ok ? 0 : -1;
}

/* ---- start, self-test, end ---------------------------------------------- */

static const uint8_t known_abc[TEE_HASH_LEN] = { /* GB/T 32905-2016 A.1, SM3("abc") */
    0x66, 0xc7, 0xf0, 0xf4, 0x62, 0xee, 0xed, 0xd9, 0xd1, 0xf2, 0xd4, 0x6b, 0xdc, 0x10, 0xe4, 0xe2,
    0x41, 0x67, 0xc4, 0x87, 0x5c, 0xf2, 0xf7, 0xa2, 0x29, 0x7d, 0xa0, 0x2b, 0x8f, 0x4b, 0xa8, 0xe0};

/* GB/T 32907-2016 A.1: this block under itself as the key. */
static const uint8_t known_block[SM4_BLOCK_LEN] = {
    0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10};
static const uint8_t known_sm4[SM4_BLOCK_LEN] = {
    0x68, 0x1e, 0xdf, 0x34, 0xd2, 0x06, 0x96, 0x5e, 0x86, 0xb3, 0xe9, 0x4f, 0x53, 0x6e, 0x42, 0x46};

static int self_test(void) {
    const tc_span abc = {(const uint8_t *)"abc", 3};
    const uint8_t zeros[TC_SYM_KEY_LEN] = {0};
    const tc_span block = {zeros, SM4_BLOCK_LEN};
    uint8_t digest[TEE_HASH_LEN];
    uint8_t sealed[SM4_BLOCK_LEN];
    uint8_t opened[SM4_BLOCK_LEN];
    uint8_t tag[TC_AEAD_TAG_LEN];
    if (tc_sm3(&abc, 1, digest) != 0 || memcmp(digest, known_abc, sizeof digest) != 0) {
        return -1;
    }
    /* The counter block is what counter mode encrypts. */
    if (!sm4_ctr(known_block, known_block, block, sealed)
        || memcmp(sealed, known_sm4, sizeof sealed) != 0) {
        return -1;
    }
    const tc_span cipher = {sealed, sizeof sealed};
    if (tc_sm4_seal(zeros, zeros, &abc, 1, block, sealed, tag) != 0
        || tc_sm4_open(zeros, zeros, &abc, 1, cipher, opened, tag) != 0
        || memcmp(opened, zeros, sizeof opened) != 0) {
        return -1;
    }
    tag[0] ^= 1;
    return tc_sm4_open(zeros, zeros, &abc, 1, cipher, opened, tag) == 0 ? -1 : 0;
}

int tc_sm_init(void) {
    md_sm3 = EVP_MD_fetch(NULL, "SM3", NULL);
    ctx_sm3 = EVP_MD_CTX_new();
    mac_hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    ctx_hmac = mac_hmac == NULL ? NULL : EVP_MAC_CTX_new(mac_hmac);
    cipher_sm4 = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
    ctx_sm4 = EVP_CIPHER_CTX_new();
    if (md_sm3 == NULL || ctx_sm3 == NULL || ctx_hmac == NULL || cipher_sm4 == NULL
        || ctx_sm4 == NULL) {
        return -1;
    }
    char name[] = "SM3";
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                           OSSL_PARAM_construct_end()};
    return EVP_MAC_CTX_set_params(ctx_hmac, params) == 1 ? self_test() : -1;
}

void tc_sm_shutdown(void) {
    EVP_CIPHER_CTX_free(ctx_sm4);
    EVP_CIPHER_free(cipher_sm4);
    EVP_MAC_CTX_free(ctx_hmac);
    EVP_MAC_free(mac_hmac);
    EVP_MD_CTX_free(ctx_sm3);
    EVP_MD_free(md_sm3);
    ctx_sm4 = NULL;
    cipher_sm4 = NULL;
    ctx_hmac = NULL;
    mac_hmac = NULL;
    ctx_sm3 = NULL;
    md_sm3 = NULL;
}
