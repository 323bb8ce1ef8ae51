/* Cold starts, rule by rule, as links of a chain of epochs that a real checker enters. */
#include "check.h"
#include "checker.h"
#include "fixtures.h"

#include <string.h>

#define MAX FIXTURE_MEMBERS
#define ME 1u /* the seat whose new key is the checker's */

static const char *const ids[MAX] = {"a", "b", "c", "d", "e", "f", "g", "h"};
/* Every test runs under each suite. */
static uint8_t suite;

static struct {
    checker ck;
    unsigned n;
    tc_key *old_keys[MAX];
    tc_key *new_keys[MAX];
    tc_key *governance[MAX];
    config_spec lost_spec;
    built_config lost; /* epoch 1, in which everybody's enclave was lost */
    config_spec next_spec;
    built_config next;
    header_spec tip; /* the proposal on which all stand, but as a test says */
    resume_statement said[MAX];
    bool states[MAX];
    bool approves[MAX];
    const header_spec *header; /* of the link, or null */
    unsigned suffixes;         /* how many headers follow it there */
    header_spec suffix[2];
    cold_spec cold;
} s;

/* ---- a consortium that lost its enclaves -------------------------------- */

static void give_keys(config_spec *spec, unsigned n, tc_key *const *voting) {
    for (unsigned i = 0; i < n; i++) {
        spec->governance[i] = tc_key_public(s.governance[i]);
        spec_add(spec, ids[i], tc_key_public(voting[i]));
    }
}

static void scene_of(unsigned n, unsigned stating) {
    memset(&s, 0, sizeof s);
    s.n = n;
    NEED(checker_init(&s.ck, suite, fixture_chain) == TEE_OK);
    for (unsigned i = 0; i < n; i++) {
        s.old_keys[i] = tc_key_generate(suite);
        s.governance[i] = tc_key_generate(suite);
        s.new_keys[i] = i == ME ? s.ck.key : tc_key_generate(suite);
    }
    spec_default(&s.lost_spec, 1, 1);
    s.lost_spec.suite = suite;
    give_keys(&s.lost_spec, n, s.old_keys);
    build_config(&s.lost, &s.lost_spec);
    s.tip = header_for(&s.lost.config, 5, 3, fixture_chain);
    s.next_spec = s.lost_spec;
    s.next_spec.epoch = 2;
    for (unsigned i = 0; i < n; i++) {
        s.states[i] = i < stating;
        s.approves[i] = i < stating;
        s.said[i] = statement_for(&s.lost.config, (uint16_t)i, s.lost.config.hash, 0);
        stand_on(&s.said[i], &s.tip);
        if (i < stating) {
            memcpy(s.next_spec.voting[i], tc_key_public(s.new_keys[i]), TEE_KEY_LEN);
        }
    }
    build_config(&s.next, &s.next_spec);
}

/* Four members, of whom three are enough. */
static void scene(void) {
    scene_of(4, 3);
}

static void scene_end(void) {
    for (unsigned i = 0; i < s.n; i++) {
        tc_key_free(s.old_keys[i]);
        tc_key_free(s.governance[i]);
        if (i != ME) {
            tc_key_free(s.new_keys[i]);
        }
    }
    checker_wipe(&s.ck);
}

static void next_from_spec(void) {
    build_config(&s.next, &s.next_spec);
}

/* Signs what is said. */
static void state(void) {
    s.cold.statement_count = 0;
    for (unsigned i = 0; i < s.n; i++) {
        if (s.states[i]) {
            sign_statement(&s.said[i], s.new_keys[i], s.cold.statements[s.cold.statement_count++]);
        }
    }
}

static void approve_all(void) {
    s.cold.approval_count = 0;
    for (unsigned i = 0; i < s.n; i++) {
        if (s.approves[i]) {
            approve(&s.cold, &s.lost.config, &s.next, (uint16_t)i, s.governance[i]);
        }
    }
}

/* Enters genesis, unless that was entered, and the link with the proof. */
static tee_status enter_by(const uint8_t *proof, size_t len) {
    static uint8_t payload[65536];
    uint8_t headers[3 * TEE_HEADER_LEN];
    size_t lens[] = {0, 0};
    if (s.header != NULL) {
        encode_header(s.header, headers);
        lens[1] = TEE_HEADER_LEN
                  + encode_headers(s.suffix, s.suffixes, headers + TEE_HEADER_LEN);
    }
    const epoch_item items[] = {{&s.lost, NULL, NULL, 0}, {&s.next, headers, proof, len}};
    unsigned from = s.ck.now.config.epoch != 0 ? 1 : 0; /* genesis was entered */
    size_t size = encode_long_chain(items + from, lens + from, (uint16_t)(2 - from), payload,
                                    sizeof payload);
    return checker_enter(&s.ck, (tc_span){payload, size});
}

static tee_status enter(void) {
    static uint8_t proof[COLD_MAX];
    return enter_by(proof, encode_cold_start(&s.cold, proof));
}

/* With statements and approvals as the scene has them. */
static tee_status try(void) {
    state();
    approve_all();
    return enter();
}

/* ---- 1: the next epoch of this chain ------------------------------------ */

static void the_next_epoch_goes_on_where_the_lost_one_stood(void) {
    scene();
    CHECK_IS(TEE_OK, try());
    CHECK_IS(2, s.ck.now.config.epoch);
    CHECK_IS(TEE_STATE_ACTIVE, s.ck.now.state);
    CHECK_IS(ME, s.ck.now.me);
    block_header tip = decoded_header(&s.tip);
    CHECK(memcmp(s.ck.now.anchor, tip.hash, TEE_HASH_LEN) == 0);
    CHECK_IS(3, s.ck.now.anchor_height);
    CHECK_IS(3, s.ck.certified);
    CHECK_IS(TEE_E_ROLLBACK, try());
    scene_end();
}

static void a_link_is_of_this_chain_and_the_next_epoch(void) {
    scene();
    s.next_spec.epoch = 3;
    next_from_spec();
    CHECK_IS(TEE_E_CONFLICT, try());
    s.next_spec.epoch = 2;
    s.next_spec.chain[0] ^= 1;
    next_from_spec();
    CHECK_IS(TEE_E_CONFLICT, try());
    s.next_spec.chain[0] ^= 1;
    s.next_spec.epoch = 1;
    next_from_spec();
    CHECK_IS(TEE_E_PARAM, try()); /* a genesis stands by itself */
    CHECK_IS(TEE_STATE_NEW, s.ck.now.state);
    scene_end();
}

static void every_length_but_the_right_one_is_refused(void) {
    static uint8_t proof[COLD_MAX + 1];
    scene();
    state();
    approve_all();
    size_t len = encode_cold_start(&s.cold, proof);
    for (size_t less = TEE_TAG_LEN; less < len; less += less < 32 ? 1 : 13) {
        CHECK_IS(TEE_E_PARAM, enter_by(proof, less));
    }
    proof[len] = 0;
    CHECK_IS(TEE_E_PARAM, enter_by(proof, len + 1));
    CHECK_IS(TEE_OK, enter_by(proof, len));
    scene_end();
}

/* ---- 2: statements ------------------------------------------------------ */

static void statements_ascend_by_member(void) {
    uint8_t first[TEE_RESUME_LEN];
    scene();
    state();
    memcpy(first, s.cold.statements[0], sizeof first);
    memcpy(s.cold.statements[0], s.cold.statements[1], sizeof first);
    approve_all();
    CHECK_IS(TEE_E_PARAM, enter()); /* one member twice */
    memcpy(s.cold.statements[1], first, sizeof first);
    approve_all();
    CHECK_IS(TEE_E_PARAM, enter());
    scene_end();
}

static void a_statement_is_of_the_lost_epoch_and_seat(void) {
    scene();
    s.said[2].config_hash[31] ^= 1;
    CHECK_IS(TEE_E_CONFLICT, try());
    s.said[2].config_hash[31] ^= 1;
    s.said[2].epoch = 2;
    CHECK_IS(TEE_E_CONFLICT, try());
    s.said[2].epoch = 1;
    s.said[2].former_key[64] ^= 1;
    CHECK_IS(TEE_E_CONFLICT, try());
    s.said[2].former_key[64] ^= 1;
    s.said[2].member = 4;
    CHECK_IS(TEE_E_CONFLICT, try());
    s.said[2].member = 3; /* with another's former key */
    CHECK_IS(TEE_E_CONFLICT, try());
    s.said[2].member = 2;
    CHECK_IS(TEE_OK, try());
    scene_end();
}

/* One more than enough, of a seat that is none. */
static void a_statement_is_of_a_seat(void) {
    scene();
    s.states[3] = true;
    s.said[3].member = 4;
    memset(s.said[3].former_key, 0, TEE_KEY_LEN);
    CHECK_IS(TEE_E_CONFLICT, try());
    s.states[3] = false;
    CHECK_IS(TEE_OK, try());
    scene_end();
}

/* Else its enclave could have gone on voting in the lost epoch. */
static void a_statement_is_under_a_new_key(void) {
    scene();
    tc_key *fresh = s.new_keys[2];
    s.new_keys[2] = s.old_keys[2];
    memcpy(s.next_spec.voting[2], tc_key_public(s.old_keys[2]), TEE_KEY_LEN);
    next_from_spec();
    CHECK_IS(TEE_E_CONFLICT, try());
    s.new_keys[2] = fresh;
    scene_end();
}

static void a_statement_is_signed(void) {
    scene();
    for (size_t at = TEE_RESUME_LEN - TEE_SIG_LEN - TEE_KEY_LEN - 1 - TEE_HASH_LEN;
         at < TEE_RESUME_LEN; at += 31) {
        state();
        s.cold.statements[1][at] ^= 1;
        approve_all();
        CHECK_IS(TEE_E_QC, enter());
    }
    state();
    memcpy(s.cold.statements[1] + TEE_RESUME_LEN - TEE_SIG_LEN,
           s.cold.statements[0] + TEE_RESUME_LEN - TEE_SIG_LEN, TEE_SIG_LEN);
    approve_all();
    CHECK_IS(TEE_E_QC, enter());
    scene_end();
}

/* 2f + 1, but with two members, of whom none may fail, both. */
static void enough_members_state(void) {
    static const unsigned needed[MAX + 1] = {0, 1, 2, 3, 3, 5, 5, 7, 7};
    for (unsigned n = 1; n <= MAX; n++) {
        unsigned r = needed[n];
        scene_of(n, r - 1);
        CHECK_IS(TEE_E_QC, try());
        scene_end();
        scene_of(n, r);
        if (n == 1) { /* the seat is not the checker's, which follows then */
            CHECK_IS(TEE_OK, try());
            CHECK_IS(TEE_STATE_FOLLOWER, s.ck.now.state);
        } else {
            CHECK_IS(TEE_OK, try());
        }
        scene_end();
        scene_of(n, n);
        CHECK_IS(TEE_OK, try());
        scene_end();
    }
}

/* ---- 3: the highest block ----------------------------------------------- */

static void the_statement_of_the_highest_view_counts(void) {
    scene();
    header_spec older = header_for(&s.lost.config, 4, 7, fixture_chain);
    header_spec sibling = older;
    sibling.salt ^= 1;
    stand_on(&s.said[0], &older);
    stand_on(&s.said[2], &sibling); /* which of them stood there does not matter */
    CHECK_IS(TEE_OK, try());
    CHECK_IS(3, s.ck.now.anchor_height);
    block_header tip = decoded_header(&s.tip);
    CHECK(memcmp(s.ck.now.anchor, tip.hash, TEE_HASH_LEN) == 0);
    scene_end();
}

static void two_blocks_of_the_highest_view_are_none(void) {
    scene();
    s.said[2].ph[0] ^= 1;
    CHECK_IS(TEE_E_CONFLICT, try());
    s.said[2].ph[0] ^= 1;
    s.said[2].pheight++;
    CHECK_IS(TEE_E_CONFLICT, try());
    s.said[2].pheight--;
    s.said[2].plast = true;
    CHECK_IS(TEE_E_CONFLICT, try());
    CHECK_IS(TEE_STATE_NEW, s.ck.now.state); /* no proof of a broken enclave */
    s.said[2].plast = false;
    CHECK_IS(TEE_OK, try());
    scene_end();
}

static void nobody_voted(void (*change)(resume_statement *statement), tee_status expected) {
    scene();
    for (unsigned i = 0; i < 3; i++) {
        s.said[i] = statement_for(&s.lost.config, (uint16_t)i, s.lost.config.hash, 0);
        change(&s.said[i]);
    }
    CHECK_IS(expected, try());
    if (expected == TEE_OK) {
        CHECK(memcmp(s.ck.now.anchor, s.lost.config.hash, TEE_HASH_LEN) == 0);
        CHECK_IS(0, s.ck.now.anchor_height);
    }
    scene_end();
}

static void not_at_all(resume_statement *statement) {
    (void)statement;
}

static void other_hash(resume_statement *statement) {
    statement->ph[9] ^= 1;
}

static void other_height(resume_statement *statement) {
    statement->pheight = 1;
}

static void ended(resume_statement *statement) {
    statement->plast = true;
}

static void without_a_vote_the_anchor_stays(void) {
    nobody_voted(not_at_all, TEE_OK);
    nobody_voted(other_hash, TEE_E_CONFLICT);
    nobody_voted(other_height, TEE_E_CONFLICT);
    nobody_voted(ended, TEE_E_CONFLICT);
}

/* ---- 4: header and base ------------------------------------------------- */

static void within_an_epoch_there_is_no_header_and_no_base(void) {
    scene();
    s.header = &s.tip;
    CHECK_IS(TEE_E_PARAM, try());
    s.header = NULL;
    s.cold.base = &s.next;
    CHECK_IS(TEE_E_PARAM, try());
    s.cold.base = NULL;
    CHECK_IS(TEE_OK, try());
    scene_end();
}

static built_config planned; /* that the last block names */

/* Everybody stands on a last block that names `planned`: without a, with e. */
static void stand_at_the_end(uint64_t planned_epoch) {
    static config_spec spec;
    spec_default(&spec, planned_epoch, 3);
    spec.suite = suite;
    for (unsigned i = 1; i < 4; i++) {
        spec.governance[i - 1] = tc_key_public(s.governance[i]);
        spec_add(&spec, ids[i], tc_key_public(s.old_keys[i]));
    }
    tc_key *joining = tc_key_generate(suite);
    spec_add(&spec, "e", tc_key_public(joining));
    tc_key_free(joining);
    build_config(&planned, &spec);
    s.tip.last = true;
    memcpy(s.tip.next_config, planned.config.hash, TEE_HASH_LEN);
    for (unsigned i = 0; i < 4; i++) {
        stand_on(&s.said[i], &s.tip);
        if (i > 0) {
            memcpy(spec.voting[i - 1], tc_key_public(s.new_keys[i]), TEE_KEY_LEN);
        }
    }
    spec.epoch = 2;
    s.next_spec = spec;
    next_from_spec();
    s.header = &s.tip;
    s.cold.base = &planned;
}

static void at_an_epochs_end_its_last_block_names_the_base(void) {
    scene_of(4, 4);
    stand_at_the_end(2);
    CHECK_IS(TEE_OK, try());
    CHECK_IS(0, s.ck.now.me); /* b is first without a, who stated and is gone */
    CHECK_IS(4, s.ck.now.config.n);
    scene_end();
}

/* Nobody lost the process that votes there: what was stated gives no seat. */
static void a_base_of_processes_keeps_its_keys(void) {
    scene_of(4, 4);
    stand_at_the_end(2);
    config_spec spec = s.next_spec;
    spec.mode = TEE_MODE_BFT_2P;
    for (unsigned i = 0; i < 3; i++) {
        memcpy(spec.voting[i], tc_key_public(s.old_keys[i]), TEE_KEY_LEN);
    }
    build_config(&planned, &spec);
    memcpy(s.tip.next_config, planned.config.hash, TEE_HASH_LEN);
    for (unsigned i = 0; i < 4; i++) {
        stand_on(&s.said[i], &s.tip);
    }
    s.next_spec.mode = TEE_MODE_BFT_2P; /* with the stated keys */
    next_from_spec();
    CHECK_IS(TEE_E_CONFLICT, try());
    s.next_spec = spec;
    next_from_spec();
    CHECK_IS(TEE_OK, try());
    CHECK_IS(TEE_STATE_FOLLOWER, s.ck.now.state);
    scene_end();
}

/* Its voters keep their keys: a statement of where one stood would be a word without proof. */
static void from_processes_no_cold_start_leads(void) {
    scene();
    s.lost_spec.mode = TEE_MODE_BFT_2P;
    build_config(&s.lost, &s.lost_spec);
    s.tip = header_for(&s.lost.config, 5, 3, fixture_chain);
    for (unsigned i = 0; i < 4; i++) {
        s.said[i] = statement_for(&s.lost.config, (uint16_t)i, s.lost.config.hash, 0);
        stand_on(&s.said[i], &s.tip);
    }
    s.next_spec = s.lost_spec; /* what the rules of a base of processes would ask for */
    s.next_spec.epoch = 2;
    next_from_spec();
    CHECK_IS(TEE_E_CONFLICT, try());
    scene_end();
}

static void at_an_epochs_end_header_and_base_are_needed(void) {
    scene_of(4, 4);
    stand_at_the_end(2);
    s.header = NULL;
    CHECK_IS(TEE_E_PARAM, try());
    s.header = &s.tip;
    s.cold.base = NULL;
    CHECK_IS(TEE_E_PARAM, try());
    s.cold.base = &s.next; /* another than the block names */
    CHECK_IS(TEE_E_CONFLICT, try());
    s.cold.base = &planned;
    header_spec other = s.tip;
    other.salt ^= 1;
    s.header = &other;
    CHECK_IS(TEE_E_CONFLICT, try());
    scene_end();
}

/* What statements say of a block is not believed: the header is. */
static void the_last_block_is_one(void) {
    scene_of(4, 4);
    stand_at_the_end(2);
    s.tip.last = false;
    memset(s.tip.next_config, 0, TEE_HASH_LEN);
    for (unsigned i = 0; i < 4; i++) {
        stand_on(&s.said[i], &s.tip);
        s.said[i].plast = true;
    }
    CHECK_IS(TEE_E_CONFLICT, try());
    scene_end();
    scene_of(4, 4);
    stand_at_the_end(2);
    s.tip.epoch = 2;
    for (unsigned i = 0; i < 4; i++) {
        stand_on(&s.said[i], &s.tip);
    }
    CHECK_IS(TEE_E_CONFLICT, try());
    scene_end();
}

/* Everybody voted for the second empty block upon the last one. */
static void stand_on_its_suffix(void) {
    stand_at_the_end(2);
    s.suffix[0] = suffix_of(&s.lost.config, &s.tip, 7);
    s.suffix[1] = suffix_of(&s.lost.config, &s.suffix[0], 8);
    s.suffixes = 2;
    for (unsigned i = 0; i < 4; i++) {
        stand_on(&s.said[i], &s.suffix[1]);
    }
}

static void a_suffix_leads_to_the_last_block(void) {
    scene_of(4, 4);
    stand_on_its_suffix();
    CHECK_IS(TEE_OK, try());
    block_header last = decoded_header(&s.tip);
    CHECK(memcmp(s.ck.now.anchor, last.hash, TEE_HASH_LEN) == 0);
    CHECK_IS(3, s.ck.now.anchor_height);
    CHECK_IS(3, s.ck.pheight);
    CHECK_IS(3, s.ck.certified);
    CHECK_IS(4, s.ck.now.config.n);
    scene_end();
}

static void the_suffix_is_one_and_ends_in_what_was_voted_for(void) {
    scene_of(4, 4);
    stand_on_its_suffix();
    s.suffixes = 1;
    CHECK_IS(TEE_E_CONFLICT, try());
    s.suffixes = 0;
    CHECK_IS(TEE_E_CONFLICT, try());
    s.suffixes = 2;
    s.header = &s.suffix[0]; /* without the last block */
    s.suffix[0] = s.suffix[1];
    s.suffixes = 1;
    CHECK_IS(TEE_E_CONFLICT, try());
    scene_end();
    scene_of(4, 4);
    stand_on_its_suffix();
    s.suffix[1].entries = 1;
    for (unsigned i = 0; i < 4; i++) {
        stand_on(&s.said[i], &s.suffix[1]);
    }
    CHECK_IS(TEE_E_CONFLICT, try());
    scene_end();
    scene_of(4, 4);
    stand_on_its_suffix(); /* but the members stand on the last block */
    for (unsigned i = 0; i < 4; i++) {
        stand_on(&s.said[i], &s.tip);
    }
    CHECK_IS(TEE_E_CONFLICT, try());
    s.suffixes = 0;
    CHECK_IS(TEE_OK, try());
    scene_end();
}

static void the_named_base_is_of_the_next_epoch(void) {
    scene_of(4, 4);
    stand_at_the_end(3);
    CHECK_IS(TEE_E_CONFLICT, try());
    scene_end();
}

/* Else what counts as lost (rule 7) would be the word of those who state. */
static void the_stated_height_is_the_headers(void) {
    scene_of(4, 4);
    stand_at_the_end(2);
    for (int off = -1; off <= 1; off += 2) {
        for (unsigned i = 0; i < 4; i++) {
            s.said[i].pheight = (uint64_t)((int)s.tip.height + off);
        }
        CHECK_IS(TEE_E_CONFLICT, try());
    }
    scene_end();
    scene_of(4, 4);
    stand_on_its_suffix();
    for (unsigned i = 0; i < 4; i++) {
        s.said[i].pheight = s.tip.height; /* the last block's, but the suffix was voted for */
    }
    CHECK_IS(TEE_E_CONFLICT, try());
    scene_end();
}

/* Keys of the lost epoch's suite were stated: none of them could vote in the next one. */
static void the_named_base_is_of_the_lost_epochs_suite(void) {
    scene_of(4, 4);
    stand_at_the_end(2);
    config_spec other = s.next_spec;
    other.suite = suite == TEE_SUITE_ES256 ? TEE_SUITE_SM2 : TEE_SUITE_ES256;
    build_config(&planned, &other);
    s.next_spec = other;
    next_from_spec();
    memcpy(s.tip.next_config, planned.config.hash, TEE_HASH_LEN);
    for (unsigned i = 0; i < 4; i++) {
        stand_on(&s.said[i], &s.tip);
    }
    CHECK_IS(TEE_E_ALG_UNSUPPORTED, try());
    CHECK_IS(TEE_STATE_NEW, s.ck.now.state);
    static checker kept;
    kept = s.ck; /* and an instance of that other suite does not follow either */
    NEED(checker_init(&s.ck, other.suite, fixture_chain) == TEE_OK);
    CHECK_IS(TEE_E_ALG_UNSUPPORTED, try());
    checker_wipe(&s.ck);
    s.ck = kept;
    scene_end();
}

static void at_an_epochs_end_everybody_states_and_approves(void) {
    scene_of(4, 4);
    stand_at_the_end(2);
    s.approves[3] = false;
    CHECK_IS(TEE_E_QC, try());
    s.states[3] = false;
    memcpy(s.next_spec.voting[2], tc_key_public(s.old_keys[3]), TEE_KEY_LEN);
    next_from_spec();
    CHECK_IS(TEE_E_QC, try()); /* three would do within an epoch */
    scene_end();
}

/* ---- 5: the next configuration ------------------------------------------ */

static bool within(size_t at, size_t from, size_t len) {
    return at >= from && at < from + len;
}

static bool is_evidence_of_who_stated(size_t at) {
    for (unsigned i = 0; i < s.n; i++) {
        if (s.states[i] && within(at, s.next.config.members[i].evidence_at, TEE_HASH_LEN)) {
            return true;
        }
    }
    return false;
}

/* Not a bit may change but evidence, which approvals then cover. */
static void the_next_configuration_is_the_base(void) {
    scene();
    state();
    approve_all();
    for (size_t at = 0; at < s.next.len; at++) {
        s.next.bytes[at] ^= 1;
        tee_status status = enter();
        s.next.bytes[at] ^= 1;
        bool evidence = is_evidence_of_who_stated(at);
        CHECK(evidence ? status == TEE_E_QC : status != TEE_OK && status != TEE_E_QC);
    }
    CHECK_IS(TEE_OK, enter());
    scene_end();
}

static void evidence_of_who_stated_is_free(void) {
    scene();
    s.next.bytes[s.next.config.members[2].evidence_at + 5] ^= 1;
    NEED(decode_config((tc_span){s.next.bytes, s.next.len}, &s.next.config) == TEE_OK);
    CHECK_IS(TEE_OK, try());
    scene_end();
}

static void keys_are_those_that_were_stated(void) {
    scene();
    memcpy(s.next_spec.voting[2], tc_key_public(s.old_keys[2]), TEE_KEY_LEN);
    next_from_spec();
    CHECK_IS(TEE_E_CONFLICT, try()); /* stated, yet the old one */
    memcpy(s.next_spec.voting[2], tc_key_public(s.new_keys[3]), TEE_KEY_LEN);
    next_from_spec();
    CHECK_IS(TEE_E_CONFLICT, try());
    memcpy(s.next_spec.voting[2], tc_key_public(s.new_keys[2]), TEE_KEY_LEN);
    memcpy(s.next_spec.voting[3], tc_key_public(s.new_keys[3]), TEE_KEY_LEN);
    next_from_spec();
    CHECK_IS(TEE_E_CONFLICT, try()); /* a new one that nobody stated */
    scene_end();
}

static void members_neither_come_nor_go(void) {
    scene();
    s.next_spec.n = 3;
    next_from_spec();
    CHECK_IS(TEE_E_CONFLICT, try());
    s.next_spec.n = 4;
    tc_key *stranger = tc_key_generate(suite);
    spec_add(&s.next_spec, "e", tc_key_public(stranger));
    next_from_spec();
    CHECK_IS(TEE_E_CONFLICT, try());
    tc_key_free(stranger);
    scene_end();
}

/* ---- 6: approvals ------------------------------------------------------- */

static void approvals_ascend_by_member(void) {
    scene();
    state();
    approve(&s.cold, &s.lost.config, &s.next, 0, s.governance[0]);
    approve(&s.cold, &s.lost.config, &s.next, 2, s.governance[2]);
    approve(&s.cold, &s.lost.config, &s.next, 1, s.governance[1]);
    CHECK_IS(TEE_E_PARAM, enter());
    s.cold.approval_count = 2;
    approve(&s.cold, &s.lost.config, &s.next, 2, s.governance[2]);
    CHECK_IS(TEE_E_PARAM, enter());
    scene_end();
}

static void who_did_not_state_approves_nothing(void) {
    scene();
    s.approves[3] = true;
    CHECK_IS(TEE_E_CONFLICT, try());
    s.approves[2] = false;
    CHECK_IS(TEE_E_CONFLICT, try());
    scene_end();
}

static void enough_members_approve(void) {
    scene_of(4, 4);
    s.approves[0] = false;
    s.approves[2] = false;
    CHECK_IS(TEE_E_QC, try());
    s.approves[2] = true;
    CHECK_IS(TEE_OK, try());
    scene_end();
}

static void an_approval_is_signed_by_the_members_officers(void) {
    scene();
    tc_key *right = s.governance[1];
    s.governance[1] = s.governance[2];
    CHECK_IS(TEE_E_QC, try());
    s.governance[1] = s.old_keys[1];
    CHECK_IS(TEE_E_QC, try());
    s.governance[1] = s.new_keys[1];
    CHECK_IS(TEE_E_QC, try());
    s.governance[1] = right;
    CHECK_IS(TEE_OK, try());
    scene_end();
}

static void an_approval_is_of_these_statements_and_this_configuration(void) {
    scene_of(4, 4);
    s.states[3] = false;
    s.approves[3] = false;
    state();
    approve_all();
    cold_spec before = s.cold;
    s.states[3] = true;
    state();
    memcpy(s.cold.approvals, before.approvals, sizeof before.approvals);
    CHECK_IS(TEE_E_QC, enter()); /* one statement more than was approved */
    s.next.bytes[s.next.config.members[0].evidence_at] ^= 1;
    NEED(decode_config((tc_span){s.next.bytes, s.next.len}, &s.next.config) == TEE_OK);
    approve_all();
    s.next.bytes[s.next.config.members[0].evidence_at] ^= 1;
    CHECK_IS(TEE_E_QC, enter()); /* other evidence than was approved */
    NEED(decode_config((tc_span){s.next.bytes, s.next.len}, &s.next.config) == TEE_OK);
    approve_all();
    CHECK_IS(TEE_OK, enter());
    scene_end();
}

/* Of the lost configuration too: a second consortium's approvals are void in the first. */
static void an_approval_is_of_the_lost_configuration(void) {
    scene();
    state();
    epoch_config other = s.lost.config;
    other.hash[0] ^= 1;
    for (uint16_t i = 0; i < 3; i++) {
        approve(&s.cold, &other, &s.next, i, s.governance[i]);
    }
    CHECK_IS(TEE_E_QC, enter());
    scene_end();
}

/* ---- 7: going on -------------------------------------------------------- */

static void enter_genesis(const built_config *config) {
    static uint8_t payload[CONFIG_MAX + 64];
    const epoch_item genesis = {config, NULL, NULL, 0};
    size_t len = encode_chain(&genesis, 1, payload, sizeof payload);
    NEED(checker_enter(&s.ck, (tc_span){payload, len}) == TEE_OK);
}

static void an_instance_that_follows_takes_the_link_alone(void) {
    scene();
    enter_genesis(&s.lost);
    CHECK_IS(TEE_STATE_FOLLOWER, s.ck.now.state);
    CHECK_IS(TEE_OK, try());
    CHECK_IS(TEE_STATE_ACTIVE, s.ck.now.state);
    CHECK_IS(0, s.ck.pv);
    CHECK_IS(3, s.ck.pheight);
    scene_end();
}

/* An enclave with the old key of a member that stated: nobody's vote any more. */
static void a_replaced_key_is_retired(void) {
    scene();
    tc_key *mine = s.new_keys[ME];
    memcpy(s.lost_spec.voting[ME], s.ck.public_key, TEE_KEY_LEN);
    build_config(&s.lost, &s.lost_spec);
    s.new_keys[ME] = tc_key_generate(suite);
    memcpy(s.next_spec.voting[ME], tc_key_public(s.new_keys[ME]), TEE_KEY_LEN);
    next_from_spec();
    s.tip = header_for(&s.lost.config, 5, 3, fixture_chain);
    for (unsigned i = 0; i < 4; i++) {
        s.said[i] = statement_for(&s.lost.config, (uint16_t)i, s.lost.config.hash, 0);
        stand_on(&s.said[i], &s.tip);
    }
    NEED(mine == s.ck.key);
    CHECK_IS(TEE_OK, try());
    CHECK_IS(TEE_STATE_RETIRED, s.ck.now.state);
    CHECK(s.ck.key == NULL);
    tc_key_free(s.new_keys[ME]);
    scene_end();
}

/* Shows the instance votes of all four for the block, in the epoch it stands in. */
static void certify(const header_spec *block) {
    uint8_t bytes[QC_MAX];
    quorum_cert qc;
    size_t len = build_qc(&s.ck.now.config, block, s.old_keys, 15, bytes);
    NEED(decode_qc((tc_span){bytes, len}, &qc) == TEE_OK);
    NEED(checker_certify(&s.ck, &qc) == TEE_OK);
}

/* It knows a final block that the statements are silent about. */
static void what_an_instance_saw_certified_is_not_undone(void) {
    scene();
    enter_genesis(&s.lost);
    header_spec seen = header_for(&s.lost.config, 4, 3, fixture_chain);
    certify(&seen); /* as high as the block stated */
    CHECK_IS(TEE_OK, try());
    scene_end();
    scene();
    enter_genesis(&s.lost);
    seen.height = 4;
    certify(&seen);
    CHECK_IS(TEE_E_ROLLBACK, try());
    CHECK_IS(1, s.ck.now.config.epoch);
    CHECK_IS(4, s.ck.certified);
    s.approves[0] = false; /* what does not verify is answered first */
    CHECK_IS(TEE_E_QC, try());
    scene_end();
}

static void a_suffix_seen_certified_is_not_undone_either(void) {
    scene_of(4, 4);
    stand_on_its_suffix();
    enter_genesis(&s.lost);
    certify(&s.suffix[1]); /* above the anchor, but it was stated */
    CHECK_IS(TEE_OK, try());
    CHECK_IS(3, s.ck.certified);
    scene_end();
    scene_of(4, 4);
    stand_on_its_suffix();
    enter_genesis(&s.lost);
    header_spec above = suffix_of(&s.lost.config, &s.suffix[1], 9);
    certify(&above);
    CHECK_IS(TEE_E_ROLLBACK, try());
    scene_end();
}

/* A suffix of epoch 1 was seen certified; epoch 2, in which nobody voted, was lost. */
static void what_was_certified_in_an_epoch_before_does_not_count(void) {
    static uint8_t payload[65536];
    static uint8_t proof[COLD_MAX];
    static built_config genesis;
    uint8_t headers[2 * TEE_HEADER_LEN];
    uint8_t qc[QC_MAX];
    scene();
    genesis = s.lost;
    s.lost_spec.epoch = 2;
    build_config(&s.lost, &s.lost_spec);
    s.next_spec.epoch = 3;
    next_from_spec();
    header_spec shown[2] = {header_for(&genesis.config, 1, 1, genesis.config.hash)};
    shown[0].last = true;
    memcpy(shown[0].next_config, s.lost.config.hash, TEE_HASH_LEN);
    shown[1] = suffix_of(&genesis.config, &shown[0], 2);
    block_header anchor = decoded_header(&shown[0]);
    for (uint16_t i = 0; i < 4; i++) {
        s.said[i] = statement_for(&s.lost.config, i, anchor.hash, 1);
    }
    state();
    approve_all();
    enter_genesis(&genesis);
    certify(&shown[1]);
    CHECK_IS(2, s.ck.certified);
    const size_t lens[] = {encode_headers(shown, 2, headers), 0};
    const epoch_item items[] = {
        {&s.lost, headers, qc, build_qc(&genesis.config, &shown[1], s.old_keys, 15, qc)},
        {&s.next, NULL, proof, encode_cold_start(&s.cold, proof)}};
    size_t len = encode_long_chain(items, lens, 2, payload, sizeof payload);
    CHECK_IS(TEE_OK, checker_enter(&s.ck, (tc_span){payload, len}));
    CHECK_IS(3, s.ck.now.config.epoch);
    CHECK_IS(1, s.ck.certified);
    scene_end();
}

/* The epoch after a cold start ends as any other does. */
static void the_chain_goes_on_from_there(void) {
    static uint8_t payload[65536];
    static uint8_t proof[COLD_MAX];
    static built_config third;
    uint8_t header[TEE_HEADER_LEN];
    uint8_t qc[QC_MAX];
    scene();
    state();
    approve_all();
    config_spec spec = s.next_spec;
    spec.epoch = 3;
    build_config(&third, &spec);
    block_header tip = decoded_header(&s.tip);
    header_spec last = header_for(&s.next.config, 1, 4, tip.hash);
    last.last = true;
    memcpy(last.next_config, third.config.hash, TEE_HASH_LEN);
    encode_header(&last, header);
    epoch_item items[] = {{&s.lost, NULL, NULL, 0}, {&s.next, NULL, proof, 0}, {&third, header, qc, 0}};
    items[1].proof_len = encode_cold_start(&s.cold, proof);
    items[2].proof_len = build_qc(&s.next.config, &last, s.old_keys, 7, qc);
    size_t len = encode_chain(items, 3, payload, sizeof payload);
    CHECK_IS(TEE_E_QC, checker_enter(&s.ck, (tc_span){payload, len})); /* the old keys are void */
    items[2].proof_len = build_qc(&s.next.config, &last, s.new_keys, 7, qc);
    len = encode_chain(items, 3, payload, sizeof payload);
    CHECK_IS(TEE_OK, checker_enter(&s.ck, (tc_span){payload, len}));
    CHECK_IS(3, s.ck.now.config.epoch);
    CHECK_IS(4, s.ck.now.anchor_height);
    scene_end();
}

static void run_all(void) {
    RUN(the_next_epoch_goes_on_where_the_lost_one_stood);
    RUN(a_link_is_of_this_chain_and_the_next_epoch);
    RUN(every_length_but_the_right_one_is_refused);
    RUN(statements_ascend_by_member);
    RUN(a_statement_is_of_the_lost_epoch_and_seat);
    RUN(a_statement_is_of_a_seat);
    RUN(a_statement_is_under_a_new_key);
    RUN(a_statement_is_signed);
    RUN(enough_members_state);
    RUN(the_statement_of_the_highest_view_counts);
    RUN(two_blocks_of_the_highest_view_are_none);
    RUN(without_a_vote_the_anchor_stays);
    RUN(within_an_epoch_there_is_no_header_and_no_base);
    RUN(at_an_epochs_end_its_last_block_names_the_base);
    RUN(a_base_of_processes_keeps_its_keys);
    RUN(from_processes_no_cold_start_leads);
    RUN(at_an_epochs_end_header_and_base_are_needed);
    RUN(the_last_block_is_one);
    RUN(a_suffix_leads_to_the_last_block);
    RUN(the_suffix_is_one_and_ends_in_what_was_voted_for);
    RUN(the_named_base_is_of_the_next_epoch);
    RUN(the_stated_height_is_the_headers);
    RUN(the_named_base_is_of_the_lost_epochs_suite);
    RUN(at_an_epochs_end_everybody_states_and_approves);
    RUN(evidence_of_who_stated_is_free);
    RUN(keys_are_those_that_were_stated);
    RUN(members_neither_come_nor_go);
    RUN(approvals_ascend_by_member);
    RUN(who_did_not_state_approves_nothing);
    RUN(enough_members_approve);
    RUN(an_approval_is_signed_by_the_members_officers);
    RUN(an_approval_is_of_these_statements_and_this_configuration);
    RUN(an_approval_is_of_the_lost_configuration);
    RUN(an_instance_that_follows_takes_the_link_alone);
    RUN(what_an_instance_saw_certified_is_not_undone);
    RUN(a_suffix_seen_certified_is_not_undone_either);
    RUN(what_was_certified_in_an_epoch_before_does_not_count);
    RUN(a_replaced_key_is_retired);
    RUN(the_chain_goes_on_from_there);
}

int main(void) {
    NEED(tc_init() == 0);
    for (suite = TEE_SUITE_ES256; suite <= TEE_SUITE_SM2; suite++) {
        run_all();
    }
    suite = TEE_SUITE_ES256;
    RUN(the_next_configuration_is_the_base); /* bytes, whatever signs them */
    tc_shutdown();
    return check_report();
}
