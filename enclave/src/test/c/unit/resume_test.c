/* Resume records: read back by the same member's next instance only, never backwards. */
#include "check.h"
#include "fixtures.h"
#include "resume.h"

#include <string.h>

static identity who;
static keystore keys;
static checker old_ck;
static checker new_ck;
static tc_key *other;
static built_config config;
static uint8_t record[TEE_RESUME_RECORD_LEN];
static uint8_t statement[TEE_RESUME_SIGNED_LEN];

static void enter(checker *ck) {
    static uint8_t payload[CONFIG_MAX + 64];
    const epoch_item item = {&config, NULL, NULL, 0};
    size_t len = encode_chain(&item, 1, payload, sizeof payload);
    NEED(checker_enter(ck, (tc_span){payload, len}) == TEE_OK);
}

/* "beta" voted in an instance that is gone; a fresh one follows the epoch. */
static void start(void) {
    uint8_t blob[KEYSTORE_BLOB_LEN];
    config_spec spec;
    memset(&who, 0, sizeof who);
    memcpy(who.chain_id, fixture_chain, TEE_HASH_LEN);
    who.member_len = 4;
    memcpy(who.member, "beta", 4);
    NEED(keystore_create(&keys, TEE_SUITE_ES256, &who, blob) == TEE_OK);
    NEED(checker_init(&old_ck, TEE_SUITE_ES256, fixture_chain) == TEE_OK);
    NEED(checker_init(&new_ck, TEE_SUITE_ES256, fixture_chain) == TEE_OK);
    other = tc_key_generate(TEE_SUITE_ES256);
    spec_default(&spec, 1, 1);
    spec_add(&spec, "alpha", tc_key_public(other));
    spec_add(&spec, "beta", old_ck.public_key);
    build_config(&config, &spec);
    enter(&old_ck);
}

static void end(void) {
    checker_wipe(&old_ck);
    checker_wipe(&new_ck);
    keystore_wipe(&keys);
    tc_key_free(other);
}

static void vote(uint64_t view) {
    uint8_t bytes[TEE_HEADER_LEN];
    uint8_t prop[TEE_SIG_LEN];
    uint8_t sig[TEE_SIG_LEN];
    header_spec header = header_for(&config.config, view, view, config.config.hash);
    encode_header(&header, bytes);
    tc_key *leader = config_leader(&config.config, view) == 0 ? other : old_ck.key;
    sign_prop(&config.config, &header, leader, prop);
    NEED(checker_vote(&old_ck, (tc_span){bytes, sizeof bytes}, prop, sig) == TEE_OK);
}

static tee_status sign_with(size_t len) {
    return resume_sign(&new_ck, &keys, &who, (tc_span){record, len}, statement);
}

static bool statement_is_signed_by(const uint8_t key[TEE_KEY_LEN]) {
    const tc_span text = {statement, TEE_RESUME_SIGNED_LEN - TEE_SIG_LEN};
    return tc_verify_message(TEE_SUITE_ES256, key, &text, 1, statement + text.len);
}

static void the_next_instance_states_where_the_last_one_stood(void) {
    start();
    vote(6);
    NEED(resume_record(&old_ck, &keys, &who, record) == TEE_OK);
    CHECK_IS(TEE_E_STATE, sign_with(sizeof record));
    enter(&new_ck);
    CHECK_IS(TEE_OK, sign_with(sizeof record));
    CHECK(statement_is_signed_by(new_ck.public_key));
    CHECK(memcmp(statement, "CDC1RESM", 8) == 0);
    CHECK(memcmp(statement + 8, config.config.hash, TEE_HASH_LEN) == 0);
    CHECK(memcmp(statement + 50, old_ck.public_key, TEE_KEY_LEN) == 0);
    CHECK_IS(6, statement[50 + 65 + 15]); /* pv */
    CHECK(memcmp(statement + 139, old_ck.ph, TEE_HASH_LEN) == 0);
    CHECK(memcmp(statement + 172, new_ck.public_key, TEE_KEY_LEN) == 0);
    end();
}

static void an_older_record_is_refused_after_a_newer_one(void) {
    uint8_t older[TEE_RESUME_RECORD_LEN];
    start();
    vote(4);
    NEED(resume_record(&old_ck, &keys, &who, older) == TEE_OK);
    vote(5);
    NEED(resume_record(&old_ck, &keys, &who, record) == TEE_OK);
    enter(&new_ck);
    CHECK_IS(TEE_OK, sign_with(sizeof record));
    CHECK_IS(TEE_OK, sign_with(sizeof record));
    memcpy(record, older, sizeof record);
    CHECK_IS(TEE_E_ROLLBACK, sign_with(sizeof record));
    end();
}

/* Views rise without votes, and votes within one view: each is compared. */
static void a_record_is_older_by_its_view_or_by_its_vote(void) {
    uint8_t voted[TEE_RESUME_RECORD_LEN];
    uint8_t moved[TEE_RESUME_RECORD_LEN];
    uint8_t report[TEE_NEW_VIEW_LEN];
    start();
    vote(4);
    NEED(resume_record(&old_ck, &keys, &who, voted) == TEE_OK);
    NEED(checker_new_view(&old_ck, 9, report) == TEE_OK);
    NEED(resume_record(&old_ck, &keys, &who, moved) == TEE_OK);
    enter(&new_ck);
    memcpy(record, moved, sizeof record);
    CHECK_IS(TEE_OK, sign_with(sizeof record));
    memcpy(record, voted, sizeof record);
    CHECK_IS(TEE_E_ROLLBACK, sign_with(sizeof record)); /* of a lower view */
    vote(9);
    NEED(resume_record(&old_ck, &keys, &who, record) == TEE_OK);
    CHECK_IS(TEE_OK, sign_with(sizeof record));
    memcpy(record, moved, sizeof record);
    CHECK_IS(TEE_E_ROLLBACK, sign_with(sizeof record)); /* of its view, before the vote */
    end();
}

/* Only one that has no vote to lose speaks for an instance that is gone. */
static void an_instance_that_votes_resumes_nothing(void) {
    start();
    vote(2);
    NEED(resume_record(&old_ck, &keys, &who, record) == TEE_OK);
    const tc_span old_record = {record, sizeof record};
    NEED(resume_sign(&old_ck, &keys, &who, old_record, statement) == TEE_E_STATE);
    NEED(checker_retire(&old_ck) == TEE_OK);
    NEED(resume_sign(&old_ck, &keys, &who, old_record, statement) == TEE_E_STATE);
    end();
}

/* Same members and keys, another configuration: another epoch. */
static void a_record_of_another_configuration_is_refused(void) {
    config_spec spec;
    start();
    NEED(resume_record(&old_ck, &keys, &who, record) == TEE_OK);
    spec_default(&spec, 1, 2);
    spec_add(&spec, "alpha", tc_key_public(other));
    spec_add(&spec, "beta", old_ck.public_key);
    build_config(&config, &spec);
    enter(&new_ck);
    CHECK_IS(TEE_E_CONFLICT, sign_with(sizeof record));
    end();
}

static void altered_and_foreign_records_do_not_open(void) {
    start();
    vote(2);
    NEED(resume_record(&old_ck, &keys, &who, record) == TEE_OK);
    enter(&new_ck);
    for (size_t at = 0; at < sizeof record; at++) {
        record[at] ^= 1;
        CHECK_IS(TEE_E_AUTH, sign_with(sizeof record));
        record[at] ^= 1;
    }
    CHECK_IS(TEE_E_AUTH, sign_with(sizeof record - 1));
    who.member[0] = 'z';
    CHECK_IS(TEE_E_AUTH, sign_with(sizeof record));
    end();
}

static void a_record_of_a_key_without_the_seat_is_refused(void) {
    start();
    NEED(resume_record(&old_ck, &keys, &who, record) == TEE_OK);
    config_spec spec;
    spec_default(&spec, 1, 1);
    spec_add(&spec, "alpha", old_ck.public_key);
    spec_add(&spec, "beta", tc_key_public(other));
    build_config(&config, &spec);
    enter(&new_ck);
    CHECK_IS(TEE_E_CONFLICT, sign_with(sizeof record));
    end();
}

/* One that lives says where it stands, and can never vote in that epoch again. */
static void a_living_instance_gives_up_its_key(void) {
    uint8_t before[TEE_KEY_LEN];
    uint8_t report[TEE_NEW_VIEW_LEN];
    start();
    vote(3);
    memcpy(before, old_ck.public_key, TEE_KEY_LEN);
    CHECK_IS(TEE_OK, resume_sign(&old_ck, &keys, &who, (tc_span){NULL, 0}, statement));
    CHECK(memcmp(statement + 50, before, TEE_KEY_LEN) == 0);
    CHECK(memcmp(old_ck.public_key, before, TEE_KEY_LEN) != 0);
    CHECK(statement_is_signed_by(old_ck.public_key));
    CHECK_IS(TEE_STATE_FOLLOWER, old_ck.now.state);
    CHECK_IS(TEE_E_NOT_JOINED, checker_new_view(&old_ck, 9, report));
    CHECK_IS(TEE_E_NOT_JOINED, resume_record(&old_ck, &keys, &who, record));
    CHECK_IS(TEE_E_NOT_JOINED, resume_sign(&old_ck, &keys, &who, (tc_span){NULL, 0}, statement));
    end();
}

static void without_an_epoch_or_a_key_there_is_no_record(void) {
    start();
    CHECK_IS(TEE_E_STATE, resume_record(&new_ck, &keys, &who, record));
    NEED(checker_retire(&old_ck) == TEE_OK);
    CHECK_IS(TEE_E_STATE, resume_record(&old_ck, &keys, &who, record));
    end();
}

int main(void) {
    NEED(tc_init() == 0);
    RUN(the_next_instance_states_where_the_last_one_stood);
    RUN(an_older_record_is_refused_after_a_newer_one);
    RUN(a_record_is_older_by_its_view_or_by_its_vote);
    RUN(an_instance_that_votes_resumes_nothing);
    RUN(a_record_of_another_configuration_is_refused);
    RUN(altered_and_foreign_records_do_not_open);
    RUN(a_record_of_a_key_without_the_seat_is_refused);
    RUN(a_living_instance_gives_up_its_key);
    RUN(without_an_epoch_or_a_key_there_is_no_record);
    tc_shutdown();
    return check_report();
}
