/* How fast the trusted core answers, without the socket. Not a test. */
#define _GNU_SOURCE
#include <string.h>
#include <time.h>

#include "check.h"
#include "tee_core.h"

static tee_core core;
static uint8_t request[1 << 20];
static uint8_t answer[1 << 20];
static size_t request_len;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void measure(const char *what, uint16_t op, unsigned times, unsigned per_call) {
    size_t len = 0;
    double start = now();
    for (unsigned i = 0; i < times; i++) {
        NEED(tee_core_call(&core, op, request, request_len, answer, sizeof answer, &len) == TEE_OK);
    }
    double each = (now() - start) / times / per_call;
    printf("%-24s %9.2f us %12.0f per second of CPU\n", what, each * 1e6, 1 / each);
}

static void put_u32(uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        request[request_len++] = (uint8_t)(value >> shift);
    }
}

static void put_var(const void *data, size_t len) {
    put_u32((uint32_t)len);
    memcpy(request + request_len, data, len);
    request_len += len;
}

static void seal_and_open(size_t size, unsigned times) {
    static uint8_t text[1 << 19];
    char name[40];
    size_t len = 0;
    request_len = 0;
    put_var("context", 7);
    put_var(text, size);
    snprintf(name, sizeof name, "SEAL %zu bytes", size);
    measure(name, TEE_OP_SEAL, times, 1);
    NEED(tee_core_call(&core, TEE_OP_SEAL, request, request_len, answer, sizeof answer, &len)
         == TEE_OK);
    memcpy(text, answer, len);
    request_len = 0;
    put_var("context", 7);
    put_var(text, len);
    snprintf(name, sizeof name, "OPEN %zu bytes", size);
    measure(name, TEE_OP_OPEN, times, 1);
}

static void sign_entries(void) {
    static uint8_t entry[1024];
    size_t len = 0;
    static const uint8_t start[] = {0xa4, 1, 1, 2, 0x58, 32};
    static const uint8_t next[] = {3, 0x61, 'a', 4, 0x59, 0x03, 0x00};
    memcpy(entry, start, sizeof start);
    len = sizeof start + 32;
    memcpy(entry + len, next, sizeof next);
    len += sizeof next + 0x300;
    request_len = 0;
    put_var(entry, len);
    measure("SIGN_ENTRY 800 bytes", TEE_OP_SIGN_ENTRY, 20000, 1);
}

static void verify_batches(void) {
    tc_key *key = tc_key_generate(TEE_SUITE_ES256);
    NEED(key != NULL);
    request_len = 2;
    request[0] = 0;
    request[1] = 200;
    for (unsigned i = 0; i < 200; i++) {
        uint8_t *item = request + request_len;
        memcpy(item, tc_key_public(key), TEE_KEY_LEN);
        const tc_span message = {(const uint8_t *)&i, sizeof i};
        NEED(tc_digest(tc_key_suite(key), item, &message, 1, item + TEE_KEY_LEN) == 0);
        NEED(tc_sign_message(key, &message, 1, item + TEE_KEY_LEN + TEE_HASH_LEN) == 0);
        request_len += TEE_BATCH_ITEM_LEN;
    }
    measure("VERIFY_BATCH, each of 200", TEE_OP_VERIFY_BATCH, 60, 200);
    tc_key_free(key);
}

int main(void) {
    uint8_t who[34] = {0};
    uint8_t blob[KEYSTORE_BLOB_LEN];
    size_t blob_len = 0;
    who[32] = 1;
    who[33] = 'a';
    NEED(tc_init() == 0);
    const tc_span name = {who, sizeof who};
    const tc_span none = {NULL, 0};
    NEED(tee_core_boot(&core, TEE_SUITE_ES256, name, none, blob, &blob_len) == TEE_OK);
    seal_and_open(1024, 100000);
    seal_and_open(65536, 5000);
    sign_entries();
    verify_batches();
    tee_core_wipe(&core);
    tc_shutdown();
    return check_report();
}
