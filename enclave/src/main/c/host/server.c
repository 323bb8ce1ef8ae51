#define _GNU_SOURCE
#include "server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "teed_log.h"

#define LENGTH_LEN 4u
#define HEAD_LEN (LENGTH_LEN + 2u) /* length, then opcode or status */
/* Room for an answer beyond the length of its request. */
#define ANSWER_EXTRA (TEE_MAX_EVIDENCE + 4096u)
/* Kept between frames, overwritten: mapping a buffer anew for a record of 1 MiB costs more
 * than sealing it. Those of larger frames are given back. */
#define KEPT_BUFFER (4u * 1024u * 1024u)
/* A frame once begun must be whole after this; milliseconds. */
#define FRAME_TIMEOUT_MS 30000

/* Memory that grows for a very large frame and shrinks, overwritten, after it. */
typedef struct {
    uint8_t *data;
    size_t cap;
} buffer;

static int listen_fd = -1;
static int signal_fd = -1;
static uid_t allowed_uid; /* root, if no other is given */
static buffer request;
static buffer response;

typedef enum { GO_ON, CLIENT_GONE, STOP } outcome;

/* ---- memory ------------------------------------------------------------- */

static bool buffer_map(buffer *b, size_t cap) {
    void *data = mmap(NULL, cap, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED) {
        return false;
    }
    b->data = data;
    b->cap = cap;
    return true;
}

/* At least cap bytes, keeping the first `used`. */
static bool buffer_grow(buffer *b, size_t cap, size_t used) {
    buffer larger;
    if (cap <= b->cap) {
        return true;
    }
    if (!buffer_map(&larger, cap)) {
        return false;
    }
    memcpy(larger.data, b->data, used);
    explicit_bzero(b->data, used);
    munmap(b->data, b->cap);
    *b = larger;
    return true;
}

/* Leaves nothing of the frame behind. */
static bool buffer_reset(buffer *b, size_t used) {
    explicit_bzero(b->data, used < b->cap ? used : b->cap);
    if (b->cap == KEPT_BUFFER) {
        return true;
    }
    munmap(b->data, b->cap);
    return buffer_map(b, KEPT_BUFFER);
}

/* ---- waiting ------------------------------------------------------------ */

/* Whether SIGTERM or SIGINT has come. */
static bool told_to_stop(void) {
    struct signalfd_siginfo info;
    while (read(signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT) {
            return true;
        }
    }
    return false;
}

/* Until fd is ready for `events`. A timeout counts as a client gone. */
static outcome wait_for(int fd, short events, int timeout_ms) {
    for (;;) {
        struct pollfd fds[2] = {{.fd = signal_fd, .events = POLLIN}, {.fd = fd, .events = events}};
        int ready = poll(fds, 2, timeout_ms);
        if (ready < 0 && errno != EINTR) {
            return STOP;
        }
        if (ready == 0) {
            return CLIENT_GONE;
        }
        if (ready > 0 && fds[0].revents != 0 && told_to_stop()) {
            return STOP;
        }
        if (ready > 0 && fds[1].revents != 0) {
            return GO_ON;
        }
    }
}

/* ---- frames ------------------------------------------------------------- */

static uint32_t get_u32(const uint8_t *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void put_head(uint8_t *at, size_t len, unsigned status) {
    at[0] = (uint8_t)(len >> 24);
    at[1] = (uint8_t)(len >> 16);
    at[2] = (uint8_t)(len >> 8);
    at[3] = (uint8_t)len;
    at[4] = (uint8_t)(status >> 8);
    at[5] = (uint8_t)status;
}

/*
 * Receives into the request buffer until it holds `want` bytes. A new request is waited for
 * first, as it is never there yet.
 */
static outcome receive_until(int client, size_t want, size_t *have) {
    outcome waited = *have == 0 ? wait_for(client, POLLIN, -1) : GO_ON;
    if (waited != GO_ON) {
        return waited;
    }
    while (*have < want) {
        ssize_t got = recv(client, request.data + *have, request.cap - *have, 0);
        if (got > 0) {
            *have += (size_t)got;
            continue;
        }
        if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
            return CLIENT_GONE;
        }
        waited = wait_for(client, POLLIN, *have == 0 ? -1 : FRAME_TIMEOUT_MS);
        if (waited != GO_ON) {
            return waited;
        }
    }
    return GO_ON;
}

/* One whole request; *have is its length with the head. */
static outcome receive_request(int client, size_t *have) {
    *have = 0;
    outcome result = receive_until(client, LENGTH_LEN, have);
    if (result != GO_ON) {
        return result;
    }
    size_t len = get_u32(request.data);
    if (len < HEAD_LEN - LENGTH_LEN || len > TEE_MAX_MESSAGE) {
        log_line("client sent a length outside the format; closed");
        return CLIENT_GONE;
    }
    if (!buffer_grow(&request, LENGTH_LEN + len, *have)) {
        log_line("no memory for a request of %zu bytes; closed", len);
        return CLIENT_GONE;
    }
    result = receive_until(client, LENGTH_LEN + len, have);
    if (result == GO_ON && *have != LENGTH_LEN + len) {
        log_line("client sent more than one request at a time; closed");
        return CLIENT_GONE;
    }
    return result;
}

static outcome send_response(int client, size_t len) {
    size_t sent = 0;
    while (sent < len) {
        ssize_t done = send(client, response.data + sent, len - sent, MSG_NOSIGNAL);
        if (done > 0) {
            sent += (size_t)done;
            continue;
        }
        if (done < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
            return CLIENT_GONE;
        }
        outcome waited = wait_for(client, POLLOUT, FRAME_TIMEOUT_MS);
        if (waited != GO_ON) {
            return waited;
        }
    }
    return GO_ON;
}

/* The answer of the trusted core as a frame; returns its length. */
static size_t answer(size_t request_len) {
    size_t in_len = request_len - HEAD_LEN;
    uint16_t op = (uint16_t)(request.data[4] << 8 | request.data[5]);
    size_t cap = response.cap - HEAD_LEN;
    size_t most = TEE_MAX_MESSAGE - 2u;
    size_t out_len = 0;
    tee_status status = host_call(op, request.data + HEAD_LEN, in_len, response.data + HEAD_LEN,
                                  cap < most ? cap : most, &out_len);
    if (status == TEE_E_SHORT) { /* the payload is the length that would do */
        uint8_t *at = response.data + HEAD_LEN;
        at[0] = (uint8_t)(out_len >> 24);
        at[1] = (uint8_t)(out_len >> 16);
        at[2] = (uint8_t)(out_len >> 8);
        at[3] = (uint8_t)out_len;
        out_len = 4;
    }
    put_head(response.data, out_len + 2, (unsigned)status);
    return HEAD_LEN + out_len;
}

static outcome serve_one(int client) {
    size_t have = 0;
    outcome result = receive_request(client, &have);
    size_t answered = 0;
    if (result == GO_ON) {
        if (buffer_grow(&response, have + ANSWER_EXTRA, 0)) {
            answered = answer(have);
            result = send_response(client, answered);
        } else {
            log_line("no memory for the answer; closed");
            result = CLIENT_GONE;
        }
    }
    bool reset = buffer_reset(&request, have);
    reset = buffer_reset(&response, answered) && reset;
    return reset ? result : STOP;
}

/* ---- clients ------------------------------------------------------------ */

static bool client_is_allowed(int client) {
    struct ucred peer;
    socklen_t len = sizeof peer;
    if (getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0) {
        return false;
    }
    if (peer.uid != 0 && peer.uid != geteuid() && peer.uid != allowed_uid) {
        log_line("refused a client of uid %u", (unsigned)peer.uid);
        return false;
    }
    log_line("serving client pid %d", (int)peer.pid);
    return true;
}

static outcome serve_client(int client) {
    outcome result = GO_ON;
    while (result == GO_ON) {
        result = serve_one(client);
    }
    log_line("client gone");
    return result;
}

void server_allow(uid_t uid) {
    allowed_uid = uid;
}

int server_prepare(int listening, failure *f) {
    sigset_t handled;
    sigemptyset(&handled);
    sigaddset(&handled, SIGTERM);
    sigaddset(&handled, SIGINT);
    sigaddset(&handled, SIGHUP);
    sigaddset(&handled, SIGPIPE);
    listen_fd = listening;
    signal_fd = -1;
    if (sigprocmask(SIG_SETMASK, &handled, NULL) == 0) {
        signal_fd = signalfd(-1, &handled, SFD_NONBLOCK | SFD_CLOEXEC);
    }
    if (signal_fd < 0 || !buffer_map(&request, KEPT_BUFFER)
        || !buffer_map(&response, KEPT_BUFFER)) {
        return fail(f, TEED_EXIT_INTERNAL, "Expected signals and buffers, but: %s",
                    strerror(errno));
    }
    return 0;
}

int server_run(void) {
    for (;;) {
        if (wait_for(listen_fd, POLLIN, -1) != GO_ON) {
            return 0;
        }
        int client = accept4(listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (client < 0) {
            continue; /* it left before it was served */
        }
        const int send_buffer = TEE_SEND_BUFFER;
        (void)setsockopt(client, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
        outcome result = client_is_allowed(client) ? serve_client(client) : CLIENT_GONE;
        close(client);
        if (result == STOP) {
            return 0;
        }
    }
}
