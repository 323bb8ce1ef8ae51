#define _GNU_SOURCE
#include "tp_software.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "tc_crypto.h"
#include "teed_log.h"
#include "tp_platform.h"

static uint8_t seal_key[TC_SYM_KEY_LEN];
static bool have_seal_key;
static uint8_t measurement[TEE_MEASUREMENT_LEN];

/* ---- the seam ----------------------------------------------------------- */

#ifdef CADUCEUS_TEST_HOOKS
static bool random_is_broken;

void tp_software_break_random(void) {
    random_is_broken = true;
}
#endif

int tp_random(uint8_t *out, size_t len) {
#ifdef CADUCEUS_TEST_HOOKS
    if (random_is_broken) {
        return -1;
    }
#endif
    while (len > 0) {
        ssize_t got = getrandom(out, len < 256 ? len : 256, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return -1;
        }
        out += got;
        len -= (size_t)got;
    }
    return 0;
}

void tp_zero(void *memory, size_t len) {
    explicit_bzero(memory, len);
}

_Noreturn void tp_abort(const char *why) {
    log_line("abort: %s", why);
    abort();
}

int tp_seal_key(uint8_t key[32]) {
    if (!have_seal_key) {
        return -1;
    }
    memcpy(key, seal_key, sizeof seal_key);
    return 0;
}

void tp_measurement(uint8_t out[TEE_MEASUREMENT_LEN]) {
    memcpy(out, measurement, sizeof measurement);
}

int tp_evidence(const uint8_t report_data[TEE_HASH_LEN], uint8_t *out, size_t cap, size_t *len) {
    (void)report_data;
    (void)out;
    (void)cap;
    *len = 0; /* no hardware vouches for this port; its tier says so */
    return 0;
}

int tp_verify_peer(const uint8_t *platform, size_t len, const uint8_t report_data[TEE_HASH_LEN],
                   const uint8_t measurement_of_peer[TEE_MEASUREMENT_LEN]) {
    (void)platform;
    (void)len;
    (void)report_data;
    (void)measurement_of_peer;
    return -1; /* no verifier of hardware in this port */
}

/* ---- before the boot ---------------------------------------------------- */

int tp_software_measure(failure *f) {
    static uint8_t chunk[65536];
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    tc_sha384_state *hash = fd < 0 ? NULL : tc_sha384_begin();
    if (hash == NULL) {
        return fail(f, TEED_EXIT_INTERNAL, "Expected to read the own executable, but: %s",
                    strerror(errno));
    }
    ssize_t got;
    while ((got = read(fd, chunk, sizeof chunk)) > 0) {
        if (tc_sha384_add(hash, chunk, (size_t)got) != 0) {
            break;
        }
    }
    close(fd);
    if (tc_sha384_end(hash, measurement) != 0 || got != 0) {
        return fail(f, TEED_EXIT_INTERNAL, "Expected to measure the own executable, but failed");
    }
    return 0;
}

int tp_software_seal_key(int dir, bool have_state, failure *f) {
    uint8_t stored[TC_SYM_KEY_LEN + 1];
    size_t len = 0;
    int result = dir_read(dir, DIR_UNSEAL, stored, sizeof stored, &len, f);
    if (result != 0) {
        return result;
    }
    if (have_state != (len > 0)) {
        return fail(f, TEED_EXIT_STATE,
                    "Expected both " DIR_STATE " and " DIR_UNSEAL " or neither, but only %s is "
                    "there: restore the other, or remove it to start with new keys",
                    have_state ? DIR_STATE : DIR_UNSEAL);
    }
    if (len == 0) {
        if (tp_random(stored, TC_SYM_KEY_LEN) != 0) {
            return fail(f, TEED_EXIT_INTERNAL, "Expected random bytes, but there are none");
        }
        len = TC_SYM_KEY_LEN;
        result = dir_replace(dir, DIR_UNSEAL, stored, len, f);
    }
    if (result == 0 && len != TC_SYM_KEY_LEN) {
        result = fail(f, TEED_EXIT_STATE, "Expected %u bytes in " DIR_UNSEAL ", but found others",
                      TC_SYM_KEY_LEN);
    }
    if (result == 0) {
        memcpy(seal_key, stored, sizeof seal_key);
        have_seal_key = true;
    }
    explicit_bzero(stored, sizeof stored);
    return result;
}
