/* Level-by-level roots and paths are those of RFC 9162's recursive definitions. */
#include "check.h"
#include "fixtures.h"
#include "merkle.h"

#include <string.h>

#define MOST 70u

static uint8_t hashes[MOST][TEE_HASH_LEN];

static void fill(void) {
    for (uint8_t i = 0; i < MOST; i++) {
        const tc_span leaf = {&i, 1};
        NEED(merkle_leaf(leaf, hashes[i]) == 0);
    }
}

static void every_size_agrees(void) {
    static uint8_t work[MOST][TEE_HASH_LEN];
    for (size_t count = 1; count <= MOST; count++) {
        uint8_t want[TEE_HASH_LEN];
        uint8_t got[TEE_HASH_LEN];
        tree_head((const uint8_t(*)[TEE_HASH_LEN])hashes, count, want);
        memcpy(work, hashes, sizeof work);
        NEED(merkle_root(work, count, got) == 0);
        CHECK(memcmp(want, got, sizeof want) == 0);
    }
}

/* Whether the path leads from the leaf, at that place in a tree of that size, to the head. */
static bool leads(size_t leaf, size_t index, size_t size, const uint8_t *path, size_t len,
                  const uint8_t *head) {
    uint8_t got[TEE_HASH_LEN];
    tee_status status =
        merkle_root_from(hashes[leaf], (uint32_t)index, (uint32_t)size, path, len, got);
    CHECK(status == TEE_OK || status == TEE_E_PROOF);
    return status == TEE_OK && memcmp(got, head, sizeof got) == 0;
}

static void a_path_leads_from_its_leaf_and_place_alone(void) {
    for (size_t count = 1; count <= MOST; count++) {
        uint8_t head[TEE_HASH_LEN];
        tree_head((const uint8_t(*)[TEE_HASH_LEN])hashes, count, head);
        for (size_t leaf = 0; leaf < count; leaf++) {
            uint8_t path[MERKLE_MAX_PATH * TEE_HASH_LEN];
            size_t len = tree_path((const uint8_t(*)[TEE_HASH_LEN])hashes, count, leaf, path);
            CHECK(leads(leaf, leaf, count, path, len, head));
            CHECK(!leads((leaf + 1) % MOST, leaf, count, path, len, head));
            CHECK(!leads(leaf, leaf ^ 1u, count, path, len, head));
            CHECK(!leads(leaf, count, count, path, len, head));
            memcpy(path + len * TEE_HASH_LEN, hashes[0], TEE_HASH_LEN);
            CHECK(!leads(leaf, leaf, count, path, len + 1, head));
            CHECK(len == 0 || !leads(leaf, leaf, count, path, len - 1, head));
        }
    }
}

/* An inner node stands for two leaves: it is none itself, whatever place is said. */
static void an_inner_node_is_no_leaf(void) {
    uint8_t head[TEE_HASH_LEN];
    uint8_t inner[TEE_HASH_LEN];
    uint8_t got[TEE_HASH_LEN];
    uint8_t path[MERKLE_MAX_PATH * TEE_HASH_LEN];
    tree_head((const uint8_t(*)[TEE_HASH_LEN])hashes, 8, head);
    tree_head((const uint8_t(*)[TEE_HASH_LEN])hashes, 2, inner);
    size_t len = tree_path((const uint8_t(*)[TEE_HASH_LEN])hashes, 8, 0, path);
    for (uint32_t index = 0; index < 8; index++) {
        CHECK_IS(TEE_E_PROOF,
                 merkle_root_from(inner, index, 8, path + TEE_HASH_LEN, len - 1, got));
    }
    /* In a tree of half the size it would be one: so the size is the header's, not the asker's. */
    CHECK_IS(TEE_OK, merkle_root_from(inner, 0, 4, path + TEE_HASH_LEN, len - 1, got));
    CHECK(memcmp(got, head, sizeof got) == 0);
}

static void the_largest_tree_has_a_path(void) {
    static uint8_t path[(MERKLE_MAX_PATH + 1) * TEE_HASH_LEN];
    uint8_t got[TEE_HASH_LEN];
    CHECK_IS(TEE_OK, merkle_root_from(hashes[0], 0, UINT32_MAX, path, MERKLE_MAX_PATH, got));
    CHECK_IS(TEE_E_PROOF,
             merkle_root_from(hashes[0], 0, UINT32_MAX, path, MERKLE_MAX_PATH + 1, got));
    CHECK_IS(TEE_E_PROOF, merkle_root_from(hashes[0], 0, 0, path, 0, got));
}

int main(void) {
    NEED(tc_init() == 0);
    fill();
    RUN(every_size_agrees);
    RUN(a_path_leads_from_its_leaf_and_place_alone);
    RUN(an_inner_node_is_no_leaf);
    RUN(the_largest_tree_has_a_path);
    tc_shutdown();
    return check_report();
}
