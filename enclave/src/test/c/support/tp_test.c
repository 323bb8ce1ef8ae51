/*
 * A platform for tests: the same seam, no files. The sealing key is a constant
 * that a test may change, to play another machine.
 */
#define _GNU_SOURCE
#include "tp_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "tp_platform.h"

uint8_t tp_test_seal_byte = 0x5e;
int tp_test_random_fails;
int tp_test_peer_tier = -1;
uint8_t tp_test_peer_report_data[TEE_HASH_LEN];
uint8_t tp_test_peer_measurement[TEE_MEASUREMENT_LEN];

int tp_random(uint8_t *out, size_t len) {
    if (tp_test_random_fails != 0) {
        return -1;
    }
    return getrandom(out, len, 0) == (ssize_t)len ? 0 : -1;
}

void tp_zero(void *memory, size_t len) {
    explicit_bzero(memory, len);
}

_Noreturn void tp_abort(const char *why) {
    fprintf(stderr, "abort: %s\n", why);
    abort();
}

int tp_seal_key(uint8_t key[32]) {
    memset(key, tp_test_seal_byte, 32);
    return 0;
}

void tp_measurement(uint8_t out[TEE_MEASUREMENT_LEN]) {
    memset(out, 0x4d, TEE_MEASUREMENT_LEN);
}

int tp_evidence(const uint8_t report_data[TEE_HASH_LEN], uint8_t *out, size_t cap, size_t *len) {
    (void)report_data;
    (void)out;
    (void)cap;
    *len = 0;
    return 0;
}

/* Vouches for whatever platform part there is, and remembers what for. */
int tp_verify_peer(const uint8_t *platform, size_t len, const uint8_t report_data[TEE_HASH_LEN],
                   const uint8_t measurement[TEE_MEASUREMENT_LEN]) {
    memcpy(tp_test_peer_report_data, report_data, TEE_HASH_LEN);
    memcpy(tp_test_peer_measurement, measurement, TEE_MEASUREMENT_LEN);
    return platform != NULL && len > 0 ? tp_test_peer_tier : -1;
}
