/*
 * The trusted core as its callers see it: boot, then one call at a time.
 *
 * The creator of a tee_core MUST call tee_core_boot first and give every later
 * call a private copy of the request, which the core may read twice; MUST store
 * the sealed blob that boot returns before it lets anybody use the keys; MAY end
 * at any time with tee_core_wipe.
 */
#ifndef CADUCEUS_TEE_CORE_H
#define CADUCEUS_TEE_CORE_H

#include "checker.h"
#include "checkpoint.h"
#include "dp_query.h"
#include "keystore.h"
#include "secagg.h"

typedef struct {
    bool booted;
    bool dead; /* an invariant failed: E_INTERNAL for ever */
    identity who;
    keystore keys;
    checker ck;
    checkpoint_log checkpoints;
    dp_session dp;
    agg_round agg;
} tee_core;

/*
 * Starts an instance for the identity (chainId 32, idLength 1, id), of one suite for
 * its life and that of its sealed keys. sealed is the blob of an earlier boot, or
 * empty at the first one; then, and only then, a new blob is written to blob and
 * *blob_len is not 0.
 * E_PARAM, E_STATE (booted before), E_ALG_UNSUPPORTED (no such suite in this port),
 * E_AUTH (not this suite's and identity's blob), E_INTERNAL.
 */
tee_status tee_core_boot(tee_core *core, uint8_t suite, tc_span who, tc_span sealed,
                         uint8_t blob[KEYSTORE_BLOB_LEN], size_t *blob_len);

/*
 * Serves one request. On TEE_OK *out_len bytes of the answer are in out; on
 * TEE_E_SHORT nothing was changed and *out_len is the length that would do; on
 * any other status *out_len is 0.
 */
tee_status tee_core_call(tee_core *core, uint16_t op, const uint8_t *in, size_t in_len,
                         uint8_t *out, size_t out_cap, size_t *out_len);

/* Overwrites every key and all state. */
void tee_core_wipe(tee_core *core);

#endif
