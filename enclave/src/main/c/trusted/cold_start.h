/*
 * How a consortium goes on that lost more enclaves at once than a quorum bears.
 *
 * Each host made a candidate block durable, with its leader's PROP, before its enclave
 * voted for it. All blocks proposed above a final one extend it (checker.h). So among the
 * statements of enough members (resume.h) that of the highest view names a block that no
 * final block is missing from: it becomes the anchor of the next epoch. That enough is
 *
 *   R = max(2f + 1, ceil((n + f + 1) / 2)),  f = n - quorum,
 *
 * since at most f of them lie, the others share a member with every quorum, and those who
 * did not state are too few to go on without them.
 *
 * A stated key is nobody's until the institutions' officers vouch for it: they approve
 * the statements and the next configuration, which differs from the one the epoch would
 * have had in the keys and evidence of those who stated only. If the highest block ends
 * the epoch, that configuration is the one it names; as it may have another quorum,
 * everybody must then state and approve. One of BFT-2P names the keys of processes, of which none
 * was lost: there all keys stay. And from an epoch of BFT-2P no cold start leads, as its voters
 * keep their keys. If it is of the suffix of such a block (epoch_end.h),
 * the next epoch begins at that one all the same.
 */
#ifndef CADUCEUS_COLD_START_H
#define CADUCEUS_COLD_START_H

#include "epoch_end.h"

/* Of the base's bytes: epoch, then a key and an evidence a member, and what is between. */
#define COLD_START_PIECES (3u + 4u * TEE_MAX_MEMBERS)

/* Room to work in, kept off the stack. */
typedef struct {
    cold_start_proof proof;
    epoch_config base; /* that the epoch's last block names */
    epoch_end end;
    tc_span pieces[COLD_START_PIECES];
} cold_start;

/* A link of a chain of epochs that is said to be a cold start. */
typedef struct {
    const epoch_config *from; /* the epoch that was lost */
    const uint8_t *anchor;    /* of it, TEE_HASH_LEN */
    uint64_t anchor_height;
    const epoch_config *next; /* from's successor, decoded from these bytes */
    tc_span next_bytes;
    tc_span headers; /* of the last block of from and its suffix, or empty */
    tc_span proof;
} cold_start_link;

/* What a link leads to; points into the room and the link. */
typedef struct {
    const uint8_t *anchor; /* of the next epoch, TEE_HASH_LEN */
    uint64_t anchor_height;
    uint64_t height; /* of the block that was stated: the anchor or of its suffix */
} cold_start_outcome;

/*
 * Whether the link is one. Fills in outcome on OK.
 *
 * In this order: E_PARAM of the proof's format; E_CONFLICT if from is of BFT-2P; statement by
 * statement E_CONFLICT if it is not of from or keeps its key, E_QC if it is not signed; E_QC if they are too few;
 * E_CONFLICT if two of the highest view differ, or one of view 0 is not of the anchor;
 * headers and base (E_PARAM; E_ALG_UNSUPPORTED of a suite that this port has not, or that is
 * not from's, whose keys were stated; E_CONFLICT); E_CONFLICT if next differs from
 * the base in more than it may; approval by approval E_CONFLICT of a member that did not
 * state, E_QC if it is not signed; E_QC if they are too few.
 */
tee_status cold_start_verify(cold_start *room, const cold_start_link *link,
                             cold_start_outcome *outcome);

#endif
