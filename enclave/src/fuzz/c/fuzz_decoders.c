/* Every decoder of the trusted core on the same bytes: none may read beyond them. */
#include "attest.h"
#include "dp_query.h"
#include "entry_sign.h"
#include "envelope.h"
#include "epoch_end.h"
#include "fuzz.h"

static identity who = {.member_len = 1, .member = {'a'}};
static keystore keys;
static keystore sm2_keys;

static void start(void) {
    uint8_t blob[KEYSTORE_BLOB_LEN];
    FUZZ_NEED(tc_init() == 0 && keystore_create(&keys, TEE_SUITE_ES256, &who, blob) == TEE_OK
              && keystore_create(&sm2_keys, TEE_SUITE_SM2, &who, blob) == TEE_OK);
}

/* A decoded object written out again is the bytes it came from. */
static void round_trip_report(tc_span bytes) {
    new_view report;
    uint8_t again[TEE_NEW_VIEW_LEN];
    reader in = reader_of(bytes.data, bytes.len);
    read_new_view(&in, &report);
    if (read_done(&in)) {
        encode_new_view(&report, again);
        FUZZ_NEED(memcmp(again, bytes.data, sizeof again) == 0);
    }
}

static void round_trip_statement(tc_span bytes) {
    resume_statement statement;
    uint8_t again[TEE_RESUME_LEN];
    reader in = reader_of(bytes.data, bytes.len);
    read_resume_statement(&in, &statement);
    if (read_done(&in)) {
        encode_resume_statement(&statement, again);
        FUZZ_NEED(memcmp(again, bytes.data, sizeof again) == 0);
    }
}

static void decode_proof(tc_span bytes) {
    static cold_start_proof proof;
    if (decode_cold_start(bytes, &proof) != TEE_OK) {
        return;
    }
    FUZZ_NEED(is_cold_start(bytes) && proof.statement_count <= TEE_MAX_MEMBERS);
    FUZZ_NEED(bytes.len == TEE_TAG_LEN + 4u + proof.base.len + 2u
                               + (size_t)proof.statement_count * TEE_RESUME_LEN + 2u
                               + (size_t)proof.approval_count * TEE_APPROVAL_LEN);
    for (uint16_t i = 1; i < proof.statement_count; i++) {
        FUZZ_NEED(proof.statements[i - 1].member < proof.statements[i].member);
    }
}

static void decode_end(tc_span bytes, const epoch_config *config) {
    epoch_end end;
    if (decode_epoch_end(bytes, &end) != TEE_OK) {
        return;
    }
    size_t count = bytes.len / TEE_HEADER_LEN;
    FUZZ_NEED(bytes.len % TEE_HEADER_LEN == 0 && count >= 1 && count <= TEE_MAX_EPOCH_END);
    FUZZ_NEED(!end.linked || end.top.height == end.last.height + count - 1);
    FUZZ_NEED(!epoch_end_is_of(&end, config) || end.last.epoch == config->epoch);
}

static void decode_all(tc_span bytes, uint8_t *room) {
    static epoch_config config;
    static justification just;
    static evidence shown;
    block_header header;
    quorum_cert qc;
    dp_query query;
    identity name;
    keystore other;
    if (decode_config(bytes, &config) == TEE_OK) {
        FUZZ_NEED(config.minimum_tier == TEE_TIER_SIMULATED || config.measurement_count > 0);
        FUZZ_NEED(config.n >= 1 && config.n <= TEE_MAX_MEMBERS && config.slot_k >= 1);
        FUZZ_NEED(config_quorum(&config) > config.n / 2 && config_quorum(&config) <= config.n);
        FUZZ_NEED(config.mode == TEE_MODE_TEE_1P || config.n >= 4);
        FUZZ_NEED(config_leader(&config, TEE_MAX_NUMBER) < config.n);
        for (uint16_t i = 0; i < config.n; i++) {
            const member *m = &config.members[i];
            FUZZ_NEED(memcmp(bytes.data + m->voting_key_at, m->voting_key, TEE_KEY_LEN) == 0);
            FUZZ_NEED(memcmp(bytes.data + m->evidence_at, m->evidence, TEE_HASH_LEN) == 0);
        }
    }
    if (decode_header(bytes, &header) == TEE_OK) {
        FUZZ_NEED(bytes.len == TEE_HEADER_LEN && header.view >= 1);
    }
    decode_end(bytes, &config);
    if (decode_qc(bytes, &qc) == TEE_OK) {
        FUZZ_NEED(bytes.len == TEE_QC_FIXED_LEN + qc_signer_count(&qc) * TEE_SIG_LEN);
        checker_qc_verifies(&config, &qc);
    }
    decode_justification(bytes, &just);
    if (decode_evidence(bytes, &shown) == TEE_OK) {
        FUZZ_NEED(shown.tier <= TEE_TIER_ENCLAVE_SGX && id_is_valid(shown.who.member, shown.who.member_len));
    }
    round_trip_report(bytes);
    round_trip_statement(bytes);
    decode_proof(bytes);
    if (dp_decode_query(bytes, &query) == TEE_OK) {
        FUZZ_NEED(query.outputs >= 1 && query.outputs <= DP_MAX_OUTPUTS);
        FUZZ_NEED(query.cost >= 1 && query.cost <= TEE_MAX_NUMBER);
    }
    identity_decode(bytes, &name);
    entry_check(&who, bytes);
    FUZZ_NEED(keystore_open(&other, TEE_SUITE_ES256, &who, bytes) != TEE_OK);
    FUZZ_NEED(keystore_open(&other, TEE_SUITE_SM2, &who, bytes) != TEE_OK);
    FUZZ_NEED(envelope_open(&sm2_keys, &who, bytes, bytes, room) != TEE_OK);
    FUZZ_NEED(envelope_open(&keys, &who, bytes, bytes, room) != TEE_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (keys.signing == NULL) {
        start();
    }
    /* A copy of exactly this size, so that the sanitizer sees any step beyond. */
    uint8_t *copy = malloc(size + 1);
    uint8_t *room = malloc(size + 1);
    FUZZ_NEED(copy != NULL && room != NULL);
    memcpy(copy, data, size);
    copy = realloc(copy, size == 0 ? 1 : size);
    FUZZ_NEED(copy != NULL);
    decode_all((tc_span){copy, size}, room);
    free(copy);
    free(room);
    return 0;
}
