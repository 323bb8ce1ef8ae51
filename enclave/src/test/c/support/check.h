/* The whole test framework: CHECK counts failures, RUN names a test. */
#ifndef CADUCEUS_CHECK_H
#define CADUCEUS_CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static int check_failures;
static const char *check_name = "";

static inline bool check_that(bool held, const char *what, const char *file, int line) {
    if (!held) {
        check_failures++;
        fprintf(stderr, "%s:%d: in %s: expected %s\n", file, line, check_name, what);
    }
    return held;
}

static inline bool check_number(long long got, long long want, const char *what, const char *file,
                                int line) {
    if (got != want) {
        check_failures++;
        fprintf(stderr, "%s:%d: in %s: expected %s to be %lld, but it is %lld\n", file, line,
                check_name, what, want, got);
    }
    return got == want;
}

#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)
#define CHECK_IS(want, got) \
    check_number((long long)(got), (long long)(want), #got, __FILE__, __LINE__)
/* What a test cannot go on without. */
#define NEED(condition) \
    do { \
        if (!CHECK(condition)) { \
            exit(1); \
        } \
    } while (0)

#define RUN(test) \
    do { \
        check_name = #test; \
        test(); \
    } while (0)

static inline int check_report(void) {
    if (check_failures != 0) {
        fprintf(stderr, "%d failed\n", check_failures);
    }
    return check_failures == 0 ? 0 : 1;
}

#endif
