/* The checker's rules, one by one, with real signatures. */
#include "check.h"
#include "checker.h"
#include "fixtures.h"

#include <string.h>

/* Three members; seat 1 is a real checker, the others are keys the test holds. */
#define N 3u
#define ME 1u
#define EVERYBODY 7u

typedef struct {
    checker ck;
    tc_key *keys[N]; /* keys[ME] is the checker's own */
    built_config config;
} scene;

static scene s;
/* Every test runs under each suite. */
static uint8_t suite;

static void scene_start(uint16_t slot_k) {
    config_spec spec;
    memset(&s, 0, sizeof s);
    NEED(checker_init(&s.ck, suite, fixture_chain) == TEE_OK);
    spec_default(&spec, 1, slot_k);
    spec.suite = suite;
    static const char *const ids[N] = {"alpha", "beta", "gamma"};
    for (unsigned i = 0; i < N; i++) {
        s.keys[i] = i == ME ? s.ck.key : tc_key_generate(suite);
        NEED(s.keys[i] != NULL);
        spec_add(&spec, ids[i], tc_key_public(s.keys[i]));
    }
    build_config(&s.config, &spec);
}

static tee_status enter(const epoch_item *items, uint16_t count) {
    static uint8_t payload[65536];
    size_t len = encode_chain(items, count, payload, sizeof payload);
    return checker_enter(&s.ck, (tc_span){payload, len});
}

static tee_status enter_genesis(void) {
    const epoch_item item = {&s.config, NULL, NULL, 0};
    return enter(&item, 1);
}

static void scene_active(uint16_t slot_k) {
    scene_start(slot_k);
    NEED(enter_genesis() == TEE_OK);
    NEED(s.ck.now.state == TEE_STATE_ACTIVE);
}

static void scene_end(void) {
    for (unsigned i = 0; i < N; i++) {
        if (i != ME) {
            tc_key_free(s.keys[i]);
        }
    }
    checker_wipe(&s.ck);
}

/* The first view from `from` on whose leader has this seat. */
static uint64_t view_led_by(uint16_t seat, uint64_t from) {
    while (config_leader(&s.config.config, from) != seat) {
        from++;
    }
    return from;
}

static bool signed_by_subject(const uint8_t *bytes, size_t len, const uint8_t sig[TEE_SIG_LEN]) {
    const tc_span span = {bytes, len};
    return tc_verify_message(s.ck.suite, s.ck.public_key, &span, 1, sig);
}

static tee_status propose(const header_spec *header, const uint8_t *just, size_t len) {
    uint8_t bytes[TEE_HEADER_LEN];
    uint8_t sig[TEE_SIG_LEN] = {0};
    uint8_t signed_bytes[TEE_PROP_SIGNED_LEN];
    encode_header(header, bytes);
    tee_status status =
        checker_propose(&s.ck, (tc_span){bytes, sizeof bytes}, (tc_span){just, len}, sig);
    if (status == TEE_OK) {
        block_header decoded = decoded_header(header);
        prop_bytes(&s.config.config, &decoded, signed_bytes);
        CHECK(signed_by_subject(signed_bytes, sizeof signed_bytes, sig));
    }
    return status;
}

static tee_status vote_with(const header_spec *header, const uint8_t prop[TEE_SIG_LEN]) {
    uint8_t bytes[TEE_HEADER_LEN];
    uint8_t sig[TEE_SIG_LEN] = {0};
    uint8_t signed_bytes[TEE_VOTE_SIGNED_LEN];
    encode_header(header, bytes);
    tee_status status = checker_vote(&s.ck, (tc_span){bytes, sizeof bytes}, prop, sig);
    if (status == TEE_OK) {
        block_header decoded = decoded_header(header);
        vote_bytes(&s.config.config, 1, header->view, header->height, decoded.hash, header->last,
                   signed_bytes);
        CHECK(signed_by_subject(signed_bytes, sizeof signed_bytes, sig));
    }
    return status;
}

/* Votes for a header that its leader has signed. */
static tee_status vote(const header_spec *header) {
    uint8_t prop[TEE_SIG_LEN];
    uint16_t leader = config_leader(&s.config.config, header->view);
    sign_prop(&s.config.config, header, s.keys[leader], prop);
    return vote_with(header, prop);
}

static header_spec child_of_anchor(uint64_t view) {
    return header_for(&s.config.config, view, 1, s.config.config.hash);
}

static tee_status propose_on_qc(const header_spec *header, const header_spec *parent,
                                uint64_t signers) {
    uint8_t qc[QC_MAX];
    uint8_t just[JUST_MAX];
    size_t len = build_qc(&s.config.config, parent, s.keys, signers, qc);
    return propose(header, just, just_qc(qc, len, just));
}

/* A report of seat i that its last vote was the given header, or none if null. */
static new_view report_of(uint16_t seat, uint64_t view, const header_spec *voted) {
    new_view report;
    memset(&report, 0, sizeof report);
    report.member = seat;
    report.new_view = view;
    memcpy(report.ph, s.config.config.hash, TEE_HASH_LEN);
    if (voted != NULL) {
        block_header decoded = decoded_header(voted);
        report.pv = voted->view;
        report.pheight = voted->height;
        report.plast = voted->last;
        memcpy(report.ph, decoded.hash, TEE_HASH_LEN);
    }
    sign_report(&s.config.config, &report, s.keys[seat]);
    return report;
}

static tee_status propose_on_reports(const header_spec *header, const new_view *reports,
                                     uint16_t count) {
    uint8_t just[JUST_MAX];
    return propose(header, just, just_new_views(reports, count, just));
}

static header_spec child_of(const header_spec *parent, uint64_t view) {
    block_header decoded = decoded_header(parent);
    return header_for(&s.config.config, view, parent->height + 1, decoded.hash);
}

/* ---- entering ----------------------------------------------------------- */

static void a_new_instance_signs_nothing(void) {
    uint8_t just[JUST_MAX];
    uint8_t report[TEE_NEW_VIEW_LEN];
    scene_start(1);
    header_spec header = child_of_anchor(1);
    CHECK_IS(TEE_E_STATE, propose(&header, just, just_anchor(just)));
    CHECK_IS(TEE_E_STATE, vote(&header));
    CHECK_IS(TEE_E_STATE, checker_new_view(&s.ck, 1, report));
    scene_end();
}

static void genesis_gives_a_seat_once(void) {
    scene_start(1);
    CHECK_IS(TEE_OK, enter_genesis());
    CHECK_IS(TEE_STATE_ACTIVE, s.ck.now.state);
    CHECK_IS(ME, s.ck.now.me);
    CHECK(memcmp(s.ck.ph, s.config.config.hash, TEE_HASH_LEN) == 0);
    CHECK_IS(TEE_E_ROLLBACK, enter_genesis());
    scene_end();
}

static void without_a_seat_an_instance_follows(void) {
    uint8_t report[TEE_NEW_VIEW_LEN];
    uint8_t just[JUST_MAX];
    scene_start(1);
    config_spec spec;
    spec_default(&spec, 1, 1);
    spec.suite = suite;
    spec_add(&spec, "alpha", tc_key_public(s.keys[0]));
    built_config others;
    build_config(&others, &spec);
    const epoch_item item = {&others, NULL, NULL, 0};
    CHECK_IS(TEE_OK, enter(&item, 1));
    CHECK_IS(TEE_STATE_FOLLOWER, s.ck.now.state);
    CHECK_IS(CHECKER_NO_SEAT, s.ck.now.me);
    header_spec header = header_for(&others.config, 1, 1, others.config.hash);
    CHECK_IS(TEE_E_NOT_JOINED, propose(&header, just, just_anchor(just)));
    CHECK_IS(TEE_E_NOT_JOINED, checker_new_view(&s.ck, 1, report));
    scene_end();
}

static void another_chains_genesis_is_refused(void) {
    scene_start(1);
    config_spec spec;
    spec_default(&spec, 1, 1);
    spec.suite = suite;
    spec.chain[0] ^= 1;
    spec_add(&spec, "alpha", s.ck.public_key);
    built_config other;
    build_config(&other, &spec);
    const epoch_item item = {&other, NULL, NULL, 0};
    CHECK_IS(TEE_E_CONFLICT, enter(&item, 1));
    CHECK_IS(TEE_STATE_NEW, s.ck.now.state);
    scene_end();
}

/* The config of epoch 2, with or without this instance's seat. */
static built_config next_config(bool with_me, uint64_t epoch) {
    config_spec spec;
    built_config next;
    spec_default(&spec, epoch, 1);
    spec.suite = suite;
    spec_add(&spec, "alpha", tc_key_public(s.keys[0]));
    if (with_me) {
        spec_add(&spec, "beta", s.ck.public_key);
    }
    spec_add(&spec, "gamma", tc_key_public(s.keys[2]));
    build_config(&next, &spec);
    return next;
}

/* The last block of epoch 1, leading to the config. */
static header_spec last_block(const built_config *next) {
    header_spec last = child_of_anchor(1);
    last.last = true;
    memcpy(last.next_config, next->config.hash, TEE_HASH_LEN);
    return last;
}

static tee_status enter_after(const built_config *next, const header_spec *last,
                              const header_spec *certified, uint64_t signers) {
    uint8_t header[TEE_HEADER_LEN];
    uint8_t qc[QC_MAX];
    encode_header(last, header);
    size_t len = build_qc(&s.config.config, certified, s.keys, signers, qc);
    const epoch_item item = {next, header, qc, len};
    return enter(&item, 1);
}

static void the_next_epoch_needs_its_proof(void) {
    scene_active(1);
    built_config next = next_config(true, 2);
    built_config other = next_config(false, 2);
    built_config far = next_config(true, 3);
    header_spec last = last_block(&next);
    header_spec plain = last;
    plain.last = false;
    memset(plain.next_config, 0, TEE_HASH_LEN);
    header_spec sibling = last;
    sibling.salt = 9;
    CHECK_IS(TEE_E_QC, enter_after(&next, &last, &last, 1));
    CHECK_IS(TEE_E_QC, enter_after(&next, &last, &last, 4));
    CHECK_IS(TEE_E_CONFLICT, enter_after(&next, &last, &sibling, EVERYBODY));
    CHECK_IS(TEE_E_CONFLICT, enter_after(&next, &plain, &plain, EVERYBODY));
    CHECK_IS(TEE_E_CONFLICT, enter_after(&other, &last, &last, EVERYBODY));
    CHECK_IS(TEE_E_CONFLICT, enter_after(&far, &last, &last, EVERYBODY));
    CHECK_IS(1, s.ck.now.config.epoch);
    const epoch_item bare = {&next, NULL, NULL, 0};
    CHECK_IS(TEE_E_PARAM, enter(&bare, 1));
    CHECK_IS(TEE_OK, enter_after(&next, &last, &last, 5));
    CHECK_IS(2, s.ck.now.config.epoch);
    CHECK_IS(TEE_STATE_ACTIVE, s.ck.now.state);
    CHECK_IS(1, s.ck.pheight);
    CHECK_IS(TEE_E_ROLLBACK, enter_genesis());
    scene_end();
}

static void a_new_epoch_starts_over_from_its_anchor(void) {
    uint8_t report[TEE_NEW_VIEW_LEN];
    scene_active(1);
    built_config next = next_config(true, 2);
    header_spec last = last_block(&next);
    CHECK_IS(TEE_OK, vote(&last));
    CHECK_IS(TEE_OK, checker_new_view(&s.ck, 40, report));
    CHECK_IS(TEE_OK, enter_after(&next, &last, &last, EVERYBODY));
    CHECK_IS(0, s.ck.v);
    CHECK_IS(0, s.ck.pv);
    CHECK_IS(0, s.ck.prop);
    CHECK(!s.ck.plast);
    block_header decoded = decoded_header(&last);
    CHECK(memcmp(s.ck.now.anchor, decoded.hash, TEE_HASH_LEN) == 0);
    CHECK(memcmp(s.ck.ph, decoded.hash, TEE_HASH_LEN) == 0);
    scene_end();
}

/* By the headers' first bytes, with a certificate of the given one. */
static tee_status enter_by_headers(const built_config *next, const header_spec *headers,
                                   size_t count, size_t len, const header_spec *certified,
                                   uint64_t signers) {
    static uint8_t payload[65536];
    static uint8_t bytes[(TEE_MAX_EPOCH_END + 2) * TEE_HEADER_LEN];
    uint8_t qc[QC_MAX];
    encode_headers(headers, count, bytes);
    const epoch_item item = {next, bytes, qc,
                             build_qc(&s.config.config, certified, s.keys, signers, qc)};
    size_t size = encode_long_chain(&item, &len, 1, payload, sizeof payload);
    return checker_enter(&s.ck, (tc_span){payload, size});
}

static tee_status enter_by_suffix(const built_config *next, const header_spec *headers,
                                  size_t count) {
    return enter_by_headers(next, headers, count, count * TEE_HEADER_LEN, &headers[count - 1],
                            EVERYBODY);
}

/* The last block of epoch 1 and its suffix, in the views after it. */
static void show_end(const built_config *next, header_spec *headers, size_t count) {
    headers[0] = last_block(next);
    for (size_t i = 1; i < count; i++) {
        headers[i] = suffix_of(&s.config.config, &headers[i - 1], 1 + i);
    }
}

static void an_epochs_end_is_proven_by_its_suffix(void) {
    static header_spec headers[TEE_MAX_EPOCH_END];
    static const size_t counts[] = {1, 2, 3, TEE_MAX_EPOCH_END};
    for (unsigned i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        scene_active(1);
        built_config next = next_config(true, 2);
        show_end(&next, headers, counts[i]);
        CHECK_IS(TEE_OK, enter_by_suffix(&next, headers, counts[i]));
        block_header last = decoded_header(&headers[0]);
        CHECK_IS(2, s.ck.now.config.epoch);
        CHECK(memcmp(s.ck.now.anchor, last.hash, TEE_HASH_LEN) == 0);
        CHECK_IS(1, s.ck.now.anchor_height);
        CHECK_IS(1, s.ck.pheight);
        scene_end();
    }
}

static void a_suffix_that_is_none_proves_nothing(void) {
    header_spec headers[3];
    scene_active(1);
    built_config next = next_config(true, 2);
    built_config other = next_config(false, 2);
    show_end(&next, headers, 3);
    const size_t len = sizeof headers / sizeof headers[0] * TEE_HEADER_LEN;
    CHECK_IS(TEE_E_CONFLICT, enter_by_suffix(&other, headers, 3));
    CHECK_IS(TEE_E_CONFLICT,
             enter_by_headers(&next, headers, 3, len, &headers[0], EVERYBODY));
    CHECK_IS(TEE_E_CONFLICT,
             enter_by_headers(&next, headers, 3, len, &headers[1], EVERYBODY));
    CHECK_IS(TEE_E_QC, enter_by_headers(&next, headers, 3, len, &headers[2], 1));
    CHECK_IS(TEE_E_CONFLICT, enter_by_suffix(&next, &headers[1], 2)); /* without the last block */
    headers[2].entries = 1;
    CHECK_IS(TEE_E_CONFLICT, enter_by_suffix(&next, headers, 3));
    headers[2].entries = 0;
    headers[0].entries = 0;
    CHECK_IS(TEE_E_CONFLICT, enter_by_suffix(&next, headers, 1));
    headers[0].entries = 2;
    memcpy(headers[2].next_config, other.config.hash, TEE_HASH_LEN);
    CHECK_IS(TEE_E_CONFLICT, enter_by_suffix(&next, headers, 3));
    CHECK_IS(TEE_E_CONFLICT, enter_by_suffix(&other, headers, 3));
    CHECK_IS(1, s.ck.now.config.epoch);
    CHECK_IS(TEE_OK, enter_by_suffix(&next, headers, 2));
    scene_end();
}

static void headers_are_whole_and_not_too_many(void) {
    static header_spec headers[TEE_MAX_EPOCH_END + 1];
    static const size_t lens[] = {0,
                                  TEE_HEADER_LEN - 1,
                                  TEE_HEADER_LEN + 1,
                                  2 * TEE_HEADER_LEN - 1,
                                  TEE_MAX_EPOCH_END * TEE_HEADER_LEN - 1,
                                  TEE_MAX_EPOCH_END * TEE_HEADER_LEN + 1,
                                  (TEE_MAX_EPOCH_END + 1) * TEE_HEADER_LEN};
    scene_active(1);
    built_config next = next_config(true, 2);
    show_end(&next, headers, TEE_MAX_EPOCH_END + 1);
    for (unsigned i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        CHECK_IS(TEE_E_PARAM, enter_by_headers(&next, headers, TEE_MAX_EPOCH_END + 1, lens[i],
                                               &headers[0], EVERYBODY));
    }
    CHECK_IS(1, s.ck.now.config.epoch);
    CHECK_IS(TEE_OK, enter_by_suffix(&next, headers, 1));
    scene_end();
}

/* A certificate of it was seen: state of the next epoch's first block is fresh nevertheless. */
static void a_suffix_is_no_part_of_the_chain(void) {
    header_spec headers[3];
    scene_active(1);
    built_config next = next_config(true, 2);
    uint64_t view = view_led_by(ME, 4);
    show_end(&next, headers, 3);
    headers[2].view = view - 1;
    headers[2].proposer = config_leader(&s.config.config, view - 1);
    header_spec above = suffix_of(&s.config.config, &headers[2], view);
    CHECK_IS(TEE_OK, propose_on_qc(&above, &headers[2], EVERYBODY));
    CHECK_IS(3, s.ck.certified);
    CHECK_IS(TEE_OK, enter_by_suffix(&next, headers, 3));
    CHECK_IS(1, s.ck.certified);
    CHECK(checker_is_fresh(&s.ck, 2));
    CHECK(!checker_is_fresh(&s.ck, 0));
    scene_end();
}

static void losing_the_seat_destroys_the_key(void) {
    uint8_t report[TEE_NEW_VIEW_LEN];
    scene_active(1);
    built_config next = next_config(false, 2);
    header_spec last = last_block(&next);
    CHECK_IS(TEE_OK, enter_after(&next, &last, &last, 5));
    CHECK_IS(TEE_STATE_RETIRED, s.ck.now.state);
    CHECK(s.ck.key == NULL);
    CHECK_IS(TEE_E_STATE, checker_new_view(&s.ck, 1, report));
    CHECK_IS(TEE_E_STATE, enter_genesis());
    scene_end();
}

/* A lagging instance takes two epochs at once; a bad second one undoes the first. */
static void a_chain_is_entered_as_a_whole(void) {
    uint8_t headers[2][TEE_HEADER_LEN];
    uint8_t qcs[2][QC_MAX];
    scene_active(1);
    built_config second = next_config(true, 2);
    built_config third = next_config(true, 3);
    header_spec last = last_block(&second);
    block_header decoded = decoded_header(&last);
    header_spec last2 = header_for(&second.config, 1, 2, decoded.hash);
    last2.last = true;
    memcpy(last2.next_config, third.config.hash, TEE_HASH_LEN);
    encode_header(&last, headers[0]);
    encode_header(&last2, headers[1]);
    epoch_item items[2] = {{&second, headers[0], qcs[0], 0}, {&third, headers[1], qcs[1], 0}};
    items[0].proof_len = build_qc(&s.config.config, &last, s.keys, EVERYBODY, qcs[0]);
    items[1].proof_len = build_qc(&second.config, &last2, s.keys, 1, qcs[1]);
    CHECK_IS(TEE_E_QC, enter(items, 2));
    CHECK_IS(1, s.ck.now.config.epoch);
    items[1].proof_len = build_qc(&second.config, &last2, s.keys, 3, qcs[1]);
    CHECK_IS(TEE_OK, enter(items, 2));
    CHECK_IS(3, s.ck.now.config.epoch);
    CHECK_IS(2, s.ck.pheight);
    scene_end();
}

/* ---- epochs of BFT-2P --------------------------------------------------- */

#define PROCESSES 4u
#define WITH_ME true

static tc_key *processes[PROCESSES]; /* of "alpha" to "delta"; null for this instance's key */

/* Four processes; if the flag says so, the enclave's key stays in the seat of "beta". */
static built_config bft_config(bool with_me, uint64_t epoch) {
    static const char *const ids[PROCESSES] = {"alpha", "beta", "delta", "gamma"};
    config_spec spec;
    built_config built;
    spec_default(&spec, epoch, 1);
    spec.suite = suite;
    spec.mode = TEE_MODE_BFT_2P;
    for (unsigned i = 0; i < PROCESSES; i++) {
        processes[i] = tc_key_generate(suite);
        NEED(processes[i] != NULL);
        bool mine = with_me && i == ME;
        spec_add(&spec, ids[i], mine ? s.ck.public_key : tc_key_public(processes[i]));
    }
    build_config(&built, &spec);
    return built;
}

static void forget_processes(void) {
    for (unsigned i = 0; i < PROCESSES; i++) {
        tc_key_free(processes[i]);
    }
}

/* From the epoch of BFT-2P, by a certificate of the phase that the other configuration has. */
static tee_status enter_from_bft(const built_config *bft, const epoch_config *votes_of,
                                 const built_config *next, uint64_t signers) {
    uint8_t bytes[TEE_HEADER_LEN];
    uint8_t qc[QC_MAX];
    header_spec last = header_for(&bft->config, 3, 2, s.ck.now.anchor);
    last.last = true;
    memcpy(last.next_config, next->config.hash, TEE_HASH_LEN);
    encode_header(&last, bytes);
    size_t len = build_qc(votes_of, &last, processes, signers, qc);
    const epoch_item item = {next, bytes, qc, len};
    return enter(&item, 1);
}

static void enter_bft(const built_config *bft) {
    header_spec last = last_block(bft);
    CHECK_IS(TEE_OK, enter_after(bft, &last, &last, EVERYBODY));
    CHECK_IS(2, s.ck.now.config.epoch);
    CHECK_IS(TEE_STATE_FOLLOWER, s.ck.now.state);
}

static void nothing_is_signed_among_processes(bool with_me) {
    uint8_t report[TEE_NEW_VIEW_LEN];
    uint8_t just[JUST_MAX];
    uint8_t prop[TEE_SIG_LEN];
    scene_active(1);
    built_config bft = bft_config(with_me, 2);
    enter_bft(&bft);
    CHECK_IS(CHECKER_NO_SEAT, s.ck.now.me);
    CHECK(s.ck.key != NULL);
    uint64_t view = 1;
    while (config_leader(&bft.config, view) != ME) {
        view++;
    }
    header_spec mine = header_for(&bft.config, view, 2, s.ck.now.anchor);
    CHECK_IS(TEE_E_NOT_JOINED, propose(&mine, just, just_anchor(just)));
    header_spec first = header_for(&bft.config, 1, 2, s.ck.now.anchor);
    sign_prop(&bft.config, &first, processes[config_leader(&bft.config, 1)], prop);
    CHECK_IS(TEE_E_NOT_JOINED, vote_with(&first, prop));
    CHECK_IS(TEE_E_NOT_JOINED, checker_new_view(&s.ck, 1, report));
    forget_processes();
    scene_end();
}

static void an_enclave_has_no_seat_among_processes(void) {
    nothing_is_signed_among_processes(!WITH_ME);
    nothing_is_signed_among_processes(WITH_ME);
}

static void processes_end_an_epoch_by_votes_of_the_second_phase(void) {
    uint8_t report[TEE_NEW_VIEW_LEN];
    scene_active(1);
    built_config bft = bft_config(!WITH_ME, 2);
    built_config back = next_config(true, 3);
    enter_bft(&bft);
    epoch_config prepared = bft.config;
    prepared.mode = TEE_MODE_TEE_1P; /* votes of phase 1 */
    CHECK_IS(TEE_E_QC, enter_from_bft(&bft, &prepared, &back, 15));
    CHECK_IS(TEE_E_QC, enter_from_bft(&bft, &bft.config, &back, 3));
    CHECK_IS(2, s.ck.now.config.epoch);
    CHECK_IS(TEE_OK, enter_from_bft(&bft, &bft.config, &back, 7));
    CHECK_IS(TEE_STATE_ACTIVE, s.ck.now.state);
    CHECK_IS(ME, s.ck.now.me);
    CHECK_IS(TEE_OK, checker_new_view(&s.ck, 1, report)); /* it votes again */
    forget_processes();
    scene_end();
}

static void votes_of_a_second_phase_end_no_epoch_of_enclaves(void) {
    uint8_t bytes[TEE_HEADER_LEN];
    uint8_t qc[QC_MAX];
    scene_active(1);
    built_config next = next_config(true, 2);
    header_spec last = last_block(&next);
    epoch_config committed = s.config.config;
    committed.mode = TEE_MODE_BFT_2P; /* votes of phase 2 */
    encode_header(&last, bytes);
    size_t len = build_qc(&committed, &last, s.keys, EVERYBODY, qc);
    const epoch_item item = {&next, bytes, qc, len};
    CHECK_IS(TEE_E_QC, enter(&item, 1));
    CHECK_IS(1, s.ck.now.config.epoch);
    scene_end();
}

/* Without a seat in the epoch of TEE-1P that follows it goes on following; its key was kept. */
static void who_is_not_named_on_the_way_back_follows(void) {
    scene_active(1);
    built_config bft = bft_config(!WITH_ME, 2);
    built_config back = next_config(false, 3);
    enter_bft(&bft);
    CHECK_IS(TEE_OK, enter_from_bft(&bft, &bft.config, &back, 14));
    CHECK_IS(TEE_STATE_FOLLOWER, s.ck.now.state);
    CHECK(s.ck.key != NULL);
    forget_processes();
    scene_end();
}

/* A new instance that enters a ledger of BFT-2P from its genesis follows as well. */
static void a_ledger_may_begin_with_processes(void) {
    scene_start(1);
    built_config bft = bft_config(WITH_ME, 1);
    const epoch_item item = {&bft, NULL, NULL, 0};
    CHECK_IS(TEE_OK, enter(&item, 1));
    CHECK_IS(TEE_STATE_FOLLOWER, s.ck.now.state);
    CHECK_IS(CHECKER_NO_SEAT, s.ck.now.me);
    forget_processes();
    scene_end();
}

/* ---- suites ------------------------------------------------------------- */

static uint8_t other_suite(void) {
    return suite == TEE_SUITE_SM2 ? TEE_SUITE_ES256 : TEE_SUITE_SM2;
}

static void an_epoch_of_another_suite_is_not_entered(void) {
    scene_start(1);
    config_spec spec;
    spec_default(&spec, 1, 1);
    spec.suite = other_suite();
    spec_add(&spec, "beta", s.ck.public_key);
    built_config other;
    build_config(&other, &spec);
    const epoch_item item = {&other, NULL, NULL, 0};
    CHECK_IS(TEE_E_ALG_UNSUPPORTED, enter(&item, 1));
    CHECK_IS(TEE_STATE_NEW, s.ck.now.state);
    spec.suite = TEE_SUITE_SM2 + 1;
    other.len = encode_config(&spec, other.bytes);
    CHECK_IS(TEE_E_ALG_UNSUPPORTED, enter(&item, 1));
    CHECK_IS(TEE_STATE_NEW, s.ck.now.state);
    scene_end();
}

/* A consortium that changes its suite at the end of epoch 1, seen by a new instance. */
static void epochs_of_the_suite_before_prove_the_first_of_this_one(void) {
    static built_config genesis;
    uint8_t header[TEE_HEADER_LEN];
    uint8_t qc[QC_MAX];
    tc_key *old = tc_key_generate(other_suite());
    NEED(old != NULL);
    scene_start(1);
    config_spec spec;
    spec_default(&spec, 1, 1);
    spec.suite = other_suite();
    spec_add(&spec, "beta", tc_key_public(old));
    build_config(&genesis, &spec);
    built_config next = next_config(true, 2);
    header_spec last = header_for(&genesis.config, 1, 1, genesis.config.hash);
    last.last = true;
    memcpy(last.next_config, next.config.hash, TEE_HASH_LEN);
    encode_header(&last, header);
    epoch_item items[2] = {{&genesis, NULL, NULL, 0}, {&next, header, qc, 0}};
    items[1].proof_len = build_qc(&genesis.config, &last, &s.ck.key, 1, qc);
    CHECK_IS(TEE_E_QC, enter(items, 2)); /* not the old suite's signature */
    CHECK_IS(TEE_STATE_NEW, s.ck.now.state);
    items[1].proof_len = build_qc(&genesis.config, &last, &old, 1, qc);
    CHECK_IS(TEE_E_ALG_UNSUPPORTED, enter(items, 1));
    CHECK_IS(TEE_OK, enter(items, 2));
    CHECK_IS(TEE_STATE_ACTIVE, s.ck.now.state);
    CHECK_IS(2, s.ck.now.config.epoch);
    scene_end();
    tc_key_free(old);
}

/* ---- proposing ---------------------------------------------------------- */

static void the_anchor_is_extended_in_view_one_only(void) {
    uint8_t just[JUST_MAX];
    scene_active(1);
    uint64_t view = view_led_by(ME, 2);
    header_spec header = child_of_anchor(view);
    CHECK_IS(TEE_E_CONFLICT, propose(&header, just, just_anchor(just)));
    scene_end();
    scene_active(2); /* with this fixture chain and slot, seat 1 leads view 1 */
    NEED(config_leader(&s.config.config, 1) == ME);
    header = child_of_anchor(1);
    CHECK_IS(TEE_OK, propose(&header, just, just_anchor(just)));
    CHECK_IS(TEE_E_STALE_VIEW, propose(&header, just, just_anchor(just)));
    scene_end();
}

static void only_the_leader_of_the_view_proposes(void) {
    scene_active(1);
    uint64_t view = view_led_by(0, 2);
    header_spec parent = child_of_anchor(view - 1);
    header_spec header = child_of(&parent, view);
    CHECK_IS(TEE_E_CONFLICT, propose_on_qc(&header, &parent, EVERYBODY));
    header.proposer = ME; /* a lie in the header does not help */
    CHECK_IS(TEE_E_CONFLICT, propose_on_qc(&header, &parent, EVERYBODY));
    scene_end();
}

static void a_certificate_must_be_of_the_view_before(void) {
    scene_active(1);
    uint64_t view = view_led_by(ME, 4);
    header_spec old = child_of_anchor(view - 2);
    header_spec on_old = child_of(&old, view);
    CHECK_IS(TEE_E_CONFLICT, propose_on_qc(&on_old, &old, EVERYBODY));
    header_spec parent = child_of_anchor(view - 1);
    header_spec header = child_of(&parent, view);
    CHECK_IS(TEE_OK, propose_on_qc(&header, &parent, EVERYBODY));
    header.salt = 1;
    CHECK_IS(TEE_E_STALE_VIEW, propose_on_qc(&header, &parent, EVERYBODY));
    scene_end();
}

static void a_certificate_needs_a_quorum_of_distinct_members(void) {
    uint8_t qc[QC_MAX];
    uint8_t just[JUST_MAX];
    scene_active(1);
    uint64_t view = view_led_by(ME, 2);
    header_spec parent = child_of_anchor(view - 1);
    header_spec header = child_of(&parent, view);
    CHECK_IS(TEE_E_QC, propose_on_qc(&header, &parent, 1));
    /* One valid signature under two bits: the second does not verify. */
    size_t len = build_qc(&s.config.config, &parent, s.keys, 5, qc);
    memcpy(qc + TEE_QC_FIXED_LEN + TEE_SIG_LEN, qc + TEE_QC_FIXED_LEN, TEE_SIG_LEN);
    CHECK_IS(TEE_E_QC, propose(&header, just, just_qc(qc, len, just)));
    /* A signer who is no member, although the quorum is there without it. */
    len = build_qc(&s.config.config, &parent, s.keys, 5, qc);
    qc[TEE_QC_FIXED_LEN - 1] |= 8;
    memcpy(qc + len, qc + TEE_QC_FIXED_LEN, TEE_SIG_LEN);
    CHECK_IS(TEE_E_QC, propose(&header, just, just_qc(qc, len + TEE_SIG_LEN, just)));
    /* A bit without its signature is no certificate at all. */
    CHECK_IS(TEE_E_PARAM, propose(&header, just, just_qc(qc, len, just)));
    /* Altered contents. */
    len = build_qc(&s.config.config, &parent, s.keys, 5, qc);
    qc[23] ^= 1; /* height */
    CHECK_IS(TEE_E_QC, propose(&header, just, just_qc(qc, len, just)));
    CHECK_IS(TEE_OK, propose_on_qc(&header, &parent, 5));
    scene_end();
}

static void a_proposal_extends_exactly_its_parent(void) {
    scene_active(1);
    uint64_t view = view_led_by(ME, 2);
    header_spec parent = child_of_anchor(view - 1);
    header_spec header = child_of(&parent, view);
    header_spec wrong = header;
    wrong.height++;
    CHECK_IS(TEE_E_CONFLICT, propose_on_qc(&wrong, &parent, EVERYBODY));
    wrong = header;
    wrong.parent[31] ^= 1;
    CHECK_IS(TEE_E_CONFLICT, propose_on_qc(&wrong, &parent, EVERYBODY));
    wrong = header;
    wrong.chain[0] ^= 1;
    CHECK_IS(TEE_E_CONFLICT, propose_on_qc(&wrong, &parent, EVERYBODY));
    wrong = header;
    wrong.epoch = 2;
    CHECK_IS(TEE_E_CONFLICT, propose_on_qc(&wrong, &parent, EVERYBODY));
    CHECK_IS(0, s.ck.prop);
    CHECK_IS(TEE_OK, propose_on_qc(&header, &parent, EVERYBODY));
    scene_end();
}

static void only_its_suffix_extends_the_last_block_of_an_epoch(void) {
    scene_active(1);
    uint64_t view = view_led_by(ME, 2);
    header_spec last = child_of_anchor(view - 1);
    last.last = true;
    last.next_config[0] = 7;
    const new_view reports[2] = {report_of(0, view, &last), report_of(2, view, NULL)};
    header_spec header = child_of(&last, view);
    CHECK_IS(TEE_E_CONFLICT, propose_on_qc(&header, &last, EVERYBODY));
    CHECK_IS(TEE_E_CONFLICT, propose_on_reports(&header, reports, 2));
    header.entries = 0; /* but the epoch goes on */
    CHECK_IS(TEE_E_CONFLICT, propose_on_qc(&header, &last, EVERYBODY));
    CHECK_IS(TEE_E_CONFLICT, propose_on_reports(&header, reports, 2));
    header_spec suffix = suffix_of(&s.config.config, &last, view);
    suffix.entries = 1;
    CHECK_IS(TEE_E_CONFLICT, propose_on_qc(&suffix, &last, EVERYBODY));
    CHECK_IS(TEE_E_CONFLICT, propose_on_reports(&suffix, reports, 2));
    CHECK_IS(0, s.ck.prop);
    suffix.entries = 0;
    CHECK_IS(TEE_OK, propose_on_reports(&suffix, reports, 2));
    CHECK_IS(TEE_STATE_ACTIVE, s.ck.now.state);
    scene_end();
}

static void upon_a_suffix_is_its_suffix(void) {
    scene_active(1);
    uint64_t view = view_led_by(ME, 3);
    header_spec last = child_of_anchor(view - 2);
    last.last = true;
    last.next_config[0] = 7;
    header_spec below = suffix_of(&s.config.config, &last, view - 1);
    header_spec header = child_of(&below, view);
    CHECK_IS(TEE_E_CONFLICT, propose_on_qc(&header, &below, EVERYBODY));
    header = suffix_of(&s.config.config, &below, view);
    CHECK_IS(TEE_OK, propose_on_qc(&header, &below, EVERYBODY));
    scene_end();
}

static void what_ends_an_epoch_has_entries(void) {
    uint8_t just[JUST_MAX];
    scene_active(2);
    NEED(config_leader(&s.config.config, 1) == ME);
    header_spec header = child_of_anchor(1);
    header.last = true;
    header.next_config[0] = 7;
    header.entries = 0;
    CHECK_IS(TEE_E_CONFLICT, propose(&header, just, just_anchor(just)));
    header.entries = 1;
    CHECK_IS(TEE_OK, propose(&header, just, just_anchor(just)));
    scene_end();
    scene_active(1);
    uint64_t view = view_led_by(ME, 2);
    header_spec parent = child_of_anchor(view - 1);
    header = child_of(&parent, view);
    header.last = true;
    header.entries = 0;
    CHECK_IS(TEE_E_CONFLICT, propose_on_qc(&header, &parent, EVERYBODY));
    header.last = false; /* an empty block among others */
    CHECK_IS(TEE_OK, propose_on_qc(&header, &parent, EVERYBODY));
    scene_end();
}

static void the_highest_report_is_the_parent(void) {
    scene_active(1);
    uint64_t view = view_led_by(ME, 9);
    header_spec low = child_of_anchor(2);
    header_spec high = child_of_anchor(5);
    const new_view reports[2] = {report_of(0, view, &high), report_of(2, view, &low)};
    header_spec on_low = child_of(&low, view);
    CHECK_IS(TEE_E_CONFLICT, propose_on_reports(&on_low, reports, 2));
    header_spec on_anchor = child_of_anchor(view);
    CHECK_IS(TEE_E_CONFLICT, propose_on_reports(&on_anchor, reports, 2));
    header_spec on_high = child_of(&high, view);
    CHECK_IS(TEE_E_QC, propose_on_reports(&on_high, reports, 1));
    CHECK_IS(TEE_OK, propose_on_reports(&on_high, reports, 2));
    scene_end();
}

static void reports_must_be_valid_distinct_and_of_the_view(void) {
    scene_active(1);
    uint64_t view = view_led_by(ME, 9);
    header_spec header = child_of_anchor(view);
    new_view twice[2] = {report_of(0, view, NULL), report_of(0, view, NULL)};
    CHECK_IS(TEE_E_PARAM, propose_on_reports(&header, twice, 2));
    new_view order[2] = {report_of(2, view, NULL), report_of(0, view, NULL)};
    CHECK_IS(TEE_E_PARAM, propose_on_reports(&header, order, 2));
    new_view stale[2] = {report_of(0, view - 1, NULL), report_of(2, view, NULL)};
    CHECK_IS(TEE_E_CONFLICT, propose_on_reports(&header, stale, 2));
    new_view forged[2] = {report_of(0, view, NULL), report_of(2, view, NULL)};
    forged[1].pheight = 3;
    CHECK_IS(TEE_E_QC, propose_on_reports(&header, forged, 2));
    new_view borrowed[2] = {report_of(0, view, NULL), report_of(0, view, NULL)};
    borrowed[1].member = 2;
    CHECK_IS(TEE_E_QC, propose_on_reports(&header, borrowed, 2));
    borrowed[1].member = 3;
    CHECK_IS(TEE_E_QC, propose_on_reports(&header, borrowed, 2));
    new_view good[2] = {report_of(0, view, NULL), report_of(2, view, NULL)};
    CHECK_IS(TEE_OK, propose_on_reports(&header, good, 2));
    scene_end();
}

static void two_blocks_of_one_view_halt_for_good(void) {
    uint8_t report[TEE_NEW_VIEW_LEN];
    scene_active(1);
    uint64_t view = view_led_by(ME, 9);
    header_spec one = child_of_anchor(5);
    header_spec two = one;
    two.salt = 1;
    const new_view reports[2] = {report_of(0, view, &one), report_of(2, view, &two)};
    header_spec header = child_of(&one, view);
    CHECK_IS(TEE_E_CONFLICT, propose_on_reports(&header, reports, 2));
    CHECK_IS(TEE_STATE_HALTED, s.ck.now.state);
    CHECK(s.ck.key == NULL);
    CHECK_IS(TEE_E_STATE, checker_new_view(&s.ck, view + 1, report));
    CHECK_IS(TEE_E_STATE, enter_genesis());
    CHECK_IS(TEE_E_STATE, checker_retire(&s.ck));
    CHECK_IS(TEE_STATE_HALTED, s.ck.now.state);
    scene_end();
}

static void different_blocks_below_the_highest_view_do_not_halt(void) {
    scene_active(1);
    uint64_t view = view_led_by(ME, 9);
    header_spec low = child_of_anchor(2);
    header_spec high = child_of_anchor(5);
    const new_view reports[2] = {report_of(0, view, &low), report_of(2, view, &high)};
    header_spec header = child_of(&high, view);
    CHECK_IS(TEE_OK, propose_on_reports(&header, reports, 2));
    CHECK_IS(TEE_STATE_ACTIVE, s.ck.now.state);
    scene_end();
}

/* ---- voting ------------------------------------------------------------- */

static void one_vote_per_view(void) {
    scene_active(1);
    header_spec header = child_of_anchor(3);
    header_spec sibling = header;
    sibling.salt = 1;
    CHECK_IS(TEE_OK, vote(&header));
    CHECK_IS(TEE_E_STALE_VIEW, vote(&sibling));
    CHECK_IS(TEE_E_STALE_VIEW, vote(&header));
    header_spec lower = child_of_anchor(2);
    CHECK_IS(TEE_E_STALE_VIEW, vote(&lower));
    header_spec higher = child_of_anchor(4);
    CHECK_IS(TEE_OK, vote(&higher));
    scene_end();
}

static void no_vote_below_a_view_left(void) {
    uint8_t report[TEE_NEW_VIEW_LEN];
    scene_active(1);
    CHECK_IS(TEE_OK, checker_new_view(&s.ck, 6, report));
    header_spec below = child_of_anchor(5);
    CHECK_IS(TEE_E_STALE_VIEW, vote(&below));
    header_spec at = child_of_anchor(6);
    CHECK_IS(TEE_OK, vote(&at));
    scene_end();
}

static void a_vote_needs_the_leaders_proposal(void) {
    uint8_t prop[TEE_SIG_LEN];
    scene_active(1);
    header_spec header = child_of_anchor(3);
    uint16_t leader = config_leader(&s.config.config, 3);
    sign_prop(&s.config.config, &header, s.keys[(leader + 1) % N], prop);
    CHECK_IS(TEE_E_QC, vote_with(&header, prop));
    sign_vote(&s.config.config, &header, s.keys[leader], prop);
    CHECK_IS(TEE_E_QC, vote_with(&header, prop)); /* a vote is no proposal */
    header_spec other = header;
    other.salt = 1;
    sign_prop(&s.config.config, &other, s.keys[leader], prop);
    CHECK_IS(TEE_E_QC, vote_with(&header, prop));
    header.proposer = (uint16_t)((leader + 1) % N);
    CHECK_IS(TEE_E_CONFLICT, vote(&header));
    CHECK_IS(0, s.ck.pv);
    scene_end();
}

/*
 * The reason why signatures carry the configuration's hash: an enclave in an
 * invented genesis, with the same chain, epoch and leader, makes signatures that
 * are void in the true one.
 */
static void a_signature_counts_in_its_own_configuration_only(void) {
    uint8_t prop[TEE_SIG_LEN];
    scene_active(1);
    config_spec spec;
    spec_default(&spec, 1, 1);
    spec.suite = suite;
    static const char *const ids[N] = {"alpha", "beta", "gamma"};
    for (unsigned i = 0; i < N; i++) {
        spec_add(&spec, ids[i], tc_key_public(s.keys[i]));
    }
    spec.slot_k = 2; /* anything at all */
    built_config invented;
    build_config(&invented, &spec);
    header_spec header = child_of_anchor(3);
    uint16_t leader = config_leader(&s.config.config, 3);
    sign_prop(&invented.config, &header, s.keys[leader], prop);
    CHECK_IS(TEE_E_QC, vote_with(&header, prop));
    scene_end();
}

static void views_only_grow_and_report_the_last_vote(void) {
    uint8_t bytes[TEE_NEW_VIEW_LEN];
    uint8_t signed_bytes[TEE_NEWV_SIGNED_LEN];
    scene_active(1);
    header_spec header = child_of_anchor(3);
    header.last = true;
    header.next_config[0] = 1;
    CHECK_IS(TEE_OK, vote(&header));
    CHECK_IS(TEE_E_STALE_VIEW, checker_new_view(&s.ck, 3, bytes));
    CHECK_IS(TEE_OK, checker_new_view(&s.ck, 4, bytes));
    CHECK_IS(TEE_E_STALE_VIEW, checker_new_view(&s.ck, 4, bytes));
    CHECK_IS(TEE_E_PARAM, checker_new_view(&s.ck, 0, bytes));
    CHECK_IS(TEE_E_PARAM, checker_new_view(&s.ck, TEE_MAX_NUMBER + 1, bytes));
    new_view report;
    reader in = reader_of(bytes, sizeof bytes);
    read_new_view(&in, &report);
    block_header decoded = decoded_header(&header);
    CHECK(read_done(&in));
    CHECK_IS(ME, report.member);
    CHECK_IS(4, report.new_view);
    CHECK_IS(3, report.pv);
    CHECK_IS(1, report.pheight);
    CHECK(report.plast);
    CHECK(memcmp(report.ph, decoded.hash, TEE_HASH_LEN) == 0);
    newv_bytes(&s.config.config, &report, signed_bytes);
    CHECK(signed_by_subject(signed_bytes, sizeof signed_bytes, report.signature));
    scene_end();
}

static void proposing_needs_a_view_not_left(void) {
    uint8_t bytes[TEE_NEW_VIEW_LEN];
    scene_active(1);
    uint64_t view = view_led_by(ME, 2);
    header_spec parent = child_of_anchor(view - 1);
    header_spec header = child_of(&parent, view);
    CHECK_IS(TEE_OK, checker_new_view(&s.ck, view + 1, bytes));
    CHECK_IS(TEE_E_STALE_VIEW, propose_on_qc(&header, &parent, EVERYBODY));
    scene_end();
}

static void a_retired_instance_signs_nothing(void) {
    uint8_t bytes[TEE_NEW_VIEW_LEN];
    scene_active(1);
    CHECK_IS(TEE_OK, checker_retire(&s.ck));
    CHECK_IS(TEE_OK, checker_retire(&s.ck));
    CHECK(s.ck.key == NULL);
    CHECK_IS(TEE_E_STATE, checker_new_view(&s.ck, 1, bytes));
    scene_end();
}

int main(void) {
    NEED(tc_init() == 0);
    for (suite = TEE_SUITE_ES256; suite <= TEE_SUITE_SM2; suite++) {
        RUN(a_new_instance_signs_nothing);
        RUN(genesis_gives_a_seat_once);
        RUN(without_a_seat_an_instance_follows);
        RUN(another_chains_genesis_is_refused);
        RUN(the_next_epoch_needs_its_proof);
        RUN(a_new_epoch_starts_over_from_its_anchor);
        RUN(an_epochs_end_is_proven_by_its_suffix);
        RUN(a_suffix_that_is_none_proves_nothing);
        RUN(headers_are_whole_and_not_too_many);
        RUN(a_suffix_is_no_part_of_the_chain);
        RUN(losing_the_seat_destroys_the_key);
        RUN(a_chain_is_entered_as_a_whole);
        RUN(an_enclave_has_no_seat_among_processes);
        RUN(processes_end_an_epoch_by_votes_of_the_second_phase);
        RUN(votes_of_a_second_phase_end_no_epoch_of_enclaves);
        RUN(who_is_not_named_on_the_way_back_follows);
        RUN(a_ledger_may_begin_with_processes);
        RUN(an_epoch_of_another_suite_is_not_entered);
        RUN(epochs_of_the_suite_before_prove_the_first_of_this_one);
        RUN(the_anchor_is_extended_in_view_one_only);
        RUN(only_the_leader_of_the_view_proposes);
        RUN(a_certificate_must_be_of_the_view_before);
        RUN(a_certificate_needs_a_quorum_of_distinct_members);
        RUN(a_proposal_extends_exactly_its_parent);
        RUN(only_its_suffix_extends_the_last_block_of_an_epoch);
        RUN(upon_a_suffix_is_its_suffix);
        RUN(what_ends_an_epoch_has_entries);
        RUN(the_highest_report_is_the_parent);
        RUN(reports_must_be_valid_distinct_and_of_the_view);
        RUN(two_blocks_of_one_view_halt_for_good);
        RUN(different_blocks_below_the_highest_view_do_not_halt);
        RUN(one_vote_per_view);
        RUN(no_vote_below_a_view_left);
        RUN(a_vote_needs_the_leaders_proposal);
        RUN(a_signature_counts_in_its_own_configuration_only);
        RUN(views_only_grow_and_report_the_last_vote);
        RUN(proposing_needs_a_view_not_left);
        RUN(a_retired_instance_signs_nothing);
    }
    tc_shutdown();
    return check_report();
}
