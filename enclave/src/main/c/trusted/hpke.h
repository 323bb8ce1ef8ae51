/*
 * Hybrid public key encryption (RFC 9180), base mode, one message a key:
 * DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
 */
#ifndef CADUCEUS_HPKE_H
#define CADUCEUS_HPKE_H

#include "tc_crypto.h"

#define HPKE_OVERHEAD TC_GCM_TAG_LEN

/*
 * Encrypts in for the holder of peer: enc is the encapsulated key, out gets
 * in.len + HPKE_OVERHEAD bytes. 0, or -1 if peer is no point of P-256.
 */
int hpke_seal(const uint8_t peer[TEE_KEY_LEN], tc_span info, tc_span aad, tc_span in,
              uint8_t enc[TEE_KEY_LEN], uint8_t *out);

/* The reverse: in.len - HPKE_OVERHEAD bytes to out. -1, with out zeroed, on any failure. */
int hpke_open(const tc_key *own, const uint8_t enc[TEE_KEY_LEN], tc_span info, tc_span aad,
              tc_span in, uint8_t *out);

#endif
