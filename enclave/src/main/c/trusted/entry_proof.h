/*
 * This instance's word that an entry is final, for those who hold the enclave's evidence
 * and do not follow the chain: a patient's device, an auditor, another system.
 *
 * It is told why: the entry's place in its block's Merkle tree, and the headers from that
 * block to one with a certificate of the entered epoch, mostly one and the same. What a
 * final block descends from by parentHash is final, of whatever epoch. How old the block is
 * does not matter, since no entry ever ceases to be one.
 *
 * Layout of a proven entry (docs/reference/formats.md): tag `CDC1ENTP`, configHash and epoch
 * of the certificate, height, blockHash and timeMs of the entry's block, leafHash, and a
 * signature with the voting key over all that.
 */
#ifndef CADUCEUS_ENTRY_PROOF_H
#define CADUCEUS_ENTRY_PROOF_H

#include "checkpoint.h"

/*
 * Reads entry*, leafIndex 4, path* (siblings of 32 bytes, leaf side first), headers* (1 to
 * 1 + TEE_MAX_DESCENDANTS) and qc* of the last of them, and signs.
 *
 * In this order: E_PARAM; as of checker_final (E_STATE, E_CONFLICT, E_QC); E_STATE without a
 * voting key; E_CONFLICT if a header does not extend the one before; E_PROOF if the entry has
 * not that place in the first one's block. A block that contradicts the last checkpoint
 * proves a broken TEE: E_CONFLICT, and the checker is HALTED.
 */
tee_status entry_prove(const checkpoint_log *log, checker *ck, reader *in,
                       uint8_t out[TEE_PROVEN_ENTRY_LEN]);

#endif
