/*
 * What the operating system costs: the other end of a local stream socket that takes
 * requests of one length and answers with another, and does nothing else. What an
 * operation of the enclave takes beyond that is our own.
 *
 *   tee-echo SOCKET REQUEST-LENGTH ANSWER-LENGTH
 *
 * Writes "ready", serves one client and ends with it.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tee_abi.h"

static int listen_at(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || strlen(path) >= sizeof address.sun_path) {
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path));
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1) != 0) {
        return -1;
    }
    return fd;
}

static bool receive_all(int fd, uint8_t *data, size_t len) {
    while (len > 0) {
        ssize_t got = recv(fd, data, len, 0);
        if (got <= 0) {
            return false;
        }
        data += got;
        len -= (size_t)got;
    }
    return true;
}

static bool send_all(int fd, const uint8_t *data, size_t len) {
    while (len > 0) {
        ssize_t sent = send(fd, data, len, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        data += sent;
        len -= (size_t)sent;
    }
    return true;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fputs("usage: tee-echo SOCKET REQUEST-LENGTH ANSWER-LENGTH\n", stderr);
        return TEED_EXIT_USAGE;
    }
    size_t request_len = strtoul(argv[2], NULL, 10);
    size_t answer_len = strtoul(argv[3], NULL, 10);
    size_t room = request_len > answer_len ? request_len : answer_len;
    uint8_t *data = room == 0 || room > TEE_MAX_MESSAGE ? NULL : calloc(1, room);
    int listening = data == NULL ? -1 : listen_at(argv[1]);
    if (listening < 0) {
        perror("tee-echo: expected room and a socket");
        return TEED_EXIT_IO;
    }
    puts("ready");
    fflush(stdout);
    int client = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
    const int send_buffer = TEE_SEND_BUFFER;
    (void)setsockopt(client, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
    while (receive_all(client, data, request_len) && send_all(client, data, answer_len)) {
    }
    free(data);
    return 0;
}
