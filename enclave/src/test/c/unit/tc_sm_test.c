/* SM3, SM4-CTR and HMAC-SM3 against published vectors and a composition by hand. */
#include "check.h"
#include "tc_sm.h"

#include <string.h>

static void unhex(const char *hex, uint8_t *out, size_t len) {
    for (size_t i = 0; i < len; i++) {
        unsigned byte = 0;
        NEED(sscanf(hex + 2 * i, "%2x", &byte) == 1);
        out[i] = (uint8_t)byte;
    }
}

/* GB/T 32905-2016 A.1 and A.2. */
static void sm3_is_that_of_the_standard(void) {
    uint8_t want[TEE_HASH_LEN];
    uint8_t got[TEE_HASH_LEN];
    tc_span parts[16];
    const tc_span abc[] = {{(const uint8_t *)"a", 1}, {NULL, 0}, {(const uint8_t *)"bc", 2}};
    unhex("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0", want, 32);
    NEED(tc_sm3(abc, 3, got) == 0);
    CHECK(memcmp(want, got, sizeof want) == 0);
    for (size_t i = 0; i < 16; i++) {
        parts[i] = (tc_span){(const uint8_t *)"abcd", 4};
    }
    unhex("debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732", want, 32);
    NEED(tc_sm3(parts, 16, got) == 0);
    CHECK(memcmp(want, got, sizeof want) == 0);
}

/* RFC 2104 spelt out: H(key ^ opad || H(key ^ ipad || text)). */
static void hmac_by_hand(const uint8_t *key, size_t key_len, const tc_span *text, size_t count,
                         uint8_t out[TEE_HASH_LEN]) {
    uint8_t pad[64] = {0};
    uint8_t inner[TEE_HASH_LEN];
    tc_span parts[8];
    memcpy(pad, key, key_len);
    for (size_t i = 0; i < sizeof pad; i++) {
        pad[i] ^= 0x36;
    }
    parts[0] = (tc_span){pad, sizeof pad};
    NEED(count < 8);
    memcpy(parts + 1, text, count * sizeof *text);
    NEED(tc_sm3(parts, count + 1, inner) == 0);
    for (size_t i = 0; i < sizeof pad; i++) {
        pad[i] ^= 0x36 ^ 0x5c;
    }
    parts[1] = (tc_span){inner, sizeof inner};
    NEED(tc_sm3(parts, 2, out) == 0);
}

static void hmac_is_that_of_rfc_2104(void) {
    uint8_t key[TC_SYM_KEY_LEN];
    uint8_t want[TEE_HASH_LEN];
    uint8_t got[TEE_HASH_LEN];
    const tc_span text[] = {{(const uint8_t *)"what do ya want ", 16},
                            {(const uint8_t *)"for nothing?", 12}};
    memset(key, 0xaa, sizeof key);
    hmac_by_hand(key, sizeof key, text, 2, want);
    NEED(tc_sm3_hmac(key, text, 2, got) == 0);
    CHECK(memcmp(want, got, sizeof want) == 0);
    NEED(tc_sm3_hmac(key, text, 2, got) == 0);
    CHECK(memcmp(want, got, sizeof want) == 0);
}

/* The tag is what the header says it is, so that another implementation can follow. */
static void the_tag_covers_length_aad_nonce_and_ciphertext(void) {
    uint8_t key[TC_SYM_KEY_LEN] = {9};
    uint8_t iv[TC_AEAD_IV_LEN] = {8};
    uint8_t mac_key[TEE_HASH_LEN];
    uint8_t want[TEE_HASH_LEN];
    uint8_t sealed[21];
    uint8_t tag[TC_AEAD_TAG_LEN];
    const uint8_t length[8] = {0, 0, 0, 0, 0, 0, 0, 3};
    const tc_span aad[] = {{(const uint8_t *)"ab", 2}, {(const uint8_t *)"c", 1}};
    const tc_span text = {(const uint8_t *)"twenty-one characters", sizeof sealed};
    const tc_span label = {(const uint8_t *)"CDC1SM4M", 8};
    NEED(tc_sm4_seal(key, iv, aad, 2, text, sealed, tag) == 0);
    hmac_by_hand(key, sizeof key, &label, 1, mac_key);
    const tc_span covered[] = {
        {length, 8}, aad[0], aad[1], {iv, sizeof iv}, {sealed, sizeof sealed}};
    hmac_by_hand(mac_key, sizeof mac_key, covered, 5, want);
    CHECK(memcmp(want, tag, sizeof tag) == 0);
}

/* The keystream of two lengths starts alike, and no block of it comes twice. */
static void counter_mode_counts(void) {
    enum { LEN = 16 * 300 };
    static uint8_t zeros[LEN];
    static uint8_t stream[LEN];
    uint8_t key[TC_SYM_KEY_LEN] = {1};
    uint8_t iv[TC_AEAD_IV_LEN] = {1};
    uint8_t first[5];
    uint8_t tag[TC_AEAD_TAG_LEN];
    NEED(tc_sm4_seal(key, iv, NULL, 0, (tc_span){zeros, LEN}, stream, tag) == 0);
    NEED(tc_sm4_seal(key, iv, NULL, 0, (tc_span){zeros, sizeof first}, first, tag) == 0);
    CHECK(memcmp(stream, first, sizeof first) == 0);
    for (size_t i = 0; i < LEN; i += 16) {
        for (size_t j = 0; j < i; j += 16) {
            CHECK(memcmp(stream + i, stream + j, 16) != 0);
        }
    }
}

int main(void) {
    NEED(tc_init() == 0); /* SM4's published block is part of its self-test */
    CHECK(tc_sm_supported());
    RUN(sm3_is_that_of_the_standard);
    RUN(hmac_is_that_of_rfc_2104);
    RUN(the_tag_covers_length_aad_nonce_and_ciphertext);
    RUN(counter_mode_counts);
    tc_shutdown();
    return check_report();
}
