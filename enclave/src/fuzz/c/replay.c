/*
 * Runs a harness without libFuzzer: over the golden vectors and the regression
 * inputs of corpus/, each as it is, cut short, and with bytes changed at fixed
 * places, so that every build does the same. Files hold hex, "name = hex" or hex
 * alone on a line.
 */
#include "fuzz.h"

#define INPUT_MAX 16384u
#define PREFIX_MAX 2u

static uint8_t input[INPUT_MAX + PREFIX_MAX];
static unsigned long runs;

static int nibble(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void run(const uint8_t *data, size_t len) {
    LLVMFuzzerTestOneInput(data, len);
    runs++;
}

/* The bytes at input + PREFIX_MAX, and variants of them. */
static void run_variants(size_t len) {
    uint8_t *data = input + PREFIX_MAX;
    size_t step = len / 40 + 1;
    run(data, len);
    for (size_t cut = 0; cut < len; cut += step) {
        run(data, cut);
    }
    for (size_t at = 0; at < len; at += step) {
        static const uint8_t changes[] = {0x01, 0x80, 0xff};
        for (size_t i = 0; i < sizeof changes; i++) {
            data[at] ^= changes[i];
            run(data, len);
            data[at] ^= changes[i];
        }
    }
    for (unsigned op = 0; op < 32; op++) { /* as the payload of each operation */
        static const uint8_t rooms[] = {0, 4, 0x80, 0x84}; /* and suites, see fuzz_core.c */
        for (size_t i = 0; i < sizeof rooms; i++) {
            input[0] = (uint8_t)op;
            input[1] = rooms[i];
            run(input, len + PREFIX_MAX);
        }
    }
}

static void run_file(const char *path) {
    static char line[2 * INPUT_MAX + 128];
    FILE *file = fopen(path, "r");
    FUZZ_NEED(file != NULL);
    while (fgets(line, sizeof line, file) != NULL) {
        const char *equals = strstr(line, " = ");
        const char *hex = equals == NULL ? line : equals + 3;
        size_t len = 0;
        while (line[0] != '#' && len < INPUT_MAX && nibble(hex[2 * len]) >= 0
               && nibble(hex[2 * len + 1]) >= 0) {
            input[PREFIX_MAX + len] =
                (uint8_t)(nibble(hex[2 * len]) * 16 + nibble(hex[2 * len + 1]));
            len++;
        }
        if (len > 0) {
            run_variants(len);
        }
    }
    fclose(file);
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        run_file(argv[i]);
    }
    printf("%lu inputs\n", runs);
    return runs > 1000 ? 0 : 1; /* no inputs, no test */
}
