/*
 * What the hosts of a round of secure aggregation hold, and the requests that they make
 * of it: with next to no noise (scale 1/1024: not 0 with a chance of exp(-1024)), so that
 * an answer must be the sum over the survivors exactly.
 */
#ifndef CADUCEUS_AGG_HOSTS_H
#define CADUCEUS_AGG_HOSTS_H

#include "privacy.h"

#define AGG_HOSTS 5u
#define AGG_VALUES_MAX 4u

typedef struct {
    unsigned n;
    uint8_t id[TEE_HASH_LEN];
    uint64_t sequence;
    uint64_t participants;
    uint16_t aggregator;
    uint16_t threshold;
    uint16_t min_members;
    query_spec query;
    uint8_t keys[AGG_HOSTS][AGG_KEY_LEN];
    uint8_t shares[AGG_HOSTS][AGG_HOSTS][AGG_SEALED_SHARE_LEN]; /* from, to */
    uint8_t contributions[AGG_HOSTS][512];
    size_t contribution_len;
    uint8_t unmaskings[AGG_HOSTS][512];
    size_t unmasking_len;
    int64_t values[AGG_HOSTS][AGG_VALUES_MAX]; /* the test's: what each member put in */
} agg_hosts;

/* A round of all n over a mean of values from -100 to 100; member 1 aggregates. */
void hosts_plan(agg_hosts *r, unsigned n, uint64_t sequence, uint16_t threshold);

bool in_set(uint64_t set, unsigned i);
uint16_t count_of(uint64_t set);
/* What the ledger says of the round, with this sequence. */
void hosts_write_terms(const agg_hosts *r, uint64_t sequence, writer *out);

/* Requests, of the operations that are named so. */
void hosts_write_begin(world *w, const agg_hosts *r, writer *out);
void hosts_write_share(const agg_hosts *r, uint64_t keyed, writer *out);
void hosts_write_contribute(const agg_hosts *r, unsigned seat, uint64_t sharers, writer *out);
void hosts_write_finish(const agg_hosts *r, uint64_t survivors, uint64_t unmaskers, writer *out);

/* Keep the answer that is in the world. */
void hosts_keep_key(agg_hosts *r, unsigned seat, const world *w);
void hosts_keep_shares(agg_hosts *r, unsigned seat, uint64_t keyed, const world *w);
void hosts_keep_contribution(agg_hosts *r, unsigned seat, const world *w);
void hosts_keep_unmasking(agg_hosts *r, unsigned seat, const world *w);

#endif
