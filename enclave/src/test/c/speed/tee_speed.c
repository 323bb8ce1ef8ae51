/*
 * How fast the trusted core answers, without the socket. Not a test.
 *
 *   tee-speed [sm2]         a table, of suite ES256 or SM2
 *   tee-speed --tsv [sm2]   lines "operation TAB microseconds of CPU TAB bytes of payload"
 */
#define _GNU_SOURCE
#include <string.h>
#include <time.h>

#include "check.h"
#include "fixtures.h"
#include "privacy.h"
#include "tee_core.h"

#define KIB 1024u
#define MIB (1024u * 1024u)
#define VOTES 4000u
#define BATCH 200u
#define ROOM (2u * MIB)
#define MEASURES 100000u
#define MEASURES_A_CALL 500u

static tee_core core;
static uint8_t suite = TEE_SUITE_ES256;
static built_config config;
static uint8_t request[ROOM];
static uint8_t answer[ROOM];
static size_t request_len;
static size_t answer_len;
static bool tsv;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void ask(uint16_t op) {
    NEED(tee_core_call(&core, op, request, request_len, answer, sizeof answer, &answer_len)
         == TEE_OK);
}

/* bytes: what a call works on, 0 if its length does not matter. */
static void report(const char *what, double seconds, unsigned times, size_t bytes) {
    double each = seconds / times;
    if (tsv) {
        printf("%s\t%.3f\t%zu\n", what, each * 1e6, bytes);
    } else {
        printf("%-28s %9.2f us %12.0f per second of CPU", what, each * 1e6, 1 / each);
        if (bytes > 0) {
            printf(" %8.0f MB/s", (double)bytes / each / 1e6);
        }
        printf("\n");
    }
}

static void time_calls(const char *what, uint16_t op, unsigned times, unsigned per_call,
                    size_t bytes) {
    ask(op);
    double start = now();
    for (unsigned i = 0; i < times; i++) {
        ask(op);
    }
    report(what, now() - start, times * per_call, bytes);
}

static writer begin(void) {
    return writer_of(request, sizeof request);
}

static void end(const writer *w) {
    NEED(w->ok);
    request_len = w->len;
}

static void put_var(writer *w, const void *data, size_t len) {
    write_u32(w, (uint32_t)len);
    write_bytes(w, data, len);
}

static void info(void) {
    request_len = 0;
    time_calls("INFO", TEE_OP_INFO, 200000, 1, 0);
}

static void seal_and_open(const char *size_name, size_t size, unsigned times) {
    static uint8_t text[ROOM];
    char name[40];
    writer w = begin();
    put_var(&w, "context", 7);
    put_var(&w, text, size);
    end(&w);
    snprintf(name, sizeof name, "SEAL %s", size_name);
    time_calls(name, TEE_OP_SEAL, times, 1, size);
    static uint8_t sealed[ROOM];
    size_t sealed_len = answer_len;
    memcpy(sealed, answer, sealed_len);
    w = begin();
    put_var(&w, "context", 7);
    put_var(&w, sealed, sealed_len);
    end(&w);
    snprintf(name, sizeof name, "OPEN %s", size_name);
    time_calls(name, TEE_OP_OPEN, times, 1, size);
}

static void sign_entries(void) {
    static uint8_t entry[1024];
    static const uint8_t first[] = {0xa4, 1, 1, 2, 0x58, 32};
    static const uint8_t next[] = {3, 0x61, 'a', 4, 0x59, 0x03, 0x00};
    memcpy(entry, first, sizeof first);
    memcpy(entry + sizeof first, fixture_chain, TEE_HASH_LEN);
    size_t len = sizeof first + TEE_HASH_LEN;
    memcpy(entry + len, next, sizeof next);
    len += sizeof next + 0x300;
    writer w = begin();
    put_var(&w, entry, len);
    end(&w);
    time_calls("SIGN_ENTRY 1 kB", TEE_OP_SIGN_ENTRY, 20000, 1, 0);
}

static void verify_batches(void) {
    tc_key *key = tc_key_generate(suite);
    NEED(key != NULL);
    writer w = begin();
    write_u16(&w, BATCH);
    for (unsigned i = 0; i < BATCH; i++) {
        const tc_span message = {(const uint8_t *)&i, sizeof i};
        uint8_t digest[TEE_HASH_LEN];
        uint8_t sig[TEE_SIG_LEN];
        NEED(tc_digest(tc_key_suite(key), tc_key_public(key), &message, 1, digest) == 0);
        NEED(tc_sign_message(key, &message, 1, sig) == 0);
        write_bytes(&w, tc_key_public(key), TEE_KEY_LEN);
        write_bytes(&w, digest, sizeof digest);
        write_bytes(&w, sig, sizeof sig);
    }
    end(&w);
    time_calls("VERIFY_BATCH, one of 200", TEE_OP_VERIFY_BATCH, 60, BATCH, 0);
    tc_key_free(key);
}

/* ---- with a seat: this instance alone, which leads every view ------------ */

static void enter_alone(void) {
    config_spec spec;
    spec_default(&spec, 1, 1);
    spec.suite = suite;
    spec_add(&spec, "a", core.ck.public_key);
    spec.signing[0] = tc_key_public(core.keys.signing);
    build_config(&config, &spec);
    const epoch_item item = {&config, NULL, NULL, 0};
    request_len = encode_chain(&item, 1, request, sizeof request);
    ask(TEE_OP_ENTER_EPOCH);
}

/* Proposals on certificates of their parents, then votes for them. */
static void propose_and_vote(void) {
    static uint8_t headers[VOTES][TEE_HEADER_LEN];
    static uint8_t props[VOTES][TEE_SIG_LEN];
    double proposing = 0;
    uint8_t just[JUST_MAX];
    size_t just_len = just_anchor(just);
    header_spec header = header_for(&config.config, 1, 1, config.config.hash);
    for (unsigned i = 0; i < VOTES; i++) {
        uint8_t qc[QC_MAX];
        encode_header(&header, headers[i]);
        writer w = begin();
        write_bytes(&w, headers[i], TEE_HEADER_LEN);
        put_var(&w, just, just_len);
        end(&w);
        double start = now();
        ask(TEE_OP_PROPOSE);
        proposing += now() - start;
        memcpy(props[i], answer, TEE_SIG_LEN);
        size_t qc_len = build_qc(&config.config, &header, &core.ck.key, 1, qc);
        just_len = just_qc(qc, qc_len, just);
        block_header parent = decoded_header(&header);
        header = header_for(&config.config, i + 2, i + 2, parent.hash);
    }
    report("PROPOSE on a certificate", proposing, VOTES, 0);
    double start = now();
    for (unsigned i = 0; i < VOTES; i++) {
        writer w = begin();
        write_bytes(&w, headers[i], TEE_HEADER_LEN);
        write_bytes(&w, props[i], TEE_SIG_LEN);
        end(&w);
        ask(TEE_OP_VOTE);
    }
    report("VOTE", now() - start, VOTES, 0);
}

static void evidence(void) {
    writer w = begin();
    write_bytes(&w, fixture_chain, TEE_NONCE_LEN);
    end(&w);
    time_calls("EVIDENCE", TEE_OP_EVIDENCE, 10000, 1, 0);
}

/* ---- sharing: with itself, under a proven grant -------------------------- */

static size_t grant_value(uint8_t *out, size_t cap, tc_span context) {
    uint8_t subject[TEE_HASH_LEN];
    NEED(tc_sha256(&context, 1, subject) == 0);
    writer w = writer_of(out, cap);
    write_tag(&w, "CDC1GRNT");
    write_u8(&w, 1);
    for (unsigned i = 0; i < 2; i++) {
        write_u8(&w, 1);
        write_bytes(&w, (const uint8_t *)"a", 1);
    }
    write_bytes(&w, subject, sizeof subject);
    write_u64(&w, 0);
    write_u64(&w, TEE_MAX_NUMBER);
    write_u8(&w, 0);
    write_bytes(&w, subject, sizeof subject);
    NEED(w.ok);
    return w.len;
}

static void share(void) {
    static uint8_t proof[16384];
    static uint8_t own_evidence[TEE_MAX_EVIDENCE];
    static uint8_t record[2048];
    static const uint8_t text[KIB];
    const tc_span context = {(const uint8_t *)"entry 1", 7};
    uint8_t key[6 + 32] = "grant/";
    uint8_t value[256];
    writer w = begin();
    put_var(&w, context.data, context.len);
    put_var(&w, text, sizeof text);
    end(&w);
    ask(TEE_OP_SEAL);
    size_t record_len = answer_len;
    memcpy(record, answer, record_len);
    request_len = TEE_NONCE_LEN;
    ask(TEE_OP_EVIDENCE);
    size_t evidence_len = answer_len;
    memcpy(own_evidence, answer, evidence_len);

    state_item items[FIXTURE_STATE_MAX];
    for (unsigned i = 0; i < FIXTURE_STATE_MAX; i++) {
        items[i] = (state_item){{text + i, i + 1}, {text, 8}};
    }
    items[3] = (state_item){{key, sizeof key}, {value, grant_value(value, sizeof value, context)}};
    header_spec header = header_for(&config.config, VOTES + 1, VOTES + 1, config.config.hash);
    size_t proof_len = build_state_proof(&config.config, &header, &core.ck.key, 1, items,
                                         FIXTURE_STATE_MAX, 3, proof, sizeof proof);
    w = begin();
    write_bytes(&w, key + 6, 32);
    put_var(&w, own_evidence, evidence_len);
    put_var(&w, context.data, context.len);
    write_bytes(&w, record, TEE_SEAL_HEAD_LEN);
    write_bytes(&w, proof, proof_len);
    end(&w);
    time_calls("REWRAP", TEE_OP_REWRAP, 2000, 1, 0);
    static uint8_t shared[TEE_SHARED_KEY_MAX];
    size_t shared_len = answer_len;
    memcpy(shared, answer, shared_len);
    w = begin();
    put_var(&w, shared, shared_len);
    put_var(&w, context.data, context.len);
    put_var(&w, record, record_len);
    write_bytes(&w, proof, proof_len);
    end(&w);
    time_calls("OPEN_SHARED 1 KiB", TEE_OP_OPEN_SHARED, 2000, 1, 0);
}

/* ---- a histogram of eight bins over many sealed records ------------------ */

static void private_histogram(void) {
    static world w;
    static measure some[MEASURES_A_CALL];
    world_start(&w, 3);
    query_spec query = query_default();
    query.kind = DP_HISTOGRAM;
    query.bound_count = 7;
    for (unsigned i = 0; i < 7; i++) {
        query.bounds[i] = 10 * (int64_t)i;
    }
    query.mechanism = DP_GAUSSIAN;
    query.noise = (dp_spread){100, 1};
    debit_spec debit = debit_for(&w, 0, &query, 1);
    double start = now();
    NEED(world_begin(&w, 0, &query, &debit) == TEE_OK);
    double seconds = now() - start;
    report("DP_BEGIN, 8 noises", seconds, 1, 0);
    for (unsigned done = 0; done < MEASURES; done += MEASURES_A_CALL) {
        for (unsigned i = 0; i < MEASURES_A_CALL; i++) {
            some[i] = (measure){done + i + 1, query.series, (int64_t)((done + i) % 90)};
        }
        writer request_of = world_request(&w);
        write_measures(&w, 0, &request_of, some, MEASURES_A_CALL);
        start = now();
        NEED(world_call(&w, 0, TEE_OP_DP_ADD, &request_of) == TEE_OK);
        seconds += now() - start;
    }
    writer nothing = world_request(&w);
    start = now();
    NEED(world_call(&w, 0, TEE_OP_DP_RELEASE, &nothing) == TEE_OK);
    seconds += now() - start;
    report("DP query, 100,000 records", seconds, 1, 0);
    world_end(&w);
}

static void boot(void) {
    uint8_t who[IDENTITY_MAX_LEN];
    uint8_t blob[KEYSTORE_BLOB_LEN];
    size_t blob_len = 0;
    writer w = writer_of(who, sizeof who);
    write_bytes(&w, fixture_chain, TEE_HASH_LEN);
    write_u8(&w, 1);
    write_bytes(&w, (const uint8_t *)"a", 1);
    const tc_span name = {who, w.len};
    const tc_span none = {NULL, 0};
    NEED(tee_core_boot(&core, suite, name, none, blob, &blob_len) == TEE_OK);
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        tsv = tsv || strcmp(argv[i], "--tsv") == 0;
        suite = strcmp(argv[i], "sm2") == 0 ? TEE_SUITE_SM2 : suite;
    }
    NEED(tc_init() == 0);
    boot();
    info();
    seal_and_open("1 KiB", KIB, 100000);
    seal_and_open("64 KiB", 64 * KIB, 5000);
    seal_and_open("1 MiB", MIB, 400);
    sign_entries();
    verify_batches();
    enter_alone();
    propose_and_vote();
    evidence();
    share();
    private_histogram();
    tee_core_wipe(&core);
    tc_shutdown();
    return check_report();
}
