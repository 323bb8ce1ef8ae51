/* The sealed state opens for its own chain, member and platform, and nobody else. */
#include "check.h"
#include "keystore.h"
#include "tp_test.h"

#include <string.h>

/* Every test runs under each suite. */
static uint8_t suite;

static identity who_is(const char *name, uint8_t chain) {
    identity who;
    memset(&who, 0, sizeof who);
    memset(who.chain_id, chain, TEE_HASH_LEN);
    who.member_len = (uint8_t)strlen(name);
    memcpy(who.member, name, who.member_len);
    return who;
}

static tee_status opens(const uint8_t *blob, size_t len, const identity *who) {
    keystore keys;
    tee_status status = keystore_open(&keys, suite, who, (tc_span){blob, len});
    if (status == TEE_OK) {
        keystore_wipe(&keys);
    } else {
        CHECK(keys.signing == NULL);
    }
    return status;
}

static void the_same_keys_come_back(void) {
    uint8_t blob[KEYSTORE_BLOB_LEN];
    keystore made;
    keystore loaded;
    identity who = who_is("hospital-b", 1);
    NEED(keystore_create(&made, suite, &who, blob) == TEE_OK);
    NEED(keystore_open(&loaded, suite, &who, (tc_span){blob, sizeof blob}) == TEE_OK);
    CHECK(memcmp(made.record_kek, loaded.record_kek, TC_SYM_KEY_LEN) == 0);
    CHECK(memcmp(tc_key_public(made.signing), tc_key_public(loaded.signing), TEE_KEY_LEN) == 0);
    keystore_wipe(&made);
    keystore_wipe(&loaded);
    CHECK(made.signing == NULL);
    const uint8_t zeros[TC_SYM_KEY_LEN] = {0};
    CHECK(memcmp(made.record_kek, zeros, sizeof zeros) == 0);
}

static void the_blob_shows_no_key(void) {
    uint8_t blob[KEYSTORE_BLOB_LEN];
    uint8_t scalar[TC_SCALAR_LEN];
    keystore keys;
    identity who = who_is("hospital-b", 1);
    NEED(keystore_create(&keys, suite, &who, blob) == TEE_OK);
    NEED(tc_key_scalar(keys.signing, scalar) == 0);
    for (size_t at = 0; at + TC_SYM_KEY_LEN <= sizeof blob; at++) {
        CHECK(memcmp(blob + at, scalar, TC_SCALAR_LEN) != 0);
        CHECK(memcmp(blob + at, keys.record_kek, TC_SYM_KEY_LEN) != 0);
    }
    keystore_wipe(&keys);
}

static void nobody_elses_blob_opens(void) {
    uint8_t blob[KEYSTORE_BLOB_LEN + 1];
    keystore keys;
    identity who = who_is("hospital-b", 1);
    identity chain = who_is("hospital-b", 2);
    identity neighbour = who_is("hospital-c", 1);
    identity longer = who_is("hospital-bb", 1);
    NEED(keystore_create(&keys, suite, &who, blob) == TEE_OK);
    keystore_wipe(&keys);
    CHECK_IS(TEE_E_AUTH, opens(blob, KEYSTORE_BLOB_LEN, &chain));
    CHECK_IS(TEE_E_AUTH, opens(blob, KEYSTORE_BLOB_LEN, &neighbour));
    CHECK_IS(TEE_E_AUTH, opens(blob, KEYSTORE_BLOB_LEN, &longer));
    suite ^= TEE_SUITE_ES256 ^ TEE_SUITE_SM2;
    CHECK_IS(TEE_E_AUTH, opens(blob, KEYSTORE_BLOB_LEN, &who));
    suite ^= TEE_SUITE_ES256 ^ TEE_SUITE_SM2;
    tp_test_seal_byte ^= 1; /* another machine */
    CHECK_IS(TEE_E_AUTH, opens(blob, KEYSTORE_BLOB_LEN, &who));
    tp_test_seal_byte ^= 1;
    CHECK_IS(TEE_OK, opens(blob, KEYSTORE_BLOB_LEN, &who));
    CHECK_IS(TEE_E_AUTH, opens(blob, KEYSTORE_BLOB_LEN - 1, &who));
    CHECK_IS(TEE_E_AUTH, opens(blob, KEYSTORE_BLOB_LEN + 1, &who));
}

static void any_altered_bit_is_noticed(void) {
    uint8_t blob[KEYSTORE_BLOB_LEN];
    keystore keys;
    identity who = who_is("a", 1);
    NEED(keystore_create(&keys, suite, &who, blob) == TEE_OK);
    keystore_wipe(&keys);
    for (size_t bit = 0; bit < 8 * sizeof blob; bit++) {
        blob[bit / 8] ^= (uint8_t)(1u << bit % 8);
        CHECK_IS(TEE_E_AUTH, opens(blob, sizeof blob, &who));
        blob[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void identities_are_checked(void) {
    uint8_t bytes[IDENTITY_MAX_LEN + 1] = {0};
    identity out;
    bytes[32] = 2;
    bytes[33] = 'a';
    bytes[34] = '7';
    CHECK_IS(TEE_OK, identity_decode((tc_span){bytes, 35}, &out));
    CHECK_IS(TEE_E_PARAM, identity_decode((tc_span){bytes, 34}, &out));
    CHECK_IS(TEE_E_PARAM, identity_decode((tc_span){bytes, 36}, &out));
    bytes[34] = '_';
    CHECK_IS(TEE_E_PARAM, identity_decode((tc_span){bytes, 35}, &out));
    bytes[32] = 0;
    CHECK_IS(TEE_E_PARAM, identity_decode((tc_span){bytes, 33}, &out));
    CHECK_IS(TEE_E_PARAM, identity_decode((tc_span){bytes, 10}, &out));
}

static void no_randomness_no_keys(void) {
    uint8_t blob[KEYSTORE_BLOB_LEN];
    keystore keys;
    identity who = who_is("a", 1);
    tp_test_random_fails = 1;
    CHECK_IS(TEE_E_INTERNAL, keystore_create(&keys, suite, &who, blob));
    tp_test_random_fails = 0;
}

int main(void) {
    NEED(tc_init() == 0);
    for (suite = TEE_SUITE_ES256; suite <= TEE_SUITE_SM2; suite++) {
        RUN(the_same_keys_come_back);
        RUN(the_blob_shows_no_key);
        RUN(nobody_elses_blob_opens);
        RUN(any_altered_bit_is_noticed);
        RUN(no_randomness_no_keys);
    }
    RUN(identities_are_checked);
    tc_shutdown();
    return check_report();
}
