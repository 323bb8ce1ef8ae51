#include "codec.h"

#include <string.h>

/* The encoders below fill their outputs to the last byte. */
#define NUMBER 8u
_Static_assert(TEE_NEW_VIEW_LEN == 2u + 3u * NUMBER + TEE_HASH_LEN + 1u + TEE_SIG_LEN, "NewView");
_Static_assert(TEE_PROP_SIGNED_LEN == TEE_TAG_LEN + 3u * TEE_HASH_LEN + 3u * NUMBER + 1u, "PROP");
_Static_assert(TEE_VOTE_SIGNED_LEN == TEE_TAG_LEN + 1u + 2u * TEE_HASH_LEN + 3u * NUMBER + 1u,
               "VOTE");
_Static_assert(TEE_RESUME_LEN
                   == TEE_TAG_LEN + 2u * TEE_HASH_LEN + 3u * NUMBER + 2u + 2u * TEE_KEY_LEN + 1u
                          + TEE_SIG_LEN,
               "a resume statement");
_Static_assert(TEE_COLD_SIGNED_LEN == TEE_TAG_LEN + 3u * TEE_HASH_LEN, "an approval");
_Static_assert(TEE_NEWV_SIGNED_LEN == TEE_TAG_LEN + 2u * TEE_HASH_LEN + 4u * NUMBER + 1u, "NEWV");

/* ---- reader ------------------------------------------------------------- */

reader reader_of(const uint8_t *data, size_t len) {
    reader in = {data, len, true};
    return in;
}

const uint8_t *read_view(reader *in, size_t len) {
    if (!in->ok || in->left < len) {
        in->ok = false;
        return NULL;
    }
    const uint8_t *at = in->at;
    in->at += len;
    in->left -= len;
    return at;
}

static uint64_t read_big_endian(reader *in, size_t width) {
    const uint8_t *at = read_view(in, width);
    uint64_t value = 0;
    for (size_t i = 0; at != NULL && i < width; i++) {
        value = value << 8 | at[i];
    }
    return value;
}

uint8_t read_u8(reader *in) {
    return (uint8_t)read_big_endian(in, 1);
}

uint16_t read_u16(reader *in) {
    return (uint16_t)read_big_endian(in, 2);
}

uint32_t read_u32(reader *in) {
    return (uint32_t)read_big_endian(in, 4);
}

uint64_t read_u64(reader *in) {
    return read_big_endian(in, 8);
}

uint64_t read_number(reader *in) {
    uint64_t value = read_u64(in);
    if (value > TEE_MAX_NUMBER) {
        in->ok = false;
        return 0;
    }
    return value;
}

bool read_flag(reader *in) {
    uint8_t value = read_u8(in);
    if (value > 1) {
        in->ok = false;
    }
    return value == 1;
}

void read_bytes(reader *in, uint8_t *out, size_t len) {
    const uint8_t *at = read_view(in, len);
    if (at == NULL) {
        memset(out, 0, len);
    } else {
        memcpy(out, at, len);
    }
}

tc_span read_var(reader *in, size_t max) {
    tc_span span = {NULL, 0};
    size_t len = read_u32(in);
    if (len > max) {
        in->ok = false;
        return span;
    }
    span.data = read_view(in, len);
    span.len = span.data == NULL ? 0 : len;
    return span;
}

void read_tag(reader *in, const char tag[TEE_TAG_LEN]) {
    const uint8_t *at = read_view(in, TEE_TAG_LEN);
    if (at != NULL && memcmp(at, tag, TEE_TAG_LEN) != 0) {
        in->ok = false;
    }
}

bool read_done(const reader *in) {
    return in->ok && in->left == 0;
}

/* ---- writer ------------------------------------------------------------- */

writer writer_of(uint8_t *out, size_t cap) {
    writer w = {out, cap, 0, true};
    return w;
}

void write_bytes(writer *out, const uint8_t *data, size_t len) {
    if (!out->ok || out->cap - out->len < len) {
        out->ok = false;
        return;
    }
    if (len > 0) {
        memcpy(out->start + out->len, data, len);
    }
    out->len += len;
}

static void write_big_endian(writer *out, uint64_t value, size_t width) {
    uint8_t bytes[8];
    for (size_t i = 0; i < width; i++) {
        bytes[i] = (uint8_t)(value >> (8 * (width - 1 - i)));
    }
    write_bytes(out, bytes, width);
}

void write_u8(writer *out, uint8_t value) {
    write_bytes(out, &value, 1);
}

void write_u16(writer *out, uint16_t value) {
    write_big_endian(out, value, 2);
}

void write_u32(writer *out, uint32_t value) {
    write_big_endian(out, value, 4);
}

void write_u64(writer *out, uint64_t value) {
    write_big_endian(out, value, 8);
}

void write_tag(writer *out, const char tag[TEE_TAG_LEN]) {
    write_bytes(out, (const uint8_t *)tag, TEE_TAG_LEN);
}

bool write_signature(writer *out, tc_key *key) {
    uint8_t sig[TEE_SIG_LEN];
    const tc_span signed_bytes = {out->start, out->len};
    if (!out->ok || tc_sign_message(key, &signed_bytes, 1, sig) != 0) {
        return false;
    }
    write_bytes(out, sig, TEE_SIG_LEN);
    return out->ok;
}

/* ---- epoch configuration ------------------------------------------------ */

bool id_is_valid(const uint8_t *id, size_t len) {
    for (size_t i = 0; i < len; i++) {
        bool letter = id[i] >= 'a' && id[i] <= 'z';
        bool digit = id[i] >= '0' && id[i] <= '9';
        if (!letter && !digit && id[i] != '-') {
            return false;
        }
    }
    return len >= 1 && len <= TEE_MAX_ID_LEN;
}

/* Bytewise order; a prefix comes first. */
static int id_compare(const member *a, const member *b) {
    size_t common = a->id_len < b->id_len ? a->id_len : b->id_len;
    int order = memcmp(a->id, b->id, common);
    return order != 0 ? order : (int)a->id_len - (int)b->id_len;
}

/* Of a configuration of len bytes. */
static void read_member(reader *in, size_t len, member *out) {
    out->id_len = read_u8(in);
    if (out->id_len > TEE_MAX_ID_LEN) {
        in->ok = false;
        return;
    }
    read_bytes(in, out->id, out->id_len);
    out->voting_key_at = (uint32_t)(len - in->left);
    read_bytes(in, out->voting_key, TEE_KEY_LEN);
    read_bytes(in, out->signing_key, TEE_KEY_LEN);
    read_bytes(in, out->governance_key, TEE_KEY_LEN);
    read_view(in, TEE_HASH_LEN); /* linkKey: the host's business */
    out->evidence_at = (uint32_t)(len - in->left);
    read_bytes(in, out->evidence, TEE_HASH_LEN);
    if (!id_is_valid(out->id, out->id_len)) {
        in->ok = false;
    }
}

/* Ascending ids, and no key that could vote in two seats. */
static bool members_are_distinct(const epoch_config *config) {
    for (uint16_t i = 0; i < config->n; i++) {
        if (config->members[i].voting_key[0] != 0x04) {
            return false;
        }
        if (i > 0 && id_compare(&config->members[i - 1], &config->members[i]) >= 0) {
            return false;
        }
        for (uint16_t j = 0; j < i; j++) {
            if (memcmp(config->members[i].voting_key, config->members[j].voting_key, TEE_KEY_LEN)
                == 0) {
                return false;
            }
        }
    }
    return true;
}

static void read_measurements(reader *in, epoch_config *out) {
    out->measurement_count = read_u16(in);
    if (out->measurement_count > TEE_MAX_MEASUREMENTS) {
        in->ok = false;
        return;
    }
    for (uint16_t i = 0; i < out->measurement_count; i++) {
        read_bytes(in, out->measurements[i], TEE_MEASUREMENT_LEN);
    }
}

/* A tier vouches for code: one above SIMULATED means nothing while any code may run. */
static bool policy_is_sensible(const epoch_config *config) {
    return config->minimum_tier <= TEE_TIER_ENCLAVE_SGX
           && config->max_evidence_age <= INT32_MAX
           && (config->minimum_tier == TEE_TIER_SIMULATED || config->measurement_count > 0);
}

/* Fewer than four members of BFT-2P bear no fault. */
static bool mode_is_possible(const epoch_config *config) {
    return config->mode == TEE_MODE_TEE_1P
           || (config->mode == TEE_MODE_BFT_2P && config->n >= 4);
}

static int config_finish(tc_span bytes, epoch_config *config) {
    uint8_t seed_input[TEE_TAG_LEN + TEE_HASH_LEN + 8];
    uint8_t seed_hash[TEE_HASH_LEN];
    writer out = writer_of(seed_input, sizeof seed_input);
    write_tag(&out, "CDC1SEED");
    write_bytes(&out, config->chain_id, TEE_HASH_LEN);
    write_u64(&out, config->epoch);
    const tc_span seed_span = {seed_input, out.len};
    if (tc_sha256(&seed_span, 1, seed_hash) != 0 || tc_sha256(&bytes, 1, config->hash) != 0) {
        return -1;
    }
    reader in = reader_of(seed_hash, sizeof seed_hash);
    config->seed = read_u32(&in);
    return 0;
}

tee_status decode_config(tc_span bytes, epoch_config *out) {
    reader in = reader_of(bytes.data, bytes.len);
    memset(out, 0, sizeof *out);
    read_tag(&in, "CDC1CONF");
    read_bytes(&in, out->chain_id, TEE_HASH_LEN);
    out->epoch = read_number(&in);
    out->mode = read_u8(&in);
    out->suite = read_u8(&in);
    out->slot_k = read_u16(&in);
    read_view(&in, 4u * 4u); /* timeouts and block limits: the host's business */
    out->minimum_tier = read_u8(&in);
    out->max_evidence_age = read_u32(&in);
    out->n = read_u16(&in);
    if (!in.ok || out->n < 1 || out->n > TEE_MAX_MEMBERS) {
        return TEE_E_PARAM;
    }
    for (uint16_t i = 0; i < out->n; i++) {
        read_member(&in, bytes.len, &out->members[i]);
    }
    read_measurements(&in, out);
    if (!read_done(&in) || out->epoch < 1 || out->slot_k < 1 || !mode_is_possible(out)
        || !members_are_distinct(out) || !policy_is_sensible(out)) {
        return TEE_E_PARAM;
    }
    if (!tc_suite_supported(out->suite)) {
        return TEE_E_ALG_UNSUPPORTED;
    }
    return config_finish(bytes, out) == 0 ? TEE_OK : TEE_E_INTERNAL;
}

uint16_t config_quorum(const epoch_config *config) {
    if (config->mode == TEE_MODE_BFT_2P) {
        return (uint16_t)((config->n + (config->n - 1) / 3 + 2) / 2);
    }
    return (uint16_t)(config->n / 2 + 1);
}

uint8_t config_last_phase(const epoch_config *config) {
    return config->mode == TEE_MODE_BFT_2P ? 2 : 1;
}

uint16_t config_leader(const epoch_config *config, uint64_t view) {
    return (uint16_t)((view / config->slot_k + config->seed) % config->n);
}

/* ---- block header ------------------------------------------------------- */

static bool all_zero(const uint8_t *data, size_t len) {
    uint8_t any = 0;
    for (size_t i = 0; i < len; i++) {
        any |= data[i];
    }
    return any == 0;
}

tee_status decode_header(tc_span bytes, block_header *out) {
    reader in = reader_of(bytes.data, bytes.len);
    memset(out, 0, sizeof *out);
    read_tag(&in, "CDC1HEAD");
    read_bytes(&in, out->chain_id, TEE_HASH_LEN);
    out->epoch = read_number(&in);
    out->view = read_number(&in);
    out->height = read_number(&in);
    read_bytes(&in, out->parent_hash, TEE_HASH_LEN);
    read_bytes(&in, out->entries_root, TEE_HASH_LEN);
    read_bytes(&in, out->state_root, TEE_HASH_LEN);
    out->time_ms = read_number(&in);
    out->proposer = read_u16(&in);
    out->last = read_flag(&in);
    read_bytes(&in, out->next_config_hash, TEE_HASH_LEN);
    out->entry_count = read_u32(&in);
    read_u32(&in); /* entryBytes */
    if (!read_done(&in) || out->epoch < 1 || out->view < 1 || out->height < 1) {
        return TEE_E_PARAM;
    }
    if (!out->last && !all_zero(out->next_config_hash, TEE_HASH_LEN)) {
        return TEE_E_PARAM;
    }
    return tc_sha256(&bytes, 1, out->hash) == 0 ? TEE_OK : TEE_E_INTERNAL;
}

bool header_is_suffix(const block_header *header) {
    return header->last && header->entry_count == 0;
}

/* ---- certificates and reports ------------------------------------------- */

unsigned qc_signer_count(const quorum_cert *qc) {
    unsigned count = 0;
    for (uint64_t bits = qc->signers; bits != 0; bits &= bits - 1) {
        count++;
    }
    return count;
}

bool qc_is_for(const quorum_cert *qc, const block_header *header) {
    return qc->epoch == header->epoch && qc->view == header->view && qc->height == header->height
           && qc->last == header->last
           && memcmp(qc->block_hash, header->hash, TEE_HASH_LEN) == 0;
}

tee_status decode_qc(tc_span bytes, quorum_cert *out) {
    reader in = reader_of(bytes.data, bytes.len);
    memset(out, 0, sizeof *out);
    out->epoch = read_number(&in);
    out->view = read_number(&in);
    out->height = read_number(&in);
    read_bytes(&in, out->block_hash, TEE_HASH_LEN);
    out->last = read_flag(&in);
    out->phase = read_u8(&in);
    out->signers = read_u64(&in);
    out->signatures = read_view(&in, (size_t)qc_signer_count(out) * TEE_SIG_LEN);
    if (!read_done(&in) || out->phase < 1 || out->phase > 2) {
        return TEE_E_PARAM;
    }
    return TEE_OK;
}

void read_new_view(reader *in, new_view *out) {
    out->member = read_u16(in);
    out->new_view = read_number(in);
    out->pv = read_number(in);
    out->pheight = read_number(in);
    read_bytes(in, out->ph, TEE_HASH_LEN);
    out->plast = read_flag(in);
    read_bytes(in, out->signature, TEE_SIG_LEN);
}

void encode_new_view(const new_view *report, uint8_t out[TEE_NEW_VIEW_LEN]) {
    writer w = writer_of(out, TEE_NEW_VIEW_LEN);
    write_u16(&w, report->member);
    write_u64(&w, report->new_view);
    write_u64(&w, report->pv);
    write_u64(&w, report->pheight);
    write_bytes(&w, report->ph, TEE_HASH_LEN);
    write_u8(&w, report->plast ? 1 : 0);
    write_bytes(&w, report->signature, TEE_SIG_LEN);
}

static tee_status decode_new_views(reader *in, justification *out) {
    out->count = read_u16(in);
    if (!in->ok || out->count > TEE_MAX_MEMBERS) {
        return TEE_E_PARAM;
    }
    for (uint16_t i = 0; i < out->count; i++) {
        read_new_view(in, &out->reports[i]);
        if (i > 0 && out->reports[i].member <= out->reports[i - 1].member) {
            return TEE_E_PARAM; /* ascending, hence distinct */
        }
    }
    return read_done(in) ? TEE_OK : TEE_E_PARAM;
}

tee_status decode_justification(tc_span bytes, justification *out) {
    reader in = reader_of(bytes.data, bytes.len);
    memset(out, 0, sizeof *out);
    uint8_t kind = read_u8(&in);
    if (!in.ok) {
        return TEE_E_PARAM;
    }
    const tc_span rest = {in.at, in.left};
    switch (kind) {
    case JUST_ANCHOR:
        out->kind = JUST_ANCHOR;
        return rest.len == 0 ? TEE_OK : TEE_E_PARAM;
    case JUST_QC:
        out->kind = JUST_QC;
        return decode_qc(rest, &out->qc);
    case JUST_NEW_VIEWS:
        out->kind = JUST_NEW_VIEWS;
        return decode_new_views(&in, out);
    default:
        return TEE_E_PARAM;
    }
}

/* ---- cold start --------------------------------------------------------- */

static const char statement_tag[] = "CDC1RESM";
static const char cold_start_tag[] = "CDC1COLD";

void read_resume_statement(reader *in, resume_statement *out) {
    read_tag(in, statement_tag);
    read_bytes(in, out->config_hash, TEE_HASH_LEN);
    out->epoch = read_number(in);
    out->member = read_u16(in);
    read_bytes(in, out->former_key, TEE_KEY_LEN);
    out->pv = read_number(in);
    out->pheight = read_number(in);
    read_bytes(in, out->ph, TEE_HASH_LEN);
    out->plast = read_flag(in);
    read_bytes(in, out->voting_key, TEE_KEY_LEN);
    read_bytes(in, out->signature, TEE_SIG_LEN);
}

void encode_resume_statement(const resume_statement *statement, uint8_t out[TEE_RESUME_LEN]) {
    writer w = writer_of(out, TEE_RESUME_LEN);
    write_tag(&w, statement_tag);
    write_bytes(&w, statement->config_hash, TEE_HASH_LEN);
    write_u64(&w, statement->epoch);
    write_u16(&w, statement->member);
    write_bytes(&w, statement->former_key, TEE_KEY_LEN);
    write_u64(&w, statement->pv);
    write_u64(&w, statement->pheight);
    write_bytes(&w, statement->ph, TEE_HASH_LEN);
    write_u8(&w, statement->plast ? 1 : 0);
    write_bytes(&w, statement->voting_key, TEE_KEY_LEN);
    write_bytes(&w, statement->signature, TEE_SIG_LEN);
}

bool is_cold_start(tc_span proof) {
    return proof.len >= TEE_TAG_LEN && memcmp(proof.data, cold_start_tag, TEE_TAG_LEN) == 0;
}

static void read_statements(reader *in, cold_start_proof *out) {
    out->statement_count = read_u16(in);
    if (out->statement_count > TEE_MAX_MEMBERS) {
        in->ok = false;
        return;
    }
    out->statement_bytes = in->at;
    for (uint16_t i = 0; i < out->statement_count; i++) {
        read_resume_statement(in, &out->statements[i]);
        if (i > 0 && out->statements[i].member <= out->statements[i - 1].member) {
            in->ok = false; /* ascending, hence distinct */
        }
    }
}

static void read_approvals(reader *in, cold_start_proof *out) {
    out->approval_count = read_u16(in);
    out->approvals = in->at;
    int32_t before = -1;
    for (uint16_t i = 0; in->ok && i < out->approval_count; i++) {
        int32_t approver = read_u16(in);
        read_view(in, TEE_SIG_LEN);
        if (approver <= before) {
            in->ok = false;
        }
        before = approver;
    }
}

tee_status decode_cold_start(tc_span bytes, cold_start_proof *out) {
    reader in = reader_of(bytes.data, bytes.len);
    memset(out, 0, sizeof *out);
    read_tag(&in, cold_start_tag);
    out->base = read_var(&in, TEE_MAX_MESSAGE);
    read_statements(&in, out);
    read_approvals(&in, out);
    return read_done(&in) ? TEE_OK : TEE_E_PARAM;
}

tee_status cold_start_bytes(const epoch_config *config, const cold_start_proof *proof,
                            const uint8_t next_hash[TEE_HASH_LEN],
                            uint8_t out[TEE_COLD_SIGNED_LEN]) {
    uint8_t statements_hash[TEE_HASH_LEN];
    const tc_span statements = {proof->statement_bytes,
                                (size_t)proof->statement_count * TEE_RESUME_LEN};
    if (tc_sha256(&statements, 1, statements_hash) != 0) {
        return TEE_E_INTERNAL;
    }
    writer w = writer_of(out, TEE_COLD_SIGNED_LEN);
    write_tag(&w, "CDC1CACC");
    write_bytes(&w, config->hash, TEE_HASH_LEN);
    write_bytes(&w, statements_hash, TEE_HASH_LEN);
    write_bytes(&w, next_hash, TEE_HASH_LEN);
    return TEE_OK;
}

/* ---- what voters sign --------------------------------------------------- */

void prop_bytes(const epoch_config *config, const block_header *header,
                uint8_t out[TEE_PROP_SIGNED_LEN]) {
    writer w = writer_of(out, TEE_PROP_SIGNED_LEN);
    write_tag(&w, "CDC1PROP");
    write_bytes(&w, config->hash, TEE_HASH_LEN);
    write_u64(&w, config->epoch);
    write_u64(&w, header->view);
    write_u64(&w, header->height);
    write_bytes(&w, header->parent_hash, TEE_HASH_LEN);
    write_bytes(&w, header->hash, TEE_HASH_LEN);
    write_u8(&w, header->last ? 1 : 0);
}

void vote_bytes(const epoch_config *config, uint8_t phase, uint64_t view, uint64_t height,
                const uint8_t block_hash[TEE_HASH_LEN], bool last,
                uint8_t out[TEE_VOTE_SIGNED_LEN]) {
    writer w = writer_of(out, TEE_VOTE_SIGNED_LEN);
    write_tag(&w, "CDC1VOTE");
    write_u8(&w, phase);
    write_bytes(&w, config->hash, TEE_HASH_LEN);
    write_u64(&w, config->epoch);
    write_u64(&w, view);
    write_u64(&w, height);
    write_bytes(&w, block_hash, TEE_HASH_LEN);
    write_u8(&w, last ? 1 : 0);
}

void newv_bytes(const epoch_config *config, const new_view *report,
                uint8_t out[TEE_NEWV_SIGNED_LEN]) {
    writer w = writer_of(out, TEE_NEWV_SIGNED_LEN);
    write_tag(&w, "CDC1NEWV");
    write_bytes(&w, config->hash, TEE_HASH_LEN);
    write_u64(&w, config->epoch);
    write_u64(&w, report->new_view);
    write_u64(&w, report->pv);
    write_u64(&w, report->pheight);
    write_bytes(&w, report->ph, TEE_HASH_LEN);
    write_u8(&w, report->plast ? 1 : 0);
}
