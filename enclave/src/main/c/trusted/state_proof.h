/*
 * Proofs that the world state of a final block holds a value.
 *
 * World state is a compact sparse Merkle tree over SHA-256. With keyHash = H(key)
 * and valueHash = H(value): the empty subtree is H(""), a leaf is
 * H(0x00 || keyHash || valueHash) and stands at the shallowest depth at which it is
 * alone, an inner node is H(0x01 || left || right), and bit i of keyHash, most
 * significant first, chooses the side at depth i. A header's stateRoot is the root
 * after the parent block.
 *
 * StateProof (docs/reference/formats.md): header 211, qc*, siblingCount 2, that many
 * siblings of 32 bytes from the root down, value*.
 */
#ifndef CADUCEUS_STATE_PROOF_H
#define CADUCEUS_STATE_PROOF_H

#include "checker.h"

typedef struct {
    block_header header; /* final, and fresh as far as this instance can know */
    tc_span value;       /* in the request */
} proven_value;

/*
 * Reads a StateProof that key has a value, and believes it only if its block is
 * final in the entered epoch and not older than what this instance has seen.
 * Does not ask whether anything is left in the reader.
 *
 * E_PARAM format; E_STATE no epoch entered, or HALTED; E_CONFLICT another chain or
 * epoch, or a certificate of another block; E_QC the certificate fails; E_ROLLBACK too
 * old; E_PROOF the path does not lead to the block's stateRoot.
 */
tee_status state_proof_read(checker *ck, reader *in, tc_span key, proven_value *out);

#endif
