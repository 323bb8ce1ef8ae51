#include "shamir.h"

#define MAX_HOLDERS 64u

uint8_t shamir_times(uint8_t a, uint8_t b) {
    uint8_t product = 0;
    for (unsigned i = 0; i < 8; i++) {
        product ^= (uint8_t)(a & (uint8_t)-(b & 1));
        a = (uint8_t)(a << 1 ^ (0x1b & (uint8_t) - (a >> 7)));
        b >>= 1;
    }
    return product;
}

/* a^254, which is 1/a for all but 0. */
static uint8_t inverse(uint8_t a) {
    uint8_t power = a;
    for (unsigned i = 0; i < 6; i++) {
        power = shamir_times(shamir_times(power, power), a);
    }
    return shamir_times(power, power);
}

static uint8_t place_of(unsigned holder) {
    return (uint8_t)(holder + 1);
}

void shamir_share(const uint8_t *secret, const uint8_t *coefficients, unsigned degree, size_t len,
                  unsigned holder, uint8_t *out) {
    uint8_t x = place_of(holder);
    for (size_t at = 0; at < len; at++) {
        uint8_t value = 0;
        for (unsigned i = degree; i-- > 0;) {
            value = shamir_times((uint8_t)(value ^ coefficients[i * len + at]), x);
        }
        out[at] = value ^ secret[at];
    }
}

uint8_t shamir_weight(uint64_t holders, unsigned holder) {
    uint8_t over = 1;
    uint8_t under = 1;
    for (unsigned other = 0; other < MAX_HOLDERS; other++) {
        if (other != holder && (holders >> other & 1) != 0) {
            over = shamir_times(over, place_of(other));
            under = shamir_times(under, place_of(other) ^ place_of(holder));
        }
    }
    return shamir_times(over, inverse(under));
}

void shamir_gather(uint8_t weight, const uint8_t *share, size_t len, uint8_t *secret) {
    for (size_t at = 0; at < len; at++) {
        secret[at] ^= shamir_times(weight, share[at]);
    }
}
