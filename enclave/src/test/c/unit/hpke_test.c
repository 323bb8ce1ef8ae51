/* Hybrid public key encryption; vectors.test holds it to another implementation. */
#include "check.h"
#include "hkdf.h"
#include "hpke.h"

#include <string.h>

static tc_span text(const char *value) {
    return (tc_span){(const uint8_t *)value, strlen(value)};
}

static void what_is_sealed_opens_for_its_receiver_only(void) {
    uint8_t enc[TEE_KEY_LEN];
    uint8_t sealed[64];
    uint8_t opened[64];
    tc_key *own = tc_key_generate(TEE_SUITE_ES256);
    tc_key *other = tc_key_generate(TEE_SUITE_ES256);
    NEED(own != NULL && other != NULL);
    tc_span message = text("a data key");
    NEED(hpke_seal(tc_key_public(own), text("info"), text("aad"), message, enc, sealed) == 0);
    tc_span cipher = {sealed, message.len + HPKE_OVERHEAD};
    CHECK_IS(0, hpke_open(own, enc, text("info"), text("aad"), cipher, opened));
    CHECK(memcmp(opened, message.data, message.len) == 0);
    CHECK_IS(-1, hpke_open(other, enc, text("info"), text("aad"), cipher, opened));
    CHECK_IS(-1, hpke_open(own, enc, text("inf"), text("aad"), cipher, opened));
    CHECK_IS(-1, hpke_open(own, enc, text("info"), text("aae"), cipher, opened));
    CHECK_IS(-1, hpke_open(own, enc, text("info"), text("aad"), (tc_span){sealed, 15}, opened));
    for (size_t bit = 0; bit < 8 * cipher.len; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        CHECK_IS(-1, hpke_open(own, enc, text("info"), text("aad"), cipher, opened));
        sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t at = 0; at < TEE_KEY_LEN; at++) {
        enc[at] ^= 1;
        CHECK_IS(-1, hpke_open(own, enc, text("info"), text("aad"), cipher, opened));
        enc[at] ^= 1;
    }
    tc_key_free(own);
    tc_key_free(other);
}

static void a_receiver_off_the_curve_is_refused(void) {
    uint8_t enc[TEE_KEY_LEN];
    uint8_t sealed[32];
    uint8_t point[TEE_KEY_LEN] = {0x04, 1, 2, 3};
    CHECK_IS(-1, hpke_seal(point, text(""), text(""), text("x"), enc, sealed));
    point[0] = 0;
    CHECK_IS(-1, hpke_seal(point, text(""), text(""), text("x"), enc, sealed));
}

static void both_sides_of_an_exchange_agree(void) {
    uint8_t one[TC_SCALAR_LEN];
    uint8_t two[TC_SCALAR_LEN];
    tc_key *a = tc_key_generate(TEE_SUITE_ES256);
    tc_key *b = tc_key_generate(TEE_SUITE_ES256);
    NEED(a != NULL && b != NULL);
    NEED(tc_ecdh(a, tc_key_public(b), one) == 0 && tc_ecdh(b, tc_key_public(a), two) == 0);
    CHECK(memcmp(one, two, sizeof one) == 0);
    tc_key_free(a);
    tc_key_free(b);
}

/* RFC 5869 A.3 has the empty salt and info; its first block is the same at any length. */
static void extraction_and_expansion_are_those_of_the_rfc(void) {
    static const uint8_t prk_expected[TEE_HASH_LEN] = {
        0x19, 0xef, 0x24, 0xa3, 0x2c, 0x71, 0x7b, 0x16, 0x7f, 0x33, 0xa9,
        0x1d, 0x6f, 0x64, 0x8b, 0xdf, 0x96, 0x59, 0x67, 0x76, 0xaf, 0xdb,
        0x63, 0x77, 0xac, 0x43, 0x4c, 0x1c, 0x29, 0x3c, 0xcb, 0x04};
    static const uint8_t okm_expected[TEE_HASH_LEN] = {
        0x8d, 0xa4, 0xe7, 0x75, 0xa5, 0x63, 0xc1, 0x8f, 0x71, 0x5f, 0x80,
        0x2a, 0x06, 0x3c, 0x5a, 0x31, 0xb8, 0xa1, 0x1f, 0x5c, 0x5e, 0xe1,
        0x87, 0x9e, 0xc3, 0x45, 0x4e, 0x5f, 0x3c, 0x73, 0x8d, 0x2d};
    uint8_t ikm[22];
    uint8_t prk[TEE_HASH_LEN];
    uint8_t okm[TEE_HASH_LEN];
    memset(ikm, 0x0b, sizeof ikm);
    const tc_span input = {ikm, sizeof ikm};
    const tc_span nothing = {NULL, 0};
    NEED(hkdf_extract(NULL, &input, 1, prk) == 0);
    CHECK(memcmp(prk, prk_expected, sizeof prk) == 0);
    NEED(hkdf_expand(prk, &nothing, 1, okm, sizeof okm) == 0);
    CHECK(memcmp(okm, okm_expected, sizeof okm) == 0);
    CHECK_IS(-1, hkdf_expand(prk, &nothing, 1, okm, sizeof okm + 1));
}

int main(void) {
    NEED(tc_init() == 0);
    RUN(what_is_sealed_opens_for_its_receiver_only);
    RUN(a_receiver_off_the_curve_is_refused);
    RUN(both_sides_of_an_exchange_agree);
    RUN(extraction_and_expansion_are_those_of_the_rfc);
    tc_shutdown();
    return check_report();
}
