/* HKDF with SHA-256 (RFC 5869), outputs of at most one block. */
#ifndef CADUCEUS_HKDF_H
#define CADUCEUS_HKDF_H

#include "tc_crypto.h"

/* salt null: as many zeros as a hash has. 0 or -1. */
int hkdf_extract(const uint8_t salt[TEE_HASH_LEN], const tc_span *parts, size_t count,
                 uint8_t prk[TEE_HASH_LEN]);

/* The first len bytes of output, at most 32; info is the spans one after another. 0 or -1. */
int hkdf_expand(const uint8_t prk[TEE_HASH_LEN], const tc_span *info, size_t count, uint8_t *out,
                size_t len);

#endif
