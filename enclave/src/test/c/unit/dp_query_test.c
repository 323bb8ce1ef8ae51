/*
 * Private answers: what is counted, what a subject can change, what a debit buys, and
 * that nothing is bought twice. Noise of scale 1/65536 is 0 but for a chance of
 * exp(-65536), so that sums can be compared exactly.
 */
#include "check.h"
#include "privacy.h"
#include "tp_test.h"

#include <string.h>

static world w;

#define QUIET ((dp_spread){1, DP_MAX_DEN})

static query_spec quiet(uint8_t kind) {
    query_spec query = query_default();
    query.kind = kind;
    query.noise = QUIET;
    if (kind == DP_SUM || kind == DP_MEAN) {
        query.lower = -3;
        query.upper = 10;
    }
    if (kind == DP_MEAN) {
        query.count_noise = QUIET;
    }
    if (kind == DP_HISTOGRAM) {
        query.bound_count = 3;
        query.bounds[0] = -1;
        query.bounds[1] = 0;
        query.bounds[2] = 100;
    }
    return query;
}

static void begin(const query_spec *query, uint64_t sequence) {
    debit_spec debit = debit_for(&w, 0, query, sequence);
    NEED(world_begin(&w, 0, query, &debit) == TEE_OK);
}

static tee_status release(void) {
    writer nothing = world_request(&w);
    return world_call(&w, 0, TEE_OP_DP_RELEASE, &nothing);
}

static const measure sample[] = {{1, 7, 4},   {2, 7, -100}, {3, 7, 99},        {5, 7, 100},
                                 {8, 7, 0},   {9, 7, -1},   {10, 7, INT64_MAX}, {11, 7, INT64_MIN},
                                 {99, 7, 10}, {100, 7, -3}};
#define SAMPLES 10u

static void each_kind_counts_what_it_says(void) {
    static const int64_t bins[4] = {3, 1, 4, 2};
    world_start(&w, 3);
    query_spec query = quiet(DP_COUNT);
    begin(&query, 1);
    CHECK_IS(TEE_OK, world_add(&w, 0, sample, 4));
    CHECK_IS(TEE_OK, world_add(&w, 0, sample + 4, SAMPLES - 4));
    CHECK_IS(TEE_OK, release());
    CHECK_IS(SAMPLES, answer_value(&w, 0));
    query = quiet(DP_SUM);
    begin(&query, 2);
    CHECK_IS(TEE_OK, world_add(&w, 0, sample, SAMPLES));
    CHECK_IS(TEE_OK, release());
    CHECK_IS(4 - 3 + 10 + 10 + 0 - 1 + 10 - 3 + 10 - 3, answer_value(&w, 0));
    query = quiet(DP_MEAN);
    begin(&query, 3);
    CHECK_IS(TEE_OK, world_add(&w, 0, sample, SAMPLES));
    CHECK_IS(TEE_OK, release());
    CHECK_IS(34, answer_value(&w, 0));
    CHECK_IS(SAMPLES, answer_value(&w, 1));
    query = quiet(DP_HISTOGRAM);
    begin(&query, 4);
    CHECK_IS(TEE_OK, world_add(&w, 0, sample, SAMPLES));
    CHECK_IS(TEE_OK, release());
    for (unsigned i = 0; i < 4; i++) {
        CHECK_IS(bins[i], answer_value(&w, i));
    }
    world_end(&w);
}

/* The answer names debit and query and is signed, so that others can rely on it. */
static void an_answer_is_signed_by_the_voting_key(void) {
    uint8_t hash[TEE_HASH_LEN];
    world_start(&w, 1);
    query_spec query = quiet(DP_COUNT);
    begin(&query, 5);
    CHECK_IS(TEE_OK, release());
    const tc_span bytes = {w.answer, w.answer_len - TEE_SIG_LEN};
    CHECK(tc_verify_message(TEE_SUITE_ES256, w.cores[0].ck.public_key, &bytes, 1,
                            w.answer + bytes.len));
    hash_query(&query, hash);
    CHECK(memcmp(w.answer, "CDC1DPAN", 8) == 0 && w.answer[9] == 5);
    CHECK(memcmp(w.answer + 9 + TEE_HASH_LEN, hash, TEE_HASH_LEN) == 0);
    world_end(&w);
}

/* The noise is there: answers of the same data differ, and about as much as asked. */
static void answers_are_noised(void) {
    double squares = 0;
    world_start(&w, 1);
    query_spec query = query_default();
    query.mechanism = DP_GAUSSIAN;
    query.noise.num = 10000;
    for (unsigned i = 1; i <= 200; i++) {
        begin(&query, i);
        CHECK_IS(TEE_OK, world_add(&w, 0, sample, SAMPLES));
        CHECK_IS(TEE_OK, release());
        double off = (double)(answer_value(&w, 0) - (int64_t)SAMPLES);
        squares += off * off;
    }
    CHECK(squares / 200 > 4000 && squares / 200 < 20000); /* 10,000, six deviations about it */
    world_end(&w);
}

/* The mean's sum and count are noised by spreads of their own. */
static void a_means_parts_have_their_own_noise(void) {
    world_start(&w, 1);
    query_spec query = quiet(DP_MEAN);
    query.noise = (dp_spread){1u << 30, 1};
    begin(&query, 1);
    CHECK_IS(TEE_OK, world_add(&w, 0, sample, SAMPLES));
    CHECK_IS(TEE_OK, release());
    CHECK(answer_value(&w, 0) < -1000 || answer_value(&w, 0) > 1000);
    CHECK_IS(SAMPLES, answer_value(&w, 1));
    world_end(&w);
}

/* ---- sensitivity -------------------------------------------------------- */

static uint64_t random_state = 88172645463325252u;

static uint64_t random_bits(void) { /* xorshift64, Marsaglia 2003 */
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static int64_t random_value(void) {
    static const int64_t extremes[] = {INT64_MIN, INT64_MAX, 0, 1, -1};
    return random_bits() % 4 == 0 ? extremes[random_bits() % 5]
                                  : (int64_t)(random_bits() >> random_bits() % 64);
}

static query_spec random_query(void) {
    query_spec query = quiet((uint8_t)(1 + random_bits() % 4));
    if (query.kind == DP_SUM || query.kind == DP_MEAN) {
        query.lower = (int64_t)(random_bits() % (2u * (uint64_t)DP_MAX_VALUE)) - DP_MAX_VALUE;
        query.upper = query.lower + 1
                      + (int64_t)(random_bits() % (uint64_t)(DP_MAX_VALUE - query.lower));
        query.noise.num = DP_MAX_SCALE_NUM; /* or the cost would be out of range */
    }
    query.min_cohort = 0;
    return query;
}

static void tally_of(const query_spec *query, const measure *measures, unsigned count,
                     unsigned without, int64_t values[DP_MAX_OUTPUTS]) {
    static uint64_t sequence;
    if (w.n == 0) {
        world_start(&w, 1);
        sequence = 0;
    }
    begin(query, ++sequence);
    for (unsigned i = 0; i < count; i++) {
        if (i != without) {
            NEED(world_add(&w, 0, &measures[i], 1) == TEE_OK);
        }
    }
    memcpy(values, w.cores[0].dp.tally.values, sizeof w.cores[0].dp.tally.values);
}

/* What a subject's absence changes, in the L1 norm, before any noise. */
static uint64_t distance(const int64_t *a, const int64_t *b, unsigned from, unsigned to) {
    uint64_t total = 0;
    for (unsigned i = from; i < to; i++) {
        total += (uint64_t)(a[i] < b[i] ? b[i] - a[i] : a[i] - b[i]);
    }
    return total;
}

/* Of any data and any query, one subject changes no output by more than was priced. */
static void a_subject_changes_no_more_than_the_sensitivity(void) {
    uint64_t widest = 0;
    memset(&w, 0, sizeof w);
    for (unsigned round = 0; round < 150; round++) {
        measure data[6];
        int64_t with[DP_MAX_OUTPUTS];
        int64_t without[DP_MAX_OUTPUTS];
        query_spec query = random_query();
        for (unsigned i = 0; i < 6; i++) {
            data[i] = (measure){i + 1, 7, random_value()};
        }
        tally_of(&query, data, 6, 6, with);
        tally_of(&query, data, 6, (unsigned)(random_bits() % 6), without);
        if (query.kind == DP_SUM || query.kind == DP_MEAN) {
            int64_t most = -query.lower > query.upper ? -query.lower : query.upper;
            uint64_t moved = distance(with, without, 0, 1);
            CHECK(moved <= (uint64_t)most);
            widest += moved == (uint64_t)most ? 1 : 0;
            CHECK_IS(query.kind == DP_MEAN ? 1 : 0, distance(with, without, 1, 2));
        } else {
            CHECK_IS(1, distance(with, without, 0, DP_MAX_OUTPUTS));
        }
    }
    CHECK(widest > 0); /* the bound is reached, so it could not be smaller */
    world_end(&w);
}

/* ---- what is refused ---------------------------------------------------- */

static void a_subject_counts_once(void) {
    world_start(&w, 1);
    query_spec query = quiet(DP_COUNT);
    begin(&query, 1);
    CHECK_IS(TEE_OK, world_add(&w, 0, sample, 3));
    CHECK_IS(TEE_E_CONFLICT, world_add(&w, 0, sample + 2, 1));
    CHECK_IS(TEE_E_CONFLICT, world_add(&w, 0, sample, 1));
    static const measure twice[] = {{20, 7, 1}, {21, 7, 1}, {21, 7, 2}};
    CHECK_IS(TEE_E_CONFLICT, world_add(&w, 0, twice, 3));
    CHECK_IS(TEE_OK, world_add(&w, 0, twice, 2)); /* all of the refused call was left out */
    CHECK_IS(TEE_OK, release());
    CHECK_IS(5, answer_value(&w, 0));
    world_end(&w);
}

static void other_records_are_refused_and_change_nothing(void) {
    static const measure other_series[] = {{30, 7, 1}, {31, 8, 1}};
    world_start(&w, 2);
    query_spec query = quiet(DP_COUNT);
    begin(&query, 1);
    CHECK_IS(TEE_E_CONFLICT, world_add(&w, 0, other_series, 2));
    writer request = world_request(&w);
    write_measures(&w, 1, &request, sample, 1); /* another member's */
    CHECK_IS(TEE_E_AUTH, world_call(&w, 0, TEE_OP_DP_ADD, &request));
    for (size_t at = 0; at < 300; at++) {
        request = world_request(&w);
        write_measures(&w, 0, &request, sample, 2);
        request.start[at] ^= 1;
        CHECK(world_call(&w, 0, TEE_OP_DP_ADD, &request) != TEE_OK);
        request.start[at] ^= 1;
        request.len = at;
        CHECK(world_call(&w, 0, TEE_OP_DP_ADD, &request) != TEE_OK);
    }
    CHECK_IS(TEE_OK, release());
    CHECK_IS(0, answer_value(&w, 0));
    world_end(&w);
}

static void a_debit_buys_one_answer(void) {
    world_start(&w, 1);
    query_spec query = quiet(DP_COUNT);
    CHECK_IS(TEE_E_STATE, release());
    CHECK_IS(TEE_E_STATE, world_add(&w, 0, sample, 1));
    begin(&query, 4);
    CHECK_IS(TEE_OK, release());
    CHECK_IS(TEE_E_STATE, release());
    CHECK_IS(TEE_E_STATE, world_add(&w, 0, sample, 1));
    debit_spec debit = debit_for(&w, 0, &query, 4);
    CHECK_IS(TEE_E_BUDGET, world_begin(&w, 0, &query, &debit));
    debit.sequence = 3;
    CHECK_IS(TEE_E_BUDGET, world_begin(&w, 0, &query, &debit));
    /* A session that is broken off has spent its debit all the same. */
    begin(&query, 5);
    debit.sequence = 5;
    CHECK_IS(TEE_E_BUDGET, world_begin(&w, 0, &query, &debit));
    begin(&query, 6);
    CHECK_IS(TEE_OK, release());
    world_end(&w);
}

/* A refused DP_BEGIN leaves the open session as it was. */
static void a_debit_is_for_its_query_member_and_instance(void) {
    world_start(&w, 2);
    query_spec query = quiet(DP_COUNT);
    begin(&query, 1);
    query_spec other = quiet(DP_COUNT);
    other.min_cohort = 1;
    debit_spec debit = debit_for(&w, 0, &other, 2);
    CHECK_IS(TEE_E_CONFLICT, world_begin(&w, 0, &query, &debit));
    debit = debit_for(&w, 1, &query, 2);
    CHECK_IS(TEE_E_CONFLICT, world_begin(&w, 0, &query, &debit));
    debit = debit_for(&w, 0, &query, 2);
    debit.member = "member-1"; /* whoever's key it names */
    CHECK_IS(TEE_E_CONFLICT, world_begin(&w, 0, &query, &debit));
    debit = debit_for(&w, 0, &query, 2);
    debit.voting_key_hash[31] ^= 1;
    CHECK_IS(TEE_E_CONFLICT, world_begin(&w, 0, &query, &debit));
    debit = debit_for(&w, 0, &query, 2);
    debit.micro_rho--;
    CHECK_IS(TEE_E_BUDGET, world_begin(&w, 0, &query, &debit));
    CHECK_IS(TEE_OK, release());
    debit.micro_rho++;
    CHECK_IS(TEE_OK, world_begin(&w, 0, &query, &debit));
    world_end(&w);
}

static void a_proof_must_hold(void) {
    world_start(&w, 3);
    query_spec query = quiet(DP_COUNT);
    debit_spec debit = debit_for(&w, 0, &query, 1);
    NEED(world_begin(&w, 1, &query, &debit) == TEE_E_CONFLICT); /* the request, elsewhere */
    writer request = world_request(&w);
    size_t len = 0;
    while (request.start[len] != 'C' || memcmp(request.start + len, "CDC1HEAD", 8) != 0) {
        len++;
    }
    size_t id_at = len - TEE_HASH_LEN;
    w.request[id_at] ^= 1; /* another key of the state */
    request.len = len + TEE_HEADER_LEN + 4 + TEE_QC_FIXED_LEN + 3 * TEE_SIG_LEN + 2 + 4
                  + 8 + 2 + 8 + 3 * 32 + 16 - 32;
    CHECK_IS(TEE_E_PROOF, world_call(&w, 0, TEE_OP_DP_BEGIN, &request));
    w.request[id_at] ^= 1;
    request.len++;
    CHECK_IS(TEE_E_PARAM, world_call(&w, 0, TEE_OP_DP_BEGIN, &request));
    request.len--;
    CHECK_IS(TEE_OK, world_call(&w, 0, TEE_OP_DP_BEGIN, &request));
    world_end(&w);
}

static void no_bit_of_a_debit_may_differ(void) {
    world_start(&w, 1);
    query_spec query = quiet(DP_COUNT);
    debit_spec debit = debit_for(&w, 0, &query, 1);
    debit.micro_rho = 0;
    NEED(world_begin(&w, 0, &query, &debit) == TEE_E_BUDGET);
    CHECK_IS(0, w.cores[0].dp.spent);
    tp_test_random_fails = 1;
    debit.micro_rho = INT64_MAX / 2;
    CHECK_IS(TEE_E_INTERNAL, world_begin(&w, 0, &query, &debit));
    tp_test_random_fails = 0;
    CHECK_IS(TEE_E_INTERNAL, release()); /* no answer without noise, for ever */
    world_end(&w);
}

static void a_retired_instance_releases_nothing(void) {
    world_start(&w, 1);
    query_spec query = quiet(DP_COUNT);
    begin(&query, 1);
    writer nothing = world_request(&w);
    NEED(world_call(&w, 0, TEE_OP_RETIRE, &nothing) == TEE_OK);
    CHECK_IS(TEE_E_STATE, release());
    world_end(&w);
}

/* The threshold is on the noised count: with next to no noise, on the count. */
static void a_small_cohort_is_not_answered(void) {
    world_start(&w, 1);
    static const uint8_t kinds[] = {DP_COUNT, DP_MEAN, DP_HISTOGRAM};
    uint64_t sequence = 0;
    for (unsigned i = 0; i < 3; i++) {
        query_spec query = quiet(kinds[i]);
        query.min_cohort = 3;
        begin(&query, ++sequence);
        CHECK_IS(TEE_OK, world_add(&w, 0, sample, 2));
        CHECK_IS(TEE_E_POLICY, release());
        CHECK_IS(0, w.answer_len);
        CHECK_IS(TEE_E_STATE, release()); /* refused, but paid for */
        begin(&query, ++sequence);
        CHECK_IS(TEE_OK, world_add(&w, 0, sample, 3));
        CHECK_IS(TEE_OK, release());
    }
    world_end(&w);
}

/* If a refusal were by the true count, it would tell one subject from none. */
static void the_cohort_is_compared_with_noise(void) {
    unsigned refused = 0;
    world_start(&w, 1);
    query_spec query = query_default();
    query.noise.num = 50;
    query.min_cohort = SAMPLES;
    for (unsigned i = 1; i <= 100; i++) {
        begin(&query, i);
        CHECK_IS(TEE_OK, world_add(&w, 0, sample, SAMPLES));
        tee_status status = release();
        CHECK(status == TEE_OK || status == TEE_E_POLICY);
        CHECK(status != TEE_OK || answer_value(&w, 0) >= (int64_t)SAMPLES);
        refused += status == TEE_OK ? 0 : 1;
    }
    CHECK(refused > 15 && refused < 85);
    world_end(&w);
}

static void too_little_room_loses_nothing(void) {
    world_start(&w, 1);
    query_spec query = quiet(DP_HISTOGRAM);
    begin(&query, 1);
    CHECK_IS(TEE_OK, world_add(&w, 0, sample, 1));
    size_t need_len = dp_answer_len(&w.cores[0].dp, DP_RELEASES);
    CHECK_IS(TEE_E_SHORT, tee_core_call(&w.cores[0], TEE_OP_DP_RELEASE, NULL, 0, w.answer,
                                        need_len - 1, &w.answer_len));
    CHECK_IS(need_len, w.answer_len);
    CHECK_IS(TEE_OK, tee_core_call(&w.cores[0], TEE_OP_DP_RELEASE, NULL, 0, w.answer, need_len,
                                   &w.answer_len));
    CHECK_IS(need_len, w.answer_len);
    world_end(&w);
}

/* ---- queries ------------------------------------------------------------ */

static tee_status decode(const query_spec *query, dp_query *out) {
    uint8_t bytes[1024];
    writer q = writer_of(bytes, sizeof bytes);
    write_query(&q, query);
    NEED(q.ok);
    return dp_decode_query((tc_span){bytes, q.len}, out);
}

static uint64_t cost(const query_spec *query) {
    dp_query out;
    NEED(decode(query, &out) == TEE_OK);
    return out.cost;
}

static void queries_cost_what_the_theorems_say(void) {
    query_spec query = query_default();
    query.mechanism = DP_GAUSSIAN;
    query.noise = (dp_spread){100, 1};
    CHECK_IS(5000, cost(&query)); /* 1 / 200 */
    query.sources = 4;
    CHECK_IS(80000, cost(&query)); /* 16 / 200 */
    query.sources = 1;
    query.noise = (dp_spread){3, 1};
    CHECK_IS(166667, cost(&query)); /* up */
    query.mechanism = DP_LAPLACE;
    query.noise = (dp_spread){10, 1};
    CHECK_IS(5000, cost(&query)); /* epsilon 1/10 */
    query = quiet(DP_MEAN);
    query.mechanism = DP_GAUSSIAN;
    query.lower = -300;
    query.noise = (dp_spread){90000, 1};
    query.count_noise = (dp_spread){7, 2};
    CHECK_IS(500000 + 142858, cost(&query));
}

static void extreme_queries_are_priced_without_overflow(void) {
    dp_query out;
    query_spec query = quiet(DP_MEAN);
    query.lower = -DP_MAX_VALUE;
    query.upper = DP_MAX_VALUE;
    query.sources = TEE_MAX_MEMBERS;
    query.noise = (dp_spread){1, DP_MAX_DEN};
    CHECK_IS(TEE_E_PARAM, decode(&query, &out)); /* 2^125 micro-rho */
    query.mechanism = DP_GAUSSIAN;
    CHECK_IS(TEE_E_PARAM, decode(&query, &out));
    query.noise = (dp_spread){DP_MAX_VARIANCE_NUM, 1};
    query.count_noise = (dp_spread){DP_MAX_VARIANCE_NUM, DP_MAX_DEN};
    CHECK_IS(2097152000000 + 1, cost(&query)); /* 2^74 500,000 / 2^52, and a little */
    query.mechanism = DP_LAPLACE;
    query.noise = query.count_noise = (dp_spread){DP_MAX_SCALE_NUM, 1};
    CHECK_IS(7813 + 1, cost(&query)); /* 2^74 500,000 / 2^80, up */
}

static void queries_have_one_encoding(void) {
    dp_query out;
    static const uint8_t kinds[] = {DP_COUNT, DP_SUM, DP_MEAN, DP_HISTOGRAM};
    for (unsigned i = 0; i < 4; i++) {
        query_spec query = quiet(kinds[i]);
        uint8_t bytes[1024];
        writer q = writer_of(bytes, sizeof bytes);
        write_query(&q, &query);
        NEED(q.ok);
        CHECK_IS(TEE_OK, dp_decode_query((tc_span){bytes, q.len}, &out));
        for (size_t cut = 0; cut < q.len; cut++) {
            CHECK_IS(TEE_E_PARAM, dp_decode_query((tc_span){bytes, cut}, &out));
        }
        CHECK_IS(TEE_E_PARAM, dp_decode_query((tc_span){bytes, q.len + 1}, &out));
    }
}

static void invalid_queries_are_refused(void) {
    dp_query out;
#define REFUSED(base, change) \
    do { \
        query_spec query = quiet(base); \
        CHECK_IS(TEE_OK, decode(&query, &out)); \
        change; \
        CHECK_IS(TEE_E_PARAM, decode(&query, &out)); \
    } while (0)
    REFUSED(DP_COUNT, query.kind = 0);
    REFUSED(DP_COUNT, query.kind = 5);
    REFUSED(DP_COUNT, query.mechanism = 0);
    REFUSED(DP_COUNT, query.mechanism = 3);
    REFUSED(DP_COUNT, query.lower = -1);
    REFUSED(DP_COUNT, query.upper = 1);
    REFUSED(DP_COUNT, query.bound_count = 1);
    REFUSED(DP_COUNT, query.count_noise = QUIET);
    REFUSED(DP_COUNT, query.sources = 0);
    REFUSED(DP_COUNT, query.sources = 65);
    REFUSED(DP_COUNT, query.noise.num = 0);
    REFUSED(DP_COUNT, query.noise.num = DP_MAX_SCALE_NUM + 1);
    REFUSED(DP_COUNT, query.noise.den = 0);
    REFUSED(DP_COUNT, query.noise.den = DP_MAX_DEN + 1);
    REFUSED(DP_SUM, query.upper = query.lower);
    REFUSED(DP_SUM, query.upper = DP_MAX_VALUE + 1);
    REFUSED(DP_SUM, query.lower = -DP_MAX_VALUE - 1);
    REFUSED(DP_SUM, query.min_cohort = 1);
    REFUSED(DP_MEAN, query.count_noise.num = 0);
    REFUSED(DP_MEAN, query.count_noise.den = 0);
    REFUSED(DP_HISTOGRAM, query.bound_count = 0);
    REFUSED(DP_HISTOGRAM, query.bound_count = 64);
    REFUSED(DP_HISTOGRAM, query.bounds[1] = query.bounds[0]);
}

int main(void) {
    NEED(tc_init() == 0);
    RUN(each_kind_counts_what_it_says);
    RUN(an_answer_is_signed_by_the_voting_key);
    RUN(answers_are_noised);
    RUN(a_means_parts_have_their_own_noise);
    RUN(a_subject_changes_no_more_than_the_sensitivity);
    RUN(a_subject_counts_once);
    RUN(other_records_are_refused_and_change_nothing);
    RUN(a_debit_buys_one_answer);
    RUN(a_debit_is_for_its_query_member_and_instance);
    RUN(a_proof_must_hold);
    RUN(no_bit_of_a_debit_may_differ);
    RUN(a_retired_instance_releases_nothing);
    RUN(a_small_cohort_is_not_answered);
    RUN(the_cohort_is_compared_with_noise);
    RUN(too_little_room_loses_nothing);
    RUN(queries_cost_what_the_theorems_say);
    RUN(extreme_queries_are_priced_without_overflow);
    RUN(queries_have_one_encoding);
    RUN(invalid_queries_are_refused);
    tc_shutdown();
    return check_report();
}
