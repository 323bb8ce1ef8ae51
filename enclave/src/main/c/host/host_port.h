/*
 * How the host process reaches the trusted core: directly in the software port,
 * through ecalls in the Open Enclave port. One implementation per port.
 */
#ifndef CADUCEUS_HOST_PORT_H
#define CADUCEUS_HOST_PORT_H

#include <stddef.h>
#include <stdint.h>

#include "member_dir.h"
#include "tee_abi.h"

/* Whom the instance serves, as given on the command line. */
typedef struct {
    uint8_t chain_id[TEE_HASH_LEN];
    const char *member;
    uint8_t suite; /* TEE_SUITE_... */
} served_member;

/*
 * Boots the trusted core: loads or creates tee.state in the directory. 0, or the
 * exit code noted in f. Runs before lockdown.
 */
int host_boot(int dir, const served_member *served, failure *f);

/* Serves one request; see tee_core_call. */
tee_status host_call(uint16_t op, const uint8_t *in, size_t in_len, uint8_t *out, size_t out_cap,
                     size_t *out_len);

/* Overwrites all keys. */
void host_end(void);

/*
 * Hide the process from its neighbours first of all, and after the boot give up
 * every right it no longer needs; see port/software/lockdown.h. 0, or the exit
 * code noted in f.
 */
int host_lockdown_begin(failure *f);
int host_lockdown(failure *f);

#endif
