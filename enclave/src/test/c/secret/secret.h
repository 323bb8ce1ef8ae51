/*
 * Secrets under valgrind: memcheck follows bytes that were never written into every
 * value computed from them, and reports a branch or an address that depends on one.
 * Marking secrets as such bytes makes it a check of constant time (the idea is
 * Adam Langley's ctgrind). Only our own code is judged: crypto_double.c stands for
 * the library, and says which of its outputs are public.
 */
#ifndef CADUCEUS_SECRET_H
#define CADUCEUS_SECRET_H

#include <stddef.h>
#include <stdint.h>
#include <valgrind/memcheck.h>

#define SECRET(data, len) ((void)VALGRIND_MAKE_MEM_UNDEFINED((data), (len)))
/* What leaves the enclave anyway, or what a caller may know. */
#define PUBLIC(data, len) ((void)VALGRIND_MAKE_MEM_DEFINED((data), (len)))
/* Whether some byte is followed as a secret: if not, nothing was tested. No report. */
static inline int is_secret(const void *data, size_t len) {
    uint8_t any = 0;
    for (size_t i = 0; i < len; i++) {
        uint8_t unwritten = 0;
        (void)VALGRIND_GET_VBITS((const uint8_t *)data + i, &unwritten, 1);
        any |= unwritten;
    }
    return any != 0;
}

#endif
