/* RFC 9162 section 2.1 Merkle tree heads over SHA-256. */
#ifndef CADUCEUS_MERKLE_H
#define CADUCEUS_MERKLE_H

#include "tc_crypto.h"

/* H(0x00 || leaf). 0 or -1. */
int merkle_leaf(tc_span leaf, uint8_t out[TEE_HASH_LEN]);

/*
 * The tree head over count leaf hashes of 32 bytes each, which it overwrites as
 * room to work in; of no leaves, H(""). 0 or -1.
 */
int merkle_root(uint8_t (*leaves)[TEE_HASH_LEN], size_t count, uint8_t out[TEE_HASH_LEN]);

#endif
