/*
 * tc_crypto.h for simulations: nobody in the simulation forges, so a signature
 * need only be different for each key and digest. A thousand times faster than
 * ECDSA, which is what millions of random calls need. Never linked into anything
 * but tests.
 */
#include <stdlib.h>
#include <string.h>

#include "tc_crypto.h"

struct tc_key {
    uint8_t point[TEE_KEY_LEN];
};

static uint64_t mix(uint64_t x) {
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* Two 64-bit lanes over the bytes, eight at a time. */
static void absorb(uint64_t lanes[2], const uint8_t *data, size_t len) {
    for (size_t at = 0; at < len; at += 8) {
        uint64_t word = 0;
        memcpy(&word, data + at, len - at < 8 ? len - at : 8);
        lanes[0] = mix(lanes[0] ^ word);
        lanes[1] = mix(lanes[1] + word * 0x9e3779b97f4a7c15u + 1);
    }
}

static void squeeze(const uint64_t lanes[2], uint8_t *out, size_t len) {
    for (size_t at = 0; at < len; at += 8) {
        uint64_t word = mix(lanes[0] + mix(lanes[1] ^ at));
        memcpy(out + at, &word, 8);
    }
}

int tc_init(void) {
    return 0;
}

void tc_shutdown(void) {
}

/* However the bytes are cut into parts: the core hashes some of them in pieces. */
int tc_sha256(const tc_span *parts, size_t count, uint8_t out[TEE_HASH_LEN]) {
    uint64_t lanes[2] = {1, 2};
    uint8_t word[8];
    size_t have = 0; /* bytes of the word that is not full yet */
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        while (at < parts[i].len) {
            size_t left = parts[i].len - at;
            if (have == 0 && left >= sizeof word) {
                size_t whole = left - left % sizeof word;
                absorb(lanes, parts[i].data + at, whole);
                at += whole;
                continue;
            }
            word[have++] = parts[i].data[at++];
            if (have == sizeof word) {
                absorb(lanes, word, sizeof word);
                have = 0;
            }
        }
    }
    absorb(lanes, word, have);
    squeeze(lanes, out, TEE_HASH_LEN);
    return 0;
}

bool tc_suite_supported(uint8_t suite) {
    return suite == TEE_SUITE_ES256;
}

tc_key *tc_key_generate(uint8_t suite) {
    (void)suite;
    static uint64_t made;
    tc_key *key = calloc(1, sizeof *key);
    if (key != NULL) {
        uint64_t lanes[2] = {3, ++made};
        squeeze(lanes, key->point + 1, 64);
        key->point[0] = 0x04;
    }
    return key;
}

const uint8_t *tc_key_public(const tc_key *key) {
    return key->point;
}

void tc_key_free(tc_key *key) {
    free(key);
}

static void signature_of(const uint8_t *point, const uint8_t *digest, uint8_t sig[TEE_SIG_LEN]) {
    uint64_t lanes[2] = {4, 5};
    absorb(lanes, point, TEE_KEY_LEN);
    absorb(lanes, digest, TEE_HASH_LEN);
    squeeze(lanes, sig, TEE_SIG_LEN);
}

int tc_sign_message(tc_key *key, const tc_span *parts, size_t count, uint8_t sig[TEE_SIG_LEN]) {
    uint8_t digest[TEE_HASH_LEN];
    tc_sha256(parts, count, digest);
    signature_of(key->point, digest, sig);
    return 0;
}

bool tc_verify_message(uint8_t suite, const uint8_t point[TEE_KEY_LEN], const tc_span *parts,
                       size_t count, const uint8_t sig[TEE_SIG_LEN]) {
    uint8_t digest[TEE_HASH_LEN];
    uint8_t expected[TEE_SIG_LEN];
    (void)suite;
    tc_sha256(parts, count, digest);
    signature_of(point, digest, expected);
    return memcmp(expected, sig, TEE_SIG_LEN) == 0;
}
