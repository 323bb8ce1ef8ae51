/* The level-by-level root is RFC 9162's recursive one. */
#include "check.h"
#include "merkle.h"

#include <string.h>

#define MOST 70u

static void recursive(uint8_t (*hashes)[TEE_HASH_LEN], size_t count, uint8_t *out) {
    uint8_t halves[1 + 2 * TEE_HASH_LEN] = {0x01};
    size_t split = 1;
    if (count == 1) {
        memcpy(out, hashes[0], TEE_HASH_LEN);
        return;
    }
    while (2 * split < count) {
        split *= 2;
    }
    recursive(hashes, split, halves + 1);
    recursive(hashes + split, count - split, halves + 1 + TEE_HASH_LEN);
    const tc_span span = {halves, sizeof halves};
    NEED(tc_sha256(&span, 1, out) == 0);
}

static void every_size_agrees(void) {
    static uint8_t hashes[MOST][TEE_HASH_LEN];
    static uint8_t work[MOST][TEE_HASH_LEN];
    for (uint8_t i = 0; i < MOST; i++) {
        const tc_span leaf = {&i, 1};
        NEED(merkle_leaf(leaf, hashes[i]) == 0);
    }
    for (size_t count = 1; count <= MOST; count++) {
        uint8_t want[TEE_HASH_LEN];
        uint8_t got[TEE_HASH_LEN];
        recursive(hashes, count, want);
        memcpy(work, hashes, sizeof work);
        NEED(merkle_root(work, count, got) == 0);
        CHECK(memcmp(want, got, sizeof want) == 0);
    }
}

int main(void) {
    NEED(tc_init() == 0);
    RUN(every_size_agrees);
    tc_shutdown();
    return check_report();
}
