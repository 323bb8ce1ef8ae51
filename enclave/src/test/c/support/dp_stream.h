/*
 * The deterministic source of noise: block i of stream `seed` is
 * SHA-256("CDC1DPTS" || seed 8 || i 8). For tests only; it is in no product.
 */
#ifndef CADUCEUS_DP_STREAM_H
#define CADUCEUS_DP_STREAM_H

#include "dp_sampler.h"

/* Begins the stream anew; there is one at a time. */
void dp_stream_begin(dp_source *source, uint64_t seed);
/* How many of its bytes were drawn. */
uint64_t dp_stream_drawn(const dp_source *source);

#endif
