/* State proofs: believed only for final, fresh blocks and paths that lead to their root. */
#include "check.h"
#include "fixtures.h"
#include "state_proof.h"

#include <string.h>

#define N 3u
#define QUORUM 3u /* members 0 and 1 */
#define ITEMS 9u
#define PROOF_MAX 16384u

static checker ck;
static tc_key *keys[N];
static built_config config;
static state_item items[ITEMS];
static uint8_t proof[PROOF_MAX];

static void start(void) {
    static const char *const ids[N] = {"alpha", "beta", "gamma"};
    static uint8_t payload[CONFIG_MAX + 64];
    config_spec spec;
    NEED(checker_init(&ck, TEE_SUITE_ES256, fixture_chain) == TEE_OK);
    spec_default(&spec, 1, 4);
    for (unsigned i = 0; i < N; i++) {
        keys[i] = i == 0 ? ck.key : tc_key_generate(TEE_SUITE_ES256);
        NEED(keys[i] != NULL);
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

static tc_span key_of(size_t i) {
    static char names[ITEMS][16];
    snprintf(names[i], sizeof names[i], "grant/%zu", i);
    return (tc_span){(const uint8_t *)names[i], strlen(names[i])};
}

static void fill_items(size_t count) {
    for (size_t i = 0; i < count; i++) {
        items[i] = (state_item){key_of(i), {(const uint8_t *)"the value of one", i}};
    }
}

static header_spec block(uint64_t height) {
    return header_for(&config.config, height, height, config.config.hash);
}

static tee_status read_it(size_t len, tc_span key, proven_value *out) {
    reader in = reader_of(proof, len);
    return state_proof_read(&ck, &in, key, out);
}

static void values_of_trees_of_every_small_size_are_proven(void) {
    start();
    for (size_t count = 1; count <= ITEMS; count++) {
        fill_items(count);
        for (size_t i = 0; i < count; i++) {
            proven_value out;
            header_spec header = block(1);
            size_t len = build_state_proof(&config.config, &header, keys, QUORUM, items, count, i,
                                           proof, sizeof proof);
            CHECK_IS(TEE_OK, read_it(len, key_of(i), &out));
            CHECK_IS(i, out.value.len);
            CHECK_IS(1, out.header.height);
            CHECK_IS(TEE_E_PROOF, read_it(len, (tc_span){(const uint8_t *)"grant/x", 7}, &out));
        }
    }
    end();
}

static void any_altered_byte_is_refused(void) {
    start();
    fill_items(5);
    header_spec header = block(1);
    size_t len =
        build_state_proof(&config.config, &header, keys, QUORUM, items, 5, 3, proof, sizeof proof);
    for (size_t at = 0; at < len; at++) {
        proven_value out;
        proof[at] ^= 1;
        CHECK(read_it(len, key_of(3), &out) != TEE_OK);
        proof[at] ^= 1;
    }
    for (size_t cut = 0; cut < len; cut++) {
        proven_value out;
        CHECK_IS(TEE_E_PARAM, read_it(cut, key_of(3), &out));
    }
    end();
}

/* In BFT-2P by three of four, in the second phase. */
static void among_processes_the_second_phase_makes_it_final(void) {
    static const char *const ids[] = {"alpha", "beta", "delta", "gamma"};
    static uint8_t payload[CONFIG_MAX + 64];
    tc_key *four[4];
    built_config bft;
    config_spec spec;
    proven_value out;
    NEED(checker_init(&ck, TEE_SUITE_ES256, fixture_chain) == TEE_OK);
    spec_default(&spec, 1, 4);
    spec.mode = TEE_MODE_BFT_2P;
    for (unsigned i = 0; i < 4; i++) {
        four[i] = tc_key_generate(TEE_SUITE_ES256);
        NEED(four[i] != NULL);
        spec_add(&spec, ids[i], tc_key_public(four[i]));
    }
    build_config(&bft, &spec);
    const epoch_item item = {&bft, NULL, NULL, 0};
    size_t len = encode_chain(&item, 1, payload, sizeof payload);
    NEED(checker_enter(&ck, (tc_span){payload, len}) == TEE_OK);
    fill_items(2);
    header_spec header = header_for(&bft.config, 1, 1, bft.config.hash);
    epoch_config prepared = bft.config;
    prepared.mode = TEE_MODE_TEE_1P; /* votes of phase 1 */
    len = build_state_proof(&prepared, &header, four, 15, items, 2, 0, proof, sizeof proof);
    CHECK_IS(TEE_E_QC, read_it(len, key_of(0), &out));
    len = build_state_proof(&bft.config, &header, four, 3, items, 2, 0, proof, sizeof proof);
    CHECK_IS(TEE_E_QC, read_it(len, key_of(0), &out));
    len = build_state_proof(&bft.config, &header, four, 13, items, 2, 0, proof, sizeof proof);
    CHECK_IS(TEE_OK, read_it(len, key_of(0), &out));
    for (unsigned i = 0; i < 4; i++) {
        tc_key_free(four[i]);
    }
    checker_wipe(&ck);
}

static void too_few_votes_do_not_make_it_final(void) {
    proven_value out;
    start();
    fill_items(2);
    header_spec header = block(1);
    size_t len =
        build_state_proof(&config.config, &header, keys, 1, items, 2, 0, proof, sizeof proof);
    CHECK_IS(TEE_E_QC, read_it(len, key_of(0), &out));
    CHECK_IS(0, ck.certified);
    end();
}

static void a_block_below_what_was_seen_is_refused(void) {
    proven_value out;
    start();
    fill_items(2);
    header_spec newer = block(7);
    size_t len =
        build_state_proof(&config.config, &newer, keys, QUORUM, items, 2, 0, proof, sizeof proof);
    CHECK_IS(TEE_OK, read_it(len, key_of(0), &out));
    CHECK_IS(7, ck.certified);
    header_spec older = block(6);
    len = build_state_proof(&config.config, &older, keys, QUORUM, items, 2, 0, proof, sizeof proof);
    CHECK_IS(TEE_E_ROLLBACK, read_it(len, key_of(0), &out));
    end();
}

/* A host cannot let its enclave vote on and show it old state all the same. */
static void a_vote_makes_older_blocks_stale(void) {
    proven_value out;
    uint8_t bytes[TEE_HEADER_LEN];
    uint8_t prop[TEE_SIG_LEN];
    uint8_t sig[TEE_SIG_LEN];
    start();
    fill_items(2);
    header_spec voted = block(9);
    encode_header(&voted, bytes);
    sign_prop(&config.config, &voted, keys[config_leader(&config.config, 9)], prop);
    NEED(checker_vote(&ck, (tc_span){bytes, sizeof bytes}, prop, sig) == TEE_OK);
    header_spec old = block(7);
    size_t len =
        build_state_proof(&config.config, &old, keys, QUORUM, items, 2, 0, proof, sizeof proof);
    CHECK_IS(TEE_E_ROLLBACK, read_it(len, key_of(0), &out));
    header_spec parent = block(8);
    len = build_state_proof(&config.config, &parent, keys, QUORUM, items, 2, 0, proof, sizeof proof);
    CHECK_IS(TEE_OK, read_it(len, key_of(0), &out));
    end();
}

static void another_chain_epoch_or_certificate_is_refused(void) {
    proven_value out;
    uint8_t other_qc[QC_MAX];
    start();
    fill_items(2);
    header_spec header = block(1);
    header.chain[0] ^= 1;
    size_t len =
        build_state_proof(&config.config, &header, keys, QUORUM, items, 2, 0, proof, sizeof proof);
    CHECK_IS(TEE_E_CONFLICT, read_it(len, key_of(0), &out));
    header = block(1);
    header.epoch = 2;
    len = build_state_proof(&config.config, &header, keys, QUORUM, items, 2, 0, proof, sizeof proof);
    CHECK_IS(TEE_E_CONFLICT, read_it(len, key_of(0), &out));
    header = block(2);
    size_t qc_len = build_qc(&config.config, &header, keys, QUORUM, other_qc);
    header = block(1);
    len = build_state_proof(&config.config, &header, keys, QUORUM, items, 2, 0, proof, sizeof proof);
    memcpy(proof + TEE_HEADER_LEN + 4, other_qc, qc_len);
    CHECK_IS(TEE_E_CONFLICT, read_it(len, key_of(0), &out));
    end();
}

static void nothing_is_believed_before_an_epoch_or_after_a_halt(void) {
    proven_value out;
    start();
    fill_items(1);
    header_spec header = block(1);
    size_t len =
        build_state_proof(&config.config, &header, keys, QUORUM, items, 1, 0, proof, sizeof proof);
    checker_halt(&ck);
    keys[0] = NULL;
    CHECK_IS(TEE_E_STATE, read_it(len, key_of(0), &out));
    end();
    NEED(checker_init(&ck, TEE_SUITE_ES256, fixture_chain) == TEE_OK);
    CHECK_IS(TEE_E_STATE, read_it(len, key_of(0), &out));
    checker_wipe(&ck);
}

/* A key has 256 bits: a 257th sibling would be placed by what lies beyond them. */
static void a_path_longer_than_a_key_is_refused(void) {
    static uint8_t siblings[257 * TEE_HASH_LEN];
    proven_value out;
    start();
    fill_items(1);
    header_spec header = block(1);
    size_t len =
        build_state_proof(&config.config, &header, keys, QUORUM, items, 1, 0, proof, sizeof proof);
    size_t value_len = items[0].value.len + 4;
    size_t count_at = len - value_len - 2;
    for (unsigned count = 256; count <= 257; count++) {
        uint8_t longer[PROOF_MAX];
        writer w = writer_of(longer, sizeof longer);
        write_bytes(&w, proof, count_at);
        write_u16(&w, (uint16_t)count);
        write_bytes(&w, siblings, count * TEE_HASH_LEN);
        write_bytes(&w, proof + count_at + 2, value_len);
        NEED(w.ok);
        reader in = reader_of(longer, w.len);
        CHECK_IS(count == 256 ? TEE_E_PROOF : TEE_E_PARAM,
                 state_proof_read(&ck, &in, key_of(0), &out));
    }
    end();
}

/* Whoever entered an epoch has seen the block it began with. */
static void nothing_below_an_epochs_first_block_is_believed(void) {
    static uint8_t payload[2 * CONFIG_MAX];
    uint8_t last[TEE_HEADER_LEN];
    uint8_t qc[QC_MAX];
    config_spec spec;
    built_config next;
    proven_value out;
    start();
    spec_default(&spec, 2, 4);
    for (unsigned i = 0; i < N; i++) {
        spec_add(&spec, i == 0 ? "alpha" : i == 1 ? "beta" : "gamma", tc_key_public(keys[i]));
    }
    build_config(&next, &spec);
    header_spec end_block = block(7);
    end_block.last = true;
    memcpy(end_block.next_config, next.config.hash, TEE_HASH_LEN);
    encode_header(&end_block, last);
    size_t qc_len = build_qc(&config.config, &end_block, keys, QUORUM, qc);
    const epoch_item item = {&next, last, qc, qc_len};
    size_t payload_len = encode_chain(&item, 1, payload, sizeof payload);
    NEED(checker_enter(&ck, (tc_span){payload, payload_len}) == TEE_OK);
    fill_items(2);
    header_spec below = header_for(&next.config, 1, 6, next.config.hash);
    size_t len =
        build_state_proof(&next.config, &below, keys, QUORUM, items, 2, 0, proof, sizeof proof);
    CHECK_IS(TEE_E_ROLLBACK, read_it(len, key_of(0), &out));
    header_spec first = header_for(&next.config, 1, 8, next.config.hash);
    len = build_state_proof(&next.config, &first, keys, QUORUM, items, 2, 0, proof, sizeof proof);
    CHECK_IS(TEE_OK, read_it(len, key_of(0), &out));
    end();
}

int main(void) {
    NEED(tc_init() == 0);
    RUN(values_of_trees_of_every_small_size_are_proven);
    RUN(any_altered_byte_is_refused);
    RUN(a_path_longer_than_a_key_is_refused);
    RUN(among_processes_the_second_phase_makes_it_final);
    RUN(too_few_votes_do_not_make_it_final);
    RUN(a_block_below_what_was_seen_is_refused);
    RUN(a_vote_makes_older_blocks_stale);
    RUN(nothing_below_an_epochs_first_block_is_believed);
    RUN(another_chain_epoch_or_certificate_is_refused);
    RUN(nothing_is_believed_before_an_epoch_or_after_a_halt);
    tc_shutdown();
    return check_report();
}
