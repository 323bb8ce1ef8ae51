#include "dp_query.h"

#include <string.h>

#include "envelope.h"
#include "tp_platform.h"

__extension__ typedef unsigned __int128 u128;

#define MICRO 1000000u
#define DEBIT_PREFIX "debit/"
#define DEBIT_PREFIX_LEN 6u

/* ---- queries ------------------------------------------------------------ */

static int64_t read_i64(reader *in) {
    return (int64_t)read_u64(in);
}

static void read_spread(reader *in, dp_spread *out) {
    out->num = read_u64(in);
    out->den = read_u64(in);
}

static bool spread_is_valid(dp_mechanism mechanism, const dp_spread *spread) {
    uint64_t max = mechanism == DP_LAPLACE ? DP_MAX_SCALE_NUM : DP_MAX_VARIANCE_NUM;
    return spread->num >= 1 && spread->num <= max && spread->den >= 1 && spread->den <= DP_MAX_DEN;
}

static bool is_value(int64_t value) {
    return value >= -DP_MAX_VALUE && value <= DP_MAX_VALUE;
}

/* Fields that the kind does not use are zero, so that each query has one encoding. */
static bool bounds_are_valid(const dp_query *query) {
    bool clamps = query->kind == DP_SUM || query->kind == DP_MEAN;
    bool range = clamps ? query->lower < query->upper && is_value(query->lower) && is_value(query->upper)
                        : query->lower == 0 && query->upper == 0;
    bool bins = query->kind == DP_HISTOGRAM ? query->bound_count >= 1 : query->bound_count == 0;
    for (uint16_t i = 1; i < query->bound_count; i++) {
        bins = bins && query->bounds[i - 1] < query->bounds[i];
    }
    return range && bins;
}

static bool noise_is_valid(const dp_query *query) {
    if (query->mechanism != DP_LAPLACE && query->mechanism != DP_GAUSSIAN) {
        return false;
    }
    bool count_ok = query->kind == DP_MEAN
                        ? spread_is_valid(query->mechanism, &query->count_noise)
                        : query->count_noise.num == 0 && query->count_noise.den == 0;
    return spread_is_valid(query->mechanism, &query->noise) && count_ok;
}

/* A sum alone has no noised count with which to compare a cohort: ask for a mean. */
static bool cohort_is_valid(const dp_query *query) {
    return query->sources >= 1 && query->sources <= TEE_MAX_MEMBERS
           && (query->kind != DP_SUM || query->min_cohort == 0);
}

static u128 ceil_div(u128 a, u128 b) {
    return a / b + (a % b == 0 ? 0 : 1);
}

/*
 * Micro-rho of outputs that one subject changes by at most d <= 2^37 (2^31 in each of
 * 2^6 sources). Laplace: (d den)^2 <= 2^106. Gaussian: d^2 den <= 2^90. Times 2^19.
 */
static u128 cost_of(dp_mechanism mechanism, uint64_t d, const dp_spread *spread) {
    const u128 half = MICRO / 2;
    if (mechanism == DP_LAPLACE) {
        u128 base = (u128)d * spread->den;
        return ceil_div(half * base * base, (u128)spread->num * spread->num);
    }
    return ceil_div(half * d * d * spread->den, spread->num);
}

static uint64_t magnitude(int64_t value) {
    return value < 0 ? (uint64_t)-value : (uint64_t)value;
}

static bool price(dp_query *query) {
    uint64_t d = 1;
    u128 cost = 0;
    if (query->kind == DP_SUM || query->kind == DP_MEAN) {
        uint64_t low = magnitude(query->lower);
        uint64_t high = magnitude(query->upper);
        d = low > high ? low : high;
    }
    cost = cost_of(query->mechanism, d * query->sources, &query->noise);
    if (query->kind == DP_MEAN) {
        cost += cost_of(query->mechanism, query->sources, &query->count_noise);
    }
    query->cost = (uint64_t)cost;
    return cost <= TEE_MAX_NUMBER;
}

tee_status dp_decode_query(tc_span bytes, dp_query *out) {
    reader in = reader_of(bytes.data, bytes.len);
    memset(out, 0, sizeof *out);
    read_tag(&in, "CDC1DPQY");
    uint8_t version = read_u8(&in);
    uint8_t kind = read_u8(&in);
    read_bytes(&in, out->series, TEE_HASH_LEN);
    out->lower = read_i64(&in);
    out->upper = read_i64(&in);
    out->bound_count = read_u16(&in);
    if (!in.ok || version != 1 || kind < DP_COUNT || kind > DP_HISTOGRAM
        || out->bound_count > DP_MAX_BOUNDS) {
        return TEE_E_PARAM;
    }
    out->kind = (dp_kind)kind;
    for (uint16_t i = 0; i < out->bound_count; i++) {
        out->bounds[i] = read_i64(&in);
    }
    out->mechanism = (dp_mechanism)read_u8(&in);
    read_spread(&in, &out->noise);
    read_spread(&in, &out->count_noise);
    out->sources = read_u16(&in);
    out->min_cohort = read_u32(&in);
    out->outputs = kind == DP_HISTOGRAM ? (uint16_t)(out->bound_count + 1) : kind == DP_MEAN ? 2 : 1;
    if (!read_done(&in) || !bounds_are_valid(out) || !noise_is_valid(out) || !cohort_is_valid(out)
        || !price(out)) {
        return TEE_E_PARAM;
    }
    return tc_sha256(&bytes, 1, out->hash) == 0 ? TEE_OK : TEE_E_INTERNAL;
}

/* ---- debits ------------------------------------------------------------- */

typedef struct {
    tc_span member;
    const uint8_t *voting_key_hash;
    uint64_t sequence;
    const uint8_t *query_hash;
    uint64_t micro_rho;
} debit;

static tee_status decode_debit(tc_span bytes, debit *out) {
    reader in = reader_of(bytes.data, bytes.len);
    read_tag(&in, "CDC1DEBT");
    uint8_t version = read_u8(&in);
    out->member.len = read_u8(&in);
    out->member.data = read_view(&in, out->member.len);
    out->voting_key_hash = read_view(&in, TEE_HASH_LEN);
    out->sequence = read_number(&in);
    out->query_hash = read_view(&in, TEE_HASH_LEN);
    out->micro_rho = read_number(&in);
    return read_done(&in) && version == 1 && out->sequence >= 1 ? TEE_OK : TEE_E_PARAM;
}

static tee_status check_debit(const dp_session *dp, const checker *ck, const identity *who,
                              const dp_query *query, const debit *paid) {
    uint8_t key_hash[TEE_HASH_LEN];
    const tc_span key = {ck->public_key, TEE_KEY_LEN};
    if (tc_sha256(&key, 1, key_hash) != 0) {
        return TEE_E_INTERNAL;
    }
    bool mine = paid->member.len == who->member_len
                && memcmp(paid->member.data, who->member, who->member_len) == 0
                && memcmp(paid->voting_key_hash, key_hash, TEE_HASH_LEN) == 0;
    if (!mine || memcmp(paid->query_hash, query->hash, TEE_HASH_LEN) != 0) {
        return TEE_E_CONFLICT;
    }
    return paid->sequence > dp->spent && paid->micro_rho >= query->cost ? TEE_OK : TEE_E_BUDGET;
}

/* ---- beginning ---------------------------------------------------------- */

static int draw(dp_source *source, const dp_query *query, const dp_spread *spread, int64_t *out) {
    return query->mechanism == DP_LAPLACE ? dp_laplace(source, spread->num, spread->den, out)
                                          : dp_gaussian(source, spread->num, spread->den, out);
}

static tee_status draw_noise(const dp_query *query, int64_t noise[DP_MAX_OUTPUTS]) {
    dp_source source;
    bool ok = true;
    dp_source_platform(&source);
    for (uint16_t i = 0; i < query->outputs && ok; i++) {
        bool of_count = query->kind == DP_MEAN && i == 1;
        ok = draw(&source, query, of_count ? &query->count_noise : &query->noise, &noise[i]) == 0;
    }
    dp_source_wipe(&source);
    return ok ? TEE_OK : TEE_E_INTERNAL;
}

static void dp_open(dp_session *dp, const dp_query *query, dp_purpose purpose) {
    dp_close(dp);
    dp->query = *query;
    dp->purpose = purpose;
}

tee_status dp_begin(dp_session *dp, checker *ck, const identity *who, reader *in) {
    dp_query query;
    debit paid;
    proven_value proven;
    uint8_t key[DEBIT_PREFIX_LEN + TEE_HASH_LEN] = DEBIT_PREFIX;
    tc_span bytes = read_var(in, TEE_MAX_STATE_VALUE);
    read_bytes(in, key + DEBIT_PREFIX_LEN, TEE_HASH_LEN);
    tee_status status = in->ok ? dp_decode_query(bytes, &query) : TEE_E_PARAM;
    if (status == TEE_OK && ck->key == NULL) {
        status = TEE_E_STATE;
    }
    if (status == TEE_OK) {
        status = state_proof_read(ck, in, (tc_span){key, sizeof key}, &proven);
    }
    if (status == TEE_OK) {
        status = read_done(in) ? decode_debit(proven.value, &paid) : TEE_E_PARAM;
    }
    if (status == TEE_OK) {
        status = check_debit(dp, ck, who, &query, &paid);
    }
    if (status != TEE_OK) {
        return status;
    }
    dp_open(dp, &query, query.sources == 1 ? DP_RELEASES : DP_FINISHES);
    memcpy(dp->debit, key + DEBIT_PREFIX_LEN, TEE_HASH_LEN);
    dp->spent = paid.sequence;
    return draw_noise(&dp->query, dp->noise);
}

void dp_gather(dp_session *dp, const dp_query *query, const uint8_t round[TEE_HASH_LEN]) {
    dp_open(dp, query, DP_GATHERS);
    memcpy(dp->debit, round, TEE_HASH_LEN);
}

void dp_close(dp_session *dp) {
    uint64_t spent = dp->spent;
    tp_zero(dp, sizeof *dp);
    dp->spent = spent;
}

/* ---- adding: no branch and no address depends on a value ---------------- */

/* All ones if a < b, else 0. */
static uint64_t mask_less(int64_t a, int64_t b) {
    uint64_t x = (uint64_t)a ^ (uint64_t)1 << 63;
    uint64_t y = (uint64_t)b ^ (uint64_t)1 << 63;
    uint64_t borrow = ((~x & y) | (~(x ^ y) & (x - y))) >> 63;
    return 0 - borrow;
}

static int64_t choose(uint64_t mask, int64_t a, int64_t b) {
    uint64_t bits = ((uint64_t)a & mask) | ((uint64_t)b & ~mask);
    return (int64_t)bits;
}

static int64_t clamp(int64_t value, int64_t lower, int64_t upper) {
    value = choose(mask_less(value, lower), lower, value);
    return choose(mask_less(upper, value), upper, value);
}

/* Bin i holds bounds[i - 1] <= value < bounds[i]; the outer ones are open. */
static void add_to_bins(const dp_query *query, int64_t value, int64_t *bins) {
    uint64_t reached = 1;
    for (uint16_t i = 0; i < query->bound_count; i++) {
        uint64_t beyond = ~mask_less(value, query->bounds[i]) & 1;
        bins[i] += (int64_t)(reached - beyond);
        reached = beyond;
    }
    bins[query->bound_count] += (int64_t)reached;
}

static void add_value(const dp_query *query, int64_t value, int64_t *values) {
    switch (query->kind) {
    case DP_COUNT:
        values[0]++;
        break;
    case DP_SUM:
        values[0] += clamp(value, query->lower, query->upper);
        break;
    case DP_MEAN:
        values[0] += clamp(value, query->lower, query->upper);
        values[1]++;
        break;
    case DP_HISTOGRAM:
        add_to_bins(query, value, values);
        break;
    }
}

static tee_status add_measure(const dp_query *query, dp_tally *tally, tc_span plaintext) {
    uint8_t subject[DP_SUBJECT_LEN];
    uint8_t series[TEE_HASH_LEN];
    reader in = reader_of(plaintext.data, plaintext.len);
    read_tag(&in, "CDC1MEAS");
    read_bytes(&in, subject, sizeof subject);
    read_bytes(&in, series, sizeof series);
    int64_t value = read_i64(&in);
    if (!read_done(&in)) {
        return TEE_E_PARAM;
    }
    if (memcmp(series, query->series, TEE_HASH_LEN) != 0
        || (tally->any && memcmp(subject, tally->last, sizeof subject) <= 0)) {
        return TEE_E_CONFLICT;
    }
    if (tally->records == DP_MAX_RECORDS) {
        return TEE_E_STATE;
    }
    tally->any = true;
    tally->records++;
    memcpy(tally->last, subject, sizeof subject);
    add_value(query, value, tally->values);
    return TEE_OK;
}

static tee_status add_record(dp_session *dp, const keystore *keys, const identity *who, reader *in) {
    uint8_t plaintext[DP_MEASURE_LEN];
    tc_span context = read_var(in, TEE_MAX_AAD);
    tc_span record = read_var(in, TEE_MAX_RECORD + TEE_SEAL_OVERHEAD);
    if (!in->ok || record.len != DP_MEASURE_LEN + TEE_SEAL_OVERHEAD) {
        return TEE_E_PARAM;
    }
    tee_status status = envelope_open(keys, who, context, record, plaintext);
    if (status == TEE_OK) {
        status = add_measure(&dp->query, &dp->draft, (tc_span){plaintext, sizeof plaintext});
    }
    tp_zero(plaintext, sizeof plaintext);
    return status;
}

tee_status dp_add(dp_session *dp, const keystore *keys, const identity *who, reader *in) {
    uint16_t count = read_u16(in);
    if (!in->ok) {
        return TEE_E_PARAM;
    }
    if (dp->purpose != DP_RELEASES && dp->purpose != DP_GATHERS) {
        return TEE_E_STATE;
    }
    tee_status status = TEE_OK;
    dp->draft = dp->tally;
    for (uint16_t i = 0; i < count && status == TEE_OK; i++) {
        status = add_record(dp, keys, who, in);
    }
    if (status == TEE_OK && !read_done(in)) {
        status = TEE_E_PARAM;
    }
    if (status == TEE_OK) {
        dp->tally = dp->draft;
    }
    tp_zero(&dp->draft, sizeof dp->draft);
    return status;
}

/* ---- releasing ---------------------------------------------------------- */

size_t dp_answer_len(const dp_session *dp, dp_purpose purpose) {
    return dp->purpose == purpose && purpose != DP_CLOSED
               ? DP_ANSWER_MAX - 8u * (DP_MAX_OUTPUTS - dp->query.outputs)
               : 0;
}

/* Whether the noised number of subjects, known from the answer anyway, is enough. */
static bool cohort_suffices(const dp_query *query, const int64_t *noised) {
    uint64_t total = 0;
    uint16_t first = query->kind == DP_MEAN ? 1 : 0;
    for (uint16_t i = first; i < query->outputs; i++) {
        total += (uint64_t)noised[i];
    }
    return query->min_cohort == 0 || (int64_t)total >= (int64_t)query->min_cohort;
}

static tee_status sign_answer(const dp_session *dp, checker *ck, const int64_t *noised, size_t len,
                              uint8_t *out) {
    writer w = writer_of(out, len);
    write_tag(&w, "CDC1DPAN");
    write_u8(&w, 1);
    write_bytes(&w, dp->debit, TEE_HASH_LEN);
    write_bytes(&w, dp->query.hash, TEE_HASH_LEN);
    write_u16(&w, dp->query.outputs);
    for (uint16_t i = 0; i < dp->query.outputs; i++) {
        write_u64(&w, (uint64_t)noised[i]);
    }
    return write_signature(&w, ck->key) && w.len == len ? TEE_OK : TEE_E_INTERNAL;
}

tee_status dp_release(dp_session *dp, checker *ck, dp_purpose purpose, uint8_t *out) {
    int64_t noised[DP_MAX_OUTPUTS];
    size_t len = dp_answer_len(dp, purpose);
    if (len == 0 || ck->key == NULL) {
        return TEE_E_STATE;
    }
    for (uint16_t i = 0; i < dp->query.outputs; i++) {
        noised[i] = (int64_t)((uint64_t)dp->tally.values[i] + (uint64_t)dp->noise[i]);
    }
    tee_status status = cohort_suffices(&dp->query, noised)
                            ? sign_answer(dp, ck, noised, len, out)
                            : TEE_E_POLICY;
    tp_zero(noised, sizeof noised);
    dp_close(dp);
    return status;
}
