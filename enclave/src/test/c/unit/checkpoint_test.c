/* Checkpoints: of final blocks only, never two that contradict each other. */
#include "check.h"
#include "checkpoint.h"
#include "fixtures.h"

#include <string.h>

#define N 3u
#define QUORUM 3u

static checker ck;
static checkpoint_log checkpoints;
static tc_key *keys[N];
static built_config config;
static uint8_t out[TEE_CHECKPOINT_LEN];

static void start(void) {
    static const char *const ids[N] = {"alpha", "beta", "gamma"};
    static uint8_t payload[CONFIG_MAX + 64];
    config_spec spec;
    memset(&checkpoints, 0, sizeof checkpoints);
    NEED(checker_init(&ck, TEE_SUITE_ES256, fixture_chain) == TEE_OK);
    spec_default(&spec, 1, 4);
    for (unsigned i = 0; i < N; i++) {
        keys[i] = i == 0 ? ck.key : tc_key_generate(TEE_SUITE_ES256);
        spec_add(&spec, ids[i], tc_key_public(keys[i]));
    }
    build_config(&config, &spec);
    const epoch_item item = {&config, NULL, NULL, 0};
    size_t len = encode_chain(&item, 1, payload, sizeof payload);
    NEED(checker_enter(&ck, (tc_span){payload, len}) == TEE_OK);
}

static void end(void) {
    for (unsigned i = 1; i < N; i++) {
        tc_key_free(keys[i]);
    }
    checker_wipe(&ck);
}

static tee_status sign_block(const header_spec *header, uint64_t signers) {
    uint8_t bytes[TEE_HEADER_LEN];
    uint8_t qc[QC_MAX];
    encode_header(header, bytes);
    size_t len = build_qc(&config.config, header, keys, signers, qc);
    return checkpoint_sign(&checkpoints, &ck, (tc_span){bytes, sizeof bytes}, (tc_span){qc, len},
                           out);
}

static tee_status sign_by(uint64_t height, uint8_t salt, uint64_t signers) {
    header_spec header = header_for(&config.config, height, height, config.config.hash);
    header.salt = salt;
    return sign_block(&header, signers);
}

static void a_final_block_is_signed(void) {
    start();
    CHECK_IS(TEE_OK, sign_by(5, 0, QUORUM));
    const tc_span text = {out, TEE_CHECKPOINT_LEN - TEE_SIG_LEN};
    CHECK(tc_verify_message(TEE_SUITE_ES256, ck.public_key, &text, 1, out + text.len));
    CHECK(memcmp(out, "CDC1CKPT", 8) == 0);
    CHECK_IS(5, out[55]); /* height */
    NEED(sign_by(5, 0, QUORUM) == TEE_OK);
    CHECK_IS(TEE_OK, sign_by(6, 1, QUORUM));
    end();
}

static void one_below_the_last_is_refused(void) {
    start();
    CHECK_IS(TEE_OK, sign_by(5, 0, QUORUM));
    CHECK_IS(TEE_E_ROLLBACK, sign_by(4, 0, QUORUM));
    end();
}

static void what_is_not_final_is_refused(void) {
    start();
    CHECK_IS(TEE_E_QC, sign_by(5, 0, 1));
    CHECK_IS(0, checkpoints.height);
    end();
}

/* Its height is that of the next epoch's first block: a checkpoint of it would bar that. */
static void a_suffix_is_certified_and_no_block_of_the_chain(void) {
    start();
    header_spec last = header_for(&config.config, 5, 5, config.config.hash);
    last.last = true;
    header_spec above = suffix_of(&config.config, &last, 6);
    CHECK_IS(TEE_E_CONFLICT, sign_block(&above, QUORUM));
    CHECK_IS(0, checkpoints.height);
    CHECK_IS(TEE_STATE_ACTIVE, ck.now.state);
    CHECK_IS(TEE_OK, sign_block(&last, QUORUM));
    CHECK_IS(5, checkpoints.height);
    end();
}

static void two_final_blocks_of_one_height_end_the_instance(void) {
    start();
    CHECK_IS(TEE_OK, sign_by(5, 0, QUORUM));
    CHECK_IS(TEE_E_CONFLICT, sign_by(5, 1, QUORUM));
    keys[0] = NULL; /* was the checker's, which is destroyed */
    CHECK_IS(TEE_STATE_HALTED, ck.now.state);
    CHECK(ck.key == NULL);
    end();
}

static void without_a_voting_key_nothing_is_signed(void) {
    start();
    header_spec header = header_for(&config.config, 5, 5, config.config.hash);
    uint8_t bytes[TEE_HEADER_LEN];
    uint8_t qc[QC_MAX];
    encode_header(&header, bytes);
    size_t len = build_qc(&config.config, &header, keys, QUORUM, qc);
    NEED(checker_retire(&ck) == TEE_OK);
    CHECK_IS(TEE_E_STATE, checkpoint_sign(&checkpoints, &ck, (tc_span){bytes, sizeof bytes},
                                          (tc_span){qc, len}, out));
    end();
}

int main(void) {
    NEED(tc_init() == 0);
    RUN(a_final_block_is_signed);
    RUN(one_below_the_last_is_refused);
    RUN(what_is_not_final_is_refused);
    RUN(a_suffix_is_certified_and_no_block_of_the_chain);
    RUN(two_final_blocks_of_one_height_end_the_instance);
    RUN(without_a_voting_key_nothing_is_signed);
    tc_shutdown();
    return check_report();
}
