#include "tc_crypto.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include "tc_gcm.h"
#include "tc_sm.h"

/* DER of two 32-byte integers: 2 + 2 * (2 + 33). */
#define DER_MAX 72u
/* Signatures of members come again and again: parsed keys are kept. */
#define POINT_CACHE 256u

/* OpenSSL's names of a suite's keys. */
typedef struct {
    const char *algorithm;
    const char *group;
} suite_curve;

struct tc_key {
    EVP_PKEY *pkey;
    EVP_PKEY_CTX *sign;
    uint8_t suite;
    uint8_t point[TEE_KEY_LEN];
};

struct tc_sha384_state {
    EVP_MD_CTX *ctx;
};

typedef struct {
    uint8_t suite;
    uint8_t point[TEE_KEY_LEN];
    EVP_PKEY *pkey;
    EVP_PKEY_CTX *verify;
} cached_point;

static EVP_MD *md_sha256;
static EVP_MD *md_sha384;
static EVP_MAC *mac_hmac;
static EVP_MD_CTX *ctx_sha256;
static EVP_MAC_CTX *ctx_hmac;
static cached_point cache[POINT_CACHE];

/* ---- hashes ------------------------------------------------------------- */

int tc_sha256(const tc_span *parts, size_t count, uint8_t out[TEE_HASH_LEN]) {
    unsigned int len = TEE_HASH_LEN;
    if (EVP_DigestInit_ex2(ctx_sha256, md_sha256, NULL) != 1) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > 0
            && EVP_DigestUpdate(ctx_sha256, parts[i].data, parts[i].len) != 1) {
            return -1;
        }
    }
    return EVP_DigestFinal_ex(ctx_sha256, out, &len) == 1 && len == TEE_HASH_LEN ? 0 : -1;
}

tc_sha384_state *tc_sha384_begin(void) {
    tc_sha384_state *state = OPENSSL_zalloc(sizeof *state);
    if (state == NULL) {
        return NULL;
    }
    state->ctx = EVP_MD_CTX_new();
    if (state->ctx == NULL || EVP_DigestInit_ex2(state->ctx, md_sha384, NULL) != 1) {
        EVP_MD_CTX_free(state->ctx);
        OPENSSL_free(state);
        return NULL;
    }
    return state;
}

int tc_sha384_add(tc_sha384_state *state, const uint8_t *data, size_t len) {
    return EVP_DigestUpdate(state->ctx, data, len) == 1 ? 0 : -1;
}

int tc_sha384_end(tc_sha384_state *state, uint8_t out[TEE_MEASUREMENT_LEN]) {
    unsigned int len = TEE_MEASUREMENT_LEN;
    int done = EVP_DigestFinal_ex(state->ctx, out, &len);
    EVP_MD_CTX_free(state->ctx);
    OPENSSL_free(state);
    return done == 1 && len == TEE_MEASUREMENT_LEN ? 0 : -1;
}

int tc_hmac(const uint8_t key[TC_SYM_KEY_LEN], const tc_span *parts, size_t count,
            uint8_t out[TEE_HASH_LEN]) {
    size_t len = TEE_HASH_LEN;
    if (EVP_MAC_init(ctx_hmac, key, TC_SYM_KEY_LEN, NULL) != 1) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > 0 && EVP_MAC_update(ctx_hmac, parts[i].data, parts[i].len) != 1) {
            return -1;
        }
    }
    return EVP_MAC_final(ctx_hmac, out, &len, len) == 1 && len == TEE_HASH_LEN ? 0 : -1;
}

/* ---- raw r || s and DER ------------------------------------------------- */

/* One positive DER INTEGER of a 32-byte big-endian number. */
static size_t der_integer(const uint8_t number[32], uint8_t *out) {
    size_t skip = 0;
    while (skip < 31 && number[skip] == 0) {
        skip++;
    }
    size_t pad = (number[skip] & 0x80u) != 0 ? 1 : 0;
    size_t len = 32 - skip;
    out[0] = 0x02;
    out[1] = (uint8_t)(len + pad);
    out[2] = 0;
    memcpy(out + 2 + pad, number + skip, len);
    return 2 + pad + len;
}

static size_t der_from_raw(const uint8_t sig[TEE_SIG_LEN], uint8_t der[DER_MAX]) {
    size_t len = 2;
    len += der_integer(sig, der + len);
    len += der_integer(sig + 32, der + len);
    der[0] = 0x30;
    der[1] = (uint8_t)(len - 2);
    return len;
}

static int raw_from_der(const uint8_t *der, size_t len, uint8_t sig[TEE_SIG_LEN]) {
    const unsigned char *at = der;
    ECDSA_SIG *parsed = d2i_ECDSA_SIG(NULL, &at, (long)len);
    if (parsed == NULL) {
        return -1;
    }
    int ok = BN_bn2binpad(ECDSA_SIG_get0_r(parsed), sig, 32) == 32
             && BN_bn2binpad(ECDSA_SIG_get0_s(parsed), sig + 32, 32) == 32;
    ECDSA_SIG_free(parsed);
    return ok ? 0 : -1;
}

/* ---- keys --------------------------------------------------------------- */

bool tc_suite_supported(uint8_t suite) {
    return suite == TEE_SUITE_ES256 || (suite == TEE_SUITE_SM2 && tc_sm_supported());
}

/* Null for a suite this port does not have. */
static const suite_curve *curve_of(uint8_t suite) {
    static const suite_curve es256 = {"EC", "P-256"};
    static const suite_curve sm2 = {"SM2", "SM2"};
    if (!tc_suite_supported(suite)) {
        return NULL;
    }
    return suite == TEE_SUITE_SM2 ? &sm2 : &es256;
}

/* Takes the key over: it is freed with the result or on failure. */
static tc_key *key_wrap(uint8_t suite, EVP_PKEY *pkey) {
    size_t len = 0;
    tc_key *key = OPENSSL_zalloc(sizeof *key);
    if (key == NULL) {
        EVP_PKEY_free(pkey);
        return NULL;
    }
    key->suite = suite;
    key->pkey = pkey;
    key->sign = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    if (key->sign == NULL || EVP_PKEY_sign_init(key->sign) != 1
        || EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, key->point,
                                           TEE_KEY_LEN, &len) != 1
        || len != TEE_KEY_LEN || key->point[0] != 0x04) {
        tc_key_free(key);
        return NULL;
    }
    return key;
}

tc_key *tc_key_generate(uint8_t suite) {
    const suite_curve *curve = curve_of(suite);
    EVP_PKEY *pkey =
        curve == NULL ? NULL : EVP_PKEY_Q_keygen(NULL, NULL, curve->algorithm, curve->group);
    return pkey == NULL ? NULL : key_wrap(suite, pkey);
}

/* scalar may be null for a public key. */
static EVP_PKEY *pkey_from_data(uint8_t suite, const uint8_t *scalar,
                                const uint8_t point[TEE_KEY_LEN]) {
    const suite_curve *curve = curve_of(suite);
    if (curve == NULL) {
        return NULL;
    }
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, curve->algorithm, NULL);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *number = scalar == NULL ? NULL : BN_secure_new();
    OSSL_PARAM *params = NULL;
    bool ok = ctx != NULL && build != NULL;
    ok = ok && OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, curve->group, 0)
                   == 1;
    ok = ok && OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point,
                                                TEE_KEY_LEN) == 1;
    if (ok && scalar != NULL) {
        ok = number != NULL && BN_bin2bn(scalar, TC_SCALAR_LEN, number) != NULL
             && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, number) == 1;
    }
    if (ok) {
        params = OSSL_PARAM_BLD_to_param(build);
    }
    if (params != NULL && EVP_PKEY_fromdata_init(ctx) == 1) {
        int selection = scalar == NULL ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR;
        if (EVP_PKEY_fromdata(ctx, &pkey, selection, params) != 1) {
            pkey = NULL;
        }
    }
    OSSL_PARAM_free(params);
    BN_clear_free(number);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

tc_key *tc_key_load(uint8_t suite, const uint8_t scalar[TC_SCALAR_LEN],
                    const uint8_t point[TEE_KEY_LEN]) {
    EVP_PKEY *pkey = pkey_from_data(suite, scalar, point);
    if (pkey == NULL) {
        return NULL;
    }
    EVP_PKEY_CTX *check = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    bool ok = check != NULL && EVP_PKEY_check(check) == 1;
    EVP_PKEY_CTX_free(check);
    if (!ok) {
        EVP_PKEY_free(pkey);
        return NULL;
    }
    return key_wrap(suite, pkey);
}

int tc_key_scalar(const tc_key *key, uint8_t scalar[TC_SCALAR_LEN]) {
    BIGNUM *number = NULL;
    if (EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_PRIV_KEY, &number) != 1) {
        return -1;
    }
    int len = BN_bn2binpad(number, scalar, TC_SCALAR_LEN);
    BN_clear_free(number);
    return len == (int)TC_SCALAR_LEN ? 0 : -1;
}

uint8_t tc_key_suite(const tc_key *key) {
    return key->suite;
}

const uint8_t *tc_key_public(const tc_key *key) {
    return key->point;
}

void tc_key_free(tc_key *key) {
    if (key == NULL) {
        return;
    }
    EVP_PKEY_CTX_free(key->sign);
    EVP_PKEY_free(key->pkey); /* clears the private scalar */
    OPENSSL_clear_free(key, sizeof *key);
}

int tc_ecdh(const tc_key *own, const uint8_t peer[TEE_KEY_LEN], uint8_t shared[TC_SCALAR_LEN]) {
    size_t len = TC_SCALAR_LEN;
    if (peer[0] != 0x04) {
        return -1;
    }
    EVP_PKEY *theirs = pkey_from_data(TEE_SUITE_ES256, NULL, peer);
    EVP_PKEY_CTX *ctx = theirs == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, own->pkey, NULL);
    /* set_peer checks that the point is on the curve */
    bool ok = ctx != NULL && EVP_PKEY_derive_init(ctx) == 1
              && EVP_PKEY_derive_set_peer(ctx, theirs) == 1
              && EVP_PKEY_derive(ctx, shared, &len) == 1 && len == TC_SCALAR_LEN;
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(theirs);
    if (!ok) {
        OPENSSL_cleanse(shared, TC_SCALAR_LEN);
    }
    return ok ? 0 : -1;
}

/* ---- signatures --------------------------------------------------------- */

int tc_digest(uint8_t suite, const uint8_t point[TEE_KEY_LEN], const tc_span *parts, size_t count,
              uint8_t out[TEE_HASH_LEN]) {
    switch (suite) {
    case TEE_SUITE_ES256:
        return tc_sha256(parts, count, out); /* the message alone */
    case TEE_SUITE_SM2:
        return tc_sm2_digest(point, parts, count, out);
    default:
        return -1;
    }
}

static int sign_digest(tc_key *key, const uint8_t digest[TEE_HASH_LEN],
                       uint8_t sig[TEE_SIG_LEN]) {
    uint8_t der[DER_MAX];
    size_t len = sizeof der;
    if (EVP_PKEY_sign(key->sign, der, &len, digest, TEE_HASH_LEN) != 1) {
        return -1;
    }
    return raw_from_der(der, len, sig);
}

int tc_sign_message(tc_key *key, const tc_span *parts, size_t count, uint8_t sig[TEE_SIG_LEN]) {
    uint8_t digest[TEE_HASH_LEN];
    if (tc_digest(key->suite, key->point, parts, count, digest) != 0) {
        return -1;
    }
    return sign_digest(key, digest, sig);
}

static void cache_drop(cached_point *slot) {
    EVP_PKEY_CTX_free(slot->verify);
    EVP_PKEY_free(slot->pkey);
    memset(slot, 0, sizeof *slot);
}

/* A verifying context for the point, or null if it is no point of the suite's curve. */
static EVP_PKEY_CTX *cache_find(uint8_t suite, const uint8_t point[TEE_KEY_LEN]) {
    size_t slot_index = (point[1] ^ point[17] ^ point[40] ^ point[64]) % POINT_CACHE;
    cached_point *slot = &cache[slot_index];
    if (slot->verify != NULL && slot->suite == suite
        && memcmp(slot->point, point, TEE_KEY_LEN) == 0) {
        return slot->verify;
    }
    if (point[0] != 0x04) {
        return NULL;
    }
    EVP_PKEY *pkey = pkey_from_data(suite, NULL, point);
    EVP_PKEY_CTX *verify = pkey == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    if (verify == NULL || EVP_PKEY_verify_init(verify) != 1) {
        EVP_PKEY_CTX_free(verify);
        EVP_PKEY_free(pkey);
        return NULL;
    }
    cache_drop(slot);
    slot->suite = suite;
    memcpy(slot->point, point, TEE_KEY_LEN);
    slot->pkey = pkey;
    slot->verify = verify;
    return verify;
}

bool tc_verify_digest(uint8_t suite, const uint8_t point[TEE_KEY_LEN],
                      const uint8_t digest[TEE_HASH_LEN], const uint8_t sig[TEE_SIG_LEN]) {
    uint8_t der[DER_MAX];
    EVP_PKEY_CTX *verify = cache_find(suite, point);
    if (verify == NULL) {
        return false;
    }
    size_t len = der_from_raw(sig, der);
    return EVP_PKEY_verify(verify, der, len, digest, TEE_HASH_LEN) == 1;
}

bool tc_verify_message(uint8_t suite, const uint8_t point[TEE_KEY_LEN], const tc_span *parts,
                       size_t count, const uint8_t sig[TEE_SIG_LEN]) {
    uint8_t digest[TEE_HASH_LEN];
    return tc_digest(suite, point, parts, count, digest) == 0
           && tc_verify_digest(suite, point, digest, sig);
}

/* ---- encryption --------------------------------------------------------- */

int tc_suite_hmac(uint8_t suite, const uint8_t key[TC_SYM_KEY_LEN], const tc_span *parts,
                  size_t count, uint8_t out[TEE_HASH_LEN]) {
    switch (suite) {
    case TEE_SUITE_ES256:
        return tc_hmac(key, parts, count, out);
    case TEE_SUITE_SM2:
        return tc_sm3_hmac(key, parts, count, out);
    default:
        return -1;
    }
}

int tc_aead_seal(uint8_t suite, const uint8_t key[TC_SYM_KEY_LEN],
                 const uint8_t iv[TC_AEAD_IV_LEN], const tc_span *aad, size_t aad_count,
                 tc_span in, uint8_t *out, uint8_t tag[TC_AEAD_TAG_LEN]) {
    switch (suite) {
    case TEE_SUITE_ES256:
        return tc_gcm_seal(key, iv, aad, aad_count, in, out, tag);
    case TEE_SUITE_SM2:
        return tc_sm4_seal(key, iv, aad, aad_count, in, out, tag);
    default:
        return -1;
    }
}

int tc_aead_open(uint8_t suite, const uint8_t key[TC_SYM_KEY_LEN],
                 const uint8_t iv[TC_AEAD_IV_LEN], const tc_span *aad, size_t aad_count,
                 tc_span in, uint8_t *out, const uint8_t tag[TC_AEAD_TAG_LEN]) {
    switch (suite) {
    case TEE_SUITE_ES256:
        return tc_gcm_open(key, iv, aad, aad_count, in, out, tag);
    case TEE_SUITE_SM2:
        return tc_sm4_open(key, iv, aad, aad_count, in, out, tag);
    default:
        return -1;
    }
}

/* ---- comparing ---------------------------------------------------------- */

bool tc_equal(const uint8_t *a, const uint8_t *b, size_t len) {
    return CRYPTO_memcmp(a, b, len) == 0;
}

/* ---- start, self-test, end ---------------------------------------------- */

static const uint8_t known_abc[TEE_HASH_LEN] = { /* FIPS 180-2, SHA-256("abc") */
    0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
    0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};

/* McGrew and Viega's GCM test case 14: zero key, zero IV, sixteen zero bytes. */
static const uint8_t known_gcm[32] = {
    0xce, 0xa7, 0x40, 0x3d, 0x4d, 0x60, 0x6b, 0x6e, 0x07, 0x4e, 0xc5, 0xd3, 0xba, 0xf3, 0x9d, 0x18,
    0xd0, 0xd1, 0xc8, 0xa7, 0x99, 0x99, 0x6b, 0xf0, 0x26, 0x5b, 0x98, 0xb5, 0xd4, 0x8a, 0xb9, 0x19};

static int self_test_symmetric(void) {
    const tc_span abc = {(const uint8_t *)"abc", 3};
    uint8_t digest[TEE_HASH_LEN];
    const uint8_t zeros[32] = {0};
    const tc_span plain = {zeros, 16};
    uint8_t sealed[16];
    uint8_t opened[16];
    uint8_t tag[TC_GCM_TAG_LEN];
    if (tc_sha256(&abc, 1, digest) != 0 || memcmp(digest, known_abc, sizeof digest) != 0) {
        return -1;
    }
    if (tc_gcm_seal(zeros, zeros, NULL, 0, plain, sealed, tag) != 0
        || memcmp(sealed, known_gcm, 16) != 0 || memcmp(tag, known_gcm + 16, 16) != 0) {
        return -1;
    }
    const tc_span cipher = {sealed, 16};
    if (tc_gcm_open(zeros, zeros, NULL, 0, cipher, opened, tag) != 0
        || memcmp(opened, zeros, 16) != 0) {
        return -1;
    }
    tag[0] ^= 1;
    return tc_gcm_open(zeros, zeros, NULL, 0, cipher, opened, tag) == 0 ? -1 : 0;
}

static int self_test_signature(uint8_t suite) {
    uint8_t sig[TEE_SIG_LEN];
    uint8_t text[] = "abc";
    const tc_span abc = {text, 3};
    tc_key *key = tc_key_generate(suite);
    if (key == NULL) {
        return -1;
    }
    bool ok = tc_sign_message(key, &abc, 1, sig) == 0
              && tc_verify_message(suite, key->point, &abc, 1, sig);
    text[0] ^= 1;
    ok = ok && !tc_verify_message(suite, key->point, &abc, 1, sig);
    tc_key_free(key);
    return ok ? 0 : -1;
}

/* GB/T 32918.5-2017 annex A.2: the default signer id, message "message digest". */
static const uint8_t known_sm2_point[TEE_KEY_LEN] = {
    0x04, 0x09, 0xf9, 0xdf, 0x31, 0x1e, 0x54, 0x21, 0xa1, 0x50, 0xdd, 0x7d, 0x16, 0x1e, 0x4b, 0xc5,
    0xc6, 0x72, 0x17, 0x9f, 0xad, 0x18, 0x33, 0xfc, 0x07, 0x6b, 0xb0, 0x8f, 0xf3, 0x56, 0xf3, 0x50,
    0x20, 0xcc, 0xea, 0x49, 0x0c, 0xe2, 0x67, 0x75, 0xa5, 0x2d, 0xc6, 0xea, 0x71, 0x8c, 0xc1, 0xaa,
    0x60, 0x0a, 0xed, 0x05, 0xfb, 0xf3, 0x5e, 0x08, 0x4a, 0x66, 0x32, 0xf6, 0x07, 0x2d, 0xa9, 0xad,
    0x13};
static const uint8_t known_sm2_sig[TEE_SIG_LEN] = {
    0xf5, 0xa0, 0x3b, 0x06, 0x48, 0xd2, 0xc4, 0x63, 0x0e, 0xea, 0xc5, 0x13, 0xe1, 0xbb, 0x81, 0xa1,
    0x59, 0x44, 0xda, 0x38, 0x27, 0xd5, 0xb7, 0x41, 0x43, 0xac, 0x7e, 0xac, 0xee, 0xe7, 0x20, 0xb3,
    0xb1, 0xb6, 0xaa, 0x29, 0xdf, 0x21, 0x2f, 0xd8, 0x76, 0x31, 0x82, 0xbc, 0x0d, 0x42, 0x1c, 0xa1,
    0xbb, 0x90, 0x38, 0xfd, 0x1f, 0x7f, 0x42, 0xd4, 0x84, 0x0b, 0x69, 0xc4, 0x85, 0xbb, 0xc1, 0xaa};

static int self_test_sm2(void) {
    const tc_span message = {(const uint8_t *)"message digest", 14};
    if (!tc_sm_supported()) {
        return 0;
    }
    bool ok = tc_verify_message(TEE_SUITE_SM2, known_sm2_point, &message, 1, known_sm2_sig);
    return ok ? self_test_signature(TEE_SUITE_SM2) : -1;
}

int tc_init(void) {
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL);
    md_sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    md_sha384 = EVP_MD_fetch(NULL, "SHA384", NULL);
    mac_hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    ctx_sha256 = EVP_MD_CTX_new();
    ctx_hmac = mac_hmac == NULL ? NULL : EVP_MAC_CTX_new(mac_hmac);
    if (md_sha256 == NULL || md_sha384 == NULL || ctx_sha256 == NULL || ctx_hmac == NULL
        || tc_gcm_init() != 0 || tc_sm_init() != 0) {
        return -1;
    }
    char name[] = "SHA256";
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                           OSSL_PARAM_construct_end()};
    if (EVP_MAC_CTX_set_params(ctx_hmac, params) != 1) {
        return -1;
    }
    bool ok = self_test_symmetric() == 0 && self_test_signature(TEE_SUITE_ES256) == 0
              && self_test_sm2() == 0;
    return ok ? 0 : -1;
}

void tc_shutdown(void) {
    for (size_t i = 0; i < POINT_CACHE; i++) {
        cache_drop(&cache[i]);
    }
    EVP_MAC_CTX_free(ctx_hmac);
    tc_sm_shutdown();
    tc_gcm_shutdown();
    EVP_MD_CTX_free(ctx_sha256);
    EVP_MAC_free(mac_hmac);
    EVP_MD_free(md_sha384);
    EVP_MD_free(md_sha256);
    ctx_hmac = NULL;
    ctx_sha256 = NULL;
    mac_hmac = NULL;
    md_sha384 = NULL;
    md_sha256 = NULL;
}
