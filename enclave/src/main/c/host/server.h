/*
 * Serves clients on a listening socket, one after another, until SIGTERM.
 *
 * While one client is served, the next waits in the backlog. When a client goes
 * away the instance keeps its keys and state and takes the next: a restarted JVM
 * finds the enclave it left.
 */
#ifndef CADUCEUS_SERVER_H
#define CADUCEUS_SERVER_H

#include <sys/types.h>

#include "host_port.h"

/* Blocks the signals it handles and allocates; before lockdown. */
int server_prepare(int listen_fd, failure *f);

/* Serves clients of that uid too, besides root and the own. */
void server_allow(uid_t uid);

/* Returns when told to stop: 0, or an exit code. */
int server_run(void);

#endif
