/*
 * The golden vectors that hold C and Java together:
 *   tee-vectors --write FILE [sm2]   makes them, of suite ES256 or SM2
 *   tee-vectors --check FILE [sm2]   compares them with the code
 *
 * Lines "name = hex". Everything but signatures is deterministic (fixed keys and
 * contents); signatures are checked by verifying them, since they are not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "attest.h"
#include "check.h"
#include "entry_sign.h"
#include "fixtures.h"
#include "hpke.h"
#include "merkle.h"

#define MEMBERS 3u
#define SLOT_K 4u
#define VIEWS 41u
#define VALUE_MAX 8192u
#define MAX_VECTORS 160u

typedef struct {
    char name[48];
    uint8_t value[VALUE_MAX];
    size_t len;
    bool used;
} vector;

static vector vectors[MAX_VECTORS];
static size_t vector_count;
static bool writing;
static uint8_t suite = TEE_SUITE_ES256;

static const char *const ids[MEMBERS] = {"clinic-a", "hospital-b", "pharmacy-c"};
static tc_key *keys[MEMBERS];
static tc_key *signing_keys[MEMBERS];
static tc_key *governance_keys[MEMBERS];
static built_config config;
static tc_key *new_keys[MEMBERS]; /* of the instances after a cold start */

/* ---- the file ----------------------------------------------------------- */

static vector *find(const char *name) {
    for (size_t i = 0; i < vector_count; i++) {
        if (strcmp(vectors[i].name, name) == 0) {
            return &vectors[i];
        }
    }
    return NULL;
}

static void add(const char *name, const uint8_t *value, size_t len) {
    NEED(vector_count < MAX_VECTORS && len <= VALUE_MAX && strlen(name) < sizeof vectors[0].name);
    vector *v = &vectors[vector_count++];
    strcpy(v->name, name);
    memcpy(v->value, value, len);
    v->len = len;
}

static int nibble(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void load(FILE *file) {
    static char line[2 * VALUE_MAX + 100];
    while (fgets(line, sizeof line, file) != NULL) {
        char *equals = strstr(line, " = ");
        if (line[0] == '#' || line[0] == '\n') {
            continue;
        }
        NEED(equals != NULL);
        *equals = '\0';
        const char *hex = equals + 3;
        uint8_t value[VALUE_MAX];
        size_t len = 0;
        while (nibble(hex[2 * len]) >= 0) {
            NEED(len < VALUE_MAX && nibble(hex[2 * len + 1]) >= 0);
            value[len] = (uint8_t)(nibble(hex[2 * len]) * 16 + nibble(hex[2 * len + 1]));
            len++;
        }
        add(line, value, len);
    }
}

static void store(FILE *file) {
    fputs("# Golden vectors of docs/reference/formats.md: a name and hex digits on each line.\n"
          "# Written by enclave/src/test/c/vectors/tee_vectors.c, which also checks them.\n"
          "# Signatures are not deterministic: verify them, do not compare.\n",
          file);
    for (size_t i = 0; i < vector_count; i++) {
        fprintf(file, "%s = ", vectors[i].name);
        for (size_t at = 0; at < vectors[i].len; at++) {
            fprintf(file, "%02x", vectors[i].value[at]);
        }
        fputc('\n', file);
    }
}

/* A value that the file must hold exactly. */
static void exact(const char *name, const uint8_t *value, size_t len) {
    if (writing) {
        add(name, value, len);
        return;
    }
    vector *v = find(name);
    check_name = name;
    if (CHECK(v != NULL)) {
        v->used = true;
        CHECK(v->len == len && memcmp(v->value, value, len) == 0);
    }
}

static void exact_text(const char *name, const char *value) {
    exact(name, (const uint8_t *)value, strlen(value));
}

/* A value with signatures in it: new ones when writing, else those of the file. */
static tc_span signed_value(const char *name, const uint8_t *value, size_t len) {
    if (writing) {
        add(name, value, len);
    }
    vector *v = find(name);
    check_name = name;
    NEED(v != NULL);
    v->used = true;
    return (tc_span){v->value, v->len};
}

/* ---- fixed keys --------------------------------------------------------- */

static tc_key *fixed_key(uint8_t of_suite, const char *label) {
    uint8_t scalar[TC_SCALAR_LEN];
    uint8_t point[TEE_KEY_LEN];
    const tc_span text = {(const uint8_t *)label, strlen(label)};
    NEED(tc_sha256(&text, 1, scalar) == 0);
    EC_GROUP *group = EC_GROUP_new_by_curve_name(
        of_suite == TEE_SUITE_SM2 ? NID_sm2 : NID_X9_62_prime256v1);
    EC_POINT *product = EC_POINT_new(group);
    BIGNUM *number = BN_bin2bn(scalar, sizeof scalar, NULL);
    NEED(EC_POINT_mul(group, product, number, NULL, NULL, NULL) == 1);
    NEED(EC_POINT_point2oct(group, product, POINT_CONVERSION_UNCOMPRESSED, point, sizeof point,
                            NULL) == sizeof point);
    BN_free(number);
    EC_POINT_free(product);
    EC_GROUP_free(group);
    tc_key *key = tc_key_load(of_suite, scalar, point);
    NEED(key != NULL);
    return key;
}

/* The i-th key of a kind; its two halves become vectors. */
static tc_key *member_key(uint8_t of_suite, unsigned i, const char *kind) {
    char label[64];
    uint8_t scalar[TC_SCALAR_LEN];
    snprintf(label, sizeof label, "caduceus vector %s %u", kind, i);
    tc_key *key = fixed_key(of_suite, label);
    NEED(tc_key_scalar(key, scalar) == 0);
    snprintf(label, sizeof label, "member.%u.%s.private", i, kind);
    exact(label, scalar, sizeof scalar);
    snprintf(label, sizeof label, "member.%u.%s", i, kind);
    exact(label, tc_key_public(key), TEE_KEY_LEN);
    return key;
}

static void member_keys(void) {
    static config_spec spec;
    spec_default(&spec, 1, SLOT_K);
    spec.suite = suite;
    for (unsigned i = 0; i < MEMBERS; i++) {
        keys[i] = member_key(suite, i, "votingKey");
        signing_keys[i] = member_key(suite, i, "signingKey");
        governance_keys[i] = member_key(suite, i, "governanceKey");
        spec.signing[i] = tc_key_public(signing_keys[i]);
        spec.governance[i] = tc_key_public(governance_keys[i]);
        spec_add(&spec, ids[i], tc_key_public(keys[i]));
    }
    build_config(&config, &spec);
    exact("chainId", fixture_chain, TEE_HASH_LEN);
    exact("config", config.bytes, config.len);
    exact("config.hash", config.config.hash, TEE_HASH_LEN);
}

/* One byte per view: the leader's index. */
static void leaders(void) {
    uint8_t leader[VIEWS];
    for (unsigned view = 0; view < VIEWS; view++) {
        leader[view] = (uint8_t)config_leader(&config.config, view);
    }
    exact("leaders.0to40", leader, sizeof leader);
}

/* ---- consensus objects -------------------------------------------------- */

static header_spec sample_header(void) {
    header_spec header = header_for(&config.config, 1, 1, config.config.hash);
    header.salt = 0x11;
    return header;
}

static header_spec last_header(const header_spec *parent) {
    block_header decoded = decoded_header(parent);
    header_spec last = header_for(&config.config, 2, 2, decoded.hash);
    last.salt = 0x22;
    last.last = true;
    memset(last.next_config, 0x33, sizeof last.next_config);
    return last;
}

static void check_signature(tc_span signature, tc_key *key, const uint8_t *bytes, size_t len) {
    const tc_span span = {bytes, len};
    CHECK(signature.len == TEE_SIG_LEN
          && tc_verify_message(tc_key_suite(key), tc_key_public(key), &span, 1, signature.data));
}

static void header_vectors(const char *prefix, const header_spec *spec) {
    char name[48];
    uint8_t bytes[TEE_HEADER_LEN];
    uint8_t prop[TEE_PROP_SIGNED_LEN];
    uint8_t vote[TEE_VOTE_SIGNED_LEN];
    uint8_t sig[TEE_SIG_LEN];
    block_header header = decoded_header(spec);
    encode_header(spec, bytes);
    snprintf(name, sizeof name, "%s", prefix);
    exact(name, bytes, sizeof bytes);
    snprintf(name, sizeof name, "%s.hash", prefix);
    exact(name, header.hash, TEE_HASH_LEN);
    prop_bytes(&config.config, &header, prop);
    snprintf(name, sizeof name, "%s.prop.bytes", prefix);
    exact(name, prop, sizeof prop);
    snprintf(name, sizeof name, "%s.prop.signature", prefix);
    sign_prop(&config.config, spec, keys[header.proposer], sig);
    check_signature(signed_value(name, sig, sizeof sig), keys[header.proposer], prop, sizeof prop);
    vote_bytes(&config.config, 1, header.view, header.height, header.hash, header.last, vote);
    snprintf(name, sizeof name, "%s.vote.bytes", prefix);
    exact(name, vote, sizeof vote);
    sign_vote(&config.config, spec, keys[0], sig);
    snprintf(name, sizeof name, "%s.vote.0.signature", prefix);
    check_signature(signed_value(name, sig, sizeof sig), keys[0], vote, sizeof vote);
}

/* Members 0 and 2 moved to view 5; 2 had voted for the header. */
static void report_vectors(const header_spec *voted, new_view reports[2]) {
    uint8_t bytes[TEE_NEWV_SIGNED_LEN];
    block_header header = decoded_header(voted);
    memset(reports, 0, 2 * sizeof *reports);
    reports[0].new_view = 5;
    memcpy(reports[0].ph, config.config.hash, TEE_HASH_LEN);
    reports[1].member = 2;
    reports[1].new_view = 5;
    reports[1].pv = voted->view;
    reports[1].pheight = voted->height;
    memcpy(reports[1].ph, header.hash, TEE_HASH_LEN);
    for (unsigned i = 0; i < 2; i++) {
        char name[48];
        uint8_t encoded[TEE_NEW_VIEW_LEN];
        unsigned seat = reports[i].member;
        newv_bytes(&config.config, &reports[i], bytes);
        snprintf(name, sizeof name, "newView.%u.bytes", seat);
        exact(name, bytes, sizeof bytes);
        sign_report(&config.config, &reports[i], keys[seat]);
        encode_new_view(&reports[i], encoded);
        snprintf(name, sizeof name, "newView.%u", seat);
        tc_span stored = signed_value(name, encoded, sizeof encoded);
        CHECK_IS(TEE_NEW_VIEW_LEN, stored.len);
        CHECK(memcmp(stored.data, encoded, TEE_NEW_VIEW_LEN - TEE_SIG_LEN) == 0);
        reader in = reader_of(stored.data, stored.len);
        read_new_view(&in, &reports[i]);
        const tc_span signature = {reports[i].signature, TEE_SIG_LEN};
        check_signature(signature, keys[seat], bytes, sizeof bytes);
    }
}

static void justification_vectors(const header_spec *header, const new_view reports[2]) {
    static uint8_t qc[QC_MAX];
    static uint8_t just[JUST_MAX];
    static justification decoded;
    quorum_cert cert;
    size_t len = build_qc(&config.config, header, keys, 5, qc);
    tc_span stored = signed_value("qc", qc, len);
    NEED(decode_qc(stored, &cert) == TEE_OK);
    CHECK(checker_qc_verifies(&config.config, &cert));
    CHECK(memcmp(stored.data, qc, TEE_QC_FIXED_LEN) == 0);
    exact("justification.anchor", just, just_anchor(just));
    len = just_qc(stored.data, stored.len, just);
    exact("justification.qc", just, len);
    CHECK_IS(TEE_OK, decode_justification((tc_span){just, len}, &decoded));
    len = just_new_views(reports, 2, just);
    exact("justification.newViews", just, len);
    CHECK_IS(TEE_OK, decode_justification((tc_span){just, len}, &decoded));
}

/* ---- cold start --------------------------------------------------------- */

/* Its bytes without the signature, and all of it with one. */
static void statement_vector(const char *prefix, resume_statement *statement,
                             uint8_t out[TEE_RESUME_LEN]) {
    char name[48];
    unsigned seat = statement->member;
    uint8_t encoded[TEE_RESUME_LEN];
    sign_statement(statement, new_keys[seat], encoded);
    snprintf(name, sizeof name, "%s.statement.%u.bytes", prefix, seat);
    exact(name, encoded, RESUME_SIGNED_LEN);
    snprintf(name, sizeof name, "%s.statement.%u", prefix, seat);
    tc_span stored = signed_value(name, encoded, sizeof encoded);
    NEED(stored.len == TEE_RESUME_LEN);
    CHECK(memcmp(stored.data, encoded, RESUME_SIGNED_LEN) == 0);
    const tc_span signature = {stored.data + RESUME_SIGNED_LEN, TEE_SIG_LEN};
    check_signature(signature, new_keys[seat], stored.data, RESUME_SIGNED_LEN);
    memcpy(out, stored.data, TEE_RESUME_LEN);
}

static void approval_vectors(const char *prefix, cold_spec *cold, const built_config *next) {
    char name[48];
    uint8_t bytes[TEE_COLD_SIGNED_LEN];
    approval_bytes(cold, &config.config, next, bytes);
    snprintf(name, sizeof name, "%s.approval.bytes", prefix);
    exact(name, bytes, sizeof bytes);
    for (uint16_t i = 0; i < MEMBERS; i++) {
        approve(cold, &config.config, next, i, governance_keys[i]);
        snprintf(name, sizeof name, "%s.approval.%u.signature", prefix, i);
        tc_span stored = signed_value(name, cold->approvals[i], TEE_SIG_LEN);
        check_signature(stored, governance_keys[i], bytes, sizeof bytes);
        memcpy(cold->approvals[i], stored.data, TEE_SIG_LEN);
    }
}

/* The payload of ENTER_EPOCH: genesis and the cold start; an instance takes it. */
static void chain_vector(const char *prefix, const cold_spec *cold, const built_config *next,
                         const header_spec *header) {
    static checker ck;
    static uint8_t proof[COLD_MAX];
    static uint8_t payload[VALUE_MAX];
    char name[48];
    uint8_t bytes[TEE_HEADER_LEN];
    if (header != NULL) {
        encode_header(header, bytes);
    }
    size_t len = encode_cold_start(cold, proof);
    snprintf(name, sizeof name, "%s.proof", prefix);
    exact(name, proof, len);
    const epoch_item items[] = {{&config, NULL, NULL, 0},
                                {next, header == NULL ? NULL : bytes, proof, len}};
    len = encode_chain(items, 2, payload, sizeof payload);
    snprintf(name, sizeof name, "%s.enterEpoch", prefix);
    exact(name, payload, len);
    NEED(checker_init(&ck, suite, fixture_chain) == TEE_OK);
    CHECK_IS(TEE_OK, checker_enter(&ck, (tc_span){payload, len}));
    snprintf(name, sizeof name, "%s.anchor", prefix);
    exact(name, ck.now.anchor, TEE_HASH_LEN);
    checker_wipe(&ck);
}

/* Everybody's new key takes the place of the old one. */
static built_config config_after(uint64_t epoch, tc_key *const *voting, uint8_t shown) {
    config_spec spec;
    built_config next;
    spec_default(&spec, epoch, SLOT_K);
    spec.suite = suite;
    for (unsigned i = 0; i < MEMBERS; i++) {
        spec.signing[i] = tc_key_public(signing_keys[i]);
        spec.governance[i] = tc_key_public(governance_keys[i]);
        spec_add(&spec, ids[i], tc_key_public(voting[i]));
    }
    build_config(&next, &spec);
    for (unsigned i = 0; i < MEMBERS; i++) {
        memset(next.bytes + next.config.members[i].evidence_at, shown + (int)i, TEE_HASH_LEN);
    }
    NEED(decode_config((tc_span){next.bytes, next.len}, &next.config) == TEE_OK);
    return next;
}

/*
 * Member 0 voted for nothing, 1 and 2 for the block; or, if it ends the epoch, all for it,
 * and the configuration that it names goes first.
 */
static void cold_start_vectors(const char *prefix, const header_spec *block,
                               const built_config *base) {
    static cold_spec cold;
    char name[48];
    built_config next = config_after(2, new_keys, 0xb0);
    memset(&cold, 0, sizeof cold);
    cold.base = base;
    cold.statement_count = MEMBERS;
    for (uint16_t i = 0; i < MEMBERS; i++) {
        resume_statement said = statement_for(&config.config, i, config.config.hash, 0);
        if (i > 0 || block->last) {
            stand_on(&said, block);
        }
        statement_vector(prefix, &said, cold.statements[i]);
    }
    snprintf(name, sizeof name, "%s.config", prefix);
    exact(name, next.bytes, next.len);
    approval_vectors(prefix, &cold, &next);
    chain_vector(prefix, &cold, &next, block->last ? block : NULL);
}

static void all_cold_start_vectors(const header_spec *header) {
    uint8_t bytes[TEE_HEADER_LEN];
    for (unsigned i = 0; i < MEMBERS; i++) {
        new_keys[i] = member_key(suite, i, "newVotingKey");
    }
    cold_start_vectors("coldStart", header, NULL);
    built_config base = config_after(2, keys, 0xa0);
    header_spec last = last_header(header);
    memcpy(last.next_config, base.config.hash, TEE_HASH_LEN);
    encode_header(&last, bytes);
    exact("coldStart.last.base", base.bytes, base.len);
    exact("coldStart.last.header", bytes, sizeof bytes);
    cold_start_vectors("coldStart.last", &last, &base);
    for (unsigned i = 0; i < MEMBERS; i++) {
        tc_key_free(new_keys[i]);
    }
}

/* ---- entry, evidence, Merkle tree --------------------------------------- */

static void write_text(writer *w, uint8_t key, const char *text) {
    size_t len = strlen(text);
    NEED(len < 24);
    write_u8(w, key);
    write_u8(w, (uint8_t)(0x60 + len));
    write_bytes(w, (const uint8_t *)text, len);
}

static void write_hash(writer *w, uint8_t value) {
    write_u8(w, 0x58);
    write_u8(w, TEE_HASH_LEN);
    for (unsigned i = 0; i < TEE_HASH_LEN; i++) {
        write_u8(w, value);
    }
}

static size_t sample_entry(uint8_t *out, size_t cap) {
    writer w = writer_of(out, cap);
    write_u8(&w, 0xaa); /* map of 10 */
    write_u8(&w, 1);
    write_u8(&w, 1);
    write_u8(&w, 2);
    write_u8(&w, 0x58);
    write_u8(&w, TEE_HASH_LEN);
    write_bytes(&w, fixture_chain, TEE_HASH_LEN);
    write_text(&w, 3, ids[0]);
    write_text(&w, 4, "hl7v2.adt");
    write_text(&w, 5, "record/1");
    write_text(&w, 6, "inlet-mllp");
    write_u8(&w, 7);
    write_u8(&w, 0x1b);
    write_u64(&w, 1790000000000u);
    write_u8(&w, 8);
    write_hash(&w, 0x88);
    write_u8(&w, 9);
    write_u8(&w, 0xa1);
    write_u8(&w, 0x65);
    write_bytes(&w, (const uint8_t *)"event", 5);
    write_u8(&w, 0x63);
    write_bytes(&w, (const uint8_t *)"A01", 3);
    write_u8(&w, 10);
    write_u8(&w, 0xa1);
    write_u8(&w, 0x67);
    write_bytes(&w, (const uint8_t *)"payload", 7);
    write_hash(&w, 0x99);
    NEED(w.ok);
    return w.len;
}

static void serve(identity *who) {
    memset(who, 0, sizeof *who);
    memcpy(who->chain_id, fixture_chain, TEE_HASH_LEN);
    who->member_len = (uint8_t)strlen(ids[0]);
    memcpy(who->member, ids[0], who->member_len);
}

/* COSE_Sign1 ends in its signature; Sig_structure is rebuilt here by hand. */
static void check_cose(tc_span cose, tc_span entry, const keystore *institution) {
    uint8_t structure[1024];
    const size_t header_len = suite == TEE_SUITE_SM2 ? 18 : 14; /* with its own length */
    writer w = writer_of(structure, sizeof structure);
    write_u8(&w, 0x84);
    write_u8(&w, 0x6a);
    write_bytes(&w, (const uint8_t *)"Signature1", 10);
    write_bytes(&w, cose.data + 2, header_len);
    write_u8(&w, 0x40);
    write_bytes(&w, cose.data + 3 + header_len, cose.len - 3 - header_len - 66); /* payload */
    NEED(w.ok && cose.len == entry_signed_len(institution->suite, entry.len));
    const tc_span signature = {cose.data + cose.len - TEE_SIG_LEN, TEE_SIG_LEN};
    check_signature(signature, institution->signing, structure, w.len);
}

static void entry_vectors(keystore *institution, const identity *who) {
    uint8_t entry[512];
    uint8_t cose[1024];
    uint8_t hash[TEE_HASH_LEN];
    size_t len = sample_entry(entry, sizeof entry);
    const tc_span span = {entry, len};
    exact("entry", entry, len);
    NEED(tc_sha256(&span, 1, hash) == 0);
    exact("entry.id", hash, sizeof hash);
    NEED(entry_sign(institution, who, span, cose) == TEE_OK);
    tc_span stored = signed_value("entry.cose", cose, entry_signed_len(institution->suite, len));
    CHECK(memcmp(stored.data, cose, stored.len - TEE_SIG_LEN) == 0);
    check_cose(stored, span, institution);
    NEED(merkle_leaf(stored, hash) == 0);
    exact("entry.merkleLeaf", hash, sizeof hash);
}

static void evidence_vectors(const keystore *institution, const identity *who) {
    static checker ck;
    uint8_t nonce[TEE_NONCE_LEN];
    uint8_t bytes[1024];
    evidence decoded;
    size_t len = 0;
    memset(nonce, 0x4e, sizeof nonce);
    memset(&ck, 0, sizeof ck);
    ck.suite = TEE_SUITE_ES256;
    ck.key = keys[0];
    ck.now.config = config.config;
    memcpy(ck.now.genesis, config.config.hash, TEE_HASH_LEN);
    memcpy(ck.public_key, tc_key_public(keys[0]), TEE_KEY_LEN);
    NEED(attest_evidence(&ck, institution, who, nonce, bytes, sizeof bytes, &len) == TEE_OK);
    tc_span stored = signed_value("evidence", bytes, len);
    /* The claims, the signature, and an empty platform part of 4 bytes. */
    size_t claims = len - 4 - TEE_SIG_LEN;
    CHECK_IS(len, stored.len);
    CHECK(memcmp(stored.data, bytes, claims) == 0);
    const tc_span signature = {stored.data + claims, TEE_SIG_LEN};
    check_signature(signature, keys[0], stored.data, claims);
    NEED(decode_evidence(stored, &decoded) == TEE_OK);
    exact("evidence.claims.hash", decoded.claims_hash, TEE_HASH_LEN);
}

static void merkle_vectors(void) {
    static const char *const texts[5] = {"leaf 0", "leaf 1", "leaf 2", "leaf 3", "leaf 4"};
    uint8_t hashes[5][TEE_HASH_LEN];
    uint8_t work[5][TEE_HASH_LEN];
    uint8_t root[TEE_HASH_LEN];
    for (unsigned i = 0; i < 5; i++) {
        char name[48];
        const tc_span leaf = {(const uint8_t *)texts[i], strlen(texts[i])};
        snprintf(name, sizeof name, "merkle.leaf.%u", i);
        exact_text(name, texts[i]);
        NEED(merkle_leaf(leaf, hashes[i]) == 0);
        snprintf(name, sizeof name, "merkle.leaf.%u.hash", i);
        exact(name, hashes[i], TEE_HASH_LEN);
    }
    memcpy(work, hashes, sizeof work);
    NEED(merkle_root(work, 3, root) == 0);
    exact("merkle.root.3", root, sizeof root);
    memcpy(work, hashes, sizeof work);
    NEED(merkle_root(work, 5, root) == 0);
    exact("merkle.root.5", root, sizeof root);
    NEED(merkle_root(work, 0, root) == 0);
    exact("merkle.root.0", root, sizeof root);
}

/* World state of three values. */
static void state_vectors(void) {
    static const char *const texts[3][2] = {
        {"grant/1", "the first"}, {"debit/1", "the second"}, {"round/1", "the third"}};
    state_item items[3];
    uint8_t root[TEE_HASH_LEN];
    for (unsigned i = 0; i < 3; i++) {
        char name[48];
        snprintf(name, sizeof name, "state.%u.key", i);
        exact_text(name, texts[i][0]);
        snprintf(name, sizeof name, "state.%u.value", i);
        exact_text(name, texts[i][1]);
        items[i].key = (tc_span){(const uint8_t *)texts[i][0], strlen(texts[i][0])};
        items[i].value = (tc_span){(const uint8_t *)texts[i][1], strlen(texts[i][1])};
    }
    for (unsigned count = 0; count <= 3; count++) {
        char name[48];
        snprintf(name, sizeof name, "state.root.%u", count);
        state_root_of(items, count, root);
        exact(name, root, sizeof root);
    }
}

/* A message to the exchange key of member 0. */
static void hpke_vectors(const tc_key *receiver) {
    static const char text[] = "a data key that has 32 bytes ...";
    const tc_span info = {fixture_chain, TEE_HASH_LEN};
    const tc_span aad = {(const uint8_t *)"head of a shared key", 20};
    const tc_span in = {(const uint8_t *)text, 32};
    uint8_t message[TEE_KEY_LEN + 32 + HPKE_OVERHEAD];
    uint8_t opened[32];
    NEED(hpke_seal(tc_key_public(receiver), info, aad, in, message, message + TEE_KEY_LEN) == 0);
    tc_span stored = signed_value("hpke.message", message, sizeof message);
    NEED(stored.len == sizeof message);
    const tc_span cipher = {stored.data + TEE_KEY_LEN, stored.len - TEE_KEY_LEN};
    CHECK_IS(0, hpke_open(receiver, stored.data, info, aad, cipher, opened));
    CHECK(memcmp(opened, text, sizeof opened) == 0);
    exact_text("hpke.aad", "head of a shared key");
    exact("hpke.plaintext", in.data, in.len);
}

/* One encryption and one digest with everything given. */
static void cryptography_vectors(void) {
    static const char text[] = "a record of the golden vectors";
    uint8_t key[TC_SYM_KEY_LEN];
    uint8_t iv[TC_AEAD_IV_LEN];
    uint8_t out[sizeof text - 1];
    uint8_t tag[TC_AEAD_TAG_LEN];
    uint8_t digest[TEE_HASH_LEN];
    const tc_span aad = {(const uint8_t *)"context", 7};
    const tc_span in = {(const uint8_t *)text, sizeof out};
    memset(key, 0x6b, sizeof key);
    memset(iv, 0x69, sizeof iv);
    NEED(tc_aead_seal(suite, key, iv, &aad, 1, in, out, tag) == 0);
    exact("aead.key", key, sizeof key);
    exact("aead.iv", iv, sizeof iv);
    exact("aead.aad", aad.data, aad.len);
    exact("aead.plaintext", in.data, in.len);
    exact("aead.ciphertext", out, sizeof out);
    exact("aead.tag", tag, sizeof tag);
    NEED(tc_suite_hmac(suite, key, &in, 1, digest) == 0);
    exact("hmac", digest, sizeof digest);
    NEED(tc_digest(suite, tc_key_public(keys[0]), &in, 1, digest) == 0);
    exact("member.0.votingKey.digest", digest, sizeof digest);
}

static void everything(void) {
    new_view reports[2];
    identity who;
    member_keys();
    keystore institution = {.suite = suite,
                            .signing = signing_keys[0],
                            .exchange = member_key(TEE_SUITE_ES256, 0, "exchangeKey")};
    leaders();
    header_spec header = sample_header();
    header_spec last = last_header(&header);
    header_vectors("header", &header);
    header_vectors("header.last", &last);
    report_vectors(&header, reports);
    justification_vectors(&header, reports);
    all_cold_start_vectors(&header);
    serve(&who);
    entry_vectors(&institution, &who);
    evidence_vectors(&institution, &who);
    cryptography_vectors();
    merkle_vectors(); /* the same in every suite */
    state_vectors();
    hpke_vectors(institution.exchange);
    tc_key_free(institution.exchange);
    for (unsigned i = 0; i < MEMBERS; i++) {
        tc_key_free(keys[i]);
        tc_key_free(signing_keys[i]);
        tc_key_free(governance_keys[i]);
    }
}

int main(int argc, char **argv) {
    NEED((argc == 3 || (argc == 4 && strcmp(argv[3], "sm2") == 0)) && tc_init() == 0);
    if (argc == 4) {
        suite = TEE_SUITE_SM2;
    }
    writing = strcmp(argv[1], "--write") == 0;
    FILE *file = fopen(argv[2], writing ? "w" : "r");
    NEED(file != NULL);
    if (!writing) {
        load(file);
    }
    everything();
    for (size_t i = 0; i < vector_count && !writing; i++) {
        check_name = vectors[i].name;
        CHECK(vectors[i].used); /* nothing in the file that nobody checks */
    }
    if (writing) {
        store(file);
    }
    NEED(fclose(file) == 0);
    tc_shutdown();
    return check_report();
}
