/* RFC 9162 section 2.1 Merkle trees over SHA-256. */
#ifndef CADUCEUS_MERKLE_H
#define CADUCEUS_MERKLE_H

#include "tc_crypto.h"

/* H(0x00 || leaf). 0 or -1. */
int merkle_leaf(tc_span leaf, uint8_t out[TEE_HASH_LEN]);

/* Siblings on the longest way up, of 2^32 - 1 leaves. */
#define MERKLE_MAX_PATH 32u

/*
 * The tree head to which an inclusion path leads (section 2.1.3.2): count siblings of 32
 * bytes, leaf side first, from the leaf with that hash and index of a tree of size leaves.
 * E_PROOF if index or count is not of a tree of that size, E_INTERNAL, or OK: then out is to
 * be compared with the head that is trusted.
 */
tee_status merkle_root_from(const uint8_t leaf_hash[TEE_HASH_LEN], uint32_t index, uint32_t size,
                            const uint8_t *path, size_t count, uint8_t out[TEE_HASH_LEN]);

/*
 * The tree head over count leaf hashes of 32 bytes each, which it overwrites as
 * room to work in; of no leaves, H(""). 0 or -1.
 */
int merkle_root(uint8_t (*leaves)[TEE_HASH_LEN], size_t count, uint8_t out[TEE_HASH_LEN]);

#endif
