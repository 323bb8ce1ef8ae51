#define _GNU_SOURCE
#include "teeclient.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "tee_abi.h"

#define HEAD_LEN 6u

/* ---- time --------------------------------------------------------------- */

/* When to give up; never if forever. */
typedef struct {
    bool forever;
    int64_t at_ms;
} deadline;

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static deadline deadline_in(int timeout_ms) {
    deadline d = {timeout_ms < 0, 0};
    if (!d.forever) {
        d.at_ms = now_ms() + timeout_ms;
    }
    return d;
}

/* 0 once fd is ready, or a TEE_IO_ code. */
static int wait_ready(int fd, short events, const deadline *until) {
    for (;;) {
        struct pollfd item = {.fd = fd, .events = events};
        int64_t left = until->forever ? -1 : until->at_ms - now_ms();
        int ready = poll(&item, 1, left < 0 && !until->forever ? 0 : (int)left);
        if (ready > 0) {
            return 0;
        }
        if (ready == 0) {
            return TEE_IO_TIMEOUT;
        }
        if (errno != EINTR) {
            return errno == EBADF ? TEE_IO_CLOSED : TEE_IO_SYSTEM;
        }
    }
}

static bool would_block(void) {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static int io_error(void) {
    switch (errno) {
    case EPIPE:
    case ECONNRESET:
    case EBADF:
    case ENOTCONN:
    case ESHUTDOWN:
        return TEE_IO_CLOSED;
    default:
        return TEE_IO_SYSTEM;
    }
}

/* ---- connecting --------------------------------------------------------- */

/* Connects through a descriptor of the directory: paths may exceed 107 bytes. */
static int address_of(const char *path, struct sockaddr_un *address, int *dir) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    *dir = -1;
    size_t len = strlen(path);
    if (len < sizeof address->sun_path) {
        memcpy(address->sun_path, path, len + 1);
        return 0;
    }
    const char *slash = strrchr(path, '/');
    char parent[4096];
    size_t parent_len = slash == NULL ? 0 : (size_t)(slash - path);
    if (parent_len == 0 || parent_len >= sizeof parent) {
        return TEE_IO_ARG;
    }
    memcpy(parent, path, parent_len);
    parent[parent_len] = '\0';
    *dir = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (*dir < 0) {
        return TEE_IO_CONNECT;
    }
    int written = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s",
                           *dir, slash + 1);
    return written < (int)sizeof address->sun_path ? 0 : TEE_IO_ARG;
}

static int connect_to(const struct sockaddr_un *address, const deadline *until) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return TEE_IO_SYSTEM;
    }
    const int send_buffer = TEE_SEND_BUFFER;
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
    for (;;) {
        if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0) {
            return fd;
        }
        bool full = errno == EAGAIN || errno == EINTR; /* the backlog is full */
        bool late = !until->forever && now_ms() >= until->at_ms;
        if (!full || late) {
            close(fd);
            return full ? TEE_IO_TIMEOUT : TEE_IO_CONNECT;
        }
        const struct timespec pause = {0, 5000000};
        nanosleep(&pause, NULL);
    }
}

int tee_connect(const char *socket_path, int timeout_ms) {
    struct sockaddr_un address;
    int dir;
    if (socket_path == NULL) {
        return TEE_IO_ARG;
    }
    deadline until = deadline_in(timeout_ms);
    int result = address_of(socket_path, &address, &dir);
    if (result == 0) {
        result = connect_to(&address, &until);
    }
    if (dir >= 0) {
        close(dir);
    }
    return result;
}

void tee_close(int handle) {
    if (handle >= 0) {
        close(handle);
    }
}

/* ---- calling ------------------------------------------------------------ */

static int send_parts(int fd, struct iovec *parts, size_t count, const deadline *until) {
    while (count > 0) {
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
        ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (sent < 0) {
            int waited = would_block() ? wait_ready(fd, POLLOUT, until) : io_error();
            if (waited != 0) {
                return waited;
            }
            continue;
        }
        size_t left = (size_t)sent;
        while (count > 0 && left >= parts->iov_len) {
            left -= parts->iov_len;
            parts++;
            count--;
        }
        if (count > 0) {
            parts->iov_base = (uint8_t *)parts->iov_base + left;
            parts->iov_len -= left;
        }
    }
    return 0;
}

static int receive_all(int fd, uint8_t *out, size_t len, const deadline *until) {
    while (len > 0) {
        ssize_t got = recv(fd, out, len, 0);
        if (got > 0) {
            out += got;
            len -= (size_t)got;
            continue;
        }
        if (got == 0) {
            return TEE_IO_CLOSED;
        }
        int waited = would_block() ? wait_ready(fd, POLLIN, until) : io_error();
        if (waited != 0) {
            return waited;
        }
    }
    return 0;
}

/* Takes an answer nobody has room for off the wire. */
static int discard(int fd, size_t len, const deadline *until) {
    uint8_t sink[16384];
    while (len > 0) {
        size_t part = len < sizeof sink ? len : sizeof sink;
        int result = receive_all(fd, sink, part, until);
        if (result != 0) {
            return result;
        }
        len -= part;
    }
    explicit_bzero(sink, sizeof sink);
    return 0;
}

static uint32_t get_u32(const uint8_t *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/*
 * The head of an answer and, by the same system calls, what has come of its payload; *early
 * is how much. An answer takes time, so it is waited for first.
 */
static int receive_head(int fd, uint8_t head[HEAD_LEN], uint8_t *out, uint32_t out_cap,
                        uint32_t *early, const deadline *until) {
    size_t have = 0;
    while (have < HEAD_LEN) {
        int waited = wait_ready(fd, POLLIN, until);
        if (waited != 0) {
            return waited;
        }
        struct iovec parts[2] = {{head + have, HEAD_LEN - have}, {out, out_cap}};
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = out_cap > 0 ? 2 : 1};
        ssize_t got = recvmsg(fd, &message, 0);
        if (got == 0) {
            return TEE_IO_CLOSED;
        }
        if (got < 0 && !would_block()) {
            return io_error();
        }
        have += got < 0 ? 0 : (size_t)got;
    }
    *early = (uint32_t)(have - HEAD_LEN);
    return 0;
}

static int receive_needed(int fd, uint8_t *out, uint32_t early, uint32_t *out_len,
                          const deadline *until) {
    uint8_t needed[4];
    for (uint32_t i = 0; i < early; i++) {
        needed[i] = out[i];
        out[i] = 0;
    }
    int result = receive_all(fd, needed + early, sizeof needed - early, until);
    *out_len = result == 0 ? get_u32(needed) : 0;
    return result == 0 ? TEE_E_SHORT : result;
}

static int receive_answer(int fd, uint8_t *out, uint32_t out_cap, uint32_t *out_len,
                          const deadline *until) {
    uint8_t head[HEAD_LEN];
    uint32_t early = 0;
    int result = receive_head(fd, head, out, out_cap, &early, until);
    if (result != 0) {
        return result;
    }
    uint32_t len = get_u32(head);
    int status = head[4] << 8 | head[5];
    if (len < 2 || len > TEE_MAX_MESSAGE || status > TEE_E_INTERNAL || early > len - 2) {
        return TEE_IO_PROTOCOL;
    }
    uint32_t payload = len - 2;
    if (status == TEE_E_SHORT) {
        return payload == 4 ? receive_needed(fd, out, early, out_len, until) : TEE_IO_PROTOCOL;
    }
    if (status != TEE_OK) {
        return payload == 0 ? status : TEE_IO_PROTOCOL;
    }
    if (payload > out_cap) {
        if (early > 0) {
            explicit_bzero(out, early);
        }
        result = discard(fd, payload - early, until);
        *out_len = result == 0 ? payload : 0;
        return result == 0 ? TEE_E_SHORT : result;
    }
    result = receive_all(fd, out + early, payload - early, until);
    *out_len = result == 0 ? payload : 0;
    return result;
}

/*
 * What an operation that changes the enclave answers. Too small a buffer for it
 * is refused before anything is sent, so that no signature is lost.
 */
static uint32_t changing_answer_len(uint16_t op) {
    switch (op) {
    case TEE_OP_PROPOSE:
    case TEE_OP_VOTE:
        return TEE_SIG_LEN;
    case TEE_OP_NEW_VIEW:
        return TEE_NEW_VIEW_LEN;
    default:
        return 0;
    }
}

int tee_call2(int handle, uint16_t op, const uint8_t *in, uint32_t in_len, const uint8_t *more,
              uint32_t more_len, uint8_t *out, uint32_t out_cap, uint32_t *out_len,
              int timeout_ms) {
    if (handle < 0 || out_len == NULL || (in == NULL && in_len > 0)
        || (more == NULL && more_len > 0) || (out == NULL && out_cap > 0)
        || (uint64_t)in_len + more_len + 2 > TEE_MAX_MESSAGE) {
        return TEE_IO_ARG;
    }
    *out_len = 0;
    if (out_cap < changing_answer_len(op)) {
        *out_len = changing_answer_len(op);
        return TEE_E_SHORT;
    }
    deadline until = deadline_in(timeout_ms);
    uint32_t len = in_len + more_len + 2;
    uint8_t head[HEAD_LEN] = {(uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8),
                              (uint8_t)len,         (uint8_t)(op >> 8),   (uint8_t)op};
    /* iovec is not const; the kernel only reads. */
    struct iovec parts[3] = {{head, sizeof head},
                             {(void *)(uintptr_t)in, in_len},
                             {(void *)(uintptr_t)more, more_len}};
    int result = send_parts(handle, parts, 3, &until);
    if (result == 0) {
        result = receive_answer(handle, out, out_cap, out_len, &until);
    }
    if (result < 0) {
        /* A late answer must not be taken for that of the next call. */
        shutdown(handle, SHUT_RDWR);
    }
    return result;
}

int tee_call(int handle, uint16_t op, const uint8_t *in, uint32_t in_len, uint8_t *out,
             uint32_t out_cap, uint32_t *out_len, int timeout_ms) {
    return tee_call2(handle, op, in, in_len, NULL, 0, out, out_cap, out_len, timeout_ms);
}
