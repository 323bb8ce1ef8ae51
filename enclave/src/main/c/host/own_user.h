/*
 * An instance with a user of its own, which only root can start: then not even the
 * JVM that uses the enclave can read its files. Root gives the member's directory
 * to that user and becomes it for good, before any key is made or read.
 */
#ifndef CADUCEUS_OWN_USER_H
#define CADUCEUS_OWN_USER_H

#include <stdbool.h>
#include <sys/types.h>

#include "member_dir.h"

/*
 * A user of the machine and its primary group. Names are looked up in /etc/passwd
 * alone, so that no code of a directory service is loaded into this process; a
 * number without an entry there has the group of the same number.
 */
typedef struct {
    bool given;
    uid_t uid;
    gid_t gid;
} account;

/* The account of a name or number; false if there is none, or it is root's. */
bool account_find(const char *name, account *out);

/*
 * As root: makes the directory, which must be root's or the user's, and the files in
 * it the user's, with the client's group on it if a client is given. 0, or the exit
 * code noted in f.
 */
int dir_hand_over(int dir, const account *user, const account *client, failure *f);

/*
 * As root: becomes the user, without groups or a way back, and may lock memory without
 * limit. 0, or the exit code noted in f.
 */
int become_user(const account *user, failure *f);

#endif
