#include "checkpoint.h"

#include <string.h>

bool checkpoint_contradicts(const checkpoint_log *log, const block_header *header) {
    return header->height == log->height
           && memcmp(header->hash, log->block_hash, TEE_HASH_LEN) != 0;
}

tee_status checkpoint_sign(checkpoint_log *log, checker *ck, tc_span header_bytes, tc_span qc_bytes,
                           uint8_t out[TEE_CHECKPOINT_LEN]) {
    block_header header;
    tee_status status = checker_final(ck, header_bytes, qc_bytes, &header);
    if (status != TEE_OK) {
        return status;
    }
    if (ck->key == NULL) {
        return TEE_E_STATE;
    }
    if (header_is_suffix(&header)) {
        return TEE_E_CONFLICT; /* the chain does not have it: the next epoch has its height */
    }
    if (header.height < log->height) {
        return TEE_E_ROLLBACK;
    }
    if (checkpoint_contradicts(log, &header)) {
        checker_halt(ck);
        return TEE_E_CONFLICT;
    }
    writer w = writer_of(out, TEE_CHECKPOINT_LEN);
    write_tag(&w, "CDC1CKPT");
    write_bytes(&w, ck->now.config.hash, TEE_HASH_LEN);
    write_u64(&w, header.epoch);
    write_u64(&w, header.height);
    write_bytes(&w, header.hash, TEE_HASH_LEN);
    write_bytes(&w, header.state_root, TEE_HASH_LEN);
    if (!write_signature(&w, ck->key) || w.len != TEE_CHECKPOINT_LEN) {
        return TEE_E_INTERNAL;
    }
    log->height = header.height;
    memcpy(log->block_hash, header.hash, TEE_HASH_LEN);
    return TEE_OK;
}
