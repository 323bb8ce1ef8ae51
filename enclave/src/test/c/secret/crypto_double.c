/*
 * tc_crypto.h and tp_platform.h for the check of secrets: arithmetic without a
 * branch instead of cryptography, so that secrets pass through it as they pass
 * through a library that keeps them to itself. What it makes is worth nothing.
 * Keys, agreed values and decrypted text come out secret; signatures, ciphertext,
 * tags and the answer whether something fits come out public, as they are.
 */
#include <stdlib.h>
#include <string.h>

#include "secret.h"
#include "tc_crypto.h"
#include "tp_platform.h"

#define LANES 4u

size_t opened_public;
int random_public;

struct tc_key {
    uint8_t suite;
    uint8_t scalar[TC_SCALAR_LEN];
    uint8_t point[TEE_KEY_LEN];
};

/* ---- mixing ------------------------------------------------------------- */

typedef struct {
    uint64_t lane[LANES];
} mixer;

static uint64_t mix(uint64_t x) {
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 27;
    return x * 0x94d049bb133111ebu;
}

static void absorb(mixer *m, const uint8_t *data, size_t len) {
    for (size_t i = 0; i < len; i++) {
        for (size_t lane = 0; lane < LANES; lane++) {
            m->lane[lane] = mix(m->lane[lane] * 31u + data[i] + lane);
        }
    }
}

static void absorb_all(mixer *m, const tc_span *parts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        absorb(m, parts[i].data, parts[i].len);
    }
}

static void squeeze(const mixer *m, uint8_t *out, size_t len) {
    for (size_t i = 0; i < len; i++) {
        out[i] = (uint8_t)mix(m->lane[i % LANES] + i);
    }
}

bool tc_equal(const uint8_t *a, const uint8_t *b, size_t len) {
    uint8_t differs = 0;
    for (size_t i = 0; i < len; i++) {
        differs |= a[i] ^ b[i];
    }
    PUBLIC(&differs, 1);
    return differs == 0;
}

/* ---- hashes ------------------------------------------------------------- */

int tc_init(void) {
    return 0;
}

void tc_shutdown(void) {
}

int tc_sha256(const tc_span *parts, size_t count, uint8_t out[TEE_HASH_LEN]) {
    mixer m = {{1, 2, 3, 4}};
    absorb_all(&m, parts, count);
    squeeze(&m, out, TEE_HASH_LEN);
    return 0;
}

int tc_hmac(const uint8_t key[TC_SYM_KEY_LEN], const tc_span *parts, size_t count,
            uint8_t out[TEE_HASH_LEN]) {
    mixer m = {{5, 6, 7, 8}};
    absorb(&m, key, TC_SYM_KEY_LEN);
    absorb_all(&m, parts, count);
    squeeze(&m, out, TEE_HASH_LEN);
    return 0;
}

int tc_suite_hmac(uint8_t suite, const uint8_t key[TC_SYM_KEY_LEN], const tc_span *parts,
                  size_t count, uint8_t out[TEE_HASH_LEN]) {
    (void)suite;
    return tc_hmac(key, parts, count, out);
}

bool tc_suite_supported(uint8_t suite) {
    return suite == TEE_SUITE_ES256 || suite == TEE_SUITE_SM2;
}

/* ---- keys --------------------------------------------------------------- */

/* Lanes of a * b: commutative, which is all that an agreement needs. */
static void multiply(const uint8_t a[TC_SCALAR_LEN], const uint8_t b[TC_SCALAR_LEN],
                     uint8_t out[TC_SCALAR_LEN]) {
    for (size_t at = 0; at < TC_SCALAR_LEN; at += sizeof(uint64_t)) {
        uint64_t x;
        uint64_t y;
        memcpy(&x, a + at, sizeof x);
        memcpy(&y, b + at, sizeof y);
        x *= y;
        memcpy(out + at, &x, sizeof x);
    }
}

static void point_of(const uint8_t scalar[TC_SCALAR_LEN], uint8_t point[TEE_KEY_LEN]) {
    uint8_t base[TC_SCALAR_LEN];
    memset(base, 0x35, sizeof base);
    point[0] = 0x04;
    multiply(scalar, base, point + 1);
    memcpy(point + 1 + TC_SCALAR_LEN, point + 1, TC_SCALAR_LEN);
}

static tc_key *key_of(uint8_t suite, const uint8_t scalar[TC_SCALAR_LEN]) {
    tc_key *key = calloc(1, sizeof *key);
    if (key != NULL) {
        key->suite = suite;
        memcpy(key->scalar, scalar, TC_SCALAR_LEN);
        point_of(scalar, key->point);
        PUBLIC(key->point, TEE_KEY_LEN);
    }
    return key;
}

tc_key *tc_key_generate(uint8_t suite) {
    uint8_t scalar[TC_SCALAR_LEN];
    return tp_random(scalar, sizeof scalar) == 0 ? key_of(suite, scalar) : NULL;
}

tc_key *tc_key_load(uint8_t suite, const uint8_t scalar[TC_SCALAR_LEN],
                    const uint8_t point[TEE_KEY_LEN]) {
    tc_key *key = key_of(suite, scalar);
    if (key != NULL && !tc_equal(key->point, point, TEE_KEY_LEN)) {
        tc_key_free(key);
        return NULL;
    }
    return key;
}

int tc_key_scalar(const tc_key *key, uint8_t scalar[TC_SCALAR_LEN]) {
    memcpy(scalar, key->scalar, TC_SCALAR_LEN);
    return 0;
}

uint8_t tc_key_suite(const tc_key *key) {
    return key->suite;
}

const uint8_t *tc_key_public(const tc_key *key) {
    return key->point;
}

void tc_key_free(tc_key *key) {
    free(key);
}

int tc_ecdh(const tc_key *own, const uint8_t peer[TEE_KEY_LEN], uint8_t shared[TC_SCALAR_LEN]) {
    multiply(own->scalar, peer + 1, shared);
    return 0;
}

/* ---- signatures --------------------------------------------------------- */

static void signature_of(const uint8_t point[TEE_KEY_LEN], const uint8_t digest[TEE_HASH_LEN],
                         uint8_t sig[TEE_SIG_LEN]) {
    mixer m = {{9, 10, 11, 12}};
    absorb(&m, point, TEE_KEY_LEN);
    absorb(&m, digest, TEE_HASH_LEN);
    squeeze(&m, sig, TEE_SIG_LEN);
    PUBLIC(sig, TEE_SIG_LEN);
}

int tc_digest(uint8_t suite, const uint8_t point[TEE_KEY_LEN], const tc_span *parts, size_t count,
              uint8_t out[TEE_HASH_LEN]) {
    (void)suite;
    (void)point;
    return tc_sha256(parts, count, out);
}

int tc_sign_message(tc_key *key, const tc_span *parts, size_t count, uint8_t sig[TEE_SIG_LEN]) {
    uint8_t digest[TEE_HASH_LEN];
    tc_sha256(parts, count, digest);
    signature_of(key->point, digest, sig);
    return 0;
}

bool tc_verify_digest(uint8_t suite, const uint8_t point[TEE_KEY_LEN],
                      const uint8_t digest[TEE_HASH_LEN], const uint8_t sig[TEE_SIG_LEN]) {
    uint8_t expected[TEE_SIG_LEN];
    (void)suite;
    signature_of(point, digest, expected);
    return tc_equal(expected, sig, TEE_SIG_LEN);
}

bool tc_verify_message(uint8_t suite, const uint8_t point[TEE_KEY_LEN], const tc_span *parts,
                       size_t count, const uint8_t sig[TEE_SIG_LEN]) {
    uint8_t digest[TEE_HASH_LEN];
    tc_sha256(parts, count, digest);
    return tc_verify_digest(suite, point, digest, sig);
}

/* ---- encryption --------------------------------------------------------- */

static void keyed(mixer *m, const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_AEAD_IV_LEN]) {
    *m = (mixer){{13, 14, 15, 16}};
    absorb(m, key, TC_SYM_KEY_LEN);
    absorb(m, iv, TC_AEAD_IV_LEN);
}

static void apply_stream(mixer m, tc_span in, uint8_t *out) {
    for (size_t i = 0; i < in.len; i++) {
        out[i] = (uint8_t)(in.data[i] ^ mix(m.lane[i % LANES] + i));
    }
}

static void tag_of(mixer m, const tc_span *aad, size_t aad_count, const uint8_t *cipher,
                   size_t len, uint8_t tag[TC_AEAD_TAG_LEN]) {
    absorb_all(&m, aad, aad_count);
    absorb(&m, cipher, len);
    squeeze(&m, tag, TC_AEAD_TAG_LEN);
}

int tc_gcm_seal(const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_GCM_IV_LEN],
                const tc_span *aad, size_t aad_count, tc_span in, uint8_t *out,
                uint8_t tag[TC_GCM_TAG_LEN]) {
    mixer m;
    keyed(&m, key, iv);
    apply_stream(m, in, out);
    tag_of(m, aad, aad_count, out, in.len, tag);
    PUBLIC(out, in.len);
    PUBLIC(tag, TC_GCM_TAG_LEN);
    return 0;
}

int tc_gcm_open(const uint8_t key[TC_SYM_KEY_LEN], const uint8_t iv[TC_GCM_IV_LEN],
                const tc_span *aad, size_t aad_count, tc_span in, uint8_t *out,
                const uint8_t tag[TC_GCM_TAG_LEN]) {
    uint8_t expected[TC_GCM_TAG_LEN];
    mixer m;
    keyed(&m, key, iv);
    tag_of(m, aad, aad_count, in.data, in.len, expected);
    bool authentic = tc_equal(expected, tag, TC_GCM_TAG_LEN);
    memset(out, 0, in.len);
    if (authentic) {
        apply_stream(m, in, out);
        PUBLIC(out, in.len > opened_public ? opened_public : 0); /* a key is shorter */
    }
    return authentic ? 0 : -1;
}

int tc_aead_seal(uint8_t suite, const uint8_t key[TC_SYM_KEY_LEN],
                 const uint8_t iv[TC_AEAD_IV_LEN], const tc_span *aad, size_t aad_count,
                 tc_span in, uint8_t *out, uint8_t tag[TC_AEAD_TAG_LEN]) {
    (void)suite;
    return tc_gcm_seal(key, iv, aad, aad_count, in, out, tag);
}

int tc_aead_open(uint8_t suite, const uint8_t key[TC_SYM_KEY_LEN],
                 const uint8_t iv[TC_AEAD_IV_LEN], const tc_span *aad, size_t aad_count,
                 tc_span in, uint8_t *out, const uint8_t tag[TC_AEAD_TAG_LEN]) {
    (void)suite;
    return tc_gcm_open(key, iv, aad, aad_count, in, out, tag);
}

/* ---- the platform ------------------------------------------------------- */

int tp_random(uint8_t *out, size_t len) {
    static uint64_t made;
    for (size_t i = 0; i < len; i++) {
        out[i] = (uint8_t)(mix(++made) | 1u); /* odd, so that products lose nothing */
    }
    if (random_public == 0) {
        SECRET(out, len);
    }
    return 0;
}

void tp_zero(void *memory, size_t len) {
    memset(memory, 0, len);
    __asm__ volatile("" : : "r"(memory) : "memory");
}

_Noreturn void tp_abort(const char *why) {
    (void)why;
    abort();
}

int tp_seal_key(uint8_t key[32]) {
    memset(key, 0x5e, 32);
    SECRET(key, 32);
    return 0;
}

void tp_measurement(uint8_t out[TEE_MEASUREMENT_LEN]) {
    memset(out, 0x4d, TEE_MEASUREMENT_LEN);
}

int tp_evidence(const uint8_t report_data[TEE_HASH_LEN], uint8_t *out, size_t cap, size_t *len) {
    (void)report_data;
    (void)out;
    (void)cap;
    *len = 0;
    return 0;
}

int tp_verify_peer(const uint8_t *platform, size_t len, const uint8_t report_data[TEE_HASH_LEN],
                   const uint8_t measurement[TEE_MEASUREMENT_LEN]) {
    (void)platform;
    (void)len;
    (void)report_data;
    (void)measurement;
    return -1;
}
