/*
 * The member's directory: the only files an enclave process reads and writes.
 *
 *   tee.sock    socket its client connects to (0600; 0660 for a client of another uid)
 *   tee.lock    held (flock) while an instance serves the directory
 *   tee.pid     pid of that instance; empty after a clean end, and meaningless
 *               unless the lock is held
 *   tee.log     what happened, without contents
 *   tee.state   sealed long-lived keys
 *   tee.unseal  software port only: the key that opens tee.state
 *
 * All files are opened relative to one descriptor of the directory, before
 * lockdown. Only their owner can read them.
 */
#ifndef CADUCEUS_MEMBER_DIR_H
#define CADUCEUS_MEMBER_DIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIR_SOCKET "tee.sock"
#define DIR_LOCK "tee.lock"
#define DIR_PID "tee.pid"
#define DIR_LOG "tee.log"
#define DIR_STATE "tee.state"
#define DIR_UNSEAL "tee.unseal"

/* Outcomes: 0 is success, otherwise a TEED_EXIT_ code and a text in why. */
typedef struct {
    int code;
    char why[256];
} failure;

/* Notes a failure; keeps the first. Returns its code. */
int fail(failure *f, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Mode of a directory whose socket another uid may use: its group may pass, not look,
 * and what is made in it has its group. */
#define DIR_SHARED_MODE 02710u

/*
 * Descriptor of a directory, whoever's it is; -1 on failure. Its own name is never a
 * symbolic link; with no_links nothing in the path is, so that who may write to a
 * directory above cannot make root give away another one.
 */
int dir_open(const char *path, bool no_links, failure *f);

/* Whether it is ours and has the mode. 0, or the exit code noted in f. */
int dir_check(int dir, unsigned mode, failure *f);

/* Holds the directory's lock until the process ends; -1 on failure. */
int dir_lock(int dir, failure *f);

/* Opens (creating, 0600) for appending or, if truncate, for rewriting. */
int dir_file(int dir, const char *name, int truncate, failure *f);

/* Reads a whole file of at most cap bytes. *len is 0 if there is none. */
int dir_read(int dir, const char *name, uint8_t *out, size_t cap, size_t *len, failure *f);

/* Replaces a file as a whole and durably: temporary, fsync, rename, fsync. */
int dir_replace(int dir, const char *name, const uint8_t *data, size_t len, failure *f);

/*
 * A listening socket tee.sock of that mode (0600, or 0660 in a directory of
 * DIR_SHARED_MODE) in place of any left-over one; -1 on failure.
 */
int dir_listen(int dir, unsigned mode, failure *f);

#endif
