/*
 * Builds the byte formats of the formats page, right or wrong as the test asks.
 * The encoders here are written apart from the decoders they feed.
 */
#ifndef CADUCEUS_FIXTURES_H
#define CADUCEUS_FIXTURES_H

#include "codec.h"

#define FIXTURE_MEMBERS 8u
#define CONFIG_MAX 8192u
#define QC_MAX (TEE_QC_FIXED_LEN + TEE_MAX_MEMBERS * TEE_SIG_LEN)
#define JUST_MAX (3u + TEE_MAX_MEMBERS * TEE_NEW_VIEW_LEN + TEE_QC_FIXED_LEN)

extern const uint8_t fixture_chain[TEE_HASH_LEN];

typedef struct {
    uint8_t bytes[CONFIG_MAX];
    size_t len;
    epoch_config config; /* decoded */
} built_config;

typedef struct {
    uint8_t chain[TEE_HASH_LEN];
    uint64_t epoch;
    uint8_t mode;
    uint8_t suite;
    uint16_t slot_k;
    uint8_t minimum_tier;
    uint32_t max_evidence_age;
    uint16_t measurements; /* 0x4d.., 0x4e.., ... */
    uint16_t n;
    const char *ids[TEE_MAX_MEMBERS];
    uint8_t voting[TEE_MAX_MEMBERS][TEE_KEY_LEN];
    const uint8_t *signing[TEE_MAX_MEMBERS];    /* null: a place-holder */
    const uint8_t *governance[TEE_MAX_MEMBERS]; /* null: a place-holder */
} config_spec;

/* Members m-0, m-1, ... of the fixture chain in the epoch. */
void spec_default(config_spec *spec, uint64_t epoch, uint16_t slot_k);
void spec_add(config_spec *spec, const char *id, const uint8_t voting[TEE_KEY_LEN]);
/* Encodes only. */
size_t encode_config(const config_spec *spec, uint8_t out[CONFIG_MAX]);
/* Encodes and decodes; aborts the test if that fails. */
void build_config(built_config *out, const config_spec *spec);

typedef struct {
    uint8_t chain[TEE_HASH_LEN];
    uint64_t epoch;
    uint64_t view;
    uint64_t height;
    uint8_t parent[TEE_HASH_LEN];
    uint16_t proposer;
    bool last;
    uint8_t next_config[TEE_HASH_LEN];
    uint8_t salt; /* makes bodies differ: 32 times it is entriesRoot, unless that is given */
    const uint8_t *entries_root; /* or null */
    uint8_t state_root[TEE_HASH_LEN];
    uint64_t time_ms;
    uint32_t entries; /* how many */
} header_spec;

/* A header of the config's leader for the view, with two entries. */
header_spec header_for(const epoch_config *config, uint64_t view, uint64_t height,
                       const uint8_t parent[TEE_HASH_LEN]);
/* An empty block upon one that ends its epoch, which names the same next configuration. */
header_spec suffix_of(const epoch_config *config, const header_spec *below, uint64_t view);
void encode_header(const header_spec *spec, uint8_t out[TEE_HEADER_LEN]);
/* Headers one after another; returns their length. */
size_t encode_headers(const header_spec *specs, size_t count, uint8_t *out);
block_header decoded_header(const header_spec *spec);

/* Signatures as a member would make them. keys[i] belongs to member i. */
void sign_prop(const epoch_config *config, const header_spec *header, tc_key *key,
               uint8_t sig[TEE_SIG_LEN]);
void sign_vote(const epoch_config *config, const header_spec *header, tc_key *key,
               uint8_t sig[TEE_SIG_LEN]);
/* Fills in the signature of a report. */
void sign_report(const epoch_config *config, new_view *report, tc_key *key);

/* A certificate, of the phase that makes it final, for the header by the members of the bitmap; returns its length. */
size_t build_qc(const epoch_config *config, const header_spec *header, tc_key *const *keys,
                uint64_t signers, uint8_t out[QC_MAX]);
size_t just_anchor(uint8_t out[JUST_MAX]);
size_t just_qc(const uint8_t *qc, size_t len, uint8_t out[JUST_MAX]);
size_t just_new_views(const new_view *reports, uint16_t count, uint8_t out[JUST_MAX]);

/* The tree head of RFC 9162 over leaf hashes, by its recursive definition; of one at least. */
void tree_head(const uint8_t (*leaves)[TEE_HASH_LEN], size_t count, uint8_t out[TEE_HASH_LEN]);
/* The inclusion path of a leaf, leaf side first; returns how many siblings. */
size_t tree_path(const uint8_t (*leaves)[TEE_HASH_LEN], size_t count, size_t index, uint8_t *out);

/* World state of a few values, and proofs of them (trusted/state_proof.h). */
typedef struct {
    tc_span key;
    tc_span value;
} state_item;
#define FIXTURE_STATE_MAX 16u
void state_root_of(const state_item *items, size_t count, uint8_t root[TEE_HASH_LEN]);
/*
 * Sets the header's stateRoot to that of the items, certifies it by the members of
 * the bitmap and writes the StateProof of items[index]; returns its length.
 */
size_t build_state_proof(const epoch_config *config, header_spec *header, tc_key *const *keys,
                         uint64_t signers, const state_item *items, size_t count, size_t index,
                         uint8_t *out, size_t cap);

/* One item of an ENTER_EPOCH payload; header and proof, a certificate mostly, may be null. */
typedef struct {
    const built_config *config;
    const uint8_t *header;
    const uint8_t *proof;
    size_t proof_len;
} epoch_item;
size_t encode_chain(const epoch_item *items, uint16_t count, uint8_t *out, size_t cap);
/* The same with so many bytes of headers in each item. */
size_t encode_long_chain(const epoch_item *items, const size_t *header_lens, uint16_t count,
                         uint8_t *out, size_t cap);

/* A cold start (trusted/cold_start.h). */
typedef struct {
    const built_config *base; /* or null */
    uint16_t statement_count;
    uint8_t statements[FIXTURE_MEMBERS][TEE_RESUME_LEN];
    uint16_t approval_count;
    uint16_t approvers[FIXTURE_MEMBERS];
    uint8_t approvals[FIXTURE_MEMBERS][TEE_SIG_LEN];
} cold_spec;
#define COLD_MAX (CONFIG_MAX + 32u + FIXTURE_MEMBERS * (TEE_RESUME_LEN + TEE_APPROVAL_LEN))
/* A statement of the seat that it stood at the anchor; change it, then sign it. */
resume_statement statement_for(const epoch_config *config, uint16_t seat,
                               const uint8_t anchor[TEE_HASH_LEN], uint64_t anchor_height);
/* Makes it one about the block. */
void stand_on(resume_statement *statement, const header_spec *block);
/* Fills in key and signature, and encodes. */
void sign_statement(resume_statement *statement, tc_key *key, uint8_t out[TEE_RESUME_LEN]);
/* What an approval signs. */
void approval_bytes(const cold_spec *spec, const epoch_config *config, const built_config *next,
                    uint8_t out[TEE_COLD_SIGNED_LEN]);
/* Adds a member's approval of all statements that spec has by then. */
void approve(cold_spec *spec, const epoch_config *config, const built_config *next, uint16_t seat,
             tc_key *governance_key);
size_t encode_cold_start(const cold_spec *spec, uint8_t out[COLD_MAX]);

#endif
