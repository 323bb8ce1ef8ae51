#define _GNU_SOURCE
#include "own_user.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tee_abi.h"

/* Whether the entry is the one meant: by name, or by number. */
static bool is_meant(const struct passwd *entry, const char *name, bool number, unsigned long uid) {
    return number ? entry->pw_uid == uid : strcmp(entry->pw_name, name) == 0;
}

bool account_find(const char *name, account *out) {
    char *end = NULL;
    bool number = *name >= '0' && *name <= '9';
    unsigned long uid = number ? strtoul(name, &end, 10) : 0;
    if (number && (*end != '\0' || uid > INT_MAX)) {
        return false;
    }
    *out = (account){number, (uid_t)uid, (gid_t)uid};
    FILE *users = fopen("/etc/passwd", "re");
    struct passwd *entry = NULL;
    while (users != NULL && (entry = fgetpwent(users)) != NULL) {
        if (is_meant(entry, name, number, uid)) {
            *out = (account){true, entry->pw_uid, entry->pw_gid};
            break;
        }
    }
    if (users != NULL) {
        fclose(users);
    }
    return out->given && out->uid != 0;
}

/* A file that an instance under root left; what is not there needs no owner. */
static bool take_over(int dir, const char *name, const account *user) {
    struct stat info;
    if (fstatat(dir, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT;
    }
    return info.st_uid == user->uid
           || (info.st_uid == 0
               && fchownat(dir, name, user->uid, user->gid, AT_SYMLINK_NOFOLLOW) == 0);
}

int dir_hand_over(int dir, const account *user, const account *client, failure *f) {
    static const char *const files[] = {DIR_LOCK, DIR_PID, DIR_LOG, DIR_STATE, DIR_UNSEAL};
    struct stat info;
    if (fstat(dir, &info) != 0 || (info.st_uid != 0 && info.st_uid != user->uid)
        || (info.st_mode & 07777 & ~(mode_t)DIR_SHARED_MODE) != 0) {
        return fail(f, TEED_EXIT_DIR,
                    "Expected the directory to be root's or uid %u's with mode 0700 or %04o, but it "
                    "has uid %u and mode %04o",
                    (unsigned)user->uid, DIR_SHARED_MODE, (unsigned)info.st_uid,
                    (unsigned)info.st_mode & 07777u);
    }
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (!take_over(dir, files[i], user)) {
            return fail(f, TEED_EXIT_DIR, "Expected %s to be root's or uid %u's, but it is not",
                        files[i], (unsigned)user->uid);
        }
    }
    /* The owner first: a change of owner takes the bit of the group away. */
    mode_t mode = client->given ? DIR_SHARED_MODE : 0700;
    gid_t group = client->given ? client->gid : user->gid;
    if (fchown(dir, user->uid, group) != 0 || fchmod(dir, mode) != 0) {
        return fail(f, TEED_EXIT_DIR, "Expected to give the directory to uid %u, but: %s",
                    (unsigned)user->uid, strerror(errno));
    }
    return 0;
}

/* Whether all three of each are the user's, and root can be had back by no call. */
static bool is_for_good(const account *user) {
    uid_t uids[3];
    gid_t gids[3];
    if (getresuid(&uids[0], &uids[1], &uids[2]) != 0 || getresgid(&gids[0], &gids[1], &gids[2]) != 0
        || getgroups(0, NULL) != 0) {
        return false;
    }
    for (size_t i = 0; i < 3; i++) {
        if (uids[i] != user->uid || gids[i] != user->gid) {
            return false;
        }
    }
    return setuid(0) != 0 && seteuid(0) != 0 && setgid(0) != 0;
}

int become_user(const account *user, failure *f) {
    const struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
    /* Without it the user may lock less than its buffers; the log then warns. */
    (void)setrlimit(RLIMIT_MEMLOCK, &unlimited);
    if (setgroups(0, NULL) != 0 || setresgid(user->gid, user->gid, user->gid) != 0
        || setresuid(user->uid, user->uid, user->uid) != 0 || !is_for_good(user)) {
        return fail(f, TEED_EXIT_INTERNAL, "Expected to become uid %u for good, but: %s",
                    (unsigned)user->uid, strerror(errno));
    }
    return 0;
}
