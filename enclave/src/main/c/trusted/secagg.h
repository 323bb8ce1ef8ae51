/*
 * Secure aggregation: the noised answer to a query over the records of several members,
 * without any member's part, or the sum without noise, ever standing outside an
 * enclave. After Bonawitz et al., "Practical Secure Aggregation for Privacy-Preserving
 * Machine Learning" (CCS 2017), with attested enclaves for clients and one of them, the
 * aggregator, for the server. Byte layouts: docs/reference/formats.md.
 *
 *   IDLE --begin--> KEYED --share--> SHARED --contribute--> CONTRIBUTED --unmask--> UNMASKED
 *                                                                  (the aggregator) --finish--> IDLE
 *
 *   begin       a fresh P-256 key and self mask for the round that the ledger opened
 *   share       pairwise secrets by ECDH with all whose keys are given (set KEYED);
 *               deals Shamir shares of round key and self mask to them
 *   contribute  fixes the set SHARERS whose shares arrived; outputs the member's sums
 *               modulo 2^64 under its self mask and a mask with each other sharer
 *   unmask      for each sharer ONE share, sealed to the aggregator: of the self mask if
 *               it survives, of the round key if it dropped out; once, so nobody ever
 *               learns both of the same member
 *   finish      the aggregator removes all masks, adds the noise of its open DP session,
 *               whose debit is proven, and answers as DP_RELEASE does
 *
 * Why it holds. A sum cannot be unmasked outside, as shares are sealed to the
 * aggregator's enclave, which takes them for one set of survivors only. The aggregator
 * learns only sums: to see one member's part it would need a threshold t of shares of
 * both its secrets, and each of n participants gives one of the two. So 2 t > n, which is
 * demanded, keeps parts apart whatever hosts say of who survived; 2 t > n + c does even
 * if c enclaves, the aggregator's among them, are broken. Seeds and keys are checked
 * against what their owners signed, so a false share spoils the round and nothing else.
 * Round ids come from the ledger in ascending sequence, are used once and live in memory
 * only: a restarted member has dropped out.
 */
#ifndef CADUCEUS_SECAGG_H
#define CADUCEUS_SECAGG_H

#include "dp_query.h"

#define AGG_SECRETS_LEN 64u /* round key's scalar, then the self mask's seed */
#define AGG_SEALED_SHARE_LEN (AGG_SECRETS_LEN + TC_GCM_TAG_LEN)
#define AGG_KEY_LEN 235u /* a signed round key */
#define AGG_CONTRIBUTION_FIXED_LEN 116u /* a contribution without its values */
#define AGG_UNMASKING_HEAD_LEN 58u

typedef enum {
    AGG_IDLE = 0,
    AGG_KEYED,
    AGG_SHARED,
    AGG_CONTRIBUTED,
    AGG_UNMASKED
} agg_phase;

/* What the ledger says of a round; sets of members are bitmaps by member index. */
typedef struct {
    uint64_t sequence;
    uint8_t query_hash[TEE_HASH_LEN];
    uint64_t participants;
    uint16_t aggregator;
    uint16_t threshold;
    uint16_t min_members;
} agg_terms;

typedef struct {
    agg_phase phase;
    uint64_t spent; /* sequence of the last round */
    uint8_t id[TEE_HASH_LEN];
    uint8_t config_hash[TEE_HASH_LEN];
    agg_terms terms;
    uint16_t outputs;
    uint16_t me;
    tc_key *key;
    uint8_t seed[TEE_HASH_LEN];
    uint64_t keyed;
    uint64_t sharers;
    uint8_t keys[TEE_MAX_MEMBERS][TEE_KEY_LEN];
    uint8_t seed_hashes[TEE_MAX_MEMBERS][TEE_HASH_LEN];
    uint8_t pairs[TEE_MAX_MEMBERS][TEE_HASH_LEN]; /* secret shared with each */
    uint8_t shares[TEE_MAX_MEMBERS][AGG_SECRETS_LEN];
    /* Room to work in, kept off the stack. */
    uint8_t coefficients[TEE_MAX_MEMBERS - 1][AGG_SECRETS_LEN];
    uint8_t plain[TEE_MAX_MEMBERS][TEE_HASH_LEN];
    uint8_t recovered[TEE_MAX_MEMBERS][TEE_HASH_LEN];
    uint64_t sum[DP_MAX_OUTPUTS];
} agg_round;

/*
 * Request: roundId 32, query*, StateProof of the round. Writes AGG_KEY_LEN bytes, opens
 * a session that gathers and ends the round and session before.
 * E_PARAM; E_STATE; E_NOT_JOINED; those of state_proof_read; E_CONFLICT not this query's
 * or not with this member; E_POLICY a threshold that would not protect; E_ROLLBACK a
 * sequence not above the last one.
 */
tee_status agg_begin(agg_round *agg, dp_session *dp, checker *ck, reader *in, uint8_t *out);

/*
 * Request: count 2, then signed round keys, ascending by member, with this one's own.
 * Writes one sealed share for each, in that order. E_PARAM; E_STATE; E_CONFLICT another
 * round's or epoch's or no participant's; E_POLICY too few; E_AUTH a signature.
 */
tee_status agg_share(agg_round *agg, checker *ck, reader *in, uint8_t *out);
/* Room for the answer to count keys. */
size_t agg_share_len(uint16_t count);

/*
 * Request: count 2, then from 2 and a sealed share each, ascending, with this one's own.
 * Writes the contribution and ends the gathering session. E_PARAM; E_STATE; E_CONFLICT;
 * E_POLICY too few; E_AUTH a share.
 */
tee_status agg_contribute(agg_round *agg, dp_session *dp, checker *ck, reader *in, uint8_t *out);
size_t agg_contribution_len(const agg_round *agg);

/* Request: survivors 8. E_PARAM; E_STATE; E_CONFLICT not all sharers; E_POLICY too few. */
tee_status agg_unmask(agg_round *agg, checker *ck, reader *in, uint8_t *out);
size_t agg_unmasking_len(const agg_round *agg);

/*
 * Request: survivors 8, a contribution of each survivor, then exactly threshold
 * unmaskings, both ascending by member. Writes the answer of dp_release and ends the
 * round, as does its E_POLICY. E_PARAM; E_STATE; E_CONFLICT of other sets or another
 * round; E_POLICY; E_AUTH a signature, unmasking or recovered secret.
 */
tee_status agg_finish(agg_round *agg, dp_session *dp, checker *ck, reader *in, uint8_t *out);

/* Ends the round, if any. */
void agg_close(agg_round *agg);

#endif
