#include "merkle.h"

#include <string.h>

int merkle_leaf(tc_span leaf, uint8_t out[TEE_HASH_LEN]) {
    static const uint8_t prefix = 0x00;
    const tc_span parts[] = {{&prefix, 1}, leaf};
    return tc_sha256(parts, 2, out);
}

static int merkle_node(const uint8_t *left, const uint8_t *right, uint8_t *out) {
    static const uint8_t prefix = 0x01;
    const tc_span parts[] = {{&prefix, 1}, {left, TEE_HASH_LEN}, {right, TEE_HASH_LEN}};
    return tc_sha256(parts, 3, out);
}

tee_status merkle_root_from(const uint8_t leaf_hash[TEE_HASH_LEN], uint32_t index, uint32_t size,
                            const uint8_t *path, size_t count, uint8_t out[TEE_HASH_LEN]) {
    if (index >= size) {
        return TEE_E_PROOF;
    }
    uint32_t fn = index; /* names of the standard: place on this level, and the last one's */
    uint32_t sn = size - 1;
    memcpy(out, leaf_hash, TEE_HASH_LEN);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *sibling = path + i * TEE_HASH_LEN;
        if (sn == 0) {
            return TEE_E_PROOF; /* longer than the way to the root */
        }
        bool right = (fn & 1u) != 0 || fn == sn;
        if (merkle_node(right ? sibling : out, right ? out : sibling, out) != 0) {
            return TEE_E_INTERNAL;
        }
        while (right && (fn & 1u) == 0 && fn != 0) { /* levels on which it moved up alone */
            fn >>= 1;
            sn >>= 1;
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 ? TEE_OK : TEE_E_PROOF;
}

/*
 * Level by level: an odd last node moves up unchanged. That is the same tree as
 * RFC 9162's split at the largest power of two below the count.
 */
int merkle_root(uint8_t (*leaves)[TEE_HASH_LEN], size_t count, uint8_t out[TEE_HASH_LEN]) {
    if (count == 0) {
        return tc_sha256(NULL, 0, out);
    }
    while (count > 1) {
        size_t pairs = count / 2;
        for (size_t i = 0; i < pairs; i++) {
            if (merkle_node(leaves[2 * i], leaves[2 * i + 1], leaves[i]) != 0) {
                return -1;
            }
        }
        if (count % 2 != 0) {
            memmove(leaves[pairs], leaves[count - 1], TEE_HASH_LEN);
        }
        count = pairs + count % 2;
    }
    memcpy(out, leaves[0], TEE_HASH_LEN);
    return 0;
}
