/*
 * Records at rest: SEAL and OPEN.
 *
 * A sealed record is
 *   tag 8 `CDC1SEAL`, port 1, tier 1, nonce 24, wrapped data key 32, its tag 16,
 *   ciphertext, tag 16.
 * Each record has its own random data key, which encrypts once (as the keys' suite
 * does, zero nonce) and is itself wrapped under the record key encryption key. Both layers
 * authenticate port, tier, chain and member, the inner one the caller's context
 * too, so that a record opens only where and as what it was sealed.
 */
#ifndef CADUCEUS_ENVELOPE_H
#define CADUCEUS_ENVELOPE_H

#include "keystore.h"

/*
 * Writes plaintext.len + TEE_SEAL_OVERHEAD bytes to out, which may not overlap
 * the inputs. TEE_OK or TEE_E_INTERNAL.
 */
tee_status envelope_seal(const keystore *keys, const identity *who, tc_span context,
                         tc_span plaintext, uint8_t *out);

/* Writes record.len - TEE_SEAL_OVERHEAD bytes to out. One failure only: E_AUTH. */
tee_status envelope_open(const keystore *keys, const identity *who, tc_span context,
                         tc_span record, uint8_t *out);

#endif
