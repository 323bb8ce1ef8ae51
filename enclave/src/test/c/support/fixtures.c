#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const uint8_t fixture_chain[TEE_HASH_LEN] = {
    0xc0, 0xff, 0xee, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d,
    0x0e, 0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x01};

static void need(bool held, const char *what) {
    if (!held) {
        fprintf(stderr, "fixture: expected %s\n", what);
        exit(EXIT_FAILURE); /* not a signal: a mutant may well come here after a failed check */
    }
}

/* ---- configuration ------------------------------------------------------ */

void spec_default(config_spec *spec, uint64_t epoch, uint16_t slot_k) {
    memset(spec, 0, sizeof *spec);
    memcpy(spec->chain, fixture_chain, TEE_HASH_LEN);
    spec->epoch = epoch;
    spec->mode = TEE_MODE_TEE_1P;
    spec->suite = TEE_SUITE_ES256;
    spec->slot_k = slot_k;
    spec->measurements = 1;
}

void spec_add(config_spec *spec, const char *id, const uint8_t voting[TEE_KEY_LEN]) {
    spec->ids[spec->n] = id;
    memcpy(spec->voting[spec->n], voting, TEE_KEY_LEN);
    spec->n++;
}

/* A place-holder of its own for each field that the checker only passes over. */
static void fill(writer *w, uint8_t value, size_t len) {
    for (size_t i = 0; i < len; i++) {
        write_u8(w, value);
    }
}

static void write_point(writer *w, const uint8_t *point, uint8_t placeholder) {
    if (point != NULL) {
        write_bytes(w, point, TEE_KEY_LEN);
        return;
    }
    write_u8(w, 0x04);
    fill(w, placeholder, TEE_KEY_LEN - 1);
}

size_t encode_config(const config_spec *spec, uint8_t out[CONFIG_MAX]) {
    writer w = writer_of(out, CONFIG_MAX);
    write_bytes(&w, (const uint8_t *)"CDC1CONF", 8);
    write_bytes(&w, spec->chain, TEE_HASH_LEN);
    write_u64(&w, spec->epoch);
    write_u8(&w, spec->mode);
    write_u8(&w, spec->suite);
    write_u16(&w, spec->slot_k);
    write_u32(&w, 1000);    /* timeoutMs */
    write_u32(&w, 10000);   /* maxTimeoutMs */
    write_u32(&w, 500);     /* maxBlockEntries */
    write_u32(&w, 4000000); /* maxBlockBytes */
    write_u8(&w, spec->minimum_tier);
    write_u32(&w, spec->max_evidence_age);
    write_u16(&w, spec->n);
    for (uint16_t i = 0; i < spec->n; i++) {
        size_t len = strlen(spec->ids[i]);
        write_u8(&w, (uint8_t)len);
        write_bytes(&w, (const uint8_t *)spec->ids[i], len);
        write_bytes(&w, spec->voting[i], TEE_KEY_LEN);
        write_point(&w, spec->signing[i], (uint8_t)(0x20 + i));
        write_point(&w, spec->governance[i], (uint8_t)(0x40 + i));
        fill(&w, (uint8_t)(0x60 + i), TEE_HASH_LEN);    /* linkKey */
        fill(&w, (uint8_t)(0x80 + i), TEE_HASH_LEN);    /* evidence */
    }
    write_u16(&w, spec->measurements);
    for (uint16_t i = 0; i < spec->measurements; i++) {
        fill(&w, (uint8_t)(0x4d + i), TEE_MEASUREMENT_LEN);
    }
    need(w.ok, "room for the configuration");
    return w.len;
}

void build_config(built_config *out, const config_spec *spec) {
    out->len = encode_config(spec, out->bytes);
    need(decode_config((tc_span){out->bytes, out->len}, &out->config) == TEE_OK,
         "a configuration that decodes");
}

/* ---- header ------------------------------------------------------------- */

header_spec header_for(const epoch_config *config, uint64_t view, uint64_t height,
                       const uint8_t parent[TEE_HASH_LEN]) {
    header_spec spec;
    memset(&spec, 0, sizeof spec);
    memcpy(spec.chain, config->chain_id, TEE_HASH_LEN);
    spec.epoch = config->epoch;
    spec.view = view;
    spec.height = height;
    memcpy(spec.parent, parent, TEE_HASH_LEN);
    spec.proposer = config_leader(config, view);
    memset(spec.state_root, 0x57, TEE_HASH_LEN);
    spec.time_ms = 1790000000000u;
    spec.entries = 2;
    return spec;
}

header_spec suffix_of(const epoch_config *config, const header_spec *below, uint64_t view) {
    block_header decoded = decoded_header(below);
    header_spec spec = header_for(config, view, below->height + 1, decoded.hash);
    spec.last = true;
    spec.entries = 0;
    memcpy(spec.next_config, below->next_config, TEE_HASH_LEN);
    return spec;
}

void encode_header(const header_spec *spec, uint8_t out[TEE_HEADER_LEN]) {
    writer w = writer_of(out, TEE_HEADER_LEN);
    write_bytes(&w, (const uint8_t *)"CDC1HEAD", 8);
    write_bytes(&w, spec->chain, TEE_HASH_LEN);
    write_u64(&w, spec->epoch);
    write_u64(&w, spec->view);
    write_u64(&w, spec->height);
    write_bytes(&w, spec->parent, TEE_HASH_LEN);
    if (spec->entries_root != NULL) {
        write_bytes(&w, spec->entries_root, TEE_HASH_LEN);
    } else {
        fill(&w, spec->salt, TEE_HASH_LEN);
    }
    write_bytes(&w, spec->state_root, TEE_HASH_LEN);
    write_u64(&w, spec->time_ms);
    write_u16(&w, spec->proposer);
    write_u8(&w, spec->last ? 1 : 0);
    write_bytes(&w, spec->next_config, TEE_HASH_LEN);
    write_u32(&w, spec->entries);
    write_u32(&w, 1000 * spec->entries); /* entryBytes */
    need(w.ok && w.len == TEE_HEADER_LEN, "a header of 211 bytes");
}

size_t encode_headers(const header_spec *specs, size_t count, uint8_t *out) {
    for (size_t i = 0; i < count; i++) {
        encode_header(&specs[i], out + i * TEE_HEADER_LEN);
    }
    return count * TEE_HEADER_LEN;
}

block_header decoded_header(const header_spec *spec) {
    uint8_t bytes[TEE_HEADER_LEN];
    block_header header;
    encode_header(spec, bytes);
    need(decode_header((tc_span){bytes, sizeof bytes}, &header) == TEE_OK,
         "a header that decodes");
    return header;
}

/* ---- signatures --------------------------------------------------------- */

void sign_prop(const epoch_config *config, const header_spec *header, tc_key *key,
               uint8_t sig[TEE_SIG_LEN]) {
    uint8_t bytes[TEE_PROP_SIGNED_LEN];
    block_header decoded = decoded_header(header);
    prop_bytes(config, &decoded, bytes);
    const tc_span span = {bytes, sizeof bytes};
    need(tc_sign_message(key, &span, 1, sig) == 0, "a PROP");
}

static uint8_t final_phase(const epoch_config *config) {
    return config->mode == TEE_MODE_TEE_1P ? 1 : 2;
}

void sign_vote(const epoch_config *config, const header_spec *header, tc_key *key,
               uint8_t sig[TEE_SIG_LEN]) {
    uint8_t bytes[TEE_VOTE_SIGNED_LEN];
    block_header decoded = decoded_header(header);
    vote_bytes(config, final_phase(config), header->view, header->height, decoded.hash,
               header->last, bytes);
    const tc_span span = {bytes, sizeof bytes};
    need(tc_sign_message(key, &span, 1, sig) == 0, "a VOTE");
}

void sign_report(const epoch_config *config, new_view *report, tc_key *key) {
    uint8_t bytes[TEE_NEWV_SIGNED_LEN];
    newv_bytes(config, report, bytes);
    const tc_span span = {bytes, sizeof bytes};
    need(tc_sign_message(key, &span, 1, report->signature) == 0, "a NEWV");
}

/* ---- certificates and justifications ------------------------------------ */

size_t build_qc(const epoch_config *config, const header_spec *header, tc_key *const *keys,
                uint64_t signers, uint8_t out[QC_MAX]) {
    block_header decoded = decoded_header(header);
    writer w = writer_of(out, QC_MAX);
    write_u64(&w, header->epoch);
    write_u64(&w, header->view);
    write_u64(&w, header->height);
    write_bytes(&w, decoded.hash, TEE_HASH_LEN);
    write_u8(&w, header->last ? 1 : 0);
    write_u8(&w, final_phase(config));
    write_u64(&w, signers);
    for (unsigned i = 0; i < 64; i++) {
        if ((signers >> i & 1u) != 0) {
            uint8_t sig[TEE_SIG_LEN];
            sign_vote(config, header, keys[i], sig);
            write_bytes(&w, sig, sizeof sig);
        }
    }
    need(w.ok, "room for the certificate");
    return w.len;
}

size_t just_anchor(uint8_t out[JUST_MAX]) {
    out[0] = 0;
    return 1;
}

size_t just_qc(const uint8_t *qc, size_t len, uint8_t out[JUST_MAX]) {
    writer w = writer_of(out, JUST_MAX);
    write_u8(&w, 1);
    write_bytes(&w, qc, len);
    need(w.ok, "room for the justification");
    return w.len;
}

size_t just_new_views(const new_view *reports, uint16_t count, uint8_t out[JUST_MAX]) {
    writer w = writer_of(out, JUST_MAX);
    write_u8(&w, 2);
    write_u16(&w, count);
    for (uint16_t i = 0; i < count; i++) {
        uint8_t one[TEE_NEW_VIEW_LEN];
        encode_new_view(&reports[i], one);
        write_bytes(&w, one, sizeof one);
    }
    need(w.ok, "room for the justification");
    return w.len;
}

static void write_var(writer *w, const uint8_t *data, size_t len) {
    write_u32(w, (uint32_t)len);
    write_bytes(w, data, len);
}

size_t encode_chain(const epoch_item *items, uint16_t count, uint8_t *out, size_t cap) {
    static size_t lens[TEE_MAX_EPOCH_CHAIN];
    need(count <= TEE_MAX_EPOCH_CHAIN, "a chain of epochs");
    for (uint16_t i = 0; i < count; i++) {
        lens[i] = items[i].header == NULL ? 0 : TEE_HEADER_LEN;
    }
    return encode_long_chain(items, lens, count, out, cap);
}

size_t encode_long_chain(const epoch_item *items, const size_t *header_lens, uint16_t count,
                         uint8_t *out, size_t cap) {
    writer w = writer_of(out, cap);
    write_u16(&w, count);
    for (uint16_t i = 0; i < count; i++) {
        write_var(&w, items[i].config->bytes, items[i].config->len);
        write_var(&w, items[i].header, header_lens[i]);
        write_var(&w, items[i].proof, items[i].proof == NULL ? 0 : items[i].proof_len);
    }
    need(w.ok, "room for the chain of epochs");
    return w.len;
}

/* ---- cold start --------------------------------------------------------- */

resume_statement statement_for(const epoch_config *config, uint16_t seat,
                               const uint8_t anchor[TEE_HASH_LEN], uint64_t anchor_height) {
    resume_statement statement;
    memset(&statement, 0, sizeof statement);
    memcpy(statement.config_hash, config->hash, TEE_HASH_LEN);
    statement.epoch = config->epoch;
    statement.member = seat;
    memcpy(statement.former_key, config->members[seat].voting_key, TEE_KEY_LEN);
    statement.pheight = anchor_height;
    memcpy(statement.ph, anchor, TEE_HASH_LEN);
    return statement;
}

void stand_on(resume_statement *statement, const header_spec *block) {
    block_header decoded = decoded_header(block);
    statement->pv = block->view;
    statement->pheight = block->height;
    memcpy(statement->ph, decoded.hash, TEE_HASH_LEN);
    statement->plast = block->last;
}

void sign_statement(resume_statement *statement, tc_key *key, uint8_t out[TEE_RESUME_LEN]) {
    memcpy(statement->voting_key, tc_key_public(key), TEE_KEY_LEN);
    writer w = writer_of(out, TEE_RESUME_LEN);
    write_bytes(&w, (const uint8_t *)"CDC1RESM", 8);
    write_bytes(&w, statement->config_hash, TEE_HASH_LEN);
    write_u64(&w, statement->epoch);
    write_u16(&w, statement->member);
    write_bytes(&w, statement->former_key, TEE_KEY_LEN);
    write_u64(&w, statement->pv);
    write_u64(&w, statement->pheight);
    write_bytes(&w, statement->ph, TEE_HASH_LEN);
    write_u8(&w, statement->plast ? 1 : 0);
    write_bytes(&w, statement->voting_key, TEE_KEY_LEN);
    const tc_span span = {out, w.len};
    need(tc_sign_message(key, &span, 1, statement->signature) == 0, "a RESM");
    write_bytes(&w, statement->signature, TEE_SIG_LEN);
    need(w.ok && w.len == TEE_RESUME_LEN, "a statement of 293 bytes");
}

void approval_bytes(const cold_spec *spec, const epoch_config *config, const built_config *next,
                    uint8_t out[TEE_COLD_SIGNED_LEN]) {
    uint8_t statements[TEE_HASH_LEN];
    tc_span parts[FIXTURE_MEMBERS];
    for (uint16_t i = 0; i < spec->statement_count; i++) {
        parts[i] = (tc_span){spec->statements[i], TEE_RESUME_LEN};
    }
    need(tc_sha256(parts, spec->statement_count, statements) == 0, "a hash");
    writer w = writer_of(out, TEE_COLD_SIGNED_LEN);
    write_bytes(&w, (const uint8_t *)"CDC1CACC", 8);
    write_bytes(&w, config->hash, TEE_HASH_LEN);
    write_bytes(&w, statements, TEE_HASH_LEN);
    write_bytes(&w, next->config.hash, TEE_HASH_LEN);
    need(w.ok && w.len == TEE_COLD_SIGNED_LEN, "what an approval signs");
}

void approve(cold_spec *spec, const epoch_config *config, const built_config *next, uint16_t seat,
             tc_key *governance_key) {
    uint8_t bytes[TEE_COLD_SIGNED_LEN];
    need(spec->approval_count < FIXTURE_MEMBERS, "few approvals");
    approval_bytes(spec, config, next, bytes);
    const tc_span span = {bytes, sizeof bytes};
    uint16_t at = spec->approval_count++;
    spec->approvers[at] = seat;
    need(tc_sign_message(governance_key, &span, 1, spec->approvals[at]) == 0, "an approval");
}

size_t encode_cold_start(const cold_spec *spec, uint8_t out[COLD_MAX]) {
    writer w = writer_of(out, COLD_MAX);
    write_bytes(&w, (const uint8_t *)"CDC1COLD", 8);
    write_var(&w, spec->base == NULL ? NULL : spec->base->bytes,
              spec->base == NULL ? 0 : spec->base->len);
    write_u16(&w, spec->statement_count);
    for (uint16_t i = 0; i < spec->statement_count; i++) {
        write_bytes(&w, spec->statements[i], TEE_RESUME_LEN);
    }
    write_u16(&w, spec->approval_count);
    for (uint16_t i = 0; i < spec->approval_count; i++) {
        write_u16(&w, spec->approvers[i]);
        write_bytes(&w, spec->approvals[i], TEE_SIG_LEN);
    }
    need(w.ok, "room for the cold start");
    return w.len;
}

/* ---- entries ------------------------------------------------------------- */

static void hash_of(const tc_span *parts, size_t count, uint8_t out[TEE_HASH_LEN]) {
    need(tc_sha256(parts, count, out) == 0, "a hash");
}

static size_t split_of(size_t count) {
    size_t split = 1;
    while (2 * split < count) {
        split *= 2;
    }
    return split;
}

void tree_head(const uint8_t (*leaves)[TEE_HASH_LEN], size_t count, uint8_t out[TEE_HASH_LEN]) {
    static const uint8_t node = 0x01;
    uint8_t sides[2][TEE_HASH_LEN];
    if (count == 1) {
        memcpy(out, leaves[0], TEE_HASH_LEN);
        return;
    }
    size_t split = split_of(count);
    tree_head(leaves, split, sides[0]);
    tree_head(leaves + split, count - split, sides[1]);
    const tc_span parts[] = {{&node, 1}, {sides[0], TEE_HASH_LEN}, {sides[1], TEE_HASH_LEN}};
    hash_of(parts, 3, out);
}

size_t tree_path(const uint8_t (*leaves)[TEE_HASH_LEN], size_t count, size_t index, uint8_t *out) {
    if (count == 1) {
        return 0;
    }
    size_t split = split_of(count);
    bool right = index >= split;
    size_t len = right ? tree_path(leaves + split, count - split, index - split, out)
                       : tree_path(leaves, split, index, out);
    tree_head(right ? leaves : leaves + split, right ? split : count - split,
              out + len * TEE_HASH_LEN);
    return len + 1;
}

/* ---- world state -------------------------------------------------------- */

typedef struct {
    uint8_t key[TEE_HASH_LEN]; /* hashes */
    uint8_t value[TEE_HASH_LEN];
} state_leaf;

static bool bit_of(const uint8_t *key, unsigned depth) {
    return (key[depth / 8] & 0x80u >> depth % 8) != 0;
}

/* The leaves on one side at a depth; returns how many. */
static size_t side_of(const state_leaf *leaves, size_t count, unsigned depth, bool right,
                      state_leaf *out) {
    size_t taken = 0;
    for (size_t i = 0; i < count; i++) {
        if (bit_of(leaves[i].key, depth) == right) {
            out[taken++] = leaves[i];
        }
    }
    return taken;
}

static void subtree(const state_leaf *leaves, size_t count, unsigned depth,
                    uint8_t out[TEE_HASH_LEN]) {
    static const uint8_t zero = 0;
    static const uint8_t one = 1;
    if (count == 0) {
        hash_of(NULL, 0, out);
        return;
    }
    if (count == 1) {
        const tc_span parts[] = {
            {&zero, 1}, {leaves[0].key, TEE_HASH_LEN}, {leaves[0].value, TEE_HASH_LEN}};
        hash_of(parts, 3, out);
        return;
    }
    uint8_t sides[2][TEE_HASH_LEN];
    for (unsigned right = 0; right < 2; right++) {
        state_leaf taken[FIXTURE_STATE_MAX];
        size_t n = side_of(leaves, count, depth, right != 0, taken);
        subtree(taken, n, depth + 1, sides[right]);
    }
    const tc_span parts[] = {{&one, 1}, {sides[0], TEE_HASH_LEN}, {sides[1], TEE_HASH_LEN}};
    hash_of(parts, 3, out);
}

static void leaves_of(const state_item *items, size_t count, state_leaf *out) {
    need(count <= FIXTURE_STATE_MAX, "few values");
    for (size_t i = 0; i < count; i++) {
        hash_of(&items[i].key, 1, out[i].key);
        hash_of(&items[i].value, 1, out[i].value);
    }
}

void state_root_of(const state_item *items, size_t count, uint8_t root[TEE_HASH_LEN]) {
    state_leaf leaves[FIXTURE_STATE_MAX];
    leaves_of(items, count, leaves);
    subtree(leaves, count, 0, root);
}

/* Writes the siblings on the way down to the leaf; returns how many. */
static uint16_t write_siblings(writer *w, const state_item *items, size_t count, size_t index) {
    state_leaf leaves[FIXTURE_STATE_MAX];
    uint16_t depth = 0;
    leaves_of(items, count, leaves);
    state_leaf wanted = leaves[index];
    while (count > 1) {
        state_leaf own[FIXTURE_STATE_MAX];
        state_leaf other[FIXTURE_STATE_MAX];
        uint8_t sibling[TEE_HASH_LEN];
        bool right = bit_of(wanted.key, depth);
        size_t others = side_of(leaves, count, depth, !right, other);
        count = side_of(leaves, count, depth, right, own);
        memcpy(leaves, own, count * sizeof own[0]);
        depth++;
        subtree(other, others, depth, sibling);
        write_bytes(w, sibling, TEE_HASH_LEN);
    }
    return depth;
}

size_t build_state_proof(const epoch_config *config, header_spec *header, tc_key *const *keys,
                         uint64_t signers, const state_item *items, size_t count, size_t index,
                         uint8_t *out, size_t cap) {
    uint8_t bytes[TEE_HEADER_LEN];
    uint8_t qc[QC_MAX];
    state_root_of(items, count, header->state_root);
    encode_header(header, bytes);
    size_t qc_len = build_qc(config, header, keys, signers, qc);
    writer w = writer_of(out, cap);
    write_bytes(&w, bytes, sizeof bytes);
    write_var(&w, qc, qc_len);
    size_t count_at = w.len;
    write_u16(&w, 0);
    uint16_t siblings = write_siblings(&w, items, count, index);
    need(w.ok, "room for the siblings");
    out[count_at + 1] = (uint8_t)siblings;
    write_var(&w, items[index].value.data, items[index].value.len);
    need(w.ok && siblings < 256, "room for the proof");
    return w.len;
}
