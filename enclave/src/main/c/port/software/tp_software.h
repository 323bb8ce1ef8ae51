/* What the software port's host part must tell it before the core boots. */
#ifndef CADUCEUS_TP_SOFTWARE_H
#define CADUCEUS_TP_SOFTWARE_H

#include <stdbool.h>

#include "member_dir.h"

/* Measures the running executable: SHA-384 of /proc/self/exe. */
int tp_software_measure(failure *f);

/*
 * Reads tee.unseal, or makes one at the first boot (no sealed state yet).
 * Refuses if only one of the two files is there: new keys would silently take
 * the place of the member's.
 */
int tp_software_seal_key(int dir, bool have_state, failure *f);

#ifdef CADUCEUS_TEST_HOOKS
/* Makes tp_random fail from now on. */
void tp_software_break_random(void);
#endif

#endif
