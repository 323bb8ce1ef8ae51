#include "dp_stream.h"

#include "codec.h"

static uint64_t stream_seed;
static uint64_t blocks;

static int fill_from_stream(uint8_t *out, size_t len) {
    for (size_t at = 0; at < len; at += TEE_HASH_LEN) {
        uint8_t bytes[24];
        writer w = writer_of(bytes, sizeof bytes);
        write_tag(&w, "CDC1DPTS");
        write_u64(&w, stream_seed);
        write_u64(&w, blocks++);
        const tc_span span = {bytes, sizeof bytes};
        if (tc_sha256(&span, 1, out + at) != 0) {
            return -1;
        }
    }
    return 0;
}

void dp_stream_begin(dp_source *source, uint64_t seed) {
    stream_seed = seed;
    blocks = 0;
    dp_source_init(source, fill_from_stream);
}

uint64_t dp_stream_drawn(const dp_source *source) {
    return blocks * TEE_HASH_LEN - (DP_SOURCE_BUFFER - source->used);
}
