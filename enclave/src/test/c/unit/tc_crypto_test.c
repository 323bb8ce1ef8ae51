/* The cryptography against published vectors and its own misuse. */
#include "check.h"
#include "tc_crypto.h"

#include <string.h>

/* Of the tests that hold for every suite. */
static uint8_t suite;

static void unhex(const char *hex, uint8_t *out, size_t len) {
    for (size_t i = 0; i < len; i++) {
        unsigned byte = 0;
        NEED(sscanf(hex + 2 * i, "%2x", &byte) == 1);
        out[i] = (uint8_t)byte;
    }
}

/* RFC 6979 A.2.5: P-256, SHA-256, message "sample". */
static void verifies_a_published_signature(void) {
    uint8_t point[TEE_KEY_LEN] = {0x04};
    uint8_t sig[TEE_SIG_LEN];
    const tc_span message = {(const uint8_t *)"sample", 6};
    unhex("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6", point + 1, 32);
    unhex("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299", point + 33, 32);
    unhex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716", sig, 32);
    unhex("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8", sig + 32, 32);
    CHECK(tc_verify_message(TEE_SUITE_ES256, point, &message, 1, sig));
    CHECK(tc_verify_message(TEE_SUITE_ES256, point, &message, 1, sig)); /* from the cache */
    for (size_t i = 0; i < TEE_SIG_LEN; i++) {
        sig[i] ^= 1;
        CHECK(!tc_verify_message(TEE_SUITE_ES256, point, &message, 1, sig));
        sig[i] ^= 1;
    }
    point[64] ^= 1; /* off the curve */
    CHECK(!tc_verify_message(TEE_SUITE_ES256, point, &message, 1, sig));
    point[64] ^= 1;
    point[0] = 0x02;
    CHECK(!tc_verify_message(TEE_SUITE_ES256, point, &message, 1, sig));
}

/* GB/T 32918.5-2017 annex A.2: signer id 1234567812345678, message "message digest". */
static void verifies_a_published_sm2_signature(void) {
    uint8_t point[TEE_KEY_LEN] = {0x04};
    uint8_t sig[TEE_SIG_LEN];
    uint8_t want[TEE_HASH_LEN];
    uint8_t digest[TEE_HASH_LEN];
    const tc_span message = {(const uint8_t *)"message digest", 14};
    unhex("09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020", point + 1, 32);
    unhex("ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13", point + 33, 32);
    unhex("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3", sig, 32);
    unhex("b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa", sig + 32, 32);
    unhex("f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640", want, 32);
    NEED(tc_digest(TEE_SUITE_SM2, point, &message, 1, digest) == 0);
    CHECK(memcmp(digest, want, sizeof want) == 0);
    CHECK(tc_verify_message(TEE_SUITE_SM2, point, &message, 1, sig));
    CHECK(tc_verify_digest(TEE_SUITE_SM2, point, digest, sig));
    CHECK(!tc_verify_message(TEE_SUITE_ES256, point, &message, 1, sig));
    for (size_t i = 0; i < TEE_SIG_LEN; i++) {
        sig[i] ^= 1;
        CHECK(!tc_verify_message(TEE_SUITE_SM2, point, &message, 1, sig));
        sig[i] ^= 1;
    }
    point[64] ^= 1; /* off the curve */
    CHECK(!tc_verify_message(TEE_SUITE_SM2, point, &message, 1, sig));
}

/* Neither suite's key or signature is of any use in the other. */
static void suites_do_not_mix(void) {
    uint8_t scalar[TC_SCALAR_LEN];
    uint8_t sig[TEE_SIG_LEN];
    const tc_span message = {(const uint8_t *)"text", 4};
    uint8_t other = suite == TEE_SUITE_SM2 ? TEE_SUITE_ES256 : TEE_SUITE_SM2;
    tc_key *key = tc_key_generate(suite);
    NEED(key != NULL && tc_key_scalar(key, scalar) == 0);
    CHECK_IS(suite, tc_key_suite(key));
    NEED(tc_sign_message(key, &message, 1, sig) == 0);
    CHECK(tc_verify_message(suite, tc_key_public(key), &message, 1, sig));
    CHECK(!tc_verify_message(other, tc_key_public(key), &message, 1, sig));
    CHECK(tc_key_load(other, scalar, tc_key_public(key)) == NULL);
    CHECK(!tc_suite_supported(0) && !tc_suite_supported(TEE_SUITE_SM2 + 1));
    CHECK(tc_key_generate(0) == NULL && tc_key_generate(TEE_SUITE_SM2 + 1) == NULL);
    CHECK(!tc_verify_message(0, tc_key_public(key), &message, 1, sig));
    tc_key_free(key);
}

static void refuses_degenerate_signatures(void) {
    const uint8_t text[TEE_HASH_LEN] = {1};
    const tc_span message = {text, sizeof text};
    uint8_t sig[TEE_SIG_LEN] = {0};
    tc_key *key = tc_key_generate(suite);
    NEED(key != NULL);
    CHECK(!tc_verify_message(suite, tc_key_public(key), &message, 1, sig));
    sig[31] = 1;
    CHECK(!tc_verify_message(suite, tc_key_public(key), &message, 1, sig));
    memset(sig, 0xff, sizeof sig);
    CHECK(!tc_verify_message(suite, tc_key_public(key), &message, 1, sig));
    tc_key_free(key);
}

/* Many signatures, so that short r and s, which DER encodes shorter, occur. */
static void signs_and_verifies_in_raw_form(void) {
    tc_key *key = tc_key_generate(suite);
    tc_key *other = tc_key_generate(suite);
    NEED(key != NULL && other != NULL);
    unsigned short_numbers = 0;
    for (unsigned i = 0; i < 2000; i++) {
        const uint8_t text[TEE_HASH_LEN] = {(uint8_t)i, (uint8_t)(i >> 8)};
        const tc_span message = {text, sizeof text};
        uint8_t sig[TEE_SIG_LEN];
        NEED(tc_sign_message(key, &message, 1, sig) == 0);
        short_numbers += sig[0] == 0 || sig[32] == 0;
        CHECK(tc_verify_message(suite, tc_key_public(key), &message, 1, sig));
        CHECK(i > 20 || !tc_verify_message(suite, tc_key_public(other), &message, 1, sig));
    }
    CHECK(short_numbers > 0);
    tc_key_free(key);
    tc_key_free(other);
}

static void keys_survive_storing(void) {
    uint8_t scalar[TC_SCALAR_LEN];
    const uint8_t text[TEE_HASH_LEN] = {7};
    const tc_span message = {text, sizeof text};
    uint8_t sig[TEE_SIG_LEN];
    tc_key *key = tc_key_generate(suite);
    NEED(key != NULL && tc_key_scalar(key, scalar) == 0);
    tc_key *again = tc_key_load(suite, scalar, tc_key_public(key));
    NEED(again != NULL && tc_sign_message(again, &message, 1, sig) == 0);
    CHECK(tc_verify_message(suite, tc_key_public(key), &message, 1, sig));
    tc_key_free(again);
    scalar[31] ^= 1;
    CHECK(tc_key_load(suite, scalar, tc_key_public(key)) == NULL); /* not this point's scalar */
    memset(scalar, 0, sizeof scalar);
    CHECK(tc_key_load(suite, scalar, tc_key_public(key)) == NULL);
    memset(scalar, 0xff, sizeof scalar);
    CHECK(tc_key_load(suite, scalar, tc_key_public(key)) == NULL);
    tc_key_free(key);
}

/* More different keys than the cache holds. */
static void the_cache_only_saves_time(void) {
    enum { KEYS = 600 };
    static tc_key *keys[KEYS];
    static uint8_t sigs[KEYS][TEE_SIG_LEN];
    const uint8_t text[TEE_HASH_LEN] = {3};
    const tc_span message = {text, sizeof text};
    for (unsigned i = 0; i < KEYS; i++) {
        keys[i] = tc_key_generate(suite);
        NEED(keys[i] != NULL && tc_sign_message(keys[i], &message, 1, sigs[i]) == 0);
    }
    for (unsigned i = 0; i < KEYS; i++) {
        CHECK(tc_verify_message(suite, tc_key_public(keys[i]), &message, 1, sigs[i]));
        CHECK(!tc_verify_message(suite, tc_key_public(keys[i]), &message, 1, sigs[(i + 1) % KEYS]));
        CHECK(tc_verify_message(suite, tc_key_public(keys[i / 2]), &message, 1, sigs[i / 2]));
    }
    for (unsigned i = 0; i < KEYS; i++) {
        tc_key_free(keys[i]);
    }
}

/* RFC 4231 test case 2 has a 4-byte key, so case of a 32-byte key by composition. */
static void hmac_is_that_of_rfc_2104(void) {
    uint8_t key[TC_SYM_KEY_LEN];
    uint8_t pad[64];
    uint8_t inner[TEE_HASH_LEN];
    uint8_t want[TEE_HASH_LEN];
    uint8_t got[TEE_HASH_LEN];
    const tc_span parts[2] = {{(const uint8_t *)"what do ya want ", 16},
                              {(const uint8_t *)"for nothing?", 12}};
    memset(key, 0xaa, sizeof key);
    memset(pad, 0x36, sizeof pad);
    for (size_t i = 0; i < sizeof key; i++) {
        pad[i] ^= key[i];
    }
    const tc_span inside[3] = {{pad, sizeof pad}, parts[0], parts[1]};
    NEED(tc_sha256(inside, 3, inner) == 0);
    for (size_t i = 0; i < sizeof pad; i++) {
        pad[i] ^= 0x36 ^ 0x5c;
    }
    const tc_span outside[2] = {{pad, sizeof pad}, {inner, sizeof inner}};
    NEED(tc_sha256(outside, 2, want) == 0);
    NEED(tc_hmac(key, parts, 2, got) == 0);
    CHECK(memcmp(want, got, sizeof want) == 0);
    NEED(tc_hmac(key, parts, 2, got) == 0);
    CHECK(memcmp(want, got, sizeof want) == 0);
}

static void gcm_refuses_any_change(void) {
    uint8_t key[TC_SYM_KEY_LEN] = {1};
    uint8_t iv[TC_GCM_IV_LEN] = {2};
    uint8_t sealed[40];
    uint8_t opened[40];
    uint8_t tag[TC_GCM_TAG_LEN];
    const uint8_t text[40] = "forty bytes of text, more or less so..";
    tc_span aad[2] = {{(const uint8_t *)"ab", 2}, {(const uint8_t *)"c", 1}};
    NEED(tc_gcm_seal(key, iv, aad, 2, (tc_span){text, sizeof text}, sealed, tag) == 0);
    CHECK(memcmp(sealed, text, sizeof text) != 0);
    const tc_span in = {sealed, sizeof sealed};
    CHECK(tc_gcm_open(key, iv, aad, 2, in, opened, tag) == 0);
    CHECK(memcmp(opened, text, sizeof text) == 0);
    sealed[17] ^= 4;
    memset(opened, 0x77, sizeof opened);
    CHECK(tc_gcm_open(key, iv, aad, 2, in, opened, tag) != 0);
    const uint8_t zeros[40] = {0};
    CHECK(memcmp(opened, zeros, sizeof zeros) == 0); /* nothing unauthenticated comes out */
    sealed[17] ^= 4;
    aad[1].len = 0;
    CHECK(tc_gcm_open(key, iv, aad, 2, in, opened, tag) != 0);
    aad[1].len = 1;
    iv[0] ^= 1;
    CHECK(tc_gcm_open(key, iv, aad, 2, in, opened, tag) != 0);
}

static void encryption_refuses_any_change(void) {
    uint8_t key[TC_SYM_KEY_LEN] = {1};
    uint8_t iv[TC_AEAD_IV_LEN] = {2};
    uint8_t sealed[40];
    uint8_t opened[40];
    uint8_t tag[TC_AEAD_TAG_LEN];
    const uint8_t zeros[40] = {0};
    const uint8_t text[40] = "forty bytes of text, more or less so..";
    tc_span aad[2] = {{(const uint8_t *)"ab", 2}, {(const uint8_t *)"c", 1}};
    const tc_span in = {sealed, sizeof sealed};
    NEED(tc_aead_seal(suite, key, iv, aad, 2, (tc_span){text, sizeof text}, sealed, tag) == 0);
    CHECK(memcmp(sealed, text, sizeof text) != 0);
    CHECK(tc_aead_open(suite, key, iv, aad, 2, in, opened, tag) == 0);
    CHECK(memcmp(opened, text, sizeof text) == 0);
    for (size_t bit = 0; bit < 8 * sizeof sealed; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        memset(opened, 0x77, sizeof opened);
        CHECK(tc_aead_open(suite, key, iv, aad, 2, in, opened, tag) != 0);
        CHECK(memcmp(opened, zeros, sizeof zeros) == 0);
        sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t bit = 0; bit < 8 * sizeof tag; bit++) {
        tag[bit / 8] ^= (uint8_t)(1u << bit % 8);
        CHECK(tc_aead_open(suite, key, iv, aad, 2, in, opened, tag) != 0);
        tag[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    iv[11] ^= 1;
    CHECK(tc_aead_open(suite, key, iv, aad, 2, in, opened, tag) != 0);
    iv[11] ^= 1;
    key[31] ^= 1;
    CHECK(tc_aead_open(suite, key, iv, aad, 2, in, opened, tag) != 0);
    key[31] ^= 1;
    aad[1].len = 0;
    CHECK(tc_aead_open(suite, key, iv, aad, 2, in, opened, tag) != 0);
    aad[1].len = 1;
    uint8_t other = suite == TEE_SUITE_SM2 ? TEE_SUITE_ES256 : TEE_SUITE_SM2;
    CHECK(tc_aead_open(other, key, iv, aad, 2, in, opened, tag) != 0);
    CHECK(tc_aead_open(suite, key, iv, aad, 2, in, opened, tag) == 0);
    CHECK(tc_aead_seal(0, key, iv, aad, 2, in, opened, tag) != 0);
}

static void sha384_of_a_stream(void) {
    uint8_t want[TEE_MEASUREMENT_LEN]; /* FIPS 180-2, "abc" */
    uint8_t got[TEE_MEASUREMENT_LEN];
    unhex("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
          "8086072ba1e7cc2358baeca134c825a7",
          want, sizeof want);
    tc_sha384_state *state = tc_sha384_begin();
    NEED(state != NULL);
    CHECK(tc_sha384_add(state, (const uint8_t *)"a", 1) == 0);
    CHECK(tc_sha384_add(state, (const uint8_t *)"bc", 2) == 0);
    CHECK(tc_sha384_end(state, got) == 0);
    CHECK(memcmp(want, got, sizeof want) == 0);
}

int main(void) {
    NEED(tc_init() == 0);
    RUN(verifies_a_published_signature);
    RUN(verifies_a_published_sm2_signature);
    for (suite = TEE_SUITE_ES256; suite <= TEE_SUITE_SM2; suite++) {
        RUN(suites_do_not_mix);
        RUN(encryption_refuses_any_change);
        RUN(refuses_degenerate_signatures);
        RUN(signs_and_verifies_in_raw_form);
        RUN(keys_survive_storing);
        RUN(the_cache_only_saves_time);
    }
    RUN(hmac_is_that_of_rfc_2104);
    RUN(gcm_refuses_any_change);
    RUN(sha384_of_a_stream);
    tc_shutdown();
    return check_report();
}
