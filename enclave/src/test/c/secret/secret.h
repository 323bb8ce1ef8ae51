/*
 * Secrets under valgrind: memcheck follows bytes that were never written into every
 * value computed from them, and reports a branch or an address that depends on one.
 * Marking secrets as such bytes makes it a check of constant time (the idea is
 * Adam Langley's ctgrind). Only our own code is judged: crypto_double.c stands for
 * OpenSSL and for the files that call it (tc_crypto.c, tc_gcm_evp.c, tc_sm_evp.c), and says
 * which outputs are public: public keys, signatures, ciphertext, tags, whether something
 * fits. What a test declares public besides: nonces that were drawn with keys, round keys
 * and masked sums once they are answers, and the two below. Signing with SM2 itself is
 * OpenSSL's; the second suite's way through our code runs as the first one's does.
 */
#ifndef CADUCEUS_SECRET_H
#define CADUCEUS_SECRET_H

#include <stddef.h>
#include <stdint.h>
#include <valgrind/memcheck.h>

/*
 * What is no secret although it looks like one (THREAT-MODEL.md, "Privacy" and "Side
 * channels"); crypto_double.c asks, a test sets it for one request.
 */
extern size_t opened_public; /* first bytes of longer opened texts, of which a host may learn */
extern int random_public;    /* the samplers of noise branch by what they draw */

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
