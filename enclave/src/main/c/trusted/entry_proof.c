#include "entry_proof.h"

#include <string.h>

#include "merkle.h"

_Static_assert(TEE_PROVEN_ENTRY_LEN == TEE_TAG_LEN + 3u * TEE_HASH_LEN + 3u * 8u + TEE_SIG_LEN,
               "a proven entry");

/* What a request shows. */
typedef struct {
    tc_span entry; /* COSE_Sign1 */
    uint32_t index;
    tc_span path;
    tc_span headers;
    tc_span qc;
    block_header block; /* with the entry */
    bool linked;        /* whether each header extends the one before */
} shown_entry;

/* Headers of one epoch ascend by view, and nothing but its suffix is upon its last block. */
static bool extends(const block_header *header, const block_header *below) {
    bool same_epoch = header->epoch == below->epoch;
    return memcmp(header->chain_id, below->chain_id, TEE_HASH_LEN) == 0
           && memcmp(header->parent_hash, below->hash, TEE_HASH_LEN) == 0
           && header->height == below->height + 1 && header->epoch >= below->epoch
           && (!same_epoch || header->view > below->view)
           && (!same_epoch || !below->last || header_is_suffix_of(header, below));
}

static tc_span header_at(tc_span headers, size_t i) {
    return (tc_span){headers.data + i * TEE_HEADER_LEN, TEE_HEADER_LEN};
}

static tee_status decode_headers(shown_entry *out) {
    size_t count = out->headers.len / TEE_HEADER_LEN;
    if (out->headers.len % TEE_HEADER_LEN != 0 || count < 1) {
        return TEE_E_PARAM;
    }
    block_header header;
    block_header below;
    tee_status status = decode_header(header_at(out->headers, 0), &out->block);
    header = out->block;
    out->linked = true;
    for (size_t i = 1; status == TEE_OK && i < count; i++) {
        below = header;
        status = decode_header(header_at(out->headers, i), &header);
        out->linked = out->linked && extends(&header, &below);
    }
    return status;
}

static tee_status read_shown(reader *in, shown_entry *out) {
    out->entry = read_var(in, TEE_MAX_ENTRY + TEE_COSE_OVERHEAD);
    out->index = read_u32(in);
    out->path = read_var(in, MERKLE_MAX_PATH * TEE_HASH_LEN);
    out->headers = read_var(in, (1u + TEE_MAX_DESCENDANTS) * TEE_HEADER_LEN);
    out->qc = read_var(in, TEE_MAX_MESSAGE);
    return read_done(in) && out->path.len % TEE_HASH_LEN == 0 ? decode_headers(out) : TEE_E_PARAM;
}

/* Whether the last header is final, and with it all below. */
static tee_status check_final(checker *ck, const shown_entry *it) {
    block_header last;
    size_t count = it->headers.len / TEE_HEADER_LEN;
    tee_status status = checker_final(ck, header_at(it->headers, count - 1), it->qc, &last);
    if (status == TEE_OK && ck->key == NULL) {
        status = TEE_E_STATE;
    }
    return status == TEE_OK && !it->linked ? TEE_E_CONFLICT : status;
}

/* Whether the block has the entry there. */
static tee_status check_place(const shown_entry *it, const uint8_t leaf[TEE_HASH_LEN]) {
    uint8_t root[TEE_HASH_LEN];
    tee_status status = merkle_root_from(leaf, it->index, it->block.entry_count, it->path.data,
                                         it->path.len / TEE_HASH_LEN, root);
    if (status == TEE_OK && memcmp(root, it->block.entries_root, TEE_HASH_LEN) != 0) {
        status = TEE_E_PROOF;
    }
    return status;
}

static tee_status sign_proven(checker *ck, const shown_entry *it,
                              const uint8_t leaf[TEE_HASH_LEN], uint8_t *out) {
    writer w = writer_of(out, TEE_PROVEN_ENTRY_LEN);
    write_tag(&w, "CDC1ENTP");
    write_bytes(&w, ck->now.config.hash, TEE_HASH_LEN);
    write_u64(&w, ck->now.config.epoch);
    write_u64(&w, it->block.height);
    write_bytes(&w, it->block.hash, TEE_HASH_LEN);
    write_u64(&w, it->block.time_ms);
    write_bytes(&w, leaf, TEE_HASH_LEN);
    return write_signature(&w, ck->key) && w.len == TEE_PROVEN_ENTRY_LEN ? TEE_OK
                                                                         : TEE_E_INTERNAL;
}

tee_status entry_prove(const checkpoint_log *log, checker *ck, reader *in,
                       uint8_t out[TEE_PROVEN_ENTRY_LEN]) {
    shown_entry it;
    uint8_t leaf[TEE_HASH_LEN];
    tee_status status = read_shown(in, &it);
    if (status == TEE_OK) {
        status = check_final(ck, &it);
    }
    if (status != TEE_OK) {
        return status;
    }
    if (checkpoint_contradicts(log, &it.block)) {
        checker_halt(ck);
        return TEE_E_CONFLICT;
    }
    if (merkle_leaf(it.entry, leaf) != 0) {
        return TEE_E_INTERNAL;
    }
    status = check_place(&it, leaf);
    return status == TEE_OK ? sign_proven(ck, &it, leaf, out) : status;
}
