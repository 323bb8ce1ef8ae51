/*
 * Records at rest: SEAL and OPEN.
 *
 * A sealed record is
 *   tag 8 `CDC1SEAL`, port 1, tier 1, nonce 24, wrapped data key 32, its tag 16,
 *   ciphertext, tag 16.
 * Each record has its own random data key, which encrypts once (as the keys' suite
 * does, zero nonce) and is itself wrapped under the record key encryption key. Both
 * layers authenticate port, tier, chain, member and the caller's context, so that a
 * record opens only where and as what it was sealed, and its key is given away only as
 * the key of that very record.
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

/* The data key of the record that begins with head. E_AUTH or OK. */
tee_status envelope_unwrap(const keystore *keys, const identity *who, tc_span context,
                           const uint8_t head[TEE_SEAL_HEAD_LEN],
                           uint8_t data_key[TC_SYM_KEY_LEN]);

/*
 * Opens a record of any holder of this chain with its data key, on whatever port it was
 * sealed. Output and statuses as of envelope_open.
 */
tee_status envelope_open_with(uint8_t suite, const uint8_t data_key[TC_SYM_KEY_LEN],
                              const identity *holder, tc_span context, tc_span record,
                              uint8_t *out);

/* Writes record.len - TEE_SEAL_OVERHEAD bytes to out. One failure only: E_AUTH. */
tee_status envelope_open(const keystore *keys, const identity *who, tc_span context,
                         tc_span record, uint8_t *out);

#endif
