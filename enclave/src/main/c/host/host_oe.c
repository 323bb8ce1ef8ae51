/*
 * The host's way to the core in the Open Enclave port. This process is untrusted:
 * it passes bytes on and keeps the two blobs that the enclave gives it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <openenclave/host.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "host_port.h"
#include "lockdown.h"
#include "tee_u.h"
#include "teed_log.h"

#define BLOB_MAX 1024u
#define ENCLAVE_FILE "caduceus-enclave.signed"
/* Room for an answer beyond the length of its request; server.c gives no less. */
#define ANSWER_EXTRA (TEE_MAX_EVIDENCE + 4096u)

static oe_enclave_t *enclave;

/* The enclave stands beside this executable. */
static int enclave_path(char *out, size_t cap, failure *f) {
    ssize_t len = readlink("/proc/self/exe", out, cap - 1);
    if (len <= 0) {
        return fail(f, TEED_EXIT_INTERNAL, "Expected the own path, but: %s", strerror(errno));
    }
    out[len] = '\0';
    char *name = strrchr(out, '/');
    size_t room = name == NULL ? 0 : cap - (size_t)(name + 1 - out);
    if (name == NULL || snprintf(name + 1, room, "%s", ENCLAVE_FILE) >= (int)room) {
        return fail(f, TEED_EXIT_INTERNAL, "Expected a shorter path to the enclave");
    }
    return 0;
}

static int create_enclave(failure *f) {
    char path[4096];
    uint32_t flags = 0;
#if defined(CADUCEUS_ENCLAVE_DEBUG)
    flags |= OE_ENCLAVE_FLAG_DEBUG;
#endif
    if (enclave_path(path, sizeof path, f) != 0) {
        return f->code;
    }
    oe_result_t made =
        oe_create_tee_enclave(path, OE_ENCLAVE_TYPE_SGX, flags, NULL, 0, &enclave);
    if (made != OE_OK) {
        return fail(f, TEED_EXIT_INTERNAL, "Expected an SGX enclave from " ENCLAVE_FILE
                                           ", but: %s", oe_result_str(made));
    }
    return 0;
}

/* What the enclave says it needs kept; the platform's part first. */
static int store_blobs(int dir, const uint8_t *platform, size_t platform_len, const uint8_t *blob,
                       size_t blob_len, failure *f) {
    if (platform_len > 0 && dir_replace(dir, DIR_UNSEAL, platform, platform_len, f) != 0) {
        return f->code;
    }
    return blob_len > 0 ? dir_replace(dir, DIR_STATE, blob, blob_len, f) : 0;
}

int host_boot(int dir, const served_member *served, failure *f) {
    uint8_t who[TEE_HASH_LEN + 1 + TEE_MAX_ID_LEN];
    uint8_t sealed[BLOB_MAX];
    uint8_t platform[BLOB_MAX];
    uint8_t blob[BLOB_MAX];
    uint8_t platform_out[BLOB_MAX];
    size_t sealed_len = 0;
    size_t platform_len = 0;
    size_t blob_len = 0;
    size_t platform_out_len = 0;
    uint32_t status = TEE_E_INTERNAL;
    size_t id_len = strlen(served->member);
    memcpy(who, served->chain_id, TEE_HASH_LEN);
    who[TEE_HASH_LEN] = (uint8_t)id_len;
    memcpy(who + TEE_HASH_LEN + 1, served->member, id_len);
    if (dir_read(dir, DIR_STATE, sealed, sizeof sealed, &sealed_len, f) != 0
        || dir_read(dir, DIR_UNSEAL, platform, sizeof platform, &platform_len, f) != 0
        || create_enclave(f) != 0) {
        return f->code;
    }
    if ((sealed_len > 0) != (platform_len > 0)) {
        return fail(f, TEED_EXIT_STATE, "Expected both " DIR_STATE " and " DIR_UNSEAL
                                        " or neither");
    }
    oe_result_t called =
        ecall_boot(enclave, &status, served->suite, who, TEE_HASH_LEN + 1 + id_len, sealed,
                   sealed_len, platform, platform_len, blob, sizeof blob, &blob_len, platform_out,
                   sizeof platform_out, &platform_out_len);
    if (called != OE_OK || blob_len > sizeof blob || platform_out_len > sizeof platform_out) {
        return fail(f, TEED_EXIT_INTERNAL, "Expected the enclave to boot, but: %s",
                    oe_result_str(called));
    }
    if (status == TEE_E_AUTH) {
        return fail(f, TEED_EXIT_STATE,
                    "Expected " DIR_STATE " to open for member %.64s of this chain on this "
                    "machine, but it was altered or belongs elsewhere",
                    served->member);
    }
    if (status == TEE_E_ALG_UNSUPPORTED) {
        return fail(f, TEED_EXIT_USAGE, "Expected a suite of this port, but it lacks number %u",
                    served->suite);
    }
    if (status != TEE_OK) {
        return fail(f, TEED_EXIT_INTERNAL, "Expected the enclave to boot, but status %u", status);
    }
    return store_blobs(dir, platform_out, platform_out_len, blob, blob_len, f);
}

tee_status host_call(uint16_t op, const uint8_t *in, size_t in_len, uint8_t *out, size_t out_cap,
                     size_t *out_len) {
    uint32_t status = TEE_E_INTERNAL;
    /* All of it crosses the boundary, whether the answer fills it or not. */
    size_t most = in_len + ANSWER_EXTRA;
    size_t cap = out_cap < most ? out_cap : most;
    *out_len = 0;
    oe_result_t called = ecall_call(enclave, &status, op, in, in_len, out, cap, out_len);
    if (called != OE_OK || status > TEE_E_INTERNAL || (status == TEE_OK && *out_len > cap)) {
        log_line("the enclave did not answer: %s", oe_result_str(called));
        *out_len = 0;
        return TEE_E_INTERNAL;
    }
    return (tee_status)status;
}

void host_end(void) {
    if (enclave != NULL) {
        ecall_end(enclave);
        oe_terminate_enclave(enclave);
        enclave = NULL;
    }
}

int host_lockdown_begin(failure *f) {
    return lockdown_begin(f);
}

/* No system call filter: the SGX driver and quote provider need their own. */
int host_lockdown(failure *f) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return fail(f, TEED_EXIT_INTERNAL, "Expected to forbid new privileges, but: %s",
                    strerror(errno));
    }
    return 0;
}
