#include "dp_sampler.h"

#include "tp_platform.h"

/* C11 has no 128-bit type; both compilers that build the core do. */
__extension__ typedef unsigned __int128 u128;

/*
 * The exponential part of a Laplace draw stops here. It gets there with probability
 * exp(-256) < 2^-369 and then the draw begins anew; the bound on |x| that follows is
 * what keeps the arithmetic below within its integers.
 */
#define MAX_DECAYS 256u
/* The series of algorithm 1 gets to its k-th coin with probability 1 / (k-1)!. */
#define MAX_SERIES 4096u

void dp_source_init(dp_source *source, int (*fill)(uint8_t *out, size_t len)) {
    source->fill = fill;
    source->used = DP_SOURCE_BUFFER;
    source->failed = false;
}

void dp_source_platform(dp_source *source) {
    dp_source_init(source, tp_random);
}

void dp_source_wipe(dp_source *source) {
    tp_zero(source->buffer, sizeof source->buffer);
    source->used = DP_SOURCE_BUFFER;
}

static uint8_t next_byte(dp_source *source) {
    if (source->used == DP_SOURCE_BUFFER) {
        source->failed = source->failed || source->fill(source->buffer, DP_SOURCE_BUFFER) != 0;
        source->used = 0;
    }
    return source->failed ? 0 : source->buffer[source->used++];
}

static unsigned bit_length(u128 value) {
    unsigned bits = 0;
    for (; value != 0; value >>= 1) {
        bits++;
    }
    return bits;
}

/*
 * Uniform in 0 .. n - 1: as many bytes as n - 1 has, the first the highest, its bits
 * above those of n - 1 cleared; again until the number is below n.
 */
static u128 uniform(dp_source *source, u128 n) {
    unsigned bits = bit_length(n - 1);
    unsigned bytes = (bits + 7) / 8;
    u128 mask = ((u128)1 << bits) - 1;
    while (!source->failed) {
        u128 value = 0;
        for (unsigned i = 0; i < bytes; i++) {
            value = value << 8 | next_byte(source);
        }
        value &= mask;
        if (value < n) {
            return value;
        }
    }
    return 0;
}

/* One with probability p/q, p <= q. */
static bool coin(dp_source *source, u128 p, u128 q) {
    return uniform(source, q) < p;
}

/* Algorithm 1, first half: one with probability exp(-p/q), p <= q < 2^115. */
static bool coin_exp_fraction(dp_source *source, u128 p, u128 q) {
    unsigned k = 1;
    while (!source->failed && k < MAX_SERIES && coin(source, p, q * k)) { /* q k < 2^127 */
        k++;
    }
    return k % 2 == 1;
}

/* Algorithm 1: one with probability exp(-p/q), q < 2^115. */
static bool coin_exp(dp_source *source, u128 p, u128 q) {
    while (p > q) {
        if (source->failed || !coin_exp_fraction(source, 1, 1)) {
            return false;
        }
        p -= q;
    }
    return coin_exp_fraction(source, p, q);
}

/* Algorithm 2 with t = num and s = den; |result| < MAX_DECAYS * num. */
static int64_t laplace(dp_source *source, uint64_t num, uint64_t den) {
    while (!source->failed) {
        uint64_t u = (uint64_t)uniform(source, num);
        if (!coin_exp(source, u, num)) {
            continue;
        }
        uint64_t v = 0;
        while (!source->failed && v < MAX_DECAYS && coin_exp_fraction(source, 1, 1)) {
            v++;
        }
        if (v == MAX_DECAYS) {
            continue;
        }
        uint64_t y = (u + num * v) / den; /* below 2^40 * 2^8 */
        bool negative = coin(source, 1, 2);
        if (negative && y == 0) {
            continue; /* or zero would be twice as likely as it should */
        }
        return negative ? -(int64_t)y : (int64_t)y;
    }
    return 0;
}

/* floor(sqrt(value)). */
static uint64_t root_of(uint64_t value) {
    uint64_t root = 0;
    for (uint64_t bit = (uint64_t)1 << 31; bit != 0; bit >>= 1) {
        uint64_t next = root | bit;
        if (next * next <= value) {
            root = next;
        }
    }
    return root;
}

int dp_laplace(dp_source *source, uint64_t num, uint64_t den, int64_t *noise) {
    *noise = laplace(source, num, den);
    return source->failed ? -1 : 0;
}

/*
 * Algorithm 3 with t = floor(sigma) + 1. A candidate y is kept with probability
 *   exp(-(|y| - sigma^2/t)^2 / (2 sigma^2)) = exp(-(|y| t den - num)^2 / (2 num den t^2)).
 * As t <= 2 max(sigma, 1), t^2 den <= 4 max(num, den) <= 2^54; with |y| < 2^8 t the
 * base is below 2^62 and its square below 2^124; the divisor is at most
 * 2 * 2^52 * 2^54 = 2^107.
 */
int dp_gaussian(dp_source *source, uint64_t num, uint64_t den, int64_t *noise) {
    uint64_t t = root_of(num / den) + 1;
    const u128 divisor = (u128)2 * num * den * t * t;
    *noise = 0;
    while (!source->failed) {
        int64_t y = laplace(source, t, 1);
        u128 reach = (u128)(y < 0 ? -y : y) * t * den;
        u128 base = reach > num ? reach - num : num - reach;
        if (coin_exp(source, base * base, divisor)) {
            *noise = y;
            break;
        }
    }
    return source->failed ? -1 : 0;
}
