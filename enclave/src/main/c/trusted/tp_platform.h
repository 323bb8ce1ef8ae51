/*
 * The one seam between the trusted core and what it runs on. A port implements
 * these functions and nothing else; the core calls nothing outside them, libc's
 * memory functions and tc_crypto.
 *
 * The kind of port and its tier are compile-time facts: no flag, request or
 * file can make the software port claim another tier.
 */
#ifndef CADUCEUS_TP_PLATFORM_H
#define CADUCEUS_TP_PLATFORM_H

#include <stddef.h>
#include <stdint.h>

#include "tee_abi.h"

#if defined(CADUCEUS_PORT_SOFTWARE)
#define TP_PORT TEE_PORT_SOFTWARE
#define TP_TIER TEE_TIER_SIMULATED
#elif defined(CADUCEUS_PORT_OPENENCLAVE)
#define TP_PORT TEE_PORT_OPENENCLAVE
#if defined(CADUCEUS_ENCLAVE_DEBUG)
#define TP_TIER TEE_TIER_SIMULATED /* a debugger can read a DEBUG=1 enclave */
#else
#define TP_TIER TEE_TIER_ENCLAVE_SGX
#endif
#else
#error "define CADUCEUS_PORT_SOFTWARE or CADUCEUS_PORT_OPENENCLAVE"
#endif

#if defined(CADUCEUS_ENCLAVE_DEBUG) || defined(CADUCEUS_TEST_HOOKS)
#define TP_DEBUG 1
#else
#define TP_DEBUG 0
#endif

/* Fills out with random bytes fit for keys. 0, or -1 if there are none. */
int tp_random(uint8_t *out, size_t len);

/* Overwrites memory in a way no optimiser removes. */
void tp_zero(void *memory, size_t len);

/* Ends the instance at once; nothing is signed or stored afterwards. */
_Noreturn void tp_abort(const char *why);

/*
 * The platform's sealing key, 32 bytes: the same at each start of the same code
 * on the same platform, and unknown to other code. 0, or -1 if there is none.
 * The software port keeps it in a 0600 file, which protects it from nobody who
 * can read the member's files; see THREAT-MODEL.md.
 */
int tp_seal_key(uint8_t key[32]);

/* SHA-384 by which verifiers know this code; fixed for the instance's life. */
void tp_measurement(uint8_t out[TEE_MEASUREMENT_LEN]);

/*
 * The platform's own attestation of reportData, written to out. 0 and the
 * length, or -1. A port without hardware writes nothing (length 0).
 */
int tp_evidence(const uint8_t report_data[TEE_HASH_LEN], uint8_t *out, size_t cap, size_t *len);

/*
 * What a peer's platform vouches for: the tier, if its attestation is genuine, not
 * of a debuggable enclave, and names exactly this reportData and measurement; else
 * -1. A port without a verifier answers -1: nothing above SIMULATED is believed.
 */
int tp_verify_peer(const uint8_t *platform, size_t len, const uint8_t report_data[TEE_HASH_LEN],
                   const uint8_t measurement[TEE_MEASUREMENT_LEN]);

#endif
