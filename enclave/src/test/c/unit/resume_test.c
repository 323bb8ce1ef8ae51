/* Where a lost member stood: shown by what its host stored, never backwards. */
#include "check.h"
#include "fixtures.h"
#include "resume.h"

#include <string.h>

static identity who;
static checker lost_ck; /* of "beta", which has a seat */
static checker new_ck;  /* of its next instance */
static tc_key *alpha;
static built_config config;
static uint8_t request[1024];
static uint8_t statement[TEE_RESUME_LEN];
static resume_statement said;
/* Every test runs under each suite. */
static uint8_t suite;

static void enter(checker *ck) {
    static uint8_t payload[CONFIG_MAX + 64];
    const epoch_item item = {&config, NULL, NULL, 0};
    size_t len = encode_chain(&item, 1, payload, sizeof payload);
    NEED(checker_enter(ck, (tc_span){payload, len}) == TEE_OK);
}

/* Two members; "beta" lost its instance, and a fresh one follows the epoch. */
static void start(void) {
    config_spec spec;
    memset(&who, 0, sizeof who);
    memcpy(who.chain_id, fixture_chain, TEE_HASH_LEN);
    who.member_len = 4;
    memcpy(who.member, "beta", 4);
    NEED(checker_init(&lost_ck, suite, fixture_chain) == TEE_OK);
    NEED(checker_init(&new_ck, suite, fixture_chain) == TEE_OK);
    alpha = tc_key_generate(suite);
    spec_default(&spec, 1, 1);
    spec.suite = suite;
    spec_add(&spec, "alpha", tc_key_public(alpha));
    spec_add(&spec, "beta", lost_ck.public_key);
    build_config(&config, &spec);
    enter(&lost_ck);
}

static void start_following(void) {
    start();
    enter(&new_ck);
}

static void end(void) {
    checker_wipe(&lost_ck);
    checker_wipe(&new_ck);
    tc_key_free(alpha);
}

static header_spec block(uint64_t view) {
    return header_for(&config.config, view, view + 2, config.config.hash);
}

static tc_key *leader_key(uint64_t view) {
    return config_leader(&config.config, view) == 0 ? alpha : lost_ck.key;
}

/* ---- requests ----------------------------------------------------------- */

static tee_status ask(checker *ck, const writer *w) {
    NEED(w->ok);
    reader in = reader_of(w->start, w->len);
    tee_status status = resume_sign(ck, &who, &in, statement);
    if (status == TEE_OK) {
        reader out = reader_of(statement, sizeof statement);
        read_resume_statement(&out, &said);
        CHECK(read_done(&out));
    }
    return status;
}

static tee_status by_kind(checker *ck, uint8_t kind) {
    writer w = writer_of(request, sizeof request);
    write_u8(&w, kind);
    return ask(ck, &w);
}

static writer proposal_request(const header_spec *header, tc_key *key) {
    uint8_t bytes[TEE_HEADER_LEN];
    uint8_t prop[TEE_SIG_LEN];
    encode_header(header, bytes);
    sign_prop(&config.config, header, key, prop);
    writer w = writer_of(request, sizeof request);
    write_u8(&w, TEE_RESUME_PROPOSAL);
    write_bytes(&w, bytes, sizeof bytes);
    write_bytes(&w, prop, sizeof prop);
    return w;
}

static tee_status by_proposal(checker *ck, uint64_t view) {
    header_spec header = block(view);
    writer w = proposal_request(&header, leader_key(view));
    return ask(ck, &w);
}

static writer certificate_request(const header_spec *header, uint64_t signers) {
    tc_key *keys[] = {alpha, lost_ck.key};
    uint8_t qc[QC_MAX];
    size_t len = build_qc(&config.config, header, keys, signers, qc);
    writer w = writer_of(request, sizeof request);
    write_u8(&w, TEE_RESUME_CERTIFICATE);
    write_u32(&w, (uint32_t)len);
    write_bytes(&w, qc, len);
    return w;
}

static tee_status by_certificate(checker *ck, uint64_t view) {
    header_spec header = block(view);
    writer w = certificate_request(&header, 3);
    return ask(ck, &w);
}

/* ---- what is said ------------------------------------------------------- */

static bool signed_by(const uint8_t key[TEE_KEY_LEN]) {
    const tc_span text = {statement, RESUME_SIGNED_LEN};
    return tc_verify_message(suite, key, &text, 1, statement + text.len);
}

/* Of beta's seat, under the key of the instance that states it. */
static void check_statement_by(const uint8_t key[TEE_KEY_LEN]) {
    CHECK(signed_by(key));
    CHECK(memcmp(statement, "CDC1RESM", 8) == 0);
    CHECK(memcmp(said.config_hash, config.config.hash, TEE_HASH_LEN) == 0);
    CHECK_IS(1, said.epoch);
    CHECK_IS(1, said.member);
    CHECK(memcmp(said.former_key, config.config.members[1].voting_key, TEE_KEY_LEN) == 0);
    CHECK(memcmp(said.voting_key, key, TEE_KEY_LEN) == 0);
}

static void check_stands_at(uint64_t view) {
    header_spec spec = block(view);
    block_header header = decoded_header(&spec);
    CHECK_IS(view, said.pv);
    CHECK_IS(view + 2, said.pheight);
    CHECK(memcmp(said.ph, header.hash, TEE_HASH_LEN) == 0);
    CHECK(!said.plast);
}

static void who_voted_for_nothing_stands_at_the_anchor(void) {
    start_following();
    CHECK_IS(TEE_OK, by_kind(&new_ck, TEE_RESUME_ANCHOR));
    check_statement_by(new_ck.public_key);
    CHECK_IS(0, said.pv);
    CHECK_IS(0, said.pheight);
    CHECK(memcmp(said.ph, config.config.hash, TEE_HASH_LEN) == 0);
    CHECK(!said.plast);
    end();
}

static void a_stored_proposal_shows_where_its_member_stood(void) {
    start_following();
    CHECK_IS(TEE_OK, by_proposal(&new_ck, 6));
    check_statement_by(new_ck.public_key);
    check_stands_at(6);
    CHECK_IS(TEE_OK, by_proposal(&new_ck, 7)); /* of the other leader */
    check_stands_at(7);
    end();
}

static void an_epochs_last_block_is_stated_as_such(void) {
    start_following();
    header_spec header = block(6);
    header.last = true;
    writer w = proposal_request(&header, leader_key(6));
    CHECK_IS(TEE_OK, ask(&new_ck, &w));
    CHECK(said.plast);
    header.view = 7;
    header.proposer = config_leader(&config.config, 7);
    w = certificate_request(&header, 3);
    CHECK_IS(TEE_OK, ask(&new_ck, &w));
    CHECK(said.plast);
    end();
}

static void a_proposal_is_its_leaders(void) {
    start_following();
    header_spec header = block(6);
    writer w = proposal_request(&header, leader_key(7));
    CHECK_IS(TEE_E_QC, ask(&new_ck, &w));
    w = proposal_request(&header, new_ck.key);
    CHECK_IS(TEE_E_QC, ask(&new_ck, &w));
    header.proposer = 1 - header.proposer;
    w = proposal_request(&header, leader_key(7));
    CHECK_IS(TEE_E_CONFLICT, ask(&new_ck, &w));
    header = block(6);
    header.epoch = 2;
    w = proposal_request(&header, leader_key(6));
    CHECK_IS(TEE_E_CONFLICT, ask(&new_ck, &w));
    header = block(6);
    header.chain[0] ^= 1;
    w = proposal_request(&header, leader_key(6));
    CHECK_IS(TEE_E_CONFLICT, ask(&new_ck, &w));
    end();
}

static void a_certificate_shows_where_its_member_stood(void) {
    start_following();
    CHECK_IS(TEE_OK, by_certificate(&new_ck, 6));
    check_statement_by(new_ck.public_key);
    check_stands_at(6);
    CHECK_IS(8, new_ck.certified);
    end();
}

static void a_certificate_is_of_the_epoch_and_a_quorum(void) {
    start_following();
    header_spec header = block(6);
    writer w = certificate_request(&header, 1);
    CHECK_IS(TEE_E_QC, ask(&new_ck, &w));
    w = certificate_request(&header, 3);
    request[w.len - 1] ^= 1;
    CHECK_IS(TEE_E_QC, ask(&new_ck, &w));
    header.epoch = 2;
    w = certificate_request(&header, 3);
    CHECK_IS(TEE_E_CONFLICT, ask(&new_ck, &w));
    end();
}

static void a_lower_view_is_refused_after_a_higher_one(void) {
    start_following();
    CHECK_IS(TEE_OK, by_proposal(&new_ck, 6));
    CHECK_IS(TEE_OK, by_proposal(&new_ck, 6));
    CHECK_IS(TEE_E_ROLLBACK, by_proposal(&new_ck, 5));
    CHECK_IS(TEE_E_ROLLBACK, by_certificate(&new_ck, 5));
    CHECK_IS(TEE_E_ROLLBACK, by_kind(&new_ck, TEE_RESUME_ANCHOR));
    CHECK_IS(TEE_OK, by_certificate(&new_ck, 6));
    CHECK_IS(TEE_OK, by_certificate(&new_ck, 7));
    CHECK_IS(TEE_E_ROLLBACK, by_proposal(&new_ck, 6));
    end();
}

/* Views start over with an epoch, and so does what was said of them. */
static void another_epoch_is_another_beginning(void) {
    static uint8_t payload[CONFIG_MAX + QC_MAX + 1024];
    uint8_t header[TEE_HEADER_LEN];
    uint8_t qc[QC_MAX];
    tc_key *keys[2];
    config_spec spec;
    start_following();
    keys[0] = alpha;
    keys[1] = lost_ck.key;
    CHECK_IS(TEE_OK, by_proposal(&new_ck, 6));
    built_config next;
    spec_default(&spec, 2, 1);
    spec.suite = suite;
    spec_add(&spec, "alpha", tc_key_public(alpha));
    spec_add(&spec, "beta", lost_ck.public_key);
    build_config(&next, &spec);
    header_spec last = block(7);
    last.last = true;
    memcpy(last.next_config, next.config.hash, TEE_HASH_LEN);
    encode_header(&last, header);
    const epoch_item item = {&next, header, qc, build_qc(&config.config, &last, keys, 3, qc)};
    size_t len = encode_chain(&item, 1, payload, sizeof payload);
    NEED(checker_enter(&new_ck, (tc_span){payload, len}) == TEE_OK);
    CHECK_IS(TEE_OK, by_kind(&new_ck, TEE_RESUME_ANCHOR));
    block_header anchor = decoded_header(&last);
    CHECK_IS(2, said.epoch);
    CHECK_IS(9, said.pheight);
    CHECK(memcmp(said.ph, anchor.hash, TEE_HASH_LEN) == 0);
    end();
}

/* Only one that has no vote to lose speaks for an instance that is gone. */
static void an_instance_that_votes_speaks_for_no_other(void) {
    start();
    CHECK_IS(TEE_E_STATE, by_kind(&lost_ck, TEE_RESUME_ANCHOR));
    CHECK_IS(TEE_E_STATE, by_proposal(&lost_ck, 6));
    CHECK_IS(TEE_E_STATE, by_certificate(&lost_ck, 6));
    CHECK_IS(TEE_E_STATE, by_kind(&new_ck, TEE_RESUME_ANCHOR)); /* entered nothing yet */
    CHECK_IS(TEE_E_STATE, by_kind(&new_ck, TEE_RESUME_GIVE_UP));
    header_spec header = block(6);
    writer w = proposal_request(&header, leader_key(6)); /* its leader may lose its key below */
    NEED(checker_retire(&lost_ck) == TEE_OK);
    CHECK_IS(TEE_E_STATE, ask(&lost_ck, &w));
    CHECK_IS(TEE_E_STATE, by_kind(&lost_ck, TEE_RESUME_GIVE_UP));
    checker_halt(&lost_ck);
    CHECK_IS(TEE_E_STATE, by_kind(&lost_ck, TEE_RESUME_ANCHOR));
    CHECK_IS(TEE_E_STATE, by_kind(&lost_ck, TEE_RESUME_GIVE_UP));
    end();
}

static void without_a_seat_a_member_states_nothing(void) {
    start_following();
    who.member[3] = 'b';
    CHECK_IS(TEE_E_NOT_JOINED, by_kind(&new_ck, TEE_RESUME_ANCHOR));
    CHECK_IS(TEE_E_NOT_JOINED, by_proposal(&new_ck, 6));
    who.member_len = 3;
    CHECK_IS(TEE_E_NOT_JOINED, by_certificate(&new_ck, 6));
    end();
}

/* In BFT-2P no enclave votes, so none is lost there and none states anything. */
static void among_processes_nothing_is_stated(void) {
    start();
    config_spec spec;
    tc_key *others[2] = {tc_key_generate(suite), tc_key_generate(suite)};
    spec_default(&spec, 1, 1);
    spec.suite = suite;
    spec.mode = TEE_MODE_BFT_2P;
    spec_add(&spec, "alpha", tc_key_public(alpha));
    spec_add(&spec, "beta", lost_ck.public_key);
    spec_add(&spec, "delta", tc_key_public(others[0]));
    spec_add(&spec, "gamma", tc_key_public(others[1]));
    build_config(&config, &spec);
    enter(&new_ck);
    for (uint8_t kind = TEE_RESUME_ANCHOR; kind <= TEE_RESUME_GIVE_UP; kind++) {
        header_spec header = block(6);
        writer w = proposal_request(&header, alpha);
        CHECK_IS(TEE_E_NOT_JOINED, kind == TEE_RESUME_PROPOSAL      ? ask(&new_ck, &w)
                                   : kind == TEE_RESUME_CERTIFICATE ? by_certificate(&new_ck, 6)
                                                                    : by_kind(&new_ck, kind));
    }
    tc_key_free(others[0]);
    tc_key_free(others[1]);
    end();
}

static void vote(uint64_t view) {
    uint8_t bytes[TEE_HEADER_LEN];
    uint8_t prop[TEE_SIG_LEN];
    uint8_t sig[TEE_SIG_LEN];
    header_spec header = block(view);
    encode_header(&header, bytes);
    sign_prop(&config.config, &header, leader_key(view), prop);
    NEED(checker_vote(&lost_ck, (tc_span){bytes, sizeof bytes}, prop, sig) == TEE_OK);
}

/* One that lives says where it stands itself, and can never vote in that epoch again. */
static void a_living_instance_gives_up_its_key(void) {
    uint8_t report[TEE_NEW_VIEW_LEN];
    uint8_t before[TEE_KEY_LEN];
    start();
    vote(3);
    memcpy(before, lost_ck.public_key, TEE_KEY_LEN);
    CHECK_IS(TEE_OK, by_kind(&lost_ck, TEE_RESUME_GIVE_UP));
    CHECK(memcmp(lost_ck.public_key, before, TEE_KEY_LEN) != 0);
    check_statement_by(lost_ck.public_key);
    check_stands_at(3);
    CHECK_IS(TEE_STATE_FOLLOWER, lost_ck.now.state);
    CHECK_IS(TEE_E_NOT_JOINED, checker_new_view(&lost_ck, 9, report));
    CHECK_IS(TEE_E_NOT_JOINED, by_kind(&lost_ck, TEE_RESUME_GIVE_UP));
    CHECK_IS(TEE_E_ROLLBACK, by_kind(&lost_ck, TEE_RESUME_ANCHOR)); /* not below its vote */
    end();
}

static void a_living_instance_without_a_vote_stands_at_the_anchor(void) {
    start();
    CHECK_IS(TEE_OK, by_kind(&lost_ck, TEE_RESUME_GIVE_UP));
    check_statement_by(lost_ck.public_key);
    CHECK_IS(0, said.pv);
    CHECK(memcmp(said.ph, config.config.hash, TEE_HASH_LEN) == 0);
    end();
}

static void what_is_not_a_request_is_refused(void) {
    start_following();
    writer w = writer_of(request, sizeof request);
    CHECK_IS(TEE_E_PARAM, ask(&new_ck, &w));
    CHECK_IS(TEE_E_PARAM, by_kind(&new_ck, 4));
    CHECK_IS(TEE_E_PARAM, by_kind(&new_ck, TEE_RESUME_PROPOSAL));
    CHECK_IS(TEE_E_PARAM, by_kind(&new_ck, TEE_RESUME_CERTIFICATE));
    for (uint8_t kind = TEE_RESUME_ANCHOR; kind <= TEE_RESUME_GIVE_UP; kind++) {
        header_spec header = block(6);
        w = kind == TEE_RESUME_CERTIFICATE ? certificate_request(&header, 3)
                                           : proposal_request(&header, leader_key(6));
        request[0] = kind;
        if (kind == TEE_RESUME_ANCHOR || kind == TEE_RESUME_GIVE_UP) {
            w.len = 1;
        }
        write_u8(&w, 0);
        CHECK_IS(TEE_E_PARAM, ask(&new_ck, &w));
        CHECK_IS(TEE_E_PARAM, ask(&lost_ck, &w));
    }
    end();
}

static void run_all(void) {
    RUN(who_voted_for_nothing_stands_at_the_anchor);
    RUN(a_stored_proposal_shows_where_its_member_stood);
    RUN(an_epochs_last_block_is_stated_as_such);
    RUN(a_proposal_is_its_leaders);
    RUN(a_certificate_shows_where_its_member_stood);
    RUN(a_certificate_is_of_the_epoch_and_a_quorum);
    RUN(a_lower_view_is_refused_after_a_higher_one);
    RUN(another_epoch_is_another_beginning);
    RUN(an_instance_that_votes_speaks_for_no_other);
    RUN(without_a_seat_a_member_states_nothing);
    RUN(among_processes_nothing_is_stated);
    RUN(a_living_instance_gives_up_its_key);
    RUN(a_living_instance_without_a_vote_stands_at_the_anchor);
    RUN(what_is_not_a_request_is_refused);
}

int main(void) {
    NEED(tc_init() == 0);
    for (suite = TEE_SUITE_ES256; suite <= TEE_SUITE_SM2; suite++) {
        run_all();
    }
    tc_shutdown();
    return check_report();
}
