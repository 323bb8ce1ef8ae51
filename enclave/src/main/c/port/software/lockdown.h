/*
 * What the software port gives up once it is booted: new privileges, core dumps,
 * being traced by its own uid, swapping its pages out, and every system call that
 * serving one socket does not need (any other kills the process).
 *
 * It protects the keys from a bug in this process and from other processes of the
 * machine's users. It does not protect them from root; see THREAT-MODEL.md.
 */
#ifndef CADUCEUS_LOCKDOWN_H
#define CADUCEUS_LOCKDOWN_H

#include "member_dir.h"

/*
 * First thing in the process: empties the environment in place, so that
 * /proc/PID/environ shows none, and forbids core dumps and tracing.
 */
int lockdown_begin(failure *f);

/*
 * After the boot: locks memory, filters system calls. Irrevocable. Warns in the
 * log where a step is not permitted.
 */
int lockdown_enter(failure *f);

#endif
