/* An epoch's end as it is shown: its last block and the suffix of that, header by header. */
#include "check.h"
#include "epoch_end.h"
#include "fixtures.h"

#include <string.h>

#define SHOWN 4u /* the last block and three of its suffix */

static built_config config; /* of epoch 1 */
static header_spec shown[SHOWN];
static uint8_t bytes[(TEE_MAX_EPOCH_END + 1) * TEE_HEADER_LEN];

static void scene(void) {
    static const uint8_t key[TEE_KEY_LEN] = {0x04, 1};
    config_spec spec;
    spec_default(&spec, 1, 1);
    spec_add(&spec, "alpha", key);
    build_config(&config, &spec);
    shown[0] = header_for(&config.config, 5, 3, config.config.hash);
    shown[0].last = true;
    shown[0].next_config[0] = 7;
    for (unsigned i = 1; i < SHOWN; i++) {
        shown[i] = suffix_of(&config.config, &shown[i - 1], 5 + 2 * i);
    }
}

static bool is_end(size_t count) {
    epoch_end end;
    size_t len = encode_headers(shown, count, bytes);
    NEED(decode_epoch_end((tc_span){bytes, len}, &end) == TEE_OK);
    return epoch_end_is_of(&end, &config.config);
}

static bool same_block(const block_header *header, const header_spec *spec) {
    block_header decoded = decoded_header(spec);
    return memcmp(header->hash, decoded.hash, TEE_HASH_LEN) == 0 && header->height == spec->height;
}

static void an_end_is_its_last_block_and_a_suffix(void) {
    epoch_end end;
    scene();
    for (size_t count = 1; count <= SHOWN; count++) {
        size_t len = encode_headers(shown, count, bytes);
        CHECK_IS(TEE_OK, decode_epoch_end((tc_span){bytes, len}, &end));
        CHECK(epoch_end_is_of(&end, &config.config));
        CHECK(same_block(&end.last, &shown[0]));
        CHECK(same_block(&end.top, &shown[count - 1]));
    }
}

static void a_header_is_whole_and_well_formed(void) {
    epoch_end end;
    scene();
    size_t whole = encode_headers(shown, SHOWN, bytes);
    for (size_t len = 0; len <= whole; len++) {
        tee_status expected = len > 0 && len % TEE_HEADER_LEN == 0 ? TEE_OK : TEE_E_PARAM;
        CHECK_IS(expected, decode_epoch_end((tc_span){bytes, len}, &end));
    }
    for (size_t i = 0; i < SHOWN; i++) {
        bytes[i * TEE_HEADER_LEN] ^= 1;
        CHECK_IS(TEE_E_PARAM, decode_epoch_end((tc_span){bytes, whole}, &end));
        bytes[i * TEE_HEADER_LEN] ^= 1;
    }
}

static void headers_are_not_too_many(void) {
    epoch_end end;
    scene();
    header_spec at = shown[0];
    for (size_t i = 0; i <= TEE_MAX_EPOCH_END; i++) {
        encode_header(&at, bytes + i * TEE_HEADER_LEN);
        at = suffix_of(&config.config, &at, at.view + 1);
    }
    const tc_span most = {bytes, TEE_MAX_EPOCH_END * TEE_HEADER_LEN};
    CHECK_IS(TEE_OK, decode_epoch_end(most, &end));
    CHECK(epoch_end_is_of(&end, &config.config));
    CHECK_IS(TEE_E_PARAM, decode_epoch_end((tc_span){bytes, sizeof bytes}, &end));
}

static void the_last_block_is_of_the_epoch_and_has_entries(void) {
    scene();
    shown[0].entries = 1;
    CHECK(is_end(1));
    shown[0].entries = 0;
    CHECK(!is_end(1));
    scene();
    shown[0].chain[31] ^= 1;
    CHECK(!is_end(1));
    scene();
    shown[0].epoch = 2;
    CHECK(!is_end(1));
    scene();
    shown[0].last = false;
    memset(shown[0].next_config, 0, TEE_HASH_LEN);
    CHECK(!is_end(1));
}

/* A change to a suffix block, and whether it may be so. */
typedef struct {
    void (*change)(header_spec *spec);
    bool allowed;
} suffix_case;

static void other_chain(header_spec *spec) {
    spec->chain[0] ^= 1;
}

static void other_epoch(header_spec *spec) {
    spec->epoch++;
}

static void next_view(header_spec *spec) {
    spec->view--; /* one above that of the block below */
}

static void same_view(header_spec *spec) {
    spec->view -= 2;
}

static void older_view(header_spec *spec) {
    spec->view = 1;
}

static void higher(header_spec *spec) {
    spec->height++;
}

static void lower(header_spec *spec) {
    spec->height--;
}

static void other_parent(header_spec *spec) {
    spec->parent[31] ^= 1;
}

static void going_on(header_spec *spec) {
    spec->last = false;
    memset(spec->next_config, 0, TEE_HASH_LEN);
}

static void with_an_entry(header_spec *spec) {
    spec->entries = 1;
}

static void other_next(header_spec *spec) {
    spec->next_config[31] ^= 1;
}

static void other_time(header_spec *spec) {
    spec->time_ms++;
}

static const suffix_case cases[] = {
    {other_chain, false},  {other_epoch, false}, {next_view, true},      {same_view, false},
    {older_view, false},   {higher, false},      {lower, false},         {other_parent, false},
    {going_on, false},     {with_an_entry, false}, {other_next, false},  {other_time, true},
};

/* Links the headers above the changed one to it again: nothing else is wrong. */
static void rebuild_above(unsigned changed) {
    for (unsigned i = changed + 1; i < SHOWN; i++) {
        block_header below = decoded_header(&shown[i - 1]);
        memcpy(shown[i].parent, below.hash, TEE_HASH_LEN);
    }
}

static void a_suffix_is_empty_and_follows_the_block_below(void) {
    for (unsigned at = 1; at < SHOWN; at++) {
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            scene();
            CHECK(is_end(SHOWN));
            cases[i].change(&shown[at]);
            rebuild_above(at);
            CHECK_IS(cases[i].allowed, is_end(at + 1));
            CHECK_IS(cases[i].allowed, is_end(SHOWN));
        }
    }
}

static void a_suffix_begins_at_the_last_block(void) {
    scene();
    memmove(&shown[1], &shown[2], sizeof shown[0]); /* one is missing */
    CHECK(!is_end(2));
    scene();
    memmove(&shown[0], &shown[1], sizeof shown[0]); /* a suffix of nothing */
    CHECK(!is_end(1));
}

int main(void) {
    NEED(tc_init() == 0);
    RUN(an_end_is_its_last_block_and_a_suffix);
    RUN(a_header_is_whole_and_well_formed);
    RUN(headers_are_not_too_many);
    RUN(the_last_block_is_of_the_epoch_and_has_entries);
    RUN(a_suffix_is_empty_and_follows_the_block_below);
    RUN(a_suffix_begins_at_the_last_block);
    tc_shutdown();
    return check_report();
}
