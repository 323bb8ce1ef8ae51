/* A peer's evidence: accepted for its seat under the policy, and refused for everything else. */
#include "attest.h"
#include "check.h"
#include "fixtures.h"
#include "tp_test.h"

#include <string.h>

#define EVIDENCE_MAX 4096u

/* Member 0 verifies; member 1, of another instance, shows. */
static checker verifier;
static checker shown;
static keystore keys;
static const identity beta = {.member_len = 4, .member = {'b', 'e', 't', 'a'}};
static identity who;
static config_spec spec;
static built_config config;

/* What the peer says; each test changes a copy and signs it anew. */
typedef struct {
    uint8_t version;
    uint8_t tier;
    uint8_t port;
    uint8_t debug;
    uint8_t measurement;
    uint8_t suite;
    identity who;
    uint8_t genesis[TEE_HASH_LEN];
    uint64_t epoch;
    uint8_t config_hash[TEE_HASH_LEN];
    const uint8_t *voting;
    const uint8_t *signing;
    const uint8_t *exchange;
    tc_key *signer;
    size_t platform_len;
} claims;

static const uint8_t a_process[TEE_KEY_LEN] = {0x04, 1};
static const uint8_t another_process[TEE_KEY_LEN] = {0x04, 2};

static void enter(checker *ck) {
    static uint8_t payload[2 * CONFIG_MAX];
    const epoch_item item = {&config, NULL, NULL, 0};
    size_t len = encode_chain(&item, 1, payload, sizeof payload);
    NEED(checker_enter(ck, (tc_span){payload, len}) == TEE_OK);
}

static void start_in(uint8_t mode, uint8_t minimum_tier) {
    uint8_t blob[KEYSTORE_BLOB_LEN];
    memcpy(who.chain_id, fixture_chain, TEE_HASH_LEN);
    who.member_len = beta.member_len;
    memcpy(who.member, beta.member, beta.member_len);
    NEED(keystore_create(&keys, TEE_SUITE_ES256, &who, blob) == TEE_OK);
    NEED(checker_init(&verifier, TEE_SUITE_ES256, fixture_chain) == TEE_OK);
    NEED(checker_init(&shown, TEE_SUITE_ES256, fixture_chain) == TEE_OK);
    spec_default(&spec, 1, 4);
    spec.mode = mode;
    spec.minimum_tier = minimum_tier;
    spec_add(&spec, "alpha", verifier.public_key);
    spec_add(&spec, "beta", mode == TEE_MODE_TEE_1P ? shown.public_key : a_process);
    spec_add(&spec, "delta", another_process);
    spec_add(&spec, "gamma", tc_key_public(keys.exchange));
    spec.signing[1] = tc_key_public(keys.signing);
    build_config(&config, &spec);
    enter(&verifier);
    enter(&shown);
    tp_test_peer_tier = -1;
}

static void start(uint8_t minimum_tier) {
    start_in(TEE_MODE_TEE_1P, minimum_tier);
}

static void stop(void) {
    keystore_wipe(&keys);
    checker_wipe(&verifier);
    checker_wipe(&shown);
}

static claims right(void) {
    claims c = {.version = ATTEST_VERSION, .port = TEE_PORT_SOFTWARE, .measurement = 0x4d, .suite = TEE_SUITE_ES256,
                .who = who, .epoch = 1, .voting = shown.public_key,
                .signing = tc_key_public(keys.signing), .exchange = tc_key_public(keys.exchange),
                .signer = shown.key};
    memcpy(c.genesis, config.config.hash, TEE_HASH_LEN);
    memcpy(c.config_hash, config.config.hash, TEE_HASH_LEN);
    return c;
}

static size_t encode(const claims *c, uint8_t out[EVIDENCE_MAX]) {
    uint8_t sig[TEE_SIG_LEN];
    writer w = writer_of(out, EVIDENCE_MAX);
    write_bytes(&w, (const uint8_t *)"CDC1EVID", 8);
    write_u8(&w, c->version);
    write_u8(&w, c->tier);
    write_u8(&w, c->port);
    write_u8(&w, c->debug);
    for (unsigned i = 0; i < TEE_MEASUREMENT_LEN; i++) {
        write_u8(&w, c->measurement);
    }
    write_bytes(&w, c->who.chain_id, TEE_HASH_LEN);
    write_u8(&w, c->who.member_len);
    write_bytes(&w, c->who.member, c->who.member_len);
    write_bytes(&w, c->genesis, TEE_HASH_LEN);
    write_u64(&w, c->epoch);
    write_bytes(&w, c->config_hash, TEE_HASH_LEN);
    write_u8(&w, c->suite);
    write_bytes(&w, c->voting, TEE_KEY_LEN);
    write_bytes(&w, c->signing, TEE_KEY_LEN);
    write_bytes(&w, c->exchange, TEE_KEY_LEN);
    for (unsigned i = 0; i < TEE_NONCE_LEN; i++) {
        write_u8(&w, 0x4e);
    }
    const tc_span all = {out, w.len};
    NEED(tc_sign_message(c->signer, &all, 1, sig) == 0);
    write_bytes(&w, sig, sizeof sig);
    write_u32(&w, (uint32_t)c->platform_len);
    for (size_t i = 0; i < c->platform_len; i++) {
        write_u8(&w, 0x70);
    }
    NEED(w.ok);
    return w.len;
}

static tee_status verify(const claims *c) {
    uint8_t bytes[EVIDENCE_MAX];
    peer_identity peer;
    return attest_peer(&verifier, (tc_span){bytes, encode(c, bytes)}, &peer);
}

static size_t own_evidence(uint8_t *bytes, size_t cap) {
    uint8_t nonce[TEE_NONCE_LEN];
    size_t len = 0;
    memset(nonce, 0x4e, sizeof nonce);
    NEED(attest_evidence(&shown, &keys, &who, nonce, bytes, cap, &len) == TEE_OK);
    return len;
}

static void a_peers_own_evidence_is_accepted(void) {
    uint8_t bytes[EVIDENCE_MAX];
    peer_identity peer;
    start(TEE_TIER_SIMULATED);
    size_t len = own_evidence(bytes, sizeof bytes);
    CHECK_IS(TEE_OK, attest_peer(&verifier, (tc_span){bytes, len}, &peer));
    CHECK_IS(1, peer.seat);
    CHECK(memcmp(peer.voting_key, shown.public_key, TEE_KEY_LEN) == 0);
    CHECK(memcmp(peer.exchange_key, tc_key_public(keys.exchange), TEE_KEY_LEN) == 0);
    stop();
}

/* The encoder of this test is the one of the product, so that what it breaks is one thing. */
static void the_claims_here_are_those_of_an_instance(void) {
    uint8_t theirs[EVIDENCE_MAX];
    uint8_t ours[EVIDENCE_MAX];
    start(TEE_TIER_SIMULATED);
    claims c = right();
    size_t len = own_evidence(theirs, sizeof theirs);
    CHECK_IS(len, encode(&c, ours));
    CHECK(memcmp(theirs, ours, len - 4 - TEE_SIG_LEN) == 0);
    CHECK_IS(TEE_OK, verify(&c));
    stop();
}

static void any_changed_byte_is_noticed(void) {
    uint8_t bytes[EVIDENCE_MAX];
    peer_identity peer;
    start(TEE_TIER_SIMULATED);
    size_t len = own_evidence(bytes, sizeof bytes);
    for (size_t i = 0; i < len; i++) {
        bytes[i] ^= 1;
        CHECK(attest_peer(&verifier, (tc_span){bytes, len}, &peer) != TEE_OK);
        CHECK_IS(0, peer.exchange_key[0]);
        bytes[i] ^= 1;
    }
    for (size_t cut = 0; cut < len; cut++) {
        CHECK_IS(TEE_E_PARAM, attest_peer(&verifier, (tc_span){bytes, cut}, &peer));
    }
    bytes[len] = 0;
    CHECK_IS(TEE_E_PARAM, attest_peer(&verifier, (tc_span){bytes, len + 1}, &peer));
    stop();
}

static void what_is_not_the_seats_is_no_evidence(void) {
    start(TEE_TIER_SIMULATED);
    claims c = right();
    c.who.chain_id[0] ^= 1;
    CHECK_IS(TEE_E_EVIDENCE, verify(&c));
    c = right();
    c.who.member[0] = 'z'; /* no member */
    CHECK_IS(TEE_E_EVIDENCE, verify(&c));
    c = right();
    c.who.member_len = 5; /* another member, whose keys these are not */
    memcpy(c.who.member, "alpha", 5);
    CHECK_IS(TEE_E_EVIDENCE, verify(&c));
    c = right();
    c.genesis[31] ^= 1;
    CHECK_IS(TEE_E_EVIDENCE, verify(&c));
    c = right();
    c.epoch = 2;
    CHECK_IS(TEE_E_EVIDENCE, verify(&c));
    c = right();
    memset(c.config_hash, 0, TEE_HASH_LEN); /* before it entered an epoch */
    CHECK_IS(TEE_E_EVIDENCE, verify(&c));
    c = right();
    c.voting = tc_key_public(keys.exchange);
    c.signer = keys.exchange; /* an instance that has no seat, signed rightly */
    CHECK_IS(TEE_E_EVIDENCE, verify(&c));
    c = right();
    c.signing = tc_key_public(keys.exchange);
    CHECK_IS(TEE_E_EVIDENCE, verify(&c));
    c = right();
    c.signer = keys.signing; /* the institution's key is not the instance's */
    CHECK_IS(TEE_E_EVIDENCE, verify(&c));
    stop();
}

/* There the ledger knows an enclave by its institution's key, which the evidence is signed with. */
static void among_processes_evidence_is_signed_by_the_institution(void) {
    uint8_t bytes[EVIDENCE_MAX];
    peer_identity peer;
    start_in(TEE_MODE_BFT_2P, TEE_TIER_SIMULATED);
    size_t len = own_evidence(bytes, sizeof bytes);
    CHECK_IS(TEE_OK, attest_peer(&verifier, (tc_span){bytes, len}, &peer));
    CHECK_IS(1, peer.seat);
    CHECK(memcmp(peer.voting_key, shown.public_key, TEE_KEY_LEN) == 0);
    claims c = right();
    CHECK_IS(TEE_E_EVIDENCE, verify(&c)); /* signed by the voting key, which anybody could make */
    c.signer = keys.signing;
    CHECK_IS(TEE_OK, verify(&c));
    c.signing = tc_key_public(keys.exchange);
    CHECK_IS(TEE_E_EVIDENCE, verify(&c));
    c.signer = keys.exchange; /* another institution's, signed rightly */
    CHECK_IS(TEE_E_EVIDENCE, verify(&c));
    stop();
}

static void what_is_outside_the_format_is_refused_as_such(void) {
    start(TEE_TIER_SIMULATED);
    claims c = right();
    c.tier = TEE_TIER_ENCLAVE_SGX + 1;
    CHECK_IS(TEE_E_PARAM, verify(&c));
    c = right();
    c.version = ATTEST_VERSION - 1;
    CHECK_IS(TEE_E_PARAM, verify(&c));
    c = right();
    c.version = ATTEST_VERSION + 1;
    CHECK_IS(TEE_E_PARAM, verify(&c));
    c = right();
    c.port = 3;
    CHECK_IS(TEE_E_PARAM, verify(&c));
    c = right();
    c.debug = 2;
    CHECK_IS(TEE_E_PARAM, verify(&c));
    c = right();
    c.who.member[0] = 'B';
    CHECK_IS(TEE_E_PARAM, verify(&c));
    c = right();
    c.suite = 3;
    CHECK_IS(TEE_E_ALG_UNSUPPORTED, verify(&c));
    stop();
}

static void true_evidence_may_be_against_the_policy(void) {
    start(TEE_TIER_SIMULATED);
    claims c = right();
    c.debug = 1;
    CHECK_IS(TEE_E_POLICY, verify(&c));
    c = right();
    c.measurement = 0x4e;
    CHECK_IS(TEE_E_POLICY, verify(&c));
    verifier.now.config.measurement_count = 0; /* any code */
    CHECK_IS(TEE_OK, verify(&c));
    stop();
}

/* The rule: a SIMULATED member cannot join a consortium whose policy asks for more. */
static void a_simulated_member_does_not_join_where_more_is_asked(void) {
    for (uint8_t tier = TEE_TIER_MEASURED_TPM; tier <= TEE_TIER_ENCLAVE_SGX; tier++) {
        start(tier);
        claims c = right();
        CHECK_IS(TEE_E_POLICY, verify(&c));
        c.platform_len = 100; /* a platform part does not lift what claims nothing */
        tp_test_peer_tier = TEE_TIER_ENCLAVE_SGX;
        CHECK_IS(TEE_E_POLICY, verify(&c));
        stop();
    }
}

static void a_tier_counts_only_as_far_as_the_platform_vouches(void) {
    start(TEE_TIER_CONFIDENTIAL_VM);
    claims c = right();
    c.tier = TEE_TIER_ENCLAVE_SGX;
    c.port = TEE_PORT_OPENENCLAVE;
    CHECK_IS(TEE_E_EVIDENCE, verify(&c)); /* nothing shown */
    c.platform_len = 100;
    CHECK_IS(TEE_E_EVIDENCE, verify(&c)); /* nothing vouched for */
    tp_test_peer_tier = TEE_TIER_CONFIDENTIAL_VM;
    CHECK_IS(TEE_E_EVIDENCE, verify(&c)); /* another tier than claimed */
    tp_test_peer_tier = TEE_TIER_ENCLAVE_SGX;
    CHECK_IS(TEE_OK, verify(&c));
    uint8_t bytes[EVIDENCE_MAX];
    evidence decoded;
    NEED(decode_evidence((tc_span){bytes, encode(&c, bytes)}, &decoded) == TEE_OK);
    CHECK(memcmp(tp_test_peer_report_data, decoded.claims_hash, TEE_HASH_LEN) == 0);
    CHECK(memcmp(tp_test_peer_measurement, decoded.measurement, TEE_MEASUREMENT_LEN) == 0);
    c.tier = TEE_TIER_MEASURED_TPM;
    tp_test_peer_tier = TEE_TIER_MEASURED_TPM;
    CHECK_IS(TEE_E_POLICY, verify(&c)); /* vouched for, and too low */
    stop();
}

static void the_verifier_must_know_the_epoch(void) {
    peer_identity peer;
    uint8_t bytes[EVIDENCE_MAX];
    start(TEE_TIER_SIMULATED);
    claims c = right();
    size_t len = encode(&c, bytes);
    CHECK_IS(TEE_OK, checker_retire(&verifier)); /* the policy outlives the voting key */
    CHECK_IS(TEE_OK, verify(&c));
    verifier.now.state = TEE_STATE_HALTED;
    CHECK_IS(TEE_E_STATE, verify(&c));
    checker_wipe(&verifier);
    NEED(checker_init(&verifier, TEE_SUITE_ES256, fixture_chain) == TEE_OK);
    CHECK_IS(TEE_E_STATE, attest_peer(&verifier, (tc_span){bytes, len}, &peer));
    CHECK_IS(TEE_E_PARAM, attest_peer(&verifier, (tc_span){bytes, len - 1}, &peer));
    stop();
}

/* Before an epoch is entered the evidence says so: zeros, which no epoch has. */
static void evidence_before_an_epoch_names_none(void) {
    uint8_t bytes[EVIDENCE_MAX];
    evidence decoded;
    start(TEE_TIER_SIMULATED);
    checker_wipe(&shown);
    NEED(checker_init(&shown, TEE_SUITE_ES256, fixture_chain) == TEE_OK);
    size_t len = own_evidence(bytes, sizeof bytes);
    NEED(decode_evidence((tc_span){bytes, len}, &decoded) == TEE_OK);
    CHECK_IS(0, decoded.epoch);
    CHECK_IS(0, decoded.genesis[0] | decoded.config_hash[0]);
    CHECK_IS(0, decoded.platform.len);
    stop();
}

int main(void) {
    NEED(tc_init() == 0);
    RUN(a_peers_own_evidence_is_accepted);
    RUN(the_claims_here_are_those_of_an_instance);
    RUN(any_changed_byte_is_noticed);
    RUN(what_is_not_the_seats_is_no_evidence);
    RUN(among_processes_evidence_is_signed_by_the_institution);
    RUN(what_is_outside_the_format_is_refused_as_such);
    RUN(true_evidence_may_be_against_the_policy);
    RUN(a_simulated_member_does_not_join_where_more_is_asked);
    RUN(a_tier_counts_only_as_far_as_the_platform_vouches);
    RUN(the_verifier_must_know_the_epoch);
    RUN(evidence_before_an_epoch_names_none);
    tc_shutdown();
    return check_report();
}
