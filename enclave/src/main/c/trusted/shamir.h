/*
 * Shamir's secret sharing (1979), byte by byte over GF(2^8) with the polynomial of AES
 * (FIPS 197 section 4.2). Holder i, from 0, has the share at x = i + 1. No table and no
 * branch depends on a secret.
 */
#ifndef CADUCEUS_SHAMIR_H
#define CADUCEUS_SHAMIR_H

#include <stddef.h>
#include <stdint.h>

/* Product in GF(2^8). */
uint8_t shamir_times(uint8_t a, uint8_t b);

/*
 * The holder's share of a secret of len bytes: the value at x of the polynomial whose
 * constant is the secret and whose degree further coefficients, len bytes each, were
 * drawn at random. degree + 1 shares are needed to recover it; fewer tell nothing.
 */
void shamir_share(const uint8_t *secret, const uint8_t *coefficients, unsigned degree, size_t len,
                  unsigned holder, uint8_t *out);

/* By what a holder's share counts when exactly the holders of the bitmap give theirs. */
uint8_t shamir_weight(uint64_t holders, unsigned holder);

/* Adds a weighted share to what recovers the secret; begin with zeros. */
void shamir_gather(uint8_t weight, const uint8_t *share, size_t len, uint8_t *secret);

#endif
