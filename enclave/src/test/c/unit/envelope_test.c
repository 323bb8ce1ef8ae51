/* Records open as what they were sealed, where they were sealed, or not at all. */
#include "check.h"
#include "envelope.h"
#include "tp_test.h"

#include <string.h>

static keystore keys;
static identity who;
/* Every test runs under each suite. */
static uint8_t suite;

static tc_span span_of(const char *text) {
    return (tc_span){(const uint8_t *)text, strlen(text)};
}

static void start(void) {
    uint8_t blob[KEYSTORE_BLOB_LEN];
    memset(&who, 0, sizeof who);
    who.member_len = 1;
    who.member[0] = 'a';
    NEED(keystore_create(&keys, suite, &who, blob) == TEE_OK);
}

static void a_record_comes_back(void) {
    static const char *const texts[] = {"", "x", "a record of some length, and a little more"};
    for (size_t i = 0; i < 3; i++) {
        uint8_t sealed[256];
        uint8_t opened[256];
        tc_span text = span_of(texts[i]);
        NEED(envelope_seal(&keys, &who, span_of("ctx"), text, sealed) == TEE_OK);
        tc_span record = {sealed, text.len + TEE_SEAL_OVERHEAD};
        CHECK_IS(TEE_OK, envelope_open(&keys, &who, span_of("ctx"), record, opened));
        CHECK(memcmp(opened, text.data, text.len) == 0);
    }
}

static void each_seal_is_different(void) {
    uint8_t one[200];
    uint8_t two[200];
    tc_span text = span_of("the same text");
    NEED(envelope_seal(&keys, &who, span_of(""), text, one) == TEE_OK);
    NEED(envelope_seal(&keys, &who, span_of(""), text, two) == TEE_OK);
    CHECK(memcmp(one + TEE_SEAL_OVERHEAD - 16, two + TEE_SEAL_OVERHEAD - 16, text.len) != 0);
    CHECK(memcmp(one + 10, two + 10, 24) != 0);
}

static void context_member_and_chain_are_bound(void) {
    uint8_t sealed[200];
    uint8_t opened[200];
    tc_span text = span_of("secret");
    identity other = who;
    NEED(envelope_seal(&keys, &who, span_of("ab"), text, sealed) == TEE_OK);
    tc_span record = {sealed, text.len + TEE_SEAL_OVERHEAD};
    CHECK_IS(TEE_E_AUTH, envelope_open(&keys, &who, span_of("a"), record, opened));
    CHECK_IS(TEE_E_AUTH, envelope_open(&keys, &who, span_of("abc"), record, opened));
    CHECK_IS(TEE_E_AUTH, envelope_open(&keys, &who, span_of("ac"), record, opened));
    other.member[0] = 'b';
    CHECK_IS(TEE_E_AUTH, envelope_open(&keys, &other, span_of("ab"), record, opened));
    other = who;
    other.chain_id[0] ^= 1;
    CHECK_IS(TEE_E_AUTH, envelope_open(&keys, &other, span_of("ab"), record, opened));
    keystore stranger = keys;
    stranger.record_kek[0] ^= 1;
    CHECK_IS(TEE_E_AUTH, envelope_open(&stranger, &who, span_of("ab"), record, opened));
    stranger = keys;
    stranger.suite ^= TEE_SUITE_ES256 ^ TEE_SUITE_SM2;
    CHECK_IS(TEE_E_AUTH, envelope_open(&stranger, &who, span_of("ab"), record, opened));
    CHECK_IS(TEE_OK, envelope_open(&keys, &who, span_of("ab"), record, opened));
}

static void any_altered_bit_is_noticed(void) {
    uint8_t sealed[200];
    uint8_t opened[200];
    tc_span text = span_of("twenty bytes of text");
    NEED(envelope_seal(&keys, &who, span_of("c"), text, sealed) == TEE_OK);
    size_t len = text.len + TEE_SEAL_OVERHEAD;
    for (size_t bit = 0; bit < 8 * len; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        memset(opened, 0, sizeof opened);
        CHECK_IS(TEE_E_AUTH,
                 envelope_open(&keys, &who, span_of("c"), (tc_span){sealed, len}, opened));
        CHECK(memcmp(opened, text.data, 8) != 0);
        sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t cut = 0; cut < len; cut++) {
        CHECK_IS(TEE_E_AUTH,
                 envelope_open(&keys, &who, span_of("c"), (tc_span){sealed, cut}, opened));
    }
}

/* A wrapped key moved to another record's payload does not open it. */
static void layers_of_two_records_do_not_mix(void) {
    uint8_t one[200];
    uint8_t two[200];
    uint8_t opened[200];
    tc_span text = span_of("some text");
    NEED(envelope_seal(&keys, &who, span_of("c"), text, one) == TEE_OK);
    NEED(envelope_seal(&keys, &who, span_of("c"), text, two) == TEE_OK);
    memcpy(one, two, TEE_SEAL_OVERHEAD - 16);
    CHECK_IS(TEE_E_AUTH, envelope_open(&keys, &who, span_of("c"),
                                       (tc_span){one, text.len + TEE_SEAL_OVERHEAD}, opened));
}

/* The head alone is what a holder unwraps for a grantee: it is checked alone. */
static void a_head_unwraps_as_it_was_written_only(void) {
    uint8_t sealed[200];
    uint8_t key[TC_SYM_KEY_LEN];
    NEED(envelope_seal(&keys, &who, span_of("c"), span_of("text"), sealed) == TEE_OK);
    for (size_t at = 0; at < TEE_SEAL_HEAD_LEN; at++) {
        sealed[at] ^= 1;
        CHECK_IS(TEE_E_AUTH, envelope_unwrap(&keys, &who, span_of("c"), sealed, key));
        sealed[at] ^= 1;
    }
    CHECK_IS(TEE_OK, envelope_unwrap(&keys, &who, span_of("c"), sealed, key));
}

static void no_randomness_no_record(void) {
    uint8_t sealed[200];
    tp_test_random_fails = 1;
    CHECK_IS(TEE_E_INTERNAL, envelope_seal(&keys, &who, span_of("c"), span_of("text"), sealed));
    tp_test_random_fails = 0;
}

static void the_largest_record_fits(void) {
    uint8_t *text = calloc(1, TEE_MAX_RECORD);
    uint8_t *sealed = malloc(TEE_MAX_RECORD + TEE_SEAL_OVERHEAD);
    uint8_t *opened = malloc(TEE_MAX_RECORD);
    NEED(text != NULL && sealed != NULL && opened != NULL);
    text[TEE_MAX_RECORD - 1] = 9;
    CHECK_IS(TEE_OK,
             envelope_seal(&keys, &who, span_of("c"), (tc_span){text, TEE_MAX_RECORD}, sealed));
    CHECK_IS(TEE_OK,
             envelope_open(&keys, &who, span_of("c"),
                           (tc_span){sealed, TEE_MAX_RECORD + TEE_SEAL_OVERHEAD}, opened));
    CHECK(memcmp(text, opened, TEE_MAX_RECORD) == 0);
    free(text);
    free(sealed);
    free(opened);
}

int main(void) {
    NEED(tc_init() == 0);
    for (suite = TEE_SUITE_ES256; suite <= TEE_SUITE_SM2; suite++) {
        start();
        RUN(a_record_comes_back);
        RUN(each_seal_is_different);
        RUN(context_member_and_chain_are_bound);
        RUN(any_altered_bit_is_noticed);
        RUN(layers_of_two_records_do_not_mix);
        RUN(a_head_unwraps_as_it_was_written_only);
        RUN(no_randomness_no_record);
        RUN(the_largest_record_fits);
        keystore_wipe(&keys);
    }
    tc_shutdown();
    return check_report();
}
