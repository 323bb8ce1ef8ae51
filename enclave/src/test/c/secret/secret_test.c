/*
 * No branch and no address of our own code depends on a key or on a record's text.
 * Each function below serves one request whose secrets are marked, and lets go of
 * what the caller gets. Meaningful under valgrind only:
 *
 *   valgrind --error-exitcode=1 target/native/secret-test
 */
#include "agg_hosts.h"
#include "check.h"
#include "envelope.h"
#include "hkdf.h"
#include "hpke.h"
#include "secret.h"
#include "tee_core.h"

#include <string.h>

#define BLOB_BODY_AT (TEE_TAG_LEN + 2u + WIDE_NONCE_LEN)

static tee_core core;
static uint8_t blob[KEYSTORE_BLOB_LEN];
static uint8_t request[8192];
static uint8_t answer[TEE_MAX_EVIDENCE];
static size_t answer_len;
static uint8_t suite = TEE_SUITE_ES256; /* the first tests run under each */
static world members;
static const char text[] = "Ibuprofen 400 mg, twice a day, for the patient of bed 12";

static tee_status call(uint16_t op, size_t len) {
    return tee_core_call(&core, op, request, len, answer, sizeof answer, &answer_len);
}

static void put_var(writer *w, const void *data, size_t len) {
    write_u32(w, (uint32_t)len);
    write_bytes(w, data, len);
}

static void boot(bool first) {
    uint8_t who[IDENTITY_MAX_LEN];
    size_t len = 0;
    writer w = writer_of(who, sizeof who);
    write_bytes(&w, fixture_chain, TEE_HASH_LEN);
    write_u8(&w, 4);
    write_bytes(&w, (const uint8_t *)"beta", 4);
    tee_core_wipe(&core);
    NEED(tee_core_boot(&core, suite, (tc_span){who, w.len},
                       (tc_span){blob, first ? 0 : sizeof blob}, blob, &len)
         == TEE_OK);
    NEED(len == (first ? sizeof blob : 0));
    CHECK(is_secret(core.keys.record_kek, TC_SYM_KEY_LEN));
    CHECK(!is_secret(blob + BLOB_BODY_AT, sizeof blob - BLOB_BODY_AT));
    PUBLIC(blob, sizeof blob); /* the nonce, which is random as keys are */
}

static void enter_epoch(void) {
    static config_spec spec;
    static built_config config;
    spec_default(&spec, 1, 1);
    spec.suite = suite;
    spec_add(&spec, "beta", core.ck.public_key);
    build_config(&config, &spec);
    const epoch_item item = {&config, NULL, NULL, 0};
    NEED(call(TEE_OP_ENTER_EPOCH, encode_chain(&item, 1, request, sizeof request)) == TEE_OK);
}

static void keys_are_made_and_come_back(void) {
    boot(true);
    boot(false);
    blob[60] ^= 1;
    keystore other;
    CHECK_IS(TEE_E_AUTH,
             keystore_open(&other, suite, &core.who, (tc_span){blob, sizeof blob}));
    blob[60] ^= 1;
}

static size_t seal_text(void) {
    writer w = writer_of(request, sizeof request);
    put_var(&w, "ctx", 3);
    put_var(&w, text, sizeof text);
    SECRET(request + w.len - sizeof text, sizeof text);
    NEED(call(TEE_OP_SEAL, w.len) == TEE_OK);
    CHECK(!is_secret(answer + TEE_SEAL_HEAD_LEN, sizeof text));
    PUBLIC(answer, answer_len); /* the nonce too, which was drawn with the key */
    return answer_len;
}

static void records_are_sealed_and_opened(void) {
    uint8_t sealed[512];
    size_t len = seal_text();
    memcpy(sealed, answer, len);
    writer w = writer_of(request, sizeof request);
    put_var(&w, "ctx", 3);
    put_var(&w, sealed, len);
    NEED(call(TEE_OP_OPEN, w.len) == TEE_OK);
    CHECK(is_secret(answer, answer_len));
    PUBLIC(answer, answer_len);
    CHECK(answer_len == sizeof text && memcmp(answer, text, sizeof text) == 0);
    request[w.len - 1] ^= 1; /* the outer tag */
    CHECK_IS(TEE_E_AUTH, call(TEE_OP_OPEN, w.len));
    request[w.len - 1] ^= 1;
    request[11 + 34] ^= 1; /* the wrapped key */
    CHECK_IS(TEE_E_AUTH, call(TEE_OP_OPEN, w.len));
}

static void a_lost_place_is_stated_under_a_new_key(void) {
    enter_epoch();
    request[0] = TEE_RESUME_GIVE_UP;
    CHECK_IS(TEE_OK, call(TEE_OP_RESUME_SIGN, 1)); /* and the old key is destroyed */
    request[0] = TEE_RESUME_ANCHOR;
    CHECK_IS(TEE_OK, call(TEE_OP_RESUME_SIGN, 1));
}

static void evidence_is_shown(void) {
    memset(request, 7, TEE_NONCE_LEN);
    CHECK_IS(TEE_OK, call(TEE_OP_EVIDENCE, TEE_NONCE_LEN));
}

/* A data key goes to another enclave and opens a record there. */
static void a_key_is_shared(void) {
    uint8_t sealed[512];
    uint8_t enc[TEE_KEY_LEN];
    uint8_t wrapped[TC_SYM_KEY_LEN + HPKE_OVERHEAD];
    uint8_t key[TC_SYM_KEY_LEN];
    uint8_t opened[sizeof text];
    const tc_span context = {(const uint8_t *)"ctx", 3};
    const tc_span info = {fixture_chain, TEE_HASH_LEN};
    const tc_span aad = {(const uint8_t *)"head", 4};
    size_t len = seal_text();
    memcpy(sealed, answer, len);
    NEED(envelope_unwrap(&core.keys, &core.who, context, sealed, key) == TEE_OK);
    CHECK(is_secret(key, sizeof key));
    NEED(hpke_seal(tc_key_public(core.keys.exchange), info, aad, (tc_span){key, sizeof key}, enc,
                   wrapped)
         == 0);
    CHECK(!is_secret(wrapped, sizeof wrapped));
    memset(key, 0, sizeof key);
    NEED(hpke_open(core.keys.exchange, enc, info, aad, (tc_span){wrapped, sizeof wrapped}, key)
         == 0);
    CHECK(is_secret(key, sizeof key));
    NEED(envelope_open_with(suite, key, &core.who, context, (tc_span){sealed, len},
                            opened)
         == TEE_OK);
    CHECK(is_secret(opened, sizeof opened));
    wrapped[0] ^= 1;
    CHECK_IS(-1, hpke_open(core.keys.exchange, enc, info, aad, (tc_span){wrapped, sizeof wrapped},
                           key));
}

/* {1: 1, 2: chain, 3: "beta"}, which is public; what signs it is not. */
static void entries_are_signed(void) {
    static const uint8_t start[] = {0xa3, 1, 1, 2, 0x58, TEE_HASH_LEN};
    static const uint8_t end[] = {3, 0x64, 'b', 'e', 't', 'a'};
    writer entry = writer_of(request, sizeof request);
    write_u32(&entry, (uint32_t)(sizeof start + TEE_HASH_LEN + sizeof end));
    write_bytes(&entry, start, sizeof start);
    write_bytes(&entry, fixture_chain, TEE_HASH_LEN);
    write_bytes(&entry, end, sizeof end);
    CHECK_IS(TEE_OK, call(TEE_OP_SIGN_ENTRY, entry.len));
    CHECK(!is_secret(answer, answer_len));
}

/* ---- members among each other ------------------------------------------- */

static const tc_span record_context = {(const uint8_t *)"entry 1", 7};
static const uint8_t grant_id[TEE_HASH_LEN] = {7};
static uint8_t sealed[512];
static size_t sealed_len;

/* Answers go to hosts: nonces in them are drawn as keys are. */
static tee_status ask(unsigned seat, uint16_t op, const writer *asked) {
    tee_status status = world_call(&members, seat, op, asked);
    PUBLIC(&status, sizeof status);
    return status;
}

static void seal_at_the_holder(void) {
    writer asked = world_request(&members);
    put_var(&asked, record_context.data, record_context.len);
    put_var(&asked, text, sizeof text);
    SECRET(asked.start + asked.len - sizeof text, sizeof text);
    NEED(ask(0, TEE_OP_SEAL, &asked) == TEE_OK);
    PUBLIC(members.answer, members.answer_len);
    sealed_len = members.answer_len;
    memcpy(sealed, members.answer, sealed_len);
}

static void a_record_is_shared_and_read(void) {
    static uint8_t evidence[2048];
    uint8_t shared[TEE_SHARED_KEY_MAX];
    world_start(&members, 2);
    seal_at_the_holder();
    size_t grant = world_grant(&members, 0, 1, grant_id, record_context);
    writer asked = world_request(&members);
    write_bytes(&asked, grant_id, TEE_NONCE_LEN);
    NEED(ask(1, TEE_OP_EVIDENCE, &asked) == TEE_OK);
    size_t evidence_len = members.answer_len;
    memcpy(evidence, members.answer, evidence_len);
    asked = world_request(&members);
    write_bytes(&asked, grant_id, sizeof grant_id);
    put_var(&asked, evidence, evidence_len);
    put_var(&asked, record_context.data, record_context.len);
    write_bytes(&asked, sealed, TEE_SEAL_HEAD_LEN);
    world_prove(&members, &asked, grant);
    NEED(ask(0, TEE_OP_REWRAP, &asked) == TEE_OK);
    CHECK(!is_secret(members.answer, members.answer_len)); /* encrypted to the grantee */
    size_t shared_len = members.answer_len;
    memcpy(shared, members.answer, shared_len);
    asked = world_request(&members);
    put_var(&asked, shared, shared_len);
    put_var(&asked, record_context.data, record_context.len);
    put_var(&asked, sealed, sealed_len);
    world_prove(&members, &asked, grant);
    NEED(ask(1, TEE_OP_OPEN_SHARED, &asked) == TEE_OK);
    CHECK(is_secret(members.answer, members.answer_len));
    PUBLIC(members.answer, members.answer_len);
    CHECK(members.answer_len == sizeof text && memcmp(members.answer, text, sizeof text) == 0);
    asked.start[4 + shared_len - 1] ^= 1; /* the wrapped key's tag */
    CHECK_IS(TEE_E_AUTH, ask(1, TEE_OP_OPEN_SHARED, &asked));
    world_end(&members);
}

/* Subject and series of a measure: a host learns their order and whether they fit. */
#define MEASURE_HEAD_LEN (TEE_TAG_LEN + 16u + TEE_HASH_LEN)

static void add_values(unsigned seat) {
    const measure data[] = {{10 + seat, 7, 3 * (int64_t)seat + 1}, {100, 7, 100000}};
    writer asked = world_request(&members);
    write_measures(&members, seat, &asked, data, 2);
    PUBLIC(asked.start, asked.len);
    opened_public = MEASURE_HEAD_LEN;
    NEED(ask(seat, TEE_OP_DP_ADD, &asked) == TEE_OK);
    opened_public = 0;
    CHECK(is_secret(members.cores[seat].dp.tally.values, 2 * sizeof(int64_t)));
}

/* A round of three, of whom one is lost after it was dealt shares. */
static void sums_are_masked_and_unmasked(void) {
    enum { N = 3, ALL = 7, SURVIVORS = 3 };
    static agg_hosts r;
    world_start(&members, N);
    hosts_plan(&r, N, 1, 2);
    for (unsigned i = 0; i < N; i++) {
        writer asked = world_request(&members);
        hosts_write_begin(&members, &r, &asked);
        NEED(ask(i, TEE_OP_AGG_BEGIN, &asked) == TEE_OK);
        CHECK(is_secret(members.cores[i].agg.seed, TEE_HASH_LEN));
        PUBLIC(members.answer, members.answer_len); /* the seed's hash */
        hosts_keep_key(&r, i, &members);
        add_values(i);
    }
    for (unsigned i = 0; i < N; i++) {
        writer asked = world_request(&members);
        hosts_write_share(&r, ALL, &asked);
        NEED(ask(i, TEE_OP_AGG_SHARE, &asked) == TEE_OK);
        CHECK(!is_secret(members.answer, members.answer_len));
        hosts_keep_shares(&r, i, ALL, &members);
    }
    for (unsigned i = 0; i < N - 1; i++) {
        writer asked = world_request(&members);
        hosts_write_contribute(&r, i, ALL, &asked);
        NEED(ask(i, TEE_OP_AGG_CONTRIBUTE, &asked) == TEE_OK);
        CHECK(is_secret(members.answer, members.answer_len)); /* masked sums: */
        PUBLIC(members.answer, members.answer_len);           /* what masks are for */
        hosts_keep_contribution(&r, i, &members);
    }
    for (unsigned i = 0; i < N - 1; i++) {
        writer asked = world_request(&members);
        write_u64(&asked, SURVIVORS);
        NEED(ask(i, TEE_OP_AGG_UNMASK, &asked) == TEE_OK);
        CHECK(!is_secret(members.answer, members.answer_len));
        hosts_keep_unmasking(&r, i, &members);
    }
    debit_spec debit = debit_for(&members, r.aggregator, &r.query, 1);
    random_public = 1;
    NEED(world_begin(&members, r.aggregator, &r.query, &debit) == TEE_OK);
    random_public = 0;
    writer asked = world_request(&members);
    hosts_write_finish(&r, SURVIVORS, SURVIVORS, &asked);
    NEED(ask(r.aggregator, TEE_OP_AGG_FINISH, &asked) == TEE_OK);
    /* The sum, which noise covers; but what a sampler draws counts as public here. */
    CHECK(is_secret(members.answer, members.answer_len));
    PUBLIC(members.answer, members.answer_len);
    CHECK_IS(1 + 100 + 4 + 100, answer_value(&members, 0)); /* the second of each clamped */
    CHECK_IS(4, answer_value(&members, 1));
    world_end(&members);
}

static void keys_are_derived(void) {
    uint8_t input[TC_SYM_KEY_LEN] = {1};
    uint8_t prk[TEE_HASH_LEN];
    uint8_t out[TEE_HASH_LEN];
    const tc_span parts[] = {{input, sizeof input}};
    SECRET(input, sizeof input);
    CHECK_IS(0, hkdf_extract(NULL, parts, 1, prk));
    CHECK_IS(0, hkdf_expand(prk, parts, 1, out, sizeof out));
    CHECK(is_secret(out, sizeof out));
}

#ifdef CADUCEUS_AESNI
int aesni_gcm_seal(const uint8_t *key, const uint8_t *iv, const tc_span *aad, size_t aad_count,
                   tc_span in, uint8_t *out, uint8_t *tag);
int aesni_gcm_open(const uint8_t *key, const uint8_t *iv, const tc_span *aad, size_t aad_count,
                   tc_span in, uint8_t *out, const uint8_t *tag);

/* The Open Enclave port's own cipher: lengths around its blocks of 128 bytes. */
static void the_processors_cipher_keeps_keys_and_text(void) {
    static const size_t lens[] = {0, 1, 16, 57, 128, 300};
    uint8_t key[TC_SYM_KEY_LEN] = {3};
    uint8_t iv[TC_GCM_IV_LEN] = {4};
    uint8_t plain[300] = {5};
    uint8_t cipher[300];
    uint8_t tag[TC_GCM_TAG_LEN];
    const tc_span aad = {(const uint8_t *)"authenticated", 13};
    SECRET(key, sizeof key);
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        SECRET(plain, sizeof plain);
        NEED(aesni_gcm_seal(key, iv, &aad, 1, (tc_span){plain, lens[i]}, cipher, tag) == 0);
        CHECK(is_secret(tag, sizeof tag)); /* nobody let go of it inside */
        PUBLIC(cipher, lens[i]);
        PUBLIC(tag, sizeof tag);
        CHECK_IS(0, aesni_gcm_open(key, iv, &aad, 1, (tc_span){cipher, lens[i]}, plain, tag));
        CHECK(lens[i] == 0 || is_secret(plain, lens[i]));
        tag[0] ^= 1;
        CHECK_IS(-1, aesni_gcm_open(key, iv, &aad, 1, (tc_span){cipher, lens[i]}, plain, tag));
    }
}
#endif

int main(void) {
    if (!RUNNING_ON_VALGRIND) {
        puts("skipped: not under valgrind, which alone can see secrets");
        return 77;
    }
    for (suite = TEE_SUITE_ES256; suite <= TEE_SUITE_SM2; suite++) {
        RUN(keys_are_made_and_come_back);
        RUN(records_are_sealed_and_opened);
        RUN(a_lost_place_is_stated_under_a_new_key);
        RUN(evidence_is_shown);
        RUN(entries_are_signed);
        RUN(a_key_is_shared);
    }
    RUN(keys_are_derived);
    RUN(a_record_is_shared_and_read);
    RUN(sums_are_masked_and_unmasked);
#ifdef CADUCEUS_AESNI
    RUN(the_processors_cipher_keeps_keys_and_text);
#endif
    tee_core_wipe(&core);
    unsigned long leaks = VALGRIND_COUNT_ERRORS;
    printf("%lu branches or addresses depend on a secret\n", leaks);
    return leaks == 0 ? check_report() : 1;
}
