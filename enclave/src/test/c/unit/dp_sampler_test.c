/*
 * The samplers have exactly the distributions they are named after. Fixed streams, so
 * each run draws the same numbers: a chi-square statistic over the cells that expect
 * at least 50 draws must stay below its 10^-6 quantile. The bytes drawn, and so the
 * whole arithmetic, are compared with another implementation in vectors/dp_vectors.c.
 */
#include "check.h"
#include "dp_sampler.h"
#include "dp_stream.h"
#include "tc_crypto.h"

#include <math.h>
#include <string.h>

#define DRAWS 200000u
#define REACH 4096

static double pmf[2 * REACH + 1];
static unsigned seen[2 * REACH + 1];

typedef int (*sampler)(dp_source *, uint64_t, uint64_t, int64_t *);

/* The exact probabilities, by their definition and normalised by their own sum. */
static void expect(bool gaussian, uint64_t num, uint64_t den) {
    double spread = (double)num / (double)den;
    double total = 0;
    for (int x = -REACH; x <= REACH; x++) {
        double weight = gaussian ? exp(-(double)x * x / (2 * spread)) : exp(-fabs((double)x) / spread);
        pmf[x + REACH] = weight;
        total += weight;
    }
    for (int i = 0; i <= 2 * REACH; i++) {
        pmf[i] /= total;
    }
}

static void draw_all(sampler draw, uint64_t num, uint64_t den, uint64_t seed) {
    dp_source source;
    memset(seen, 0, sizeof seen);
    dp_stream_begin(&source, seed);
    for (unsigned i = 0; i < DRAWS; i++) {
        int64_t x = 0;
        NEED(draw(&source, num, den, &x) == 0);
        NEED(x >= -REACH && x <= REACH);
        seen[x + REACH]++;
    }
}

/* The 1 - 10^-6 quantile of chi-square, by Wilson and Hilferty (1931). */
static double quantile(unsigned freedom) {
    double k = 2.0 / (9.0 * freedom);
    double root = 1 - k + 4.7534 * sqrt(k);
    return freedom * root * root * root;
}

static bool fits_pmf(void) {
    double statistic = 0;
    double rare_expected = 0;
    unsigned rare_seen = 0;
    unsigned cells = 0;
    for (int i = 0; i <= 2 * REACH; i++) {
        double expected = pmf[i] * DRAWS;
        if (expected < 50) {
            rare_expected += expected;
            rare_seen += seen[i];
            continue;
        }
        statistic += (seen[i] - expected) * (seen[i] - expected) / expected;
        cells++;
    }
    if (rare_expected >= 50) {
        statistic += (rare_seen - rare_expected) * (rare_seen - rare_expected) / rare_expected;
        cells++;
    }
    NEED(cells >= 3);
    return statistic < quantile(cells - 1);
}

static const uint64_t spreads[][2] = {{1, 1}, {1, 2}, {5, 2}, {17, 3}, {40, 1}, {100, 7}, {2, 3}};

static void laplace_draws_fit_the_exact_distribution(void) {
    for (size_t i = 0; i < sizeof spreads / sizeof spreads[0]; i++) {
        expect(false, spreads[i][0], spreads[i][1]);
        draw_all(dp_laplace, spreads[i][0], spreads[i][1], 100 + i);
        CHECK(fits_pmf());
    }
}

static void gaussian_draws_fit_the_exact_distribution(void) {
    for (size_t i = 0; i < sizeof spreads / sizeof spreads[0]; i++) {
        expect(true, spreads[i][0], spreads[i][1]);
        draw_all(dp_gaussian, spreads[i][0], spreads[i][1], 200 + i);
        CHECK(fits_pmf());
    }
}

/* The statistic tells neighbours apart, or the two tests above would prove nothing. */
static void a_slightly_different_distribution_does_not_fit(void) {
    draw_all(dp_gaussian, 40, 1, 300);
    expect(true, 43, 1);
    CHECK(!fits_pmf());
    expect(false, 5, 1);
    CHECK(!fits_pmf());
    draw_all(dp_laplace, 40, 1, 301);
    expect(false, 43, 1);
    CHECK(!fits_pmf());
}

/* Mean square of draws with the largest parameters: no intermediate has wrapped. */
static void the_largest_parameters_keep_their_spread(void) {
    const double n = 20000;
    dp_source source;
    double laplace = 0;
    double gaussian = 0;
    dp_stream_begin(&source, 400);
    for (unsigned i = 0; i < 20000; i++) {
        int64_t x = 0;
        NEED(dp_laplace(&source, DP_MAX_SCALE_NUM, 1, &x) == 0);
        CHECK(x > -DP_MAX_NOISE && x < DP_MAX_NOISE);
        laplace += (double)x * (double)x / n;
        NEED(dp_gaussian(&source, DP_MAX_VARIANCE_NUM, 1, &x) == 0);
        gaussian += (double)x * (double)x / n;
    }
    double scale = (double)DP_MAX_SCALE_NUM;
    CHECK(fabs(laplace / (2 * scale * scale) - 1) < 0.1);
    CHECK(fabs(gaussian / (double)DP_MAX_VARIANCE_NUM - 1) < 0.06);
}

/* Of the smallest variance next to nothing but 0 comes out. */
static void the_smallest_parameters_add_nothing(void) {
    dp_source source;
    dp_stream_begin(&source, 500);
    for (unsigned i = 0; i < 2000; i++) {
        int64_t x = 1;
        NEED(dp_gaussian(&source, 1, DP_MAX_DEN, &x) == 0);
        CHECK_IS(0, x);
        NEED(dp_laplace(&source, 1, DP_MAX_DEN, &x) == 0);
        CHECK_IS(0, x);
    }
}

static int fill_fails(uint8_t *out, size_t len) {
    memset(out, 0, len);
    return -1;
}

static void without_randomness_there_is_no_noise(void) {
    dp_source source;
    int64_t x = 1;
    dp_source_init(&source, fill_fails);
    CHECK_IS(-1, dp_laplace(&source, 10, 1, &x));
    CHECK_IS(0, x);
    CHECK_IS(-1, dp_gaussian(&source, 10, 1, &x));
    CHECK_IS(0, x);
}

int main(void) {
    NEED(tc_init() == 0);
    RUN(laplace_draws_fit_the_exact_distribution);
    RUN(gaussian_draws_fit_the_exact_distribution);
    RUN(a_slightly_different_distribution_does_not_fit);
    RUN(the_largest_parameters_keep_their_spread);
    RUN(the_smallest_parameters_add_nothing);
    RUN(without_randomness_there_is_no_noise);
    tc_shutdown();
    return check_report();
}
