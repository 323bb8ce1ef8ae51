#define _GNU_SOURCE
#include "member_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "tee_abi.h"

int fail(failure *f, int code, const char *format, ...) {
    if (f->code == 0) {
        va_list args;
        va_start(args, format);
        vsnprintf(f->why, sizeof f->why, format, args);
        va_end(args);
        f->code = code;
    }
    return code;
}

int dir_open(const char *path, bool no_links, failure *f) {
    const struct open_how how = {.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
                                 .resolve = RESOLVE_NO_SYMLINKS};
    /* Where it is not needed, a kernel or container without openat2 does as well. */
    int dir = no_links ? (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how)
                       : open(path, (int)how.flags);
    if (dir < 0) {
        fail(f, TEED_EXIT_DIR, "Expected a directory at %.120s, but: %s", path, strerror(errno));
        return -1;
    }
    return dir;
}

int dir_check(int dir, unsigned mode, failure *f) {
    struct stat info;
    if (fstat(dir, &info) != 0) {
        return fail(f, TEED_EXIT_DIR, "Expected a directory, but: %s", strerror(errno));
    }
    if (info.st_uid != geteuid() || (info.st_mode & 07777) != mode) {
        return fail(f, TEED_EXIT_DIR,
                    "Expected the directory to be ours with mode %04o, but it has uid %u and mode "
                    "%04o",
                    mode, (unsigned)info.st_uid, (unsigned)info.st_mode & 07777u);
    }
    return 0;
}

int dir_lock(int dir, failure *f) {
    int lock = openat(dir, DIR_LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (lock < 0) {
        fail(f, TEED_EXIT_IO, "Expected to open " DIR_LOCK ", but: %s", strerror(errno));
        return -1;
    }
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            fail(f, TEED_EXIT_HELD, "Another enclave instance already serves this member: "
                                    "it holds " DIR_LOCK);
        } else {
            fail(f, TEED_EXIT_IO, "Expected to lock " DIR_LOCK ", but: %s", strerror(errno));
        }
        close(lock);
        return -1;
    }
    return lock;
}

int dir_file(int dir, const char *name, int truncate, failure *f) {
    int mode = truncate ? O_TRUNC : O_APPEND;
    int fd = openat(dir, name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | mode, 0600);
    if (fd < 0) {
        fail(f, TEED_EXIT_IO, "Expected to open %s, but: %s", name, strerror(errno));
    }
    return fd;
}

int dir_read(int dir, const char *name, uint8_t *out, size_t cap, size_t *len, failure *f) {
    *len = 0;
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? 0
                               : fail(f, TEED_EXIT_IO, "Expected to read %s, but: %s", name,
                                      strerror(errno));
    }
    int result = 0;
    while (*len < cap) {
        ssize_t got = read(fd, out + *len, cap - *len);
        if (got == 0) {
            break;
        }
        if (got < 0 && errno != EINTR) {
            result = fail(f, TEED_EXIT_IO, "Expected to read %s, but: %s", name, strerror(errno));
            break;
        }
        *len += got > 0 ? (size_t)got : 0;
    }
    close(fd);
    return result;
}

static int write_all(int fd, const uint8_t *data, size_t len) {
    while (len > 0) {
        ssize_t done = write(fd, data, len);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return -1;
        }
        data += done;
        len -= (size_t)done;
    }
    return 0;
}

int dir_replace(int dir, const char *name, const uint8_t *data, size_t len, failure *f) {
    char temporary[64];
    snprintf(temporary, sizeof temporary, "%s.new", name);
    int fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return fail(f, TEED_EXIT_IO, "Expected to create %s, but: %s", temporary, strerror(errno));
    }
    int done = write_all(fd, data, len) == 0 && fsync(fd) == 0;
    if (close(fd) != 0 || !done || renameat(dir, temporary, dir, name) != 0 || fsync(dir) != 0) {
        return fail(f, TEED_EXIT_IO, "Expected to store %s, but: %s", name, strerror(errno));
    }
    return 0;
}

int dir_listen(int dir, unsigned mode, failure *f) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    /* Through /proc, since a socket's path may have 107 bytes only. */
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/" DIR_SOCKET, dir);
    if (unlinkat(dir, DIR_SOCKET, 0) != 0 && errno != ENOENT) {
        fail(f, TEED_EXIT_IO, "Expected to remove the old " DIR_SOCKET ", but: %s",
             strerror(errno));
        return -1;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t before = umask(0777u & ~mode);
    int bound = fd < 0 ? -1 : bind(fd, (struct sockaddr *)&address, sizeof address);
    umask(before);
    if (bound != 0 || listen(fd, 16) != 0) {
        fail(f, TEED_EXIT_IO, "Expected to listen on " DIR_SOCKET ", but: %s", strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return -1;
    }
    return fd;
}
