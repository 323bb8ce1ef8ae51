/*
 * Checkpoints: this instance's word that a block is final, for witnesses and
 * auditors who do not follow the chain. Never two that contradict each other.
 *
 * Layout (docs/reference/formats.md): tag `CDC1CKPT`, configHash, epoch, height,
 * blockHash, stateRoot, and a signature with the voting key over H of all that.
 */
#ifndef CADUCEUS_CHECKPOINT_H
#define CADUCEUS_CHECKPOINT_H

#include "checker.h"

/* The last one signed; zeros before the first. */
typedef struct {
    uint64_t height;
    uint8_t block_hash[TEE_HASH_LEN];
} checkpoint_log;

/* Whether the log has another block at the height of this final one: some TEE is broken. */
bool checkpoint_contradicts(const checkpoint_log *log, const block_header *header);

/*
 * Signs the checkpoint of a final block. E_PARAM; E_STATE without a voting key or an
 * epoch; E_CONFLICT another chain, epoch or block than the certificate's, or a block of an
 * epoch's suffix (epoch_end.h), which proves the chain and is no part of it; E_ROLLBACK
 * below the last one signed; E_QC. Another certified block of the height last signed
 * proves a broken TEE: E_CONFLICT, and the checker is HALTED.
 */
tee_status checkpoint_sign(checkpoint_log *log, checker *ck, tc_span header, tc_span qc,
                           uint8_t out[TEE_CHECKPOINT_LEN]);

#endif
