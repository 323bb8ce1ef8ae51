/* Decoders accept exactly what the formats page allows. */
#include "check.h"
#include "fixtures.h"

#include <string.h>

static void key_of(config_spec *spec, const char *id, uint8_t mark) {
    uint8_t key[TEE_KEY_LEN];
    memset(key, mark, sizeof key);
    key[0] = 0x04;
    spec_add(spec, id, key);
}

static void three_members(config_spec *spec) {
    spec_default(spec, 1, 16);
    key_of(spec, "a", 1);
    key_of(spec, "a-b", 2);
    key_of(spec, "b", 3);
}

static tee_status decode(const config_spec *spec) {
    static uint8_t bytes[CONFIG_MAX];
    static epoch_config config;
    size_t len = encode_config(spec, bytes);
    return decode_config((tc_span){bytes, len}, &config);
}

static void readers_stay_failed(void) {
    const uint8_t bytes[5] = {1, 2, 3, 4, 5};
    reader in = reader_of(bytes, sizeof bytes);
    CHECK_IS(0x01020304, read_u32(&in));
    CHECK_IS(0, read_u16(&in));
    CHECK_IS(0, read_u8(&in)); /* although one byte is left */
    CHECK(!read_done(&in));
    in = reader_of(bytes, sizeof bytes);
    read_u32(&in);
    CHECK(!read_done(&in)); /* trailing bytes */
    read_u8(&in);
    CHECK(read_done(&in));
}

static void numbers_stay_below_their_limit(void) {
    uint8_t bytes[8] = {0x40};
    reader in = reader_of(bytes, sizeof bytes);
    CHECK(read_number(&in) == TEE_MAX_NUMBER && in.ok);
    bytes[7] = 1;
    in = reader_of(bytes, sizeof bytes);
    read_number(&in);
    CHECK(!in.ok);
}

static void writers_never_overrun(void) {
    uint8_t out[4] = {9, 9, 9, 9};
    writer w = writer_of(out, 3);
    write_u16(&w, 0x0102);
    write_u16(&w, 0x0304);
    CHECK(!w.ok);
    CHECK_IS(2, w.len);
    CHECK_IS(9, out[2]);
    CHECK_IS(9, out[3]);
}

static void a_signature_is_over_all_that_was_written(void) {
    uint8_t room[4 + TEE_SIG_LEN];
    tc_key *key = tc_key_generate(TEE_SUITE_ES256);
    NEED(key != NULL);
    writer out = writer_of(room, sizeof room);
    write_u32(&out, 7);
    CHECK(write_signature(&out, key) && out.len == sizeof room);
    const tc_span text = {room, 4};
    CHECK(tc_verify_message(TEE_SUITE_ES256, tc_key_public(key), &text, 1, room + 4));
    out = writer_of(room, sizeof room - 1);
    write_u32(&out, 7);
    CHECK(!write_signature(&out, key));
    out = writer_of(room, sizeof room);
    write_u32(&out, 7);
    write_bytes(&out, room, sizeof room); /* does not fit: what is signed would lack it */
    CHECK(!write_signature(&out, key));
    tc_key_free(key);
}

static void a_good_configuration_decodes(void) {
    config_spec spec;
    built_config built;
    three_members(&spec);
    build_config(&built, &spec);
    CHECK_IS(3, built.config.n);
    CHECK_IS(16, built.config.slot_k);
    CHECK_IS(2, config_quorum(&built.config));
    CHECK(built.config.members[1].id_len == 3 && memcmp(built.config.members[1].id, "a-b", 3) == 0);
}

static void quorums_are_majorities(void) {
    static epoch_config config;
    const uint16_t want[] = {0, 1, 2, 2, 3, 3, 4, 4};
    for (uint16_t n = 1; n <= 7; n++) {
        config.n = n;
        CHECK_IS(want[n], config_quorum(&config));
    }
}

/* Any two share a member that is honest: one more than the f that may lie. */
static void quorums_of_processes_meet_in_an_honest_one(void) {
    static epoch_config config;
    config.mode = TEE_MODE_BFT_2P;
    const uint16_t want[] = {3, 4, 4, 5, 6, 6, 7};
    for (uint16_t n = 4; n <= 10; n++) {
        config.n = n;
        CHECK_IS(want[n - 4], config_quorum(&config));
    }
    config.n = TEE_MAX_MEMBERS;
    CHECK_IS(43, config_quorum(&config));
    CHECK_IS(2, config_last_phase(&config));
    config.mode = TEE_MODE_TEE_1P;
    CHECK_IS(1, config_last_phase(&config));
}

static void configuration_rules(void) {
    config_spec spec;
    three_members(&spec);
    spec.epoch = 0;
    CHECK_IS(TEE_E_PARAM, decode(&spec));
    three_members(&spec);
    spec.epoch = TEE_MAX_NUMBER + 1;
    CHECK_IS(TEE_E_PARAM, decode(&spec));
    three_members(&spec);
    spec.slot_k = 0;
    CHECK_IS(TEE_E_PARAM, decode(&spec));
    three_members(&spec);
    spec.mode = TEE_MODE_BFT_2P; /* needs four */
    CHECK_IS(TEE_E_PARAM, decode(&spec));
    uint8_t fourth[TEE_KEY_LEN] = {0x04, 0x44};
    spec_add(&spec, "zeta", fourth);
    CHECK_IS(TEE_OK, decode(&spec));
    spec.mode = TEE_MODE_BFT_2P + 1;
    CHECK_IS(TEE_E_PARAM, decode(&spec));
    spec.mode = 0;
    CHECK_IS(TEE_E_PARAM, decode(&spec));
    three_members(&spec);
    spec.suite = TEE_SUITE_SM2 + 1;
    CHECK_IS(TEE_E_ALG_UNSUPPORTED, decode(&spec));
    three_members(&spec);
    spec.n = 0;
    CHECK_IS(TEE_E_PARAM, decode(&spec));
}

/* A tier above SIMULATED with any code allowed would be no policy. */
static void the_policy_on_enclaves(void) {
    config_spec spec;
    built_config built;
    three_members(&spec);
    spec.minimum_tier = TEE_TIER_ENCLAVE_SGX;
    spec.max_evidence_age = 100000;
    spec.measurements = 2;
    build_config(&built, &spec);
    CHECK_IS(TEE_TIER_ENCLAVE_SGX, built.config.minimum_tier);
    CHECK_IS(100000, built.config.max_evidence_age);
    CHECK_IS(2, built.config.measurement_count);
    CHECK(built.config.measurements[0][47] == 0x4d && built.config.measurements[1][0] == 0x4e);
    spec.measurements = 0;
    CHECK_IS(TEE_E_PARAM, decode(&spec));
    spec.minimum_tier = TEE_TIER_MEASURED_TPM;
    CHECK_IS(TEE_E_PARAM, decode(&spec));
    spec.minimum_tier = TEE_TIER_SIMULATED;
    CHECK_IS(TEE_OK, decode(&spec));
    spec.measurements = TEE_MAX_MEASUREMENTS + 1;
    CHECK_IS(TEE_E_PARAM, decode(&spec));
    spec.measurements = TEE_MAX_MEASUREMENTS;
    CHECK_IS(TEE_OK, decode(&spec));
    spec.minimum_tier = TEE_TIER_ENCLAVE_SGX + 1;
    CHECK_IS(TEE_E_PARAM, decode(&spec));
    spec.minimum_tier = TEE_TIER_SIMULATED;
    spec.max_evidence_age = 0x80000000u;
    CHECK_IS(TEE_E_PARAM, decode(&spec));
}

static void members_are_ordered_and_distinct(void) {
    config_spec spec;
    three_members(&spec);
    spec.ids[2] = "a-b";
    CHECK_IS(TEE_E_PARAM, decode(&spec)); /* the same id twice */
    three_members(&spec);
    spec.ids[0] = "c";
    CHECK_IS(TEE_E_PARAM, decode(&spec)); /* not ascending */
    three_members(&spec);
    spec.ids[0] = "a-b";
    spec.ids[1] = "a";
    CHECK_IS(TEE_E_PARAM, decode(&spec)); /* a prefix comes first */
    three_members(&spec);
    memcpy(spec.voting[2], spec.voting[0], TEE_KEY_LEN);
    CHECK_IS(TEE_E_PARAM, decode(&spec)); /* one key in two seats */
    three_members(&spec);
    spec.voting[1][0] = 0x02;
    CHECK_IS(TEE_E_PARAM, decode(&spec)); /* not an uncompressed point */
    three_members(&spec);
    spec.ids[1] = "A-b";
    CHECK_IS(TEE_E_PARAM, decode(&spec));
    three_members(&spec);
    spec.ids[0] = "";
    CHECK_IS(TEE_E_PARAM, decode(&spec));
    three_members(&spec);
    spec.ids[2] = "b123456789012345678901234567890123456789012345678901234567890123";
    CHECK_IS(TEE_OK, decode(&spec)); /* 64 bytes */
    spec.ids[2] = "b1234567890123456789012345678901234567890123456789012345678901234";
    CHECK_IS(TEE_E_PARAM, decode(&spec));
}

/* No strict prefix and no extension of a good object is one. */
static void lengths_are_exact(void) {
    static uint8_t bytes[CONFIG_MAX];
    static epoch_config config;
    config_spec spec;
    three_members(&spec);
    size_t len = encode_config(&spec, bytes);
    for (size_t cut = 0; cut < len; cut++) {
        CHECK(decode_config((tc_span){bytes, cut}, &config) != TEE_OK);
    }
    bytes[len] = 0;
    CHECK_IS(TEE_E_PARAM, decode_config((tc_span){bytes, len + 1}, &config));
}

static header_spec some_header(void) {
    header_spec spec;
    memset(&spec, 0, sizeof spec);
    spec.epoch = 1;
    spec.view = 1;
    spec.height = 1;
    return spec;
}

static tee_status decode_spec(const header_spec *spec) {
    uint8_t bytes[TEE_HEADER_LEN];
    block_header header;
    encode_header(spec, bytes);
    return decode_header((tc_span){bytes, sizeof bytes}, &header);
}

static void header_rules(void) {
    uint8_t bytes[TEE_HEADER_LEN + 1] = {0};
    block_header header;
    header_spec spec = some_header();
    CHECK_IS(TEE_OK, decode_spec(&spec));
    spec.view = 0;
    CHECK_IS(TEE_E_PARAM, decode_spec(&spec));
    spec = some_header();
    spec.height = 0;
    CHECK_IS(TEE_E_PARAM, decode_spec(&spec));
    spec = some_header();
    spec.epoch = 0;
    CHECK_IS(TEE_E_PARAM, decode_spec(&spec));
    spec = some_header();
    spec.view = TEE_MAX_NUMBER + 1;
    CHECK_IS(TEE_E_PARAM, decode_spec(&spec));
    spec = some_header();
    spec.next_config[31] = 1;
    CHECK_IS(TEE_E_PARAM, decode_spec(&spec)); /* only the last block names a successor */
    spec.last = true;
    CHECK_IS(TEE_OK, decode_spec(&spec));
    encode_header(&spec, bytes);
    CHECK_IS(TEE_E_PARAM, decode_header((tc_span){bytes, TEE_HEADER_LEN + 1}, &header));
    CHECK_IS(TEE_E_PARAM, decode_header((tc_span){bytes, TEE_HEADER_LEN - 1}, &header));
    bytes[170] = 2; /* lastInEpoch is 0 or 1 */
    CHECK_IS(TEE_E_PARAM, decode_header((tc_span){bytes, TEE_HEADER_LEN}, &header));
    encode_header(&spec, bytes);
    bytes[0] = 'X';
    CHECK_IS(TEE_E_PARAM, decode_header((tc_span){bytes, TEE_HEADER_LEN}, &header));
}

static void certificate_rules(void) {
    uint8_t bytes[TEE_QC_FIXED_LEN + 3 * TEE_SIG_LEN] = {0};
    quorum_cert qc;
    bytes[57] = 1;                     /* phase */
    bytes[TEE_QC_FIXED_LEN - 1] = 5;   /* members 0 and 2 */
    size_t len = TEE_QC_FIXED_LEN + 2 * TEE_SIG_LEN;
    CHECK_IS(TEE_OK, decode_qc((tc_span){bytes, len}, &qc));
    CHECK_IS(2, qc_signer_count(&qc));
    CHECK(qc.signatures == bytes + TEE_QC_FIXED_LEN);
    CHECK_IS(TEE_E_PARAM, decode_qc((tc_span){bytes, len - 1}, &qc));
    CHECK_IS(TEE_E_PARAM, decode_qc((tc_span){bytes, len + TEE_SIG_LEN}, &qc));
    bytes[57] = 2;
    CHECK_IS(TEE_OK, decode_qc((tc_span){bytes, len}, &qc));
    CHECK_IS(2, qc.phase);
    bytes[57] = 3;
    CHECK_IS(TEE_E_PARAM, decode_qc((tc_span){bytes, len}, &qc));
    bytes[57] = 0;
    CHECK_IS(TEE_E_PARAM, decode_qc((tc_span){bytes, len}, &qc));
}

static void justification_rules(void) {
    static justification just;
    uint8_t bytes[3] = {0, 0, 0};
    CHECK_IS(TEE_OK, decode_justification((tc_span){bytes, 1}, &just));
    CHECK_IS(TEE_E_PARAM, decode_justification((tc_span){bytes, 2}, &just));
    CHECK_IS(TEE_E_PARAM, decode_justification((tc_span){bytes, 0}, &just));
    bytes[0] = 3;
    CHECK_IS(TEE_E_PARAM, decode_justification((tc_span){bytes, 1}, &just));
    bytes[0] = 2;
    CHECK_IS(TEE_OK, decode_justification((tc_span){bytes, 3}, &just)); /* no reports: no quorum */
    bytes[2] = 1;
    CHECK_IS(TEE_E_PARAM, decode_justification((tc_span){bytes, 3}, &just));
    bytes[2] = 65;
    CHECK_IS(TEE_E_PARAM, decode_justification((tc_span){bytes, 3}, &just));
}

static void reports_survive_encoding(void) {
    new_view report = {2, 9, 7, 4, {1, 2, 3}, true, {4, 5, 6}};
    new_view back;
    uint8_t bytes[TEE_NEW_VIEW_LEN];
    encode_new_view(&report, bytes);
    reader in = reader_of(bytes, sizeof bytes);
    read_new_view(&in, &back);
    CHECK(read_done(&in));
    CHECK(back.member == 2 && back.new_view == 9 && back.pv == 7 && back.pheight == 4);
    CHECK(back.plast && memcmp(back.ph, report.ph, TEE_HASH_LEN) == 0);
    CHECK(memcmp(back.signature, report.signature, TEE_SIG_LEN) == 0);
}

static void leaders_rotate_by_slot(void) {
    config_spec spec;
    built_config built;
    three_members(&spec);
    build_config(&built, &spec);
    uint16_t first = config_leader(&built.config, 0);
    CHECK_IS(first, config_leader(&built.config, 15));
    CHECK_IS((first + 1) % 3, config_leader(&built.config, 16));
    CHECK_IS(first, config_leader(&built.config, 48));
    CHECK(config_leader(&built.config, TEE_MAX_NUMBER) < 3);
}

int main(void) {
    NEED(tc_init() == 0);
    RUN(readers_stay_failed);
    RUN(numbers_stay_below_their_limit);
    RUN(writers_never_overrun);
    RUN(a_signature_is_over_all_that_was_written);
    RUN(a_good_configuration_decodes);
    RUN(quorums_are_majorities);
    RUN(quorums_of_processes_meet_in_an_honest_one);
    RUN(configuration_rules);
    RUN(the_policy_on_enclaves);
    RUN(members_are_ordered_and_distinct);
    RUN(lengths_are_exact);
    RUN(header_rules);
    RUN(certificate_rules);
    RUN(justification_rules);
    RUN(reports_survive_encoding);
    RUN(leaders_rotate_by_slot);
    tc_shutdown();
    return check_report();
}
