#define _GNU_SOURCE
#include <string.h>
#ifdef CADUCEUS_TEST_HOOKS
#include <sys/socket.h>
#endif

#include "host_port.h"
#include "lockdown.h"
#include "tee_core.h"
#include "teed_log.h"
#include "tp_platform.h"
#include "tp_software.h"

static tee_core core;

static tc_span encode_served(const served_member *served, uint8_t out[IDENTITY_MAX_LEN]) {
    size_t len = strlen(served->member);
    tc_span none = {out, 0};
    if (len > TEE_MAX_ID_LEN) {
        return none;
    }
    writer w = writer_of(out, IDENTITY_MAX_LEN);
    write_bytes(&w, served->chain_id, TEE_HASH_LEN);
    write_u8(&w, (uint8_t)len);
    write_bytes(&w, (const uint8_t *)served->member, len);
    return (tc_span){out, w.len};
}

static int boot_failed(tee_status status, const served_member *served, failure *f) {
    switch (status) {
    case TEE_E_AUTH:
        return fail(f, TEED_EXIT_STATE,
                    "Expected " DIR_STATE " to open for member %.64s of this chain, but it was "
                    "altered, or belongs to another chain, member, suite or " DIR_UNSEAL,
                    served->member);
    case TEE_E_PARAM:
        return fail(f, TEED_EXIT_USAGE, "Expected a member id of 1 to 64 of [a-z0-9-]");
    case TEE_E_ALG_UNSUPPORTED:
        return fail(f, TEED_EXIT_USAGE, "Expected a suite of this port, but it lacks number %u",
                    served->suite);
    default:
        return fail(f, TEED_EXIT_INTERNAL, "Expected the trusted core to boot, but status %d",
                    (int)status);
    }
}

int host_boot(int dir, const served_member *served, failure *f) {
    uint8_t name[IDENTITY_MAX_LEN];
    uint8_t sealed[KEYSTORE_BLOB_LEN + 1];
    uint8_t blob[KEYSTORE_BLOB_LEN];
    size_t sealed_len = 0;
    size_t blob_len = 0;
    if (tc_init() != 0) {
        return fail(f, TEED_EXIT_INTERNAL, "Expected the cryptography to pass its self-test");
    }
    int result = tp_software_measure(f);
    if (result == 0) {
        result = dir_read(dir, DIR_STATE, sealed, sizeof sealed, &sealed_len, f);
    }
    if (result == 0) {
        result = tp_software_seal_key(dir, sealed_len > 0, f);
    }
    if (result != 0) {
        return result;
    }
    tee_status status = tee_core_boot(&core, served->suite, encode_served(served, name),
                                      (tc_span){sealed, sealed_len}, blob, &blob_len);
    if (status != TEE_OK) {
        return boot_failed(status, served, f);
    }
    if (blob_len > 0) {
        log_line("first boot: new institution key and record key");
        return dir_replace(dir, DIR_STATE, blob, blob_len, f);
    }
    return 0;
}

#ifdef CADUCEUS_TEST_HOOKS
/* Only in the test build, which says that it can be debugged: what no client may do. */
#define OP_FORBIDDEN_CALL 0xFF00u /* a system call outside the filter, which must kill us */
#define OP_BREAK_RANDOM 0xFF01u   /* no randomness from now on */
#define OP_TELL_SECRETS 0xFF02u   /* record key, signing scalar, exchange scalar: 96 bytes */
#define OP_CRASH 0xFF03u

static uint8_t *volatile nowhere; /* volatile: no compiler may know */

static tee_status tell_secrets(uint8_t *out, size_t out_cap, size_t *out_len) {
    if (out_cap < TC_SYM_KEY_LEN + 2 * TC_SCALAR_LEN) {
        return TEE_E_PARAM;
    }
    *out_len = TC_SYM_KEY_LEN + 2 * TC_SCALAR_LEN;
    memcpy(out, core.keys.record_kek, TC_SYM_KEY_LEN);
    bool told = tc_key_scalar(core.keys.signing, out + TC_SYM_KEY_LEN) == 0
                && tc_key_scalar(core.keys.exchange, out + TC_SYM_KEY_LEN + TC_SCALAR_LEN) == 0;
    return told ? TEE_OK : TEE_E_PARAM;
}

/* Whether the operation was one of these. */
static bool hooked(uint16_t op, uint8_t *out, size_t out_cap, size_t *out_len, tee_status *status) {
    *out_len = 0;
    *status = TEE_OK;
    switch (op) {
    case OP_FORBIDDEN_CALL:
        *status = socket(AF_INET, SOCK_STREAM, 0) >= 0 ? TEE_OK : TEE_E_INTERNAL;
        return true;
    case OP_BREAK_RANDOM:
        tp_software_break_random();
        return true;
    case OP_TELL_SECRETS:
        *status = tell_secrets(out, out_cap, out_len);
        return true;
    case OP_CRASH:
        *nowhere = 1;
        return true;
    default:
        return false;
    }
}
#endif

tee_status host_call(uint16_t op, const uint8_t *in, size_t in_len, uint8_t *out, size_t out_cap,
                     size_t *out_len) {
#ifdef CADUCEUS_TEST_HOOKS
    tee_status status;
    if (hooked(op, out, out_cap, out_len, &status)) {
        return status;
    }
#endif
    return tee_core_call(&core, op, in, in_len, out, out_cap, out_len);
}

void host_end(void) {
    tee_core_wipe(&core);
    tc_shutdown();
}

int host_lockdown_begin(failure *f) {
    return lockdown_begin(f);
}

int host_lockdown(failure *f) {
    return lockdown_enter(f);
}
