/* Sharing: two members' cores, a ledger that grants, withdraws, or says something else. */
#include "check.h"
#include "envelope.h"
#include "fixtures.h"
#include "hpke.h"
#include "tee_core.h"
#include "tp_test.h"

#include <string.h>

#define N 3u
#define HOLDER 0u
#define GRANTEE 1u
#define QUORUM 3u
#define GRANT_AT 2u

static const char *const ids[N] = {"hospital", "pharmacy", "regulator"};
static tee_core cores[N];
static tc_key *keys[N];
static built_config config;

static uint8_t request[65536];
static uint8_t answer[TEE_MAX_EVIDENCE];
static size_t answer_len;

static uint8_t sealed[512];
static size_t sealed_len;
static uint8_t shared[TEE_SHARED_KEY_MAX];
static size_t shared_len;
static const char record_context[] = "entry 7";
static const char record_text[] = "Ibuprofen 400 mg";
static const uint8_t grant_id[32] = {9, 9, 9};

/* What the ledger says of the grant; a test changes one thing. */
typedef struct {
    const char *holder;
    const char *grantee;
    const char *context;
    uint64_t from;
    uint64_t until;
    bool withdrawn;
    uint8_t version;
    uint64_t height;
    uint64_t signers;
} ledger_says;

static const ledger_says granted = {"hospital", "pharmacy", record_context, 1000, 2000, false, 1, 4,
                                    QUORUM};

/* ---- the consortium ----------------------------------------------------- */

static void boot(unsigned i) {
    uint8_t who[IDENTITY_MAX_LEN];
    uint8_t blob[KEYSTORE_BLOB_LEN];
    size_t blob_len = 0;
    writer w = writer_of(who, sizeof who);
    write_bytes(&w, fixture_chain, TEE_HASH_LEN);
    write_u8(&w, (uint8_t)strlen(ids[i]));
    write_bytes(&w, (const uint8_t *)ids[i], strlen(ids[i]));
    memset(&cores[i], 0, sizeof cores[i]);
    NEED(tee_core_boot(&cores[i], TEE_SUITE_ES256, (tc_span){who, w.len}, (tc_span){NULL, 0}, blob,
                       &blob_len)
         == TEE_OK);
    keys[i] = cores[i].ck.key;
}

static tee_status call(unsigned i, uint16_t op, size_t len) {
    return tee_core_call(&cores[i], op, request, len, answer, sizeof answer, &answer_len);
}

static void put_var(writer *w, const void *data, size_t len) {
    write_u32(w, (uint32_t)len);
    write_bytes(w, data, len);
}

static void seal_record(void) {
    writer w = writer_of(request, sizeof request);
    put_var(&w, record_context, strlen(record_context));
    put_var(&w, record_text, strlen(record_text));
    NEED(call(HOLDER, TEE_OP_SEAL, w.len) == TEE_OK);
    memcpy(sealed, answer, answer_len);
    sealed_len = answer_len;
}

static void start(void) {
    config_spec spec;
    spec_default(&spec, 1, 4);
    for (unsigned i = 0; i < N; i++) {
        boot(i);
        spec_add(&spec, ids[i], tc_key_public(keys[i]));
        spec.signing[i] = tc_key_public(cores[i].keys.signing);
    }
    build_config(&config, &spec);
    for (unsigned i = 0; i < N; i++) {
        const epoch_item item = {&config, NULL, NULL, 0};
        size_t len = encode_chain(&item, 1, request, sizeof request);
        NEED(call(i, TEE_OP_ENTER_EPOCH, len) == TEE_OK);
    }
    seal_record();
}

static void end(void) {
    for (unsigned i = 0; i < N; i++) {
        tee_core_wipe(&cores[i]);
    }
}

/* ---- what hosts send ---------------------------------------------------- */

static size_t evidence_of(unsigned i, uint8_t *out) {
    memset(request, 7, TEE_NONCE_LEN);
    NEED(call(i, TEE_OP_EVIDENCE, TEE_NONCE_LEN) == TEE_OK);
    memcpy(out, answer, answer_len);
    return answer_len;
}

static void put_id(writer *w, const char *id) {
    write_u8(w, (uint8_t)strlen(id));
    write_bytes(w, (const uint8_t *)id, strlen(id));
}

static void put_proof(writer *w, const ledger_says *says) {
    static uint8_t proof[16384];
    uint8_t value[256];
    uint8_t key[38];
    uint8_t subject[TEE_HASH_LEN];
    const tc_span context = {(const uint8_t *)says->context, strlen(says->context)};
    NEED(tc_sha256(&context, 1, subject) == 0);
    writer v = writer_of(value, sizeof value);
    write_tag(&v, "CDC1GRNT");
    write_u8(&v, says->version);
    put_id(&v, says->holder);
    put_id(&v, says->grantee);
    write_bytes(&v, subject, sizeof subject);
    write_u64(&v, says->from);
    write_u64(&v, says->until);
    write_u8(&v, says->withdrawn ? 1 : 0);
    for (unsigned i = 0; i < TEE_HASH_LEN; i++) {
        write_u8(&v, 0x7e);
    }
    memcpy(key, "grant/", 6);
    memcpy(key + 6, grant_id, sizeof grant_id);
    state_item items[5];
    for (unsigned i = 0; i < 5; i++) {
        items[i] = (state_item){{(const uint8_t *)"other" + i, 1}, {(const uint8_t *)"x", 1}};
    }
    items[GRANT_AT] = (state_item){{key, sizeof key}, {value, v.len}};
    header_spec header = header_for(&config.config, says->height, says->height, config.config.hash);
    header.time_ms = 1500;
    size_t len = build_state_proof(&config.config, &header, keys, says->signers, items, 5, GRANT_AT,
                                   proof, sizeof proof);
    write_bytes(w, proof, len);
    NEED(w->ok);
}

static tee_status rewrap_for(unsigned to, const char *context, const ledger_says *says) {
    static uint8_t evidence[TEE_MAX_EVIDENCE];
    size_t len = evidence_of(to, evidence);
    writer w = writer_of(request, sizeof request);
    write_bytes(&w, grant_id, sizeof grant_id);
    put_var(&w, evidence, len);
    put_var(&w, context, strlen(context));
    write_bytes(&w, sealed, TEE_SEAL_HEAD_LEN);
    put_proof(&w, says);
    tee_status status = call(HOLDER, TEE_OP_REWRAP, w.len);
    if (status == TEE_OK) {
        memcpy(shared, answer, answer_len);
        shared_len = answer_len;
    }
    return status;
}

static tee_status open_by(unsigned i, const ledger_says *says) {
    writer w = writer_of(request, sizeof request);
    put_var(&w, shared, shared_len);
    put_var(&w, record_context, strlen(record_context));
    put_var(&w, sealed, sealed_len);
    put_proof(&w, says);
    return call(i, TEE_OP_OPEN_SHARED, w.len);
}

/* ---- tests -------------------------------------------------------------- */

static void a_grantee_reads_what_was_granted(void) {
    start();
    NEED(rewrap_for(GRANTEE, record_context, &granted) == TEE_OK);
    NEED(open_by(GRANTEE, &granted) == TEE_OK);
    CHECK_IS(strlen(record_text), answer_len);
    CHECK(memcmp(answer, record_text, answer_len) == 0);
    end();
}

static void check_no_grant(ledger_says says) {
    CHECK_IS(TEE_E_NO_GRANT, rewrap_for(GRANTEE, record_context, &says));
    CHECK_IS(TEE_E_NO_GRANT, open_by(GRANTEE, &says));
}

static void without_a_live_grant_no_key_leaves_and_nothing_opens(void) {
    start();
    NEED(rewrap_for(GRANTEE, record_context, &granted) == TEE_OK);
    ledger_says says = granted;
    says.withdrawn = true;
    check_no_grant(says);
    says = granted;
    says.from = 1501;
    check_no_grant(says);
    says = granted;
    says.until = 1500;
    check_no_grant(says);
    says = granted;
    says.holder = "regulator";
    check_no_grant(says);
    says = granted;
    says.grantee = "regulator";
    check_no_grant(says);
    says = granted;
    says.context = "entry 8";
    check_no_grant(says);
    says = granted;
    says.version = 2;
    check_no_grant(says);
    end();
}

/* The withdrawal is in block 6; proofs of block 5 no longer count once 6 was seen. */
static void a_withdrawal_ends_reading_with_the_next_block(void) {
    start();
    NEED(rewrap_for(GRANTEE, record_context, &granted) == TEE_OK);
    NEED(open_by(GRANTEE, &granted) == TEE_OK);
    ledger_says withdrawn = granted;
    withdrawn.withdrawn = true;
    withdrawn.height = 6;
    CHECK_IS(TEE_E_NO_GRANT, open_by(GRANTEE, &withdrawn));
    ledger_says earlier = granted;
    earlier.height = 5;
    CHECK_IS(TEE_E_ROLLBACK, open_by(GRANTEE, &earlier));
    end();
}

static void a_grant_that_is_not_final_does_not_count(void) {
    start();
    ledger_says says = granted;
    says.signers = 1;
    CHECK_IS(TEE_E_QC, rewrap_for(GRANTEE, record_context, &says));
    end();
}

/* The host shows the grant of one record and the wrapped key of another. */
static void the_key_of_another_record_is_not_given(void) {
    start();
    writer w = writer_of(request, sizeof request);
    put_var(&w, "entry 8", 7);
    put_var(&w, "not granted", 11);
    NEED(call(HOLDER, TEE_OP_SEAL, w.len) == TEE_OK);
    memcpy(sealed, answer, answer_len);
    CHECK_IS(TEE_E_AUTH, rewrap_for(GRANTEE, record_context, &granted));
    end();
}

static void only_the_grantees_enclave_opens_it(void) {
    start();
    NEED(rewrap_for(GRANTEE, record_context, &granted) == TEE_OK);
    CHECK_IS(TEE_E_AUTH, open_by(2, &granted));
    CHECK_IS(TEE_E_AUTH, open_by(HOLDER, &granted));
    for (size_t at = 0; at < shared_len; at++) {
        shared[at] ^= 1;
        tee_status status = open_by(GRANTEE, &granted);
        CHECK(status == TEE_E_AUTH || status == TEE_E_PROOF || status == TEE_E_NO_GRANT);
        shared[at] ^= 1;
    }
    for (size_t at = 0; at < sealed_len; at++) {
        if (at < 10 || at >= TEE_SEAL_HEAD_LEN) { /* the wrapped key is not used here */
            sealed[at] ^= 1;
            CHECK_IS(TEE_E_AUTH, open_by(GRANTEE, &granted));
            sealed[at] ^= 1;
        }
    }
    NEED(open_by(GRANTEE, &granted) == TEE_OK);
    end();
}

/* Evidence of one member with the grant to another. */
static void only_the_grantees_evidence_gets_the_key(void) {
    start();
    CHECK_IS(TEE_E_NO_GRANT, rewrap_for(2, record_context, &granted));
    CHECK_IS(TEE_E_NO_GRANT, rewrap_for(HOLDER, record_context, &granted));
    end();
}

/* A shared key as a broken enclave of the holder might write it. */
static void forge_shared_key(const char *holder, const char *grantee, unsigned to) {
    uint8_t data_key[TC_SYM_KEY_LEN];
    const tc_span context = {(const uint8_t *)record_context, strlen(record_context)};
    const tc_span chain_id = {fixture_chain, TEE_HASH_LEN};
    const tc_span key = {data_key, sizeof data_key};
    NEED(envelope_unwrap(&cores[HOLDER].keys, &cores[HOLDER].who, context, sealed, data_key)
         == TEE_OK);
    writer w = writer_of(shared, sizeof shared);
    write_tag(&w, "CDC1SHKY");
    put_id(&w, holder);
    put_id(&w, grantee);
    write_bytes(&w, grant_id, sizeof grant_id);
    const tc_span head = {shared, w.len};
    NEED(hpke_seal(tc_key_public(cores[to].keys.exchange), chain_id, head, key, shared + w.len,
                   shared + w.len + TEE_KEY_LEN)
         == 0);
    shared_len = w.len + TEE_KEY_LEN + TC_SYM_KEY_LEN + HPKE_OVERHEAD;
}

static void a_shared_key_names_its_reader(void) {
    start();
    forge_shared_key("hospital", "pharmacy", GRANTEE);
    CHECK_IS(TEE_OK, open_by(GRANTEE, &granted)); /* so the forgery lacks nothing else */
    forge_shared_key("hospital", "pharmacy", 2);
    CHECK_IS(TEE_E_AUTH, open_by(2, &granted));
    forge_shared_key("Hospital", "pharmacy", GRANTEE); /* no member's id */
    CHECK_IS(TEE_E_AUTH, open_by(GRANTEE, &granted));
    forge_shared_key("hospital-hospital-hospital-hospital-hospital-hospital-hospital-hos",
                     "pharmacy", GRANTEE); /* longer than an id */
    CHECK_IS(TEE_E_AUTH, open_by(GRANTEE, &granted));
    end();
}

static void a_stranger_to_the_epoch_gets_no_key(void) {
    static uint8_t evidence[TEE_MAX_EVIDENCE];
    start();
    tee_core_wipe(&cores[GRANTEE]);
    tc_key *gone = tc_key_generate(TEE_SUITE_ES256);
    boot(GRANTEE); /* another instance: its voting key has no seat */
    size_t len = evidence_of(GRANTEE, evidence);
    keys[GRANTEE] = gone;
    writer w = writer_of(request, sizeof request);
    write_bytes(&w, grant_id, sizeof grant_id);
    put_var(&w, evidence, len);
    put_var(&w, record_context, strlen(record_context));
    write_bytes(&w, sealed, TEE_SEAL_HEAD_LEN);
    put_proof(&w, &granted);
    CHECK_IS(TEE_E_EVIDENCE, call(HOLDER, TEE_OP_REWRAP, w.len));
    tc_key_free(gone);
    end();
}

static void short_and_overlong_requests_are_refused(void) {
    start();
    NEED(rewrap_for(GRANTEE, record_context, &granted) == TEE_OK);
    writer w = writer_of(request, sizeof request);
    put_var(&w, shared, shared_len);
    put_var(&w, record_context, strlen(record_context));
    put_var(&w, sealed, sealed_len);
    put_proof(&w, &granted);
    for (size_t len = 0; len < w.len; len += 7) {
        CHECK_IS(TEE_E_PARAM, call(GRANTEE, TEE_OP_OPEN_SHARED, len));
    }
    CHECK_IS(TEE_E_PARAM, call(GRANTEE, TEE_OP_OPEN_SHARED, w.len + 1));
    CHECK_IS(TEE_OK, call(GRANTEE, TEE_OP_OPEN_SHARED, w.len));
    end();
}

int main(void) {
    NEED(tc_init() == 0);
    RUN(a_grantee_reads_what_was_granted);
    RUN(without_a_live_grant_no_key_leaves_and_nothing_opens);
    RUN(a_withdrawal_ends_reading_with_the_next_block);
    RUN(a_grant_that_is_not_final_does_not_count);
    RUN(the_key_of_another_record_is_not_given);
    RUN(only_the_grantees_enclave_opens_it);
    RUN(only_the_grantees_evidence_gets_the_key);
    RUN(a_shared_key_names_its_reader);
    RUN(a_stranger_to_the_epoch_gets_no_key);
    RUN(short_and_overlong_requests_are_refused);
    tc_shutdown();
    return check_report();
}
