/* Secrets come back from any threshold of shares, and fewer say nothing of them. */
#include "check.h"
#include "shamir.h"

#include <string.h>

/* Products by FIPS 197 section 4.2. */
static void products_are_those_of_the_aes_field(void) {
    CHECK_IS(0xc1, shamir_times(0x57, 0x83));
    CHECK_IS(0xfe, shamir_times(0x57, 0x13));
    for (unsigned a = 0; a < 256; a++) {
        CHECK_IS(a, shamir_times((uint8_t)a, 1));
        CHECK_IS(0, shamir_times((uint8_t)a, 0));
        for (unsigned b = 0; b < 256; b++) {
            CHECK(shamir_times((uint8_t)a, (uint8_t)b) == shamir_times((uint8_t)b, (uint8_t)a));
            CHECK((shamir_times((uint8_t)a, (uint8_t)b) == 0) == (a == 0 || b == 0));
        }
    }
}

static const uint8_t secret[5] = {0, 1, 0x80, 0xff, 0x5a};
static uint8_t coefficients[63][5];

static void fill_coefficients(unsigned from) {
    for (unsigned i = 0; i < 63 * 5; i++) {
        coefficients[i / 5][i % 5] = (uint8_t)(i * 37 + from);
    }
}

/* Recovers from the holders of the set; returns whether the secret came out. */
static bool recovers(unsigned threshold, uint64_t holders) {
    uint8_t out[5] = {0};
    for (unsigned i = 0; i < 64; i++) {
        if ((holders >> i & 1) != 0) {
            uint8_t share[5];
            shamir_share(secret, coefficients[0], threshold - 1, 5, i, share);
            shamir_gather(shamir_weight(holders, i), share, 5, out);
        }
    }
    return memcmp(out, secret, 5) == 0;
}

static void every_threshold_of_six_recovers(void) {
    fill_coefficients(3);
    for (unsigned threshold = 1; threshold <= 6; threshold++) {
        for (uint64_t holders = 1; holders < 64; holders++) {
            unsigned count = 0;
            for (unsigned i = 0; i < 6; i++) {
                count += (unsigned)(holders >> i & 1);
            }
            CHECK(recovers(threshold, holders) == (count >= threshold));
        }
    }
}

static void sixty_four_holders_recover_together(void) {
    fill_coefficients(9);
    CHECK(recovers(64, UINT64_MAX));
    CHECK(!recovers(64, UINT64_MAX >> 1));
    CHECK(recovers(33, 0xffffffff00000001u));
}

/* With one share of two, every secret is as likely: each has one polynomial that fits. */
static void fewer_shares_fit_every_secret(void) {
    for (unsigned holder = 0; holder < 64; holder += 21) {
        bool seen[256] = {false};
        for (unsigned c = 0; c < 256; c++) {
            const uint8_t value = 0x42;
            const uint8_t coefficient = (uint8_t)c;
            uint8_t share;
            shamir_share(&value, &coefficient, 1, 1, holder, &share);
            CHECK(!seen[share]);
            seen[share] = true;
        }
    }
}

int main(void) {
    RUN(products_are_those_of_the_aes_field);
    RUN(every_threshold_of_six_recovers);
    RUN(sixty_four_holders_recover_together);
    RUN(fewer_shares_fit_every_secret);
    return check_report();
}
