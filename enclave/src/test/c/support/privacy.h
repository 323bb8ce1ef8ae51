/*
 * A consortium of real cores in one process, with a world state to prove things of,
 * and the byte formats of privacy computation written apart from their decoders.
 */
#ifndef CADUCEUS_PRIVACY_H
#define CADUCEUS_PRIVACY_H

#include "fixtures.h"
#include "tee_core.h"

#define WORLD_MAX 8u
#define WORLD_ROOM 131072u

typedef struct {
    unsigned n;
    tee_core cores[WORLD_MAX];
    tc_key *keys[WORLD_MAX]; /* those of the cores */
    built_config config;
    uint64_t height;
    uint8_t names[FIXTURE_STATE_MAX][64];
    uint8_t values[FIXTURE_STATE_MAX][256];
    state_item items[FIXTURE_STATE_MAX];
    size_t item_count;
    uint8_t request[WORLD_ROOM];
    uint8_t answer[WORLD_ROOM];
    size_t answer_len;
} world;

/* n members "member-0", ... in epoch 1, with their enclaves. */
void world_start(world *w, unsigned n);
void world_end(world *w);
/* Another instance of the seat's member, which follows the epoch. */
void world_follower(world *w, unsigned seat, tee_core *core);
/* One request to a member's enclave; the answer is in w->answer. */
tee_status world_call(world *w, unsigned seat, uint16_t op, const writer *request);
writer world_request(world *w);

/* Sets the value of the world state at prefix || id; returns its index. */
size_t world_put(world *w, const char *prefix, const uint8_t id[TEE_HASH_LEN],
                 const writer *value);
/* Appends the StateProof of a value, in a new block. */
void world_prove(world *w, writer *out, size_t index);

/* A grant by one member to another of the record sealed under the context; its index. */
size_t world_grant(world *w, unsigned holder, unsigned grantee, const uint8_t id[TEE_HASH_LEN],
                   tc_span context);

typedef struct {
    uint8_t kind;
    uint8_t series; /* 32 times */
    int64_t lower;
    int64_t upper;
    uint16_t bound_count;
    int64_t bounds[64];
    uint8_t mechanism;
    dp_spread noise;
    dp_spread count_noise;
    uint16_t sources;
    uint32_t min_cohort;
} query_spec;

/* A count with a Laplace of scale 1 of series 7. */
query_spec query_default(void);
void write_query(writer *out, const query_spec *query);
void hash_query(const query_spec *query, uint8_t out[TEE_HASH_LEN]);

typedef struct {
    const char *member; /* null: the world's member 0 */
    uint8_t voting_key_hash[TEE_HASH_LEN];
    uint64_t sequence;
    uint8_t query_hash[TEE_HASH_LEN];
    uint64_t micro_rho;
} debit_spec;

/* A debit for the member, of exactly the query's cost. */
debit_spec debit_for(const world *w, unsigned seat, const query_spec *query, uint64_t sequence);
void write_debit(writer *out, const debit_spec *debit);

/* DP_BEGIN with a debit that is put and proven; its id is 32 times the sequence. */
tee_status world_begin(world *w, unsigned seat, const query_spec *query, const debit_spec *debit);

typedef struct {
    uint32_t subject;
    uint8_t series;
    int64_t value;
} measure;

/* Seals the measures at the member and appends them as the payload of DP_ADD. */
void write_measures(world *w, unsigned seat, writer *out, const measure *measures, uint16_t count);
tee_status world_add(world *w, unsigned seat, const measure *measures, uint16_t count);

/* The i-th number of an answer of DP_RELEASE or AGG_FINISH. */
int64_t answer_value(const world *w, unsigned i);

#endif
