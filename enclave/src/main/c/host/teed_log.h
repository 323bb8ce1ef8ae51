/*
 * The log of one enclave process: DIR/tee.log, opened once and kept open, since
 * nothing can be opened after lockdown. Lines say what happened, never contents
 * of requests, keys or records. Bounded: an endless loop of clients cannot fill
 * the disk.
 */
#ifndef CADUCEUS_TEED_LOG_H
#define CADUCEUS_TEED_LOG_H

#include <stddef.h>

/* Takes over an open descriptor; a file over 1 MiB is emptied first. */
void log_start(int fd);

/* One line: UTC time, pid, the formatted text. Keeps errno. */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
