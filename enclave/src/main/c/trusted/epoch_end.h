/*
 * How an epoch's end is shown: the header of its last block, then those of its suffix.
 *
 * The last block has entries, at least the ballot that decided. A quorum's votes for it
 * may be lost with one of the voters, and whoever leads next must extend it. So an empty
 * block that names the same next configuration may be proposed upon it, and upon that
 * another. A certificate of one proves the last block, but it is no part of the chain:
 * the next epoch begins at the last block, whatever its suffix.
 */
#ifndef CADUCEUS_EPOCH_END_H
#define CADUCEUS_EPOCH_END_H

#include "codec.h"

typedef struct {
    block_header last; /* of the epoch: the anchor of the next */
    block_header top;  /* of its suffix, or the same again: what was voted for */
    bool linked;       /* whether each header is a suffix of the one before */
} epoch_end;

/* Whether the block is empty and proves nothing but the one below it. */
bool header_is_suffix_of(const block_header *header, const block_header *below);

/* 1 to TEE_MAX_EPOCH_END headers, one after another. E_PARAM of their number or format. */
tee_status decode_epoch_end(tc_span headers, epoch_end *out);

/* Whether that is an end of this epoch; who voted for its top is not asked. */
bool epoch_end_is_of(const epoch_end *end, const epoch_config *config);

#endif
