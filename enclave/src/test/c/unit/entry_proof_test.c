/* Proven entries: of final blocks only, at their place only, signed once all that is shown. */
#include "check.h"
#include "entry_proof.h"
#include "fixtures.h"
#include "merkle.h"

#include <string.h>

#define N 3u
#define QUORUM 3u /* members 0 and 1 */
#define ENTRIES 7u
#define HEADERS_MAX 4u

static checker ck;
static checkpoint_log checkpoints;
static tc_key *keys[N];
static built_config config;
static uint8_t leaves[ENTRIES][TEE_HASH_LEN];
static uint8_t root[TEE_HASH_LEN];
static uint8_t out[TEE_PROVEN_ENTRY_LEN];
static uint8_t request[32768];

/* What is shown; a test changes it. */
static struct {
    size_t entry; /* its leaf */
    uint32_t index;
    uint8_t path[8 * TEE_HASH_LEN];
    size_t path_len;
    header_spec headers[HEADERS_MAX];
    size_t count;
    uint64_t signers;
    size_t certified; /* which header */
} shown;

static tc_span entry_at(size_t i) {
    static char texts[ENTRIES][16];
    snprintf(texts[i], sizeof texts[i], "entry %zu", i);
    return (tc_span){(const uint8_t *)texts[i], strlen(texts[i])};
}

static void show(size_t entry) {
    memset(&shown, 0, sizeof shown);
    shown.entry = entry;
    shown.index = (uint32_t)entry;
    shown.path_len =
        TEE_HASH_LEN
        * tree_path((const uint8_t(*)[TEE_HASH_LEN])leaves, ENTRIES, entry, shown.path);
    shown.headers[0] = header_for(&config.config, 5, 4, config.config.hash);
    shown.headers[0].entries_root = root;
    shown.headers[0].entries = ENTRIES;
    shown.count = 1;
    shown.signers = QUORUM;
}

static void start(void) {
    static const char *const ids[N] = {"alpha", "beta", "gamma"};
    config_spec spec;
    memset(&checkpoints, 0, sizeof checkpoints);
    NEED(checker_init(&ck, TEE_SUITE_ES256, fixture_chain) == TEE_OK);
    spec_default(&spec, 2, 4);
    for (unsigned i = 0; i < N; i++) {
        keys[i] = i == 0 ? ck.key : tc_key_generate(TEE_SUITE_ES256);
        spec_add(&spec, ids[i], tc_key_public(keys[i]));
    }
    build_config(&config, &spec);
    ck.now.config = config.config; /* epoch 2: entered by whatever way, others test that */
    ck.now.state = TEE_STATE_ACTIVE;
    for (size_t i = 0; i < ENTRIES; i++) {
        NEED(merkle_leaf(entry_at(i), leaves[i]) == 0);
    }
    tree_head((const uint8_t(*)[TEE_HASH_LEN])leaves, ENTRIES, root);
    show(4);
}

static void end(void) {
    for (unsigned i = 1; i < N; i++) {
        tc_key_free(keys[i]);
    }
    checker_wipe(&ck);
}

static void put_var(writer *w, const void *data, size_t len) {
    write_u32(w, (uint32_t)len);
    write_bytes(w, data, len);
}

static size_t encode(void) {
    uint8_t headers[HEADERS_MAX * TEE_HEADER_LEN];
    uint8_t qc[QC_MAX];
    tc_span entry = entry_at(shown.entry);
    const header_spec *certified = &shown.headers[shown.certified];
    size_t qc_len = build_qc(&config.config, certified, keys, shown.signers, qc);
    writer w = writer_of(request, sizeof request);
    put_var(&w, entry.data, entry.len);
    write_u32(&w, shown.index);
    put_var(&w, shown.path, shown.path_len);
    put_var(&w, headers, encode_headers(shown.headers, shown.count, headers));
    put_var(&w, qc, qc_len);
    NEED(w.ok);
    return w.len;
}

static tee_status prove_bytes(size_t len) {
    reader in = reader_of(request, len);
    return entry_prove(&checkpoints, &ck, &in, out);
}

static tee_status prove(void) {
    return prove_bytes(encode());
}

/* Puts a block upon the last one shown, which is certified then. */
static header_spec *extend(uint64_t view) {
    block_header below = decoded_header(&shown.headers[shown.count - 1]);
    NEED(shown.count < HEADERS_MAX);
    shown.headers[shown.count] = header_for(&config.config, view, below.height + 1, below.hash);
    shown.certified = shown.count++;
    return &shown.headers[shown.certified];
}

static void every_entry_of_a_final_block_is_proven(void) {
    start();
    for (size_t i = 0; i < ENTRIES; i++) {
        show(i);
        CHECK_IS(TEE_OK, prove());
        block_header block = decoded_header(&shown.headers[0]);
        uint8_t want[TEE_PROVEN_ENTRY_LEN];
        writer w = writer_of(want, sizeof want);
        write_bytes(&w, (const uint8_t *)"CDC1ENTP", 8);
        write_bytes(&w, config.config.hash, TEE_HASH_LEN);
        write_u64(&w, 2);
        write_u64(&w, 4);
        write_bytes(&w, block.hash, TEE_HASH_LEN);
        write_u64(&w, 1790000000000u);
        write_bytes(&w, leaves[i], TEE_HASH_LEN);
        CHECK(memcmp(want, out, w.len) == 0);
        const tc_span text = {out, w.len};
        CHECK(tc_verify_message(TEE_SUITE_ES256, ck.public_key, &text, 1, out + w.len));
    }
    CHECK_IS(4, ck.certified);
    end();
}

static void any_altered_byte_is_refused(void) {
    start();
    size_t len = encode();
    for (size_t at = 0; at < len; at++) {
        request[at] ^= 1;
        CHECK(prove_bytes(len) != TEE_OK);
        request[at] ^= 1;
    }
    for (size_t cut = 0; cut < len; cut++) {
        CHECK_IS(TEE_E_PARAM, prove_bytes(cut));
    }
    request[len] = 0;
    CHECK_IS(TEE_E_PARAM, prove_bytes(len + 1));
    CHECK_IS(TEE_OK, prove_bytes(len));
    end();
}

static void an_entry_has_its_place_only(void) {
    start();
    for (uint32_t index = 0; index <= ENTRIES; index++) {
        shown.index = index;
        CHECK_IS(index == 4 ? TEE_OK : TEE_E_PROOF, prove());
    }
    show(4);
    shown.entry = 5;
    CHECK_IS(TEE_E_PROOF, prove());
    show(4);
    shown.path_len -= TEE_HASH_LEN;
    CHECK_IS(TEE_E_PROOF, prove());
    shown.path_len -= 1;
    CHECK_IS(TEE_E_PARAM, prove());
    show(4);
    shown.headers[0].entries = ENTRIES + 2; /* another size: 4 is elsewhere there */
    CHECK_IS(TEE_E_PROOF, prove());
    show(4);
    shown.headers[0].entries_root = leaves[0];
    CHECK_IS(TEE_E_PROOF, prove());
    end();
}

static void what_is_not_final_is_refused(void) {
    start();
    shown.signers = 1;
    CHECK_IS(TEE_E_QC, prove());
    CHECK_IS(0, ck.certified);
    show(4);
    shown.headers[0].epoch = 1;
    CHECK_IS(TEE_E_CONFLICT, prove());
    show(4);
    shown.headers[0].chain[0] ^= 1;
    CHECK_IS(TEE_E_CONFLICT, prove());
    show(4);
    extend(6);
    shown.certified = 0; /* the first has votes, the last not: its word is needed */
    CHECK_IS(TEE_E_CONFLICT, prove());
    end();
}

static void a_descendants_certificate_makes_it_final(void) {
    start();
    extend(7);
    extend(8);
    CHECK_IS(TEE_OK, prove());
    CHECK_IS(4, out[8 + 32 + 8 + 7]); /* the height of the entry's block */
    CHECK_IS(6, ck.certified);
    end();
}

/* The block's own epoch may be over: what is final descends from it. */
static void a_block_of_an_earlier_epoch_is_an_ancestor_all_the_same(void) {
    start();
    shown.headers[0].epoch = 1;
    shown.headers[0].view = 9;
    extend(1); /* views start over */
    CHECK_IS(TEE_OK, prove());
    shown.headers[0].last = true;
    shown.count = 1;
    extend(1);
    CHECK_IS(TEE_OK, prove());
    end();
}

static void each_header_extends_the_one_before(void) {
    start();
    extend(7)->parent[0] ^= 1;
    CHECK_IS(TEE_E_CONFLICT, prove());
    show(4);
    extend(7)->height++;
    CHECK_IS(TEE_E_CONFLICT, prove());
    show(4);
    extend(5); /* the view of the one below */
    CHECK_IS(TEE_E_CONFLICT, prove());
    show(4);
    shown.headers[0].epoch = 3; /* above what is entered */
    extend(7);
    CHECK_IS(TEE_E_CONFLICT, prove());
    show(4);
    shown.headers[0].chain[0] ^= 1;
    extend(7);
    CHECK_IS(TEE_E_CONFLICT, prove());
    show(4);
    extend(7)->parent[0] ^= 1; /* in the midst */
    extend(8);
    CHECK_IS(TEE_E_CONFLICT, prove());
    end();
}

static void upon_an_epochs_last_block_is_its_suffix(void) {
    start();
    shown.headers[0].last = true;
    extend(7);
    CHECK_IS(TEE_E_CONFLICT, prove());
    shown.count = 1;
    *extend(7) = suffix_of(&config.config, &shown.headers[0], 7);
    CHECK_IS(TEE_OK, prove());
    end();
}

static void headers_are_one_to_their_greatest_number(void) {
    start();
    shown.count = 0;
    CHECK_IS(TEE_E_PARAM, prove());
    end();
}

static void nothing_is_signed_without_an_epoch_or_a_key(void) {
    start();
    size_t len = encode();
    NEED(checker_retire(&ck) == TEE_OK);
    keys[0] = NULL;
    CHECK_IS(TEE_E_STATE, prove_bytes(len));
    end();
    NEED(checker_init(&ck, TEE_SUITE_ES256, fixture_chain) == TEE_OK);
    CHECK_IS(TEE_E_STATE, prove_bytes(len));
    checker_wipe(&ck);
}

/* A follower has no seat, yet a key and an epoch: its word is worth its evidence. */
static void a_follower_says_so_too(void) {
    start();
    ck.now.state = TEE_STATE_FOLLOWER;
    ck.now.me = CHECKER_NO_SEAT;
    CHECK_IS(TEE_OK, prove());
    end();
}

static void a_block_beside_the_last_checkpoint_ends_the_instance(void) {
    start();
    checkpoints.height = 4;
    block_header block = decoded_header(&shown.headers[0]);
    memcpy(checkpoints.block_hash, block.hash, TEE_HASH_LEN);
    CHECK_IS(TEE_OK, prove());
    checkpoints.block_hash[0] ^= 1;
    checkpoints.height = 5;
    CHECK_IS(TEE_OK, prove());
    checkpoints.height = 4;
    size_t len = encode();
    CHECK_IS(TEE_E_CONFLICT, prove_bytes(len));
    keys[0] = NULL;
    CHECK_IS(TEE_STATE_HALTED, ck.now.state);
    CHECK_IS(TEE_E_STATE, prove_bytes(len));
    end();
}

int main(void) {
    NEED(tc_init() == 0);
    RUN(every_entry_of_a_final_block_is_proven);
    RUN(any_altered_byte_is_refused);
    RUN(an_entry_has_its_place_only);
    RUN(what_is_not_final_is_refused);
    RUN(a_descendants_certificate_makes_it_final);
    RUN(a_block_of_an_earlier_epoch_is_an_ancestor_all_the_same);
    RUN(each_header_extends_the_one_before);
    RUN(upon_an_epochs_last_block_is_its_suffix);
    RUN(headers_are_one_to_their_greatest_number);
    RUN(nothing_is_signed_without_an_epoch_or_a_key);
    RUN(a_follower_says_so_too);
    RUN(a_block_beside_the_last_checkpoint_ends_the_instance);
    tc_shutdown();
    return check_report();
}
