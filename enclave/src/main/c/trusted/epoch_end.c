#include "epoch_end.h"

#include <string.h>

static bool same_hash(const uint8_t a[TEE_HASH_LEN], const uint8_t b[TEE_HASH_LEN]) {
    return memcmp(a, b, TEE_HASH_LEN) == 0;
}

bool header_is_suffix_of(const block_header *header, const block_header *below) {
    return header_is_suffix(header) && same_hash(header->chain_id, below->chain_id)
           && header->epoch == below->epoch && header->view > below->view
           && header->height == below->height + 1
           && same_hash(header->parent_hash, below->hash)
           && same_hash(header->next_config_hash, below->next_config_hash);
}

tee_status decode_epoch_end(tc_span headers, epoch_end *out) {
    size_t count = headers.len / TEE_HEADER_LEN;
    if (headers.len % TEE_HEADER_LEN != 0 || count < 1 || count > TEE_MAX_EPOCH_END) {
        return TEE_E_PARAM;
    }
    block_header below;
    tee_status status = decode_header((tc_span){headers.data, TEE_HEADER_LEN}, &out->last);
    out->top = out->last;
    out->linked = true;
    for (size_t i = 1; status == TEE_OK && i < count; i++) {
        below = out->top;
        status = decode_header((tc_span){headers.data + i * TEE_HEADER_LEN, TEE_HEADER_LEN},
                               &out->top);
        out->linked = out->linked && header_is_suffix_of(&out->top, &below);
    }
    return status;
}

bool epoch_end_is_of(const epoch_end *end, const epoch_config *config) {
    return end->linked && end->last.last && end->last.entry_count > 0
           && same_hash(end->last.chain_id, config->chain_id)
           && end->last.epoch == config->epoch;
}
