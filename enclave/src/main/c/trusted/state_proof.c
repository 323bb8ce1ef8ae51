#include "state_proof.h"

#include <string.h>

#define MAX_DEPTH 256u

static int leaf_hash(tc_span key, tc_span value, uint8_t key_hash[TEE_HASH_LEN],
                     uint8_t out[TEE_HASH_LEN]) {
    static const uint8_t prefix = 0x00;
    uint8_t value_hash[TEE_HASH_LEN];
    if (tc_sha256(&key, 1, key_hash) != 0 || tc_sha256(&value, 1, value_hash) != 0) {
        return -1;
    }
    const tc_span parts[] = {{&prefix, 1}, {key_hash, TEE_HASH_LEN}, {value_hash, TEE_HASH_LEN}};
    return tc_sha256(parts, 3, out);
}

/* Replaces node by the hash of its parent at this depth. */
static int climb(uint8_t node[TEE_HASH_LEN], const uint8_t *sibling, bool node_is_right) {
    static const uint8_t prefix = 0x01;
    const tc_span own = {node, TEE_HASH_LEN};
    const tc_span other = {sibling, TEE_HASH_LEN};
    const tc_span parts[] = {{&prefix, 1}, node_is_right ? other : own, node_is_right ? own : other};
    return tc_sha256(parts, 3, node);
}

/* The root to which the value at key leads, by siblings given from the root down. */
static int root_of(tc_span key, tc_span value, const uint8_t *siblings, size_t count,
                   uint8_t root[TEE_HASH_LEN]) {
    uint8_t key_hash[TEE_HASH_LEN];
    if (leaf_hash(key, value, key_hash, root) != 0) {
        return -1;
    }
    for (size_t depth = count; depth-- > 0;) {
        bool right = (key_hash[depth / 8] >> (7 - depth % 8) & 1) != 0;
        if (climb(root, siblings + depth * TEE_HASH_LEN, right) != 0) {
            return -1;
        }
    }
    return 0;
}

tee_status state_proof_read(checker *ck, reader *in, tc_span key, proven_value *out) {
    uint8_t root[TEE_HASH_LEN];
    tc_span header = {read_view(in, TEE_HEADER_LEN), TEE_HEADER_LEN};
    tc_span qc = read_var(in, TEE_MAX_MESSAGE);
    size_t count = read_u16(in);
    const uint8_t *siblings = count <= MAX_DEPTH ? read_view(in, count * TEE_HASH_LEN) : NULL;
    out->value = read_var(in, TEE_MAX_STATE_VALUE);
    if (!in->ok || count > MAX_DEPTH) {
        return TEE_E_PARAM;
    }
    tee_status status = checker_final(ck, header, qc, &out->header);
    if (status != TEE_OK) {
        return status;
    }
    if (!checker_is_fresh(ck, out->header.height)) {
        return TEE_E_ROLLBACK;
    }
    if (root_of(key, out->value, siblings, count, root) != 0) {
        return TEE_E_INTERNAL;
    }
    return memcmp(root, out->header.state_root, TEE_HASH_LEN) == 0 ? TEE_OK : TEE_E_PROOF;
}
