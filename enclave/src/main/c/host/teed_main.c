/*
 * caduceus-teed: one enclave instance for one member.
 *
 *   caduceus-teed --dir DIR --chain HEX64 --member ID [--suite es256|sm2] [--daemon]
 *                 [--user NAME|UID] [--client-uid NAME|UID]
 *
 * The suite is the instance's for its life and that of its sealed state; es256 unless
 * said otherwise.
 *
 * Prints one line, "ready pid=N socket=DIR/tee.sock", once it accepts clients;
 * with --daemon the command then returns and the instance lives on without its
 * parent. Started by root with --user, it becomes that user, and serves --client-uid
 * besides. Ends on SIGTERM, its keys overwritten. Exit codes: include/tee_abi.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host_port.h"
#include "own_user.h"
#include "server.h"
#include "teed_log.h"

typedef struct {
    const char *dir;
    served_member served;
    bool daemon;
    account user;   /* to become */
    account client; /* to serve besides root and the own */
} options;

static const char usage[] =
    "usage: caduceus-teed --dir DIR --chain HEX64 --member ID [--suite es256|sm2] [--daemon]\n"
    "                     [--user NAME|UID] [--client-uid NAME|UID]\n";

/* ---- command line ------------------------------------------------------- */

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool parse_chain(const char *hex, uint8_t out[TEE_HASH_LEN]) {
    if (strlen(hex) != 2 * TEE_HASH_LEN) {
        return false;
    }
    for (size_t i = 0; i < TEE_HASH_LEN; i++) {
        int high = hex_digit(hex[2 * i]);
        int low = hex_digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

static bool member_is_valid(const char *member) {
    size_t len = strlen(member);
    return len >= 1 && len <= TEE_MAX_ID_LEN
           && strspn(member, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

/* The suite of that name, or 0. */
static uint8_t parse_suite(const char *name) {
    if (strcmp(name, "es256") == 0) {
        return TEE_SUITE_ES256;
    }
    return strcmp(name, "sm2") == 0 ? TEE_SUITE_SM2 : 0;
}

static bool parse_options(int argc, char **argv, options *out) {
    static const struct option known[] = {{"dir", required_argument, NULL, 'd'},
                                          {"chain", required_argument, NULL, 'c'},
                                          {"member", required_argument, NULL, 'm'},
                                          {"suite", required_argument, NULL, 's'},
                                          {"daemon", no_argument, NULL, 'D'},
                                          {"user", required_argument, NULL, 'u'},
                                          {"client-uid", required_argument, NULL, 'C'},
                                          {NULL, 0, NULL, 0}};
    bool chain = false;
    int option;
    memset(out, 0, sizeof *out);
    out->served.suite = TEE_SUITE_ES256;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case 'd':
            out->dir = optarg;
            break;
        case 'c':
            chain = parse_chain(optarg, out->served.chain_id);
            break;
        case 'm':
            out->served.member = member_is_valid(optarg) ? optarg : NULL;
            break;
        case 's':
            out->served.suite = parse_suite(optarg);
            break;
        case 'D':
            out->daemon = true;
            break;
        case 'u':
            if (!account_find(optarg, &out->user)) {
                return false;
            }
            break;
        case 'C':
            if (!account_find(optarg, &out->client)) {
                return false;
            }
            break;
        default:
            return false;
        }
    }
    if (out->user.given && geteuid() != 0) {
        return false; /* only root can become somebody else */
    }
    return optind == argc && out->dir != NULL && chain && out->served.member != NULL
           && out->served.suite != 0;
}

/* ---- becoming a daemon -------------------------------------------------- */

/* The parent's side: passes on what the instance reports, and its exit code. */
static int await_instance(int report_fd, pid_t child) {
    char text[512];
    size_t len = 0;
    ssize_t got;
    while (len < sizeof text
           && ((got = read(report_fd, text + len, sizeof text - len)) > 0
               || (got < 0 && errno == EINTR))) {
        len += got > 0 ? (size_t)got : 0;
    }
    waitpid(child, NULL, 0);
    if (len < 2) {
        fputs("caduceus-teed: the instance ended before it was ready\n", stderr);
        return TEED_EXIT_INTERNAL;
    }
    int code = (unsigned char)text[0]; /* first byte: the exit code, 0 if ready */
    fwrite(text + 1, 1, len - 1, code == 0 ? stdout : stderr);
    return code;
}

/*
 * Forks twice, so that the instance belongs to no session and has no parent to
 * die with. Returns in the instance, with *report_fd to report on; the parent
 * exits.
 */
static int become_daemon(int *report_fd, failure *f) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return fail(f, TEED_EXIT_IO, "Expected a pipe, but: %s", strerror(errno));
    }
    pid_t child = fork();
    if (child > 0) {
        close(ends[1]);
        int code = await_instance(ends[0], child);
        exit(code);
    }
    if (child < 0 || setsid() < 0) {
        return fail(f, TEED_EXIT_IO, "Expected to fork, but: %s", strerror(errno));
    }
    pid_t grandchild = fork();
    if (grandchild != 0) {
        _exit(grandchild > 0 ? 0 : TEED_EXIT_IO);
    }
    close(ends[0]);
    *report_fd = ends[1];
    return 0;
}

/* Standard streams to /dev/null. *report_fd keeps a way out until readiness. */
static int detach_streams(bool daemon, int *report_fd, failure *f) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (!daemon) {
        *report_fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    }
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0) {
        return fail(f, TEED_EXIT_IO, "Expected /dev/null, but: %s", strerror(errno));
    }
    close(null);
    return 0;
}

/* ---- one instance ------------------------------------------------------- */

/* The member's directory, as the user that the instance stays; -1 on failure. */
static int settle_in_directory(const options *opts, failure *f) {
    int dir = dir_open(opts->dir, opts->user.given, f);
    if (dir >= 0 && opts->user.given
        && (dir_hand_over(dir, &opts->user, &opts->client, f) != 0
            || become_user(&opts->user, f) != 0)) {
        return -1;
    }
    /* Now, since a change of user makes the process one that can be dumped. */
    if (dir < 0 || host_lockdown_begin(f) != 0) {
        return -1;
    }
    return dir_check(dir, opts->client.given ? DIR_SHARED_MODE : 0700u, f) == 0 ? dir : -1;
}

/* Everything that needs files, in order; fills the descriptors kept. */
static int start_instance(const options *opts, int *pid_fd, failure *f) {
    int dir = settle_in_directory(opts, f);
    if (dir < 0 || dir_lock(dir, f) < 0) { /* the lock lives as long as the process */
        return f->code;
    }
    int log = dir_file(dir, DIR_LOG, 0, f);
    if (log < 0 || (opts->daemon && chdir("/") != 0)) {
        return fail(f, TEED_EXIT_IO, "Expected to open the log, but: %s", strerror(errno));
    }
    log_start(log);
    int result = host_boot(dir, &opts->served, f);
    int listening = result == 0 ? dir_listen(dir, opts->client.given ? 0660u : 0600u, f) : -1;
    if (listening < 0) {
        return f->code;
    }
    *pid_fd = dir_file(dir, DIR_PID, 1, f);
    if (*pid_fd < 0) {
        return f->code;
    }
    dprintf(*pid_fd, "%d\n", (int)getpid());
    close(dir);
    server_allow(opts->client.uid);
    result = server_prepare(listening, f);
    return result != 0 ? result : host_lockdown(f);
}

/* Tells the starter: in daemon mode a byte with the code first, then the text. */
static void report(int fd, bool daemon, const failure *f, const options *opts) {
    char text[512];
    int used = 0;
    if (daemon) {
        text[used++] = (char)f->code;
    }
    int room = (int)sizeof text - used;
    int len = f->code == 0
                  ? snprintf(text + used, (size_t)room,
                             "ready pid=%d socket=%.300s/" DIR_SOCKET "\n", (int)getpid(),
                             opts->dir)
                  : snprintf(text + used, (size_t)room, "caduceus-teed: %s\n", f->why);
    used += len < room ? len : room - 1;
    if (write(fd, text, (size_t)used) < 0) {
        log_line("nobody was there to be told");
    }
}

static int run_instance(const options *opts, int report_fd, failure *f) {
    int pid_fd = -1;
    if (start_instance(opts, &pid_fd, f) != 0) {
        log_line("not started: %s", f->why);
        report(opts->daemon ? report_fd : STDERR_FILENO, opts->daemon, f, opts);
        host_end();
        return f->code;
    }
    log_line("ready, member %s", opts->served.member);
    report(report_fd, opts->daemon, f, opts);
    close(report_fd);
    close(STDERR_FILENO);
    int result = server_run();
    host_end();
    if (ftruncate(pid_fd, 0) != 0) {
        log_line("the pid file could not be emptied");
    }
    log_line("ended, keys overwritten");
    return result;
}

int main(int argc, char **argv) {
    options opts;
    failure f = {0, ""};
    int report_fd = -1;
    if (!parse_options(argc, argv, &opts)) {
        fputs(usage, stderr);
        return TEED_EXIT_USAGE;
    }
    umask(077);
    if (close_range(3, ~0u, 0) != 0) {
        fail(&f, TEED_EXIT_IO, "Expected to close inherited files, but: %s", strerror(errno));
    }
    if (f.code == 0 && opts.daemon) {
        become_daemon(&report_fd, &f);
    }
    if (f.code == 0) {
        detach_streams(opts.daemon, &report_fd, &f);
    }
    if (f.code != 0) {
        dprintf(STDERR_FILENO, "caduceus-teed: %s\n", f.why);
        return f.code;
    }
    return run_instance(&opts, report_fd, &f);
}
