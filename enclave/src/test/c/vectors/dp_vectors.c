/*
 * Noise, bit for bit: replays the streams of privacy-vectors.txt, whose draws were
 * computed by ledger-core's test-side oracle, an implementation of its own.
 *
 * Lines "laplace NUM DEN SEED DRAWN = x x x ...": the first draws of the stream
 * (support/dp_stream.h), and how many bytes of it they take.
 */
#include <inttypes.h>
#include <string.h>

#include "check.h"
#include "dp_stream.h"
#include "tc_crypto.h"

#define LINE_MAX_LEN 4096u

static void check_line(char *line) {
    char kind[16];
    uint64_t num = 0;
    uint64_t den = 0;
    uint64_t seed = 0;
    uint64_t drawn = 0;
    int at = 0;
    dp_source source;
    NEED(sscanf(line, "%15s %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " =%n", kind, &num, &den,
                &seed, &drawn, &at) == 5
         && at > 0);
    bool gaussian = strcmp(kind, "gaussian") == 0;
    NEED(gaussian || strcmp(kind, "laplace") == 0);
    dp_stream_begin(&source, seed);
    int64_t expected = 0;
    for (int used = 0; sscanf(line + at, "%" SCNd64 "%n", &expected, &used) == 1; at += used) {
        int64_t x = 0;
        NEED((gaussian ? dp_gaussian : dp_laplace)(&source, num, den, &x) == 0);
        CHECK_IS(expected, x);
    }
    CHECK_IS(drawn, dp_stream_drawn(&source));
}

int main(int argc, char **argv) {
    static char line[LINE_MAX_LEN];
    unsigned lines = 0;
    NEED(argc == 2 && tc_init() == 0);
    FILE *file = fopen(argv[1], "r");
    NEED(file != NULL);
    check_name = "privacy-vectors";
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] != '#') {
            check_line(line);
            lines++;
        }
    }
    CHECK(lines >= 12);
    NEED(fclose(file) == 0);
    tc_shutdown();
    return check_report();
}
