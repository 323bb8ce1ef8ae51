/* The ABI: framing of each operation, E_SHORT, states, and the dead latch. */
#include "check.h"
#include "fixtures.h"
#include "tee_core.h"
#include "tp_test.h"

#include <string.h>

static tee_core core;
/* Every test runs under each suite. */
static uint8_t suite;
static uint8_t request[65536];
static uint8_t answer[TEE_MAX_EVIDENCE + 4096];
static size_t answer_len;

static tee_status call(uint16_t op, size_t len, size_t cap) {
    return tee_core_call(&core, op, request, len, answer, cap, &answer_len);
}

static tee_status call_all(uint16_t op, size_t len) {
    return call(op, len, sizeof answer);
}

static void boot(void) {
    uint8_t who[IDENTITY_MAX_LEN];
    uint8_t blob[KEYSTORE_BLOB_LEN];
    size_t blob_len = 0;
    writer w = writer_of(who, sizeof who);
    write_bytes(&w, fixture_chain, TEE_HASH_LEN);
    write_u8(&w, 4);
    write_bytes(&w, (const uint8_t *)"beta", 4);
    memset(&core, 0, sizeof core);
    const tc_span name = {who, w.len};
    const tc_span none = {NULL, 0};
    NEED(tee_core_boot(&core, suite, name, none, blob, &blob_len) == TEE_OK);
    NEED(blob_len == KEYSTORE_BLOB_LEN);
    CHECK_IS(TEE_E_STATE, tee_core_boot(&core, suite, name, none, blob, &blob_len));
}

/* Enters a genesis of this instance alone, which therefore leads every view. */
static void enter_alone(built_config *config) {
    static config_spec spec;
    spec_default(&spec, 1, 1);
    spec.suite = suite;
    spec_add(&spec, "beta", core.ck.public_key);
    build_config(config, &spec);
    const epoch_item item = {config, NULL, NULL, 0};
    size_t len = encode_chain(&item, 1, request, sizeof request);
    NEED(call_all(TEE_OP_ENTER_EPOCH, len) == TEE_OK);
    CHECK_IS(0, answer_len);
}

static void before_the_boot_nothing_works(void) {
    memset(&core, 0, sizeof core);
    for (uint16_t op = 0; op < 20; op++) {
        CHECK_IS(TEE_E_STATE, call_all(op, 0));
    }
}

static void a_boot_keeps_the_institutions_key_and_makes_a_new_voting_key(void) {
    uint8_t who[] = "0123456789abcdef0123456789abcdef\x01z";
    uint8_t blob[KEYSTORE_BLOB_LEN];
    uint8_t again[KEYSTORE_BLOB_LEN];
    uint8_t voting[TEE_KEY_LEN];
    uint8_t signing[TEE_KEY_LEN];
    size_t blob_len = 0;
    size_t again_len = 99;
    const tc_span name = {who, sizeof who - 1};
    memset(&core, 0, sizeof core);
    const tc_span none = {NULL, 0};
    NEED(tee_core_boot(&core, suite, name, none, blob, &blob_len) == TEE_OK);
    const tc_span sealed = {blob, blob_len};
    memcpy(voting, core.ck.public_key, TEE_KEY_LEN);
    memcpy(signing, tc_key_public(core.keys.signing), TEE_KEY_LEN);
    tee_core_wipe(&core);
    NEED(tee_core_boot(&core, suite, name, sealed, again, &again_len) == TEE_OK);
    CHECK_IS(0, again_len);
    CHECK(memcmp(voting, core.ck.public_key, TEE_KEY_LEN) != 0);
    CHECK(memcmp(signing, tc_key_public(core.keys.signing), TEE_KEY_LEN) == 0);
    tee_core_wipe(&core);
    uint8_t other = suite == TEE_SUITE_SM2 ? TEE_SUITE_ES256 : TEE_SUITE_SM2;
    CHECK_IS(TEE_E_AUTH, tee_core_boot(&core, other, name, sealed, again, &again_len));
    other = TEE_SUITE_SM2 + 1;
    CHECK_IS(TEE_E_ALG_UNSUPPORTED,
             tee_core_boot(&core, other, name, none, again, &again_len));
    CHECK_IS(0, again_len);
    blob[50] ^= 1;
    CHECK_IS(TEE_E_AUTH,
             tee_core_boot(&core, suite, name, sealed, again, &again_len));
    CHECK(!core.booted);
    CHECK_IS(0, again_len);
}

static void info_says_what_is(void) {
    boot();
    CHECK_IS(TEE_OK, call_all(TEE_OP_INFO, 0));
    CHECK_IS(TEE_INFO_LEN, answer_len);
    CHECK_IS(TEE_ABI_VERSION, answer[1]);
    CHECK_IS(TEE_TIER_SIMULATED, answer[2]);
    CHECK_IS(TEE_PORT_SOFTWARE, answer[3]);
    CHECK_IS(TEE_STATE_NEW, answer[53]);
    CHECK(answer[94] == 0xff && answer[95] == 0xff);
    CHECK(memcmp(answer + 161, core.ck.public_key, TEE_KEY_LEN) == 0);
    CHECK_IS(TEE_E_PARAM, call_all(TEE_OP_INFO, 1));
    CHECK_IS(TEE_E_PARAM, call_all(99, 0));
    CHECK_IS(TEE_E_PARAM, call_all(12, 0)); /* an operation that is no more */
    CHECK_IS(0, answer_len);
    tee_core_wipe(&core);
}

/* Too little room is said before anything happens. */
static void a_short_answer_changes_nothing(void) {
    built_config config;
    boot();
    enter_alone(&config);
    header_spec header = header_for(&config.config, 1, 1, config.config.hash);
    encode_header(&header, request);
    static const uint8_t anchor[] = {0, 0, 0, 1, JUST_ANCHOR};
    memcpy(request + TEE_HEADER_LEN, anchor, sizeof anchor);
    CHECK_IS(TEE_E_SHORT, call(TEE_OP_PROPOSE, TEE_HEADER_LEN + 5, TEE_SIG_LEN - 1));
    CHECK_IS(TEE_SIG_LEN, answer_len);
    CHECK_IS(0, core.ck.prop);
    CHECK_IS(TEE_OK, call(TEE_OP_PROPOSE, TEE_HEADER_LEN + 5, TEE_SIG_LEN));
    CHECK_IS(1, core.ck.prop);
    memcpy(request + TEE_HEADER_LEN, answer, TEE_SIG_LEN);
    CHECK_IS(TEE_E_SHORT, call(TEE_OP_VOTE, TEE_HEADER_LEN + TEE_SIG_LEN, 0));
    CHECK_IS(0, core.ck.pv);
    CHECK_IS(TEE_OK, call(TEE_OP_VOTE, TEE_HEADER_LEN + TEE_SIG_LEN, TEE_SIG_LEN));
    memset(request, 0, 8);
    request[7] = 5;
    CHECK_IS(TEE_E_SHORT, call(TEE_OP_NEW_VIEW, 8, TEE_NEW_VIEW_LEN - 1));
    CHECK_IS(1, core.ck.v);
    CHECK_IS(TEE_OK, call(TEE_OP_NEW_VIEW, 8, TEE_NEW_VIEW_LEN));
    CHECK_IS(5, core.ck.v);
    request[0] = TEE_RESUME_GIVE_UP;
    CHECK_IS(TEE_E_SHORT, call(TEE_OP_RESUME_SIGN, 1, TEE_RESUME_LEN - 1));
    CHECK_IS(TEE_RESUME_LEN, answer_len);
    CHECK_IS(TEE_STATE_ACTIVE, core.ck.now.state);
    CHECK_IS(TEE_OK, call(TEE_OP_RESUME_SIGN, 1, TEE_RESUME_LEN));
    CHECK_IS(TEE_STATE_FOLLOWER, core.ck.now.state);
    tee_core_wipe(&core);
}

static size_t two_parts(const char *first, const char *second) {
    writer w = writer_of(request, sizeof request);
    write_u32(&w, (uint32_t)strlen(first));
    write_bytes(&w, (const uint8_t *)first, strlen(first));
    write_u32(&w, (uint32_t)strlen(second));
    write_bytes(&w, (const uint8_t *)second, strlen(second));
    NEED(w.ok);
    return w.len;
}

static void records_are_sealed_and_opened(void) {
    boot();
    size_t len = two_parts("context", "a record");
    CHECK_IS(TEE_E_SHORT, call(TEE_OP_SEAL, len, 8 + TEE_SEAL_OVERHEAD - 1));
    CHECK_IS(8 + TEE_SEAL_OVERHEAD, answer_len);
    CHECK_IS(TEE_OK, call_all(TEE_OP_SEAL, len));
    CHECK_IS(8 + TEE_SEAL_OVERHEAD, answer_len);
    writer w = writer_of(request, sizeof request);
    write_u32(&w, 7);
    write_bytes(&w, (const uint8_t *)"context", 7);
    write_u32(&w, (uint32_t)answer_len);
    write_bytes(&w, answer, answer_len);
    CHECK_IS(TEE_E_SHORT, call(TEE_OP_OPEN, w.len, 7));
    CHECK_IS(TEE_OK, call(TEE_OP_OPEN, w.len, 8));
    CHECK(answer_len == 8 && memcmp(answer, "a record", 8) == 0);
    request[4] ^= 1;
    CHECK_IS(TEE_E_AUTH, call_all(TEE_OP_OPEN, w.len));
    CHECK_IS(0, answer_len);
    CHECK_IS(TEE_E_PARAM, call_all(TEE_OP_OPEN, w.len - 1));
    CHECK_IS(TEE_E_AUTH, call_all(TEE_OP_OPEN, two_parts("context", "too short for a record")));
    tee_core_wipe(&core);
}

static void evidence_is_bound_to_the_nonce(void) {
    boot();
    memset(request, 0xab, TEE_NONCE_LEN);
    CHECK_IS(TEE_E_PARAM, call_all(TEE_OP_EVIDENCE, TEE_NONCE_LEN - 1));
    CHECK_IS(TEE_OK, call_all(TEE_OP_EVIDENCE, TEE_NONCE_LEN));
    /* The platform part, empty here, stands after the signature. */
    const tc_span claims = {answer, answer_len - 4 - TEE_SIG_LEN};
    CHECK(tc_verify_message(suite, core.ck.public_key, &claims, 1, answer + claims.len));
    CHECK(memcmp(answer + claims.len - TEE_NONCE_LEN, request, TEE_NONCE_LEN) == 0);
    CHECK(memcmp(answer, "CDC1EVID", 8) == 0 && answer[9] == TEE_TIER_SIMULATED);
    CHECK_IS(TEE_OK, call_all(TEE_OP_RETIRE, 0));
    memset(request, 0xab, TEE_NONCE_LEN);
    CHECK_IS(TEE_E_STATE, call_all(TEE_OP_EVIDENCE, TEE_NONCE_LEN));
    tee_core_wipe(&core);
}

/* A peer is answered with its keys; the operation's own format and room come first. */
static void a_peers_evidence_is_verified(void) {
    built_config config;
    static uint8_t own[TEE_MAX_EVIDENCE];
    boot();
    enter_alone(&config);
    memset(request, 0xab, TEE_NONCE_LEN);
    NEED(call_all(TEE_OP_EVIDENCE, TEE_NONCE_LEN) == TEE_OK);
    size_t own_len = answer_len;
    memcpy(own, answer, own_len);
    writer w = writer_of(request, sizeof request);
    write_u32(&w, (uint32_t)own_len);
    write_bytes(&w, own, own_len);
    /* The fixture's seat has another signing key. */
    CHECK_IS(TEE_E_EVIDENCE, call_all(TEE_OP_PEER_VERIFY, w.len));
    CHECK_IS(0, answer_len);
    memcpy(core.ck.now.config.members[0].signing_key, tc_key_public(core.keys.signing),
           TEE_KEY_LEN);
    CHECK_IS(TEE_E_SHORT, call(TEE_OP_PEER_VERIFY, w.len, TEE_PEER_LEN - 1));
    CHECK_IS(TEE_PEER_LEN, answer_len);
    CHECK_IS(TEE_OK, call(TEE_OP_PEER_VERIFY, w.len, TEE_PEER_LEN));
    CHECK_IS(TEE_PEER_LEN, answer_len);
    CHECK(memcmp(answer, core.ck.public_key, TEE_KEY_LEN) == 0);
    CHECK(memcmp(answer + TEE_KEY_LEN, tc_key_public(core.keys.exchange), TEE_KEY_LEN) == 0);
    CHECK_IS(TEE_E_PARAM, call_all(TEE_OP_PEER_VERIFY, w.len - 1));
    CHECK_IS(TEE_E_PARAM, call_all(TEE_OP_PEER_VERIFY, w.len + 1));
    tee_core_wipe(&core);
}

static void a_batch_is_verified_item_by_item(void) {
    tc_key *key = tc_key_generate(suite);
    NEED(key != NULL);
    boot();
    for (unsigned i = 0; i < 3; i++) {
        uint8_t *item = request + 2 + i * TEE_BATCH_ITEM_LEN;
        const uint8_t text[] = {(uint8_t)i};
        const tc_span message = {text, sizeof text};
        memcpy(item, tc_key_public(key), TEE_KEY_LEN);
        NEED(tc_digest(tc_key_suite(key), item, &message, 1, item + TEE_KEY_LEN) == 0);
        NEED(tc_sign_message(key, &message, 1, item + TEE_KEY_LEN + TEE_HASH_LEN) == 0);
    }
    request[0] = 0;
    request[1] = 3;
    request[2 + TEE_BATCH_ITEM_LEN + TEE_KEY_LEN] ^= 1;
    CHECK_IS(TEE_OK, call_all(TEE_OP_VERIFY_BATCH, 2 + 3 * TEE_BATCH_ITEM_LEN));
    CHECK(answer_len == 3 && answer[0] == 1 && answer[1] == 0 && answer[2] == 1);
    CHECK_IS(TEE_E_SHORT, call(TEE_OP_VERIFY_BATCH, 2 + 3 * TEE_BATCH_ITEM_LEN, 2));
    CHECK_IS(TEE_E_PARAM, call_all(TEE_OP_VERIFY_BATCH, 2 + 3 * TEE_BATCH_ITEM_LEN - 1));
    CHECK_IS(TEE_E_PARAM, call_all(TEE_OP_VERIFY_BATCH, 1));
    request[1] = 0;
    CHECK_IS(TEE_OK, call_all(TEE_OP_VERIFY_BATCH, 2));
    tee_core_wipe(&core);
    tc_key_free(key);
}

static void after_a_broken_invariant_only_info_answers(void) {
    boot();
    size_t len = two_parts("c", "record");
    tp_test_random_fails = 1;
    CHECK_IS(TEE_E_INTERNAL, call_all(TEE_OP_SEAL, len));
    tp_test_random_fails = 0;
    CHECK_IS(TEE_E_INTERNAL, call_all(TEE_OP_SEAL, len));
    CHECK_IS(TEE_E_INTERNAL, call_all(TEE_OP_RETIRE, 0));
    CHECK_IS(TEE_OK, call_all(TEE_OP_INFO, 0));
    CHECK_IS(TEE_STATE_DEAD, answer[53]);
    tee_core_wipe(&core);
}

/* What saw proof of a broken TEE vouches for nothing in its institution's name. */
static void a_halted_instance_signs_no_entry(void) {
    boot();
    writer w = writer_of(request, sizeof request);
    write_u32(&w, 0);
    write_bytes(&w, (const uint8_t *)"\xa3\x01\x01\x02\x58\x20", 6);
    write_bytes(&w, fixture_chain, TEE_HASH_LEN);
    write_bytes(&w, (const uint8_t *)"\x03\x64\x62\x65\x74\x61", 6);
    request[3] = (uint8_t)(w.len - 4);
    CHECK_IS(TEE_OK, call_all(TEE_OP_SIGN_ENTRY, w.len));
    checker_halt(&core.ck);
    CHECK_IS(TEE_E_STATE, call_all(TEE_OP_SIGN_ENTRY, w.len));
    tee_core_wipe(&core);
}

/* A retired voting key does not take the institution's records with it. */
static void a_retired_instance_still_serves_records(void) {
    boot();
    CHECK_IS(TEE_OK, call_all(TEE_OP_RETIRE, 0));
    CHECK_IS(TEE_OK, call_all(TEE_OP_SEAL, two_parts("c", "record")));
    CHECK_IS(TEE_OK, call_all(TEE_OP_INFO, 0));
    CHECK_IS(TEE_STATE_RETIRED, answer[53]);
    tee_core_wipe(&core);
}

static void wiping_leaves_no_byte(void) {
    boot();
    tee_core_wipe(&core);
    const uint8_t *bytes = (const uint8_t *)&core;
    unsigned any = 0;
    for (size_t i = 0; i < sizeof core; i++) {
        any |= bytes[i];
    }
    CHECK_IS(0, any);
}

int main(void) {
    NEED(tc_init() == 0);
    for (suite = TEE_SUITE_ES256; suite <= TEE_SUITE_SM2; suite++) {
        RUN(before_the_boot_nothing_works);
        RUN(a_boot_keeps_the_institutions_key_and_makes_a_new_voting_key);
        RUN(info_says_what_is);
        RUN(a_short_answer_changes_nothing);
        RUN(records_are_sealed_and_opened);
        RUN(evidence_is_bound_to_the_nonce);
        RUN(a_peers_evidence_is_verified);
        RUN(a_batch_is_verified_item_by_item);
        RUN(after_a_broken_invariant_only_info_answers);
        RUN(a_halted_instance_signs_no_entry);
        RUN(a_retired_instance_still_serves_records);
        RUN(wiping_leaves_no_byte);
    }
    tc_shutdown();
    return check_report();
}
