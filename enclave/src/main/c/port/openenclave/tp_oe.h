/* What the ecalls tell the Open Enclave port before the core boots. */
#ifndef CADUCEUS_TP_OE_H
#define CADUCEUS_TP_OE_H

#include <stddef.h>
#include <stdint.h>

/* Security versions the sealing key was derived for: ISVSVN 2, CPUSVN 16. */
#define TP_OE_PLATFORM_LEN 18u

/*
 * Measures this enclave and refuses one whose DEBUG bit differs from what the
 * code was built as. 0 or -1.
 */
int tp_oe_measure(void);

/*
 * Derives the sealing key: for the platform's present security versions if len is
 * 0, which are then written to out, else for those stored. 0 or -1.
 */
int tp_oe_seal_key(const uint8_t *stored, size_t len, uint8_t out[TP_OE_PLATFORM_LEN],
                   size_t *out_len);

#endif
