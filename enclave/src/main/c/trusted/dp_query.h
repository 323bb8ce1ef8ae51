/*
 * Differentially private answers over sealed measure records: DP_BEGIN, DP_ADD,
 * DP_RELEASE. Byte layouts are in docs/reference/formats.md, "Privacy computation".
 *
 *              begin (proven debit)            release, once
 *     CLOSED ------------------------> OPEN ------------------> CLOSED
 *                                      |  ^
 *                                      +--+ add
 *
 * Who is protected, and from whom: the presence of one subject with whatever value it
 * has (two data sets are neighbours if one has one subject more), from everybody who
 * sees the answers, to the degree of the debits (zero-concentrated differential
 * privacy, Bun and Steinke 2016; a debit counts micro-rho).
 *
 * Sensitivity, the most that one subject changes the outputs:
 *   count      1 in the one output
 *   sum        max(|lower|, |upper|), since values are clamped to [lower, upper]
 *   mean       a sum and a count, each with its own noise and cost
 *   histogram  1 in one bin and 0 in all others: L1 and L2 norm 1
 * A subject counts once in a session because subjects must come strictly ascending.
 * Over several members (secagg.h) each of `sources` members may count it once, so both
 * norms grow by that factor at most.
 *
 * Cost in micro-rho, rounded up: discrete Gaussian D^2 / (2 sigma^2) (arXiv 2004.00010
 * theorem 4); discrete Laplace of scale b is D/b-differentially private, hence
 * (D/b)^2 / 2 (Bun and Steinke proposition 1.4).
 *
 * The debit is spent when the session begins: nothing gives it back. The noise is
 * drawn then, too, before the first record is opened, since drawing takes a time that
 * tells of it; what follows takes a time that depends on counts and lengths only, and
 * no status depends on a value. The minimum cohort is compared with the noised count
 * that is released anyway, so a refusal tells nothing that the answer would not.
 */
#ifndef CADUCEUS_DP_QUERY_H
#define CADUCEUS_DP_QUERY_H

#include "dp_sampler.h"
#include "keystore.h"
#include "state_proof.h"

#define DP_MAX_BOUNDS 63u
#define DP_MAX_OUTPUTS 64u
#define DP_SUBJECT_LEN 16u
#define DP_MEASURE_LEN 64u
#define DP_MAX_VALUE ((int64_t)1 << 31)   /* |lower| and |upper| */
#define DP_MAX_RECORDS ((uint64_t)1 << 24) /* of one session */
#define DP_ANSWER_MAX (TEE_TAG_LEN + 1u + 2u * TEE_HASH_LEN + 2u + 8u * DP_MAX_OUTPUTS + TEE_SIG_LEN)

typedef enum { DP_COUNT = 1, DP_SUM = 2, DP_MEAN = 3, DP_HISTOGRAM = 4 } dp_kind;
typedef enum { DP_LAPLACE = 1, DP_GAUSSIAN = 2 } dp_mechanism;

/* A scale (Laplace) or a variance (Gaussian), num/den. */
typedef struct {
    uint64_t num;
    uint64_t den;
} dp_spread;

typedef struct {
    dp_kind kind;
    uint8_t series[TEE_HASH_LEN];
    int64_t lower;
    int64_t upper;
    uint16_t bound_count;
    int64_t bounds[DP_MAX_BOUNDS];
    dp_mechanism mechanism;
    dp_spread noise; /* of each output; of a mean, of its sum */
    dp_spread count_noise; /* of a mean's count */
    uint16_t sources;
    uint32_t min_cohort;
    uint16_t outputs;
    uint64_t cost; /* micro-rho */
    uint8_t hash[TEE_HASH_LEN];
} dp_query;

/* E_PARAM, also if the cost is beyond TEE_MAX_NUMBER; or OK. */
tee_status dp_decode_query(tc_span bytes, dp_query *out);

/* What records add up to. Sums of two's complement wrap nowhere: DP_MAX_*. */
typedef struct {
    bool any;
    uint8_t last[DP_SUBJECT_LEN];
    uint64_t records;
    int64_t values[DP_MAX_OUTPUTS];
} dp_tally;

/* What a session may end in. */
typedef enum {
    DP_CLOSED = 0,
    DP_RELEASES, /* this instance's own records, noised */
    DP_GATHERS,  /* a masked contribution to a round (secagg.h), not noised */
    DP_FINISHES  /* the noised sum of a round */
} dp_purpose;

typedef struct {
    dp_purpose purpose;
    dp_query query;
    uint8_t debit[TEE_HASH_LEN];
    dp_tally tally;
    dp_tally draft; /* of an ADD, until all of it is known to be good */
    int64_t noise[DP_MAX_OUTPUTS];
    uint64_t spent; /* sequence of the last debit, whatever became of it */
} dp_session;

/*
 * Request: query*, debitId 32, StateProof of the debit. Ends the session that was open.
 * E_PARAM; E_STATE no voting key; those of state_proof_read; E_CONFLICT the debit is not
 * this query's, member's or voting key's; E_BUDGET it is spent already or too small.
 */
tee_status dp_begin(dp_session *dp, checker *ck, const identity *who, reader *in);

/* Opens a session that gathers for a round, whose id then stands in debit. */
void dp_gather(dp_session *dp, const dp_query *query, const uint8_t round[TEE_HASH_LEN]);

/*
 * Request: count 2, then count times: context*, sealed record*. All of it or nothing.
 * E_PARAM also for a record that is no measure; E_STATE; E_AUTH; E_CONFLICT another
 * series, or a subject that is not above the one before.
 */
tee_status dp_add(dp_session *dp, const keystore *keys, const identity *who, reader *in);

/* Length of the answer; 0 if no session may be released for this purpose. */
size_t dp_answer_len(const dp_session *dp, dp_purpose purpose);

/*
 * Writes the noised answer, signed by the voting key, and ends the session; so does
 * E_POLICY, the cohort is too small. E_STATE no session, or no voting key any more.
 */
tee_status dp_release(dp_session *dp, checker *ck, dp_purpose purpose, uint8_t *out);

/* Ends the session, if any; what was spent stays spent. */
void dp_close(dp_session *dp);

#endif
