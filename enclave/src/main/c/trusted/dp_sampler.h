/*
 * Exact noise for differential privacy: the discrete Laplace and the discrete
 * Gaussian of Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential
 * Privacy" (2020, arXiv 2004.00010), algorithms 1 to 3. Integers only: every coin is
 * tossed with a rational probability, by rejection from uniform integers, so that the
 * result has exactly the paper's distribution and no floating-point number can betray
 * the value under it (Mironov 2012).
 *
 * How the bytes of the source become coins is part of docs/reference/formats.md, so
 * that another implementation can replay a stream. How many are drawn, and hence the
 * time taken, depends on the noise: draw it before any data are looked at.
 */
#ifndef CADUCEUS_DP_SAMPLER_H
#define CADUCEUS_DP_SAMPLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Bounds of the parameters, with which no intermediate exceeds 127 bits (shown at
 * each step of dp_sampler.c) and every exact cost fits too (dp_query.c).
 */
#define DP_MAX_DEN ((uint64_t)1 << 16)          /* denominator of scale or variance */
#define DP_MAX_SCALE_NUM ((uint64_t)1 << 40)    /* numerator of a Laplace scale */
#define DP_MAX_VARIANCE_NUM ((uint64_t)1 << 52) /* numerator of a Gaussian variance */
/* No noise is as large: 256 scales of 2^40. */
#define DP_MAX_NOISE ((int64_t)1 << 48)

#define DP_SOURCE_BUFFER 256u

/*
 * Where randomness comes from. The product knows one source, dp_source_platform;
 * tests bring their own fill.
 */
typedef struct {
    int (*fill)(uint8_t *out, size_t len); /* 0, or -1 if there is no more */
    uint8_t buffer[DP_SOURCE_BUFFER];
    size_t used;
    bool failed; /* stays; what was drawn since is of no use */
} dp_source;

void dp_source_init(dp_source *source, int (*fill)(uint8_t *out, size_t len));
/* Draws from tp_random. */
void dp_source_platform(dp_source *source);
/* Overwrites what was read in advance. */
void dp_source_wipe(dp_source *source);

/*
 * P(x) in proportion to exp(-|x| den / num): scale num/den, with
 * 1 <= num <= DP_MAX_SCALE_NUM and 1 <= den <= DP_MAX_DEN. 0 or -1, the source failed.
 */
int dp_laplace(dp_source *source, uint64_t num, uint64_t den, int64_t *noise);

/*
 * P(x) in proportion to exp(-x^2 den / (2 num)): sigma^2 = num/den, with
 * 1 <= num <= DP_MAX_VARIANCE_NUM and 1 <= den <= DP_MAX_DEN. 0 or -1, the source failed.
 */
int dp_gaussian(dp_source *source, uint64_t num, uint64_t den, int64_t *noise);

#endif
