/*
 * Reading and writing the byte formats of docs/reference/formats.md.
 *
 * A reader that runs short stays failed and yields zeros, so a decoder reads
 * straight on and asks once at its end. Every decoder rejects what it would not
 * itself have written: trailing bytes, wrong order, values out of range.
 */
#ifndef CADUCEUS_CODEC_H
#define CADUCEUS_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tc_crypto.h"
#include "tee_abi.h"

typedef struct {
    const uint8_t *at;
    size_t left;
    bool ok;
} reader;

reader reader_of(const uint8_t *data, size_t len);
uint8_t read_u8(reader *in);
uint16_t read_u16(reader *in);
uint32_t read_u32(reader *in);
uint64_t read_u64(reader *in);
/* A u64 that is an epoch, view, height or time: at most TEE_MAX_NUMBER. */
uint64_t read_number(reader *in);
/* 0 or 1, nothing else. */
bool read_flag(reader *in);
void read_bytes(reader *in, uint8_t *out, size_t len);
/* The next len bytes in place, or null if there are not so many. */
const uint8_t *read_view(reader *in, size_t len);
/* x*: a length of 4 bytes, at most max, then that many bytes. */
tc_span read_var(reader *in, size_t max);
void read_tag(reader *in, const char tag[TEE_TAG_LEN]);
/* Whether everything was there and nothing is left. */
bool read_done(const reader *in);

typedef struct {
    uint8_t *start;
    size_t cap;
    size_t len;
    bool ok;
} writer;

writer writer_of(uint8_t *out, size_t cap);
void write_u8(writer *out, uint8_t value);
void write_u16(writer *out, uint16_t value);
void write_u32(writer *out, uint32_t value);
void write_u64(writer *out, uint64_t value);
void write_bytes(writer *out, const uint8_t *data, size_t len);
void write_tag(writer *out, const char tag[TEE_TAG_LEN]);
/* Signs all that was written and appends that; whether there was room and it worked. */
bool write_signature(writer *out, tc_key *key);

/* ---- epoch configuration ------------------------------------------------ */

#define TEE_MODE_TEE_1P 1u
#define TEE_MODE_BFT_2P 2u

typedef struct {
    uint8_t id_len;
    uint8_t id[TEE_MAX_ID_LEN];
    uint8_t voting_key[TEE_KEY_LEN];
    uint8_t signing_key[TEE_KEY_LEN];
    uint8_t governance_key[TEE_KEY_LEN];
    uint8_t evidence[TEE_HASH_LEN]; /* checked at admission */
    uint32_t voting_key_at;         /* offsets in the configuration's bytes */
    uint32_t evidence_at;
} member;

typedef struct {
    uint8_t chain_id[TEE_HASH_LEN];
    uint64_t epoch;
    uint8_t mode;
    uint8_t suite;
    uint16_t slot_k;
    uint8_t minimum_tier;      /* of a seat's enclave */
    uint32_t max_evidence_age; /* in blocks, 0: no bound; the host's business */
    uint16_t n;
    member members[TEE_MAX_MEMBERS];
    uint16_t measurement_count; /* 0: any, and then minimum_tier is SIMULATED */
    uint8_t measurements[TEE_MAX_MEASUREMENTS][TEE_MEASUREMENT_LEN];
    uint8_t hash[TEE_HASH_LEN]; /* configHash */
    uint32_t seed;              /* of the leader's rotation */
} epoch_config;

/* TEE_E_PARAM, TEE_E_ALG_UNSUPPORTED (suite) or TEE_OK. */
tee_status decode_config(tc_span bytes, epoch_config *out);
/* Whether these bytes are a member id: 1 to 64 of [a-z0-9-]. */
bool id_is_valid(const uint8_t *id, size_t len);
/* Offset of the epoch in a configuration's bytes. */
#define CONFIG_EPOCH_AT (TEE_TAG_LEN + TEE_HASH_LEN)
/* floor(n / 2) + 1; in BFT-2P ceil((n + f + 1) / 2) with f = floor((n - 1) / 3). */
uint16_t config_quorum(const epoch_config *config);
/* The phase whose votes make a block final: 1, in BFT-2P 2. */
uint8_t config_last_phase(const epoch_config *config);
/* Index of the leader of the view. */
uint16_t config_leader(const epoch_config *config, uint64_t view);

/* ---- block header ------------------------------------------------------- */

typedef struct {
    uint8_t chain_id[TEE_HASH_LEN];
    uint64_t epoch;
    uint64_t view;
    uint64_t height;
    uint8_t parent_hash[TEE_HASH_LEN];
    uint8_t entries_root[TEE_HASH_LEN]; /* over entry_count leaves (merkle.h) */
    uint8_t state_root[TEE_HASH_LEN]; /* world state after the parent */
    uint64_t time_ms;
    uint16_t proposer;
    bool last;
    uint8_t next_config_hash[TEE_HASH_LEN];
    uint32_t entry_count;
    uint8_t hash[TEE_HASH_LEN]; /* blockHash */
} block_header;

tee_status decode_header(tc_span bytes, block_header *out);
/* Whether it is an empty block upon an epoch's last one (epoch_end.h), by its own word. */
bool header_is_suffix(const block_header *header);

/* ---- certificates and reports ------------------------------------------- */

typedef struct {
    uint64_t epoch;
    uint64_t view;
    uint64_t height;
    uint8_t block_hash[TEE_HASH_LEN];
    bool last;
    uint8_t phase;
    uint64_t signers;
    const uint8_t *signatures; /* in the bytes decoded */
} quorum_cert;

tee_status decode_qc(tc_span bytes, quorum_cert *out);
unsigned qc_signer_count(const quorum_cert *qc);
/* Whether it certifies this very block. */
bool qc_is_for(const quorum_cert *qc, const block_header *header);

typedef struct {
    uint16_t member;
    uint64_t new_view;
    uint64_t pv;
    uint64_t pheight;
    uint8_t ph[TEE_HASH_LEN];
    bool plast;
    uint8_t signature[TEE_SIG_LEN];
} new_view;

void read_new_view(reader *in, new_view *out);
void encode_new_view(const new_view *report, uint8_t out[TEE_NEW_VIEW_LEN]);

typedef enum { JUST_ANCHOR = 0, JUST_QC = 1, JUST_NEW_VIEWS = 2 } justification_kind;

typedef struct {
    justification_kind kind;
    quorum_cert qc; /* of JUST_QC */
    uint16_t count; /* of JUST_NEW_VIEWS, ascending by member */
    new_view reports[TEE_MAX_MEMBERS];
} justification;

tee_status decode_justification(tc_span bytes, justification *out);

/* ---- cold start --------------------------------------------------------- */

/* Where a member stood in an epoch, stated under a new key. */
typedef struct {
    uint8_t config_hash[TEE_HASH_LEN];
    uint64_t epoch;
    uint16_t member;
    uint8_t former_key[TEE_KEY_LEN]; /* of the seat */
    uint64_t pv;                     /* view of the block, 0: the epoch's anchor */
    uint64_t pheight;
    uint8_t ph[TEE_HASH_LEN];
    bool plast;
    uint8_t voting_key[TEE_KEY_LEN]; /* of the stating instance */
    uint8_t signature[TEE_SIG_LEN];  /* by voting_key */
} resume_statement;

/* Bytes of a statement that its signature is over. */
#define RESUME_SIGNED_LEN (TEE_RESUME_LEN - TEE_SIG_LEN)

void read_resume_statement(reader *in, resume_statement *out);
void encode_resume_statement(const resume_statement *statement, uint8_t out[TEE_RESUME_LEN]);

/* The proof of a cold start, by what it holds of each kind. */
typedef struct {
    tc_span base; /* the configuration that an epoch's last block names, or empty */
    uint16_t statement_count;
    const uint8_t *statement_bytes; /* in the bytes decoded */
    resume_statement statements[TEE_MAX_MEMBERS]; /* ascending by member */
    uint16_t approval_count;
    const uint8_t *approvals; /* in the bytes decoded, ascending by member */
} cold_start_proof;

/* Whether the bytes of a link are a cold start's, which no certificate begins like. */
bool is_cold_start(tc_span proof);
tee_status decode_cold_start(tc_span bytes, cold_start_proof *out);
/* What an approval signs: all statements and the next configuration, under config. */
tee_status cold_start_bytes(const epoch_config *config, const cold_start_proof *proof,
                            const uint8_t next_hash[TEE_HASH_LEN],
                            uint8_t out[TEE_COLD_SIGNED_LEN]);

/* ---- what voters sign --------------------------------------------------- */

void prop_bytes(const epoch_config *config, const block_header *header,
                uint8_t out[TEE_PROP_SIGNED_LEN]);
/* phase: 1, in BFT-2P 1 or 2. */
void vote_bytes(const epoch_config *config, uint8_t phase, uint64_t view, uint64_t height,
                const uint8_t block_hash[TEE_HASH_LEN], bool last,
                uint8_t out[TEE_VOTE_SIGNED_LEN]);
void newv_bytes(const epoch_config *config, const new_view *report,
                uint8_t out[TEE_NEWV_SIGNED_LEN]);

#endif
