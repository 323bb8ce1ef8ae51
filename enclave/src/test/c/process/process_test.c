/*
 * The enclave process as its member's machine sees it: started, attacked, killed,
 * restarted. Usage: process-test TEED [HOOKED-TEED]; the second one is the test
 * build that makes a forbidden system call on request.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "tee_abi.h"
#include "teeclient.h"

#define WAIT_MS 20000
#define PATH_LEN 512

static const char chain[] = "c0ffee0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c01";
static const char other_chain[] =
    "d0ffee0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c01";
static const char *teed;
static const char *suite = "es256";
static char base[64] = "/tmp/teed-test-XXXXXX";
static char dir[PATH_LEN];
static char said[2048]; /* standard output and error of the last command */

/* ---- files -------------------------------------------------------------- */

static const char *in_dir(const char *name) {
    static char path[PATH_LEN + 256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static void fresh_dir(const char *name) {
    snprintf(dir, sizeof dir, "%s/%s", base, name);
    NEED(mkdir(dir, 0700) == 0);
}

static size_t slurp(const char *path, char *out, size_t cap) {
    int fd = open(path, O_RDONLY);
    size_t len = 0;
    ssize_t got = 0;
    while (fd >= 0 && len < cap && (got = read(fd, out + len, cap - len)) > 0) {
        len += (size_t)got;
    }
    if (fd >= 0) {
        close(fd);
    }
    return len;
}

static void flip_byte(const char *path, off_t at) {
    char byte = 0;
    int fd = open(path, O_RDWR);
    NEED(fd >= 0 && pread(fd, &byte, 1, at) == 1);
    byte = (char)(byte ^ 1);
    NEED(pwrite(fd, &byte, 1, at) == 1);
    close(fd);
}

static void pause_ms(long ms) {
    const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

/* ---- processes ---------------------------------------------------------- */

/* Starts teed with what it says going to a pipe; *out is the pipe's end. */
static pid_t spawn(const char *program, const char *const *args, int *out) {
    int ends[2];
    NEED(pipe2(ends, O_CLOEXEC) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        const char *argv[16] = {program};
        for (unsigned i = 0; i < 14 && args[i] != NULL; i++) {
            argv[i + 1] = args[i];
        }
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        setenv("PLANTED", "planted-secret-in-the-environment", 1);
        execv(program, (char *const *)(uintptr_t)argv);
        _exit(99);
    }
    close(ends[1]);
    *out = ends[0];
    return pid;
}

static void listen_to(int out) {
    size_t len = 0;
    ssize_t got;
    while (len + 1 < sizeof said && (got = read(out, said + len, sizeof said - 1 - len)) > 0) {
        len += (size_t)got;
    }
    said[len] = '\0';
    close(out);
}

/* Runs to its end; the exit code. */
static int run(const char *const *args) {
    int out;
    int status = 0;
    pid_t pid = spawn(teed, args, &out);
    listen_to(out);
    NEED(waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256;
}

static int run_as(const char *in_chain, const char *member) {
    const char *const args[] = {"--dir", dir,       "--chain", in_chain,   "--member",
                                member,  "--suite", suite,     "--daemon", NULL};
    return run(args);
}

static pid_t pid_in_file(void) {
    char text[32] = "";
    slurp(in_dir("tee.pid"), text, sizeof text - 1);
    return (pid_t)atoi(text);
}

static pid_t start_daemon(void) {
    NEED(run_as(chain, "clinic-a") == 0);
    int pid = 0;
    CHECK(sscanf(said, "ready pid=%d", &pid) == 1);
    CHECK(pid == pid_in_file());
    return pid;
}

/* Nobody reaps a daemon here: gone, or a zombie of somebody else's. */
static bool has_ended(pid_t pid) {
    char path[64];
    char text[512] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    if (slurp(path, text, sizeof text - 1) == 0) {
        return true;
    }
    const char *name_end = strrchr(text, ')');
    return name_end != NULL && name_end[2] == 'Z';
}

static void stop(pid_t pid) {
    NEED(pid > 0 && kill(pid, SIGTERM) == 0);
    for (int i = 0; i < 1000 && !has_ended(pid); i++) {
        pause_ms(10);
    }
    CHECK(has_ended(pid));
}

/* Child of ours, without --daemon, once it is ready. */
static pid_t start_child(const char *program) {
    int out;
    const char *const args[] = {"--dir", dir, "--chain", chain, "--member", "clinic-a", NULL};
    pid_t pid = spawn(program, args, &out);
    size_t len = 0;
    while (len + 1 < sizeof said && (len == 0 || said[len - 1] != '\n')) {
        ssize_t got = read(out, said + len, 1);
        NEED(got == 1);
        len++;
    }
    said[len] = '\0';
    CHECK(strncmp(said, "ready pid=", 10) == 0);
    listen_to(out); /* it lets go of the pipe once it has said so */
    return pid;
}

/* ---- calls -------------------------------------------------------------- */

typedef struct {
    uint8_t voting[TEE_KEY_LEN];
    uint8_t signing[TEE_KEY_LEN];
    uint8_t measurement[TEE_MEASUREMENT_LEN];
} keys_seen;

static keys_seen info_of(int handle) {
    uint8_t answer[TEE_INFO_LEN];
    uint32_t len = 0;
    keys_seen seen;
    CHECK_IS(TEE_OK, tee_call(handle, TEE_OP_INFO, NULL, 0, answer, sizeof answer, &len, WAIT_MS));
    CHECK_IS(TEE_INFO_LEN, len);
    memcpy(seen.measurement, answer + 5, sizeof seen.measurement);
    memcpy(seen.voting, answer + 161, TEE_KEY_LEN);
    memcpy(seen.signing, answer + 161 + TEE_KEY_LEN, TEE_KEY_LEN);
    return seen;
}

static int connect_here(void) {
    int handle = tee_connect(in_dir("tee.sock"), WAIT_MS);
    NEED(handle >= 0);
    return handle;
}

static keys_seen info_here(void) {
    int handle = connect_here();
    keys_seen seen = info_of(handle);
    tee_close(handle);
    return seen;
}

static bool same(const uint8_t *a, const uint8_t *b) {
    return memcmp(a, b, TEE_KEY_LEN) == 0;
}

static size_t put_var(uint8_t *out, const void *data, size_t len) {
    out[0] = (uint8_t)(len >> 24);
    out[1] = (uint8_t)(len >> 16);
    out[2] = (uint8_t)(len >> 8);
    out[3] = (uint8_t)len;
    memcpy(out + 4, data, len);
    return len + 4;
}

/* ---- tests -------------------------------------------------------------- */

static void wrong_command_lines_are_refused(void) {
    fresh_dir("usage");
    const char *const nothing[] = {NULL};
    CHECK_IS(TEED_EXIT_USAGE, run(nothing));
    const char *const odd[] = {"--dir", dir, "--chain", chain, "--member", "a", "--what", NULL};
    CHECK_IS(TEED_EXIT_USAGE, run(odd));
    CHECK_IS(TEED_EXIT_USAGE, run_as("c0ffee", "clinic-a"));
    CHECK_IS(TEED_EXIT_USAGE, run_as(chain, "Clinic"));
    CHECK_IS(TEED_EXIT_USAGE, run_as(chain, "../x"));
    suite = "sm3";
    CHECK_IS(TEED_EXIT_USAGE, run_as(chain, "clinic-a"));
    suite = "es256";
    CHECK(access(in_dir("tee.lock"), F_OK) != 0);
}

static void unsafe_directories_are_refused(void) {
    fresh_dir("unsafe");
    NEED(chmod(dir, 0755) == 0);
    CHECK_IS(TEED_EXIT_DIR, run_as(chain, "clinic-a"));
    CHECK(strstr(said, "0700") != NULL);
    NEED(chmod(dir, 0700) == 0 && rmdir(dir) == 0);
    CHECK_IS(TEED_EXIT_DIR, run_as(chain, "clinic-a"));
    NEED(symlink(base, dir) == 0);
    CHECK_IS(TEED_EXIT_DIR, run_as(chain, "clinic-a"));
}

static void a_daemon_has_no_parent_and_private_files(void) {
    static const char *const names[] = {"tee.sock", "tee.lock",  "tee.pid",
                                        "tee.log",  "tee.state", "tee.unseal"};
    fresh_dir("daemon");
    int stray = open("/dev/null", O_RDONLY); /* inherited by mistake, as a JVM's would be */
    NEED(stray >= 0 && dup2(stray, 77) == 77);
    pid_t pid = start_daemon();
    close(77);
    close(stray);
    CHECK(getsid(pid) != getsid(0));
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct stat info;
        NEED(stat(in_dir(names[i]), &info) == 0);
        CHECK_IS(0600, info.st_mode & 07777);
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/77", (int)pid);
    CHECK(access(path, F_OK) != 0);
    info_here();
    stop(pid);
    char text[16];
    CHECK_IS(0, slurp(in_dir("tee.pid"), text, sizeof text));
    CHECK_IS(TEE_IO_CONNECT, tee_connect(in_dir("tee.sock"), 100));
}

static void the_instance_outlives_its_client(void) {
    fresh_dir("client");
    pid_t pid = start_daemon();
    keys_seen before = info_here();
    pid_t client = fork();
    if (client == 0) {
        int handle = tee_connect(in_dir("tee.sock"), WAIT_MS);
        info_of(handle);
        const uint8_t half[] = {0, 0, 1, 0, 0}; /* dies within a request */
        _exit(write(handle, half, sizeof half) == sizeof half && pause() < 0 ? 0 : 1);
    }
    pause_ms(200);
    NEED(kill(client, SIGKILL) == 0 && waitpid(client, NULL, 0) == client);
    keys_seen after = info_here();
    CHECK(same(before.voting, after.voting));
    CHECK(same(before.signing, after.signing));
    stop(pid);
}

static void only_one_instance_serves_a_member(void) {
    fresh_dir("lock");
    pid_t pid = start_daemon();
    keys_seen before = info_here();
    CHECK_IS(TEED_EXIT_HELD, run_as(chain, "clinic-a"));
    CHECK(strstr(said, "Another enclave instance") != NULL);
    CHECK(pid_in_file() == pid);
    keys_seen after = info_here();
    CHECK(same(before.voting, after.voting));
    /* A killed one leaves its files but not its lock. */
    NEED(kill(pid, SIGKILL) == 0);
    while (!has_ended(pid)) {
        pause_ms(10);
    }
    pid = start_daemon();
    after = info_here();
    CHECK(!same(before.voting, after.voting)); /* a new instance has a new voting key */
    CHECK(same(before.signing, after.signing));
    stop(pid);
}

static void a_second_client_waits(void) {
    uint8_t answer[TEE_INFO_LEN];
    uint32_t len = 0;
    fresh_dir("second");
    pid_t pid = start_daemon();
    int first = connect_here();
    info_of(first);
    int second = connect_here();
    CHECK_IS(TEE_IO_TIMEOUT,
             tee_call(second, TEE_OP_INFO, NULL, 0, answer, sizeof answer, &len, 150));
    CHECK_IS(TEE_IO_CLOSED,
             tee_call(second, TEE_OP_INFO, NULL, 0, answer, sizeof answer, &len, 150));
    tee_close(second);
    int third = connect_here();
    info_of(first);
    tee_close(first);
    info_of(third);
    tee_close(third);
    stop(pid);
}

static void a_restart_keeps_records_readable(void) {
    uint8_t request[256];
    uint8_t sealed[256];
    uint8_t opened[64];
    uint32_t sealed_len = 0;
    uint32_t len = 0;
    fresh_dir(suite); /* a directory for each */
    pid_t pid = start_daemon();
    int handle = connect_here();
    size_t used = put_var(request, "context", 7);
    used += put_var(request + used, "a record", 8);
    CHECK_IS(TEE_OK, tee_call(handle, TEE_OP_SEAL, request, (uint32_t)used, sealed, sizeof sealed,
                              &sealed_len, WAIT_MS));
    tee_close(handle);
    stop(pid);
    pid = start_daemon();
    handle = connect_here();
    used = put_var(request, "context", 7);
    used += put_var(request + used, sealed, sealed_len);
    CHECK_IS(TEE_OK, tee_call(handle, TEE_OP_OPEN, request, (uint32_t)used, opened, sizeof opened,
                              &len, WAIT_MS));
    CHECK(len == 8 && memcmp(opened, "a record", 8) == 0);
    /* The same request in two parts. */
    CHECK_IS(TEE_OK, tee_call2(handle, TEE_OP_OPEN, request, 11, request + 11,
                               (uint32_t)used - 11, opened, sizeof opened, &len, WAIT_MS));
    CHECK(len == 8 && memcmp(opened, "a record", 8) == 0);
    /* Too small a buffer here: said, and the connection goes on. */
    CHECK_IS(TEE_E_SHORT, tee_call(handle, TEE_OP_OPEN, request, (uint32_t)used, opened, 7, &len,
                                   WAIT_MS));
    CHECK_IS(8, len);
    CHECK_IS(TEE_E_SHORT, tee_call(handle, TEE_OP_VOTE, request, 5, opened, 63, &len, WAIT_MS));
    CHECK_IS(TEE_SIG_LEN, len);
    CHECK_IS(TEE_E_PARAM, tee_call(handle, TEE_OP_VOTE, request, 5, opened, 64, &len, WAIT_MS));
    CHECK_IS(TEE_IO_ARG, tee_call(handle, TEE_OP_VOTE, NULL, 5, opened, 64, &len, WAIT_MS));
    info_of(handle);
    tee_close(handle);
    stop(pid);
}

static void sealed_state_is_this_members_or_nobodys(void) {
    char before[512];
    char after[512];
    fresh_dir("state");
    stop(start_daemon());
    size_t len = slurp(in_dir("tee.state"), before, sizeof before);
    CHECK_IS(TEED_EXIT_STATE, run_as(other_chain, "clinic-a"));
    CHECK(strstr(said, "another chain") != NULL);
    CHECK_IS(TEED_EXIT_STATE, run_as(chain, "clinic-b"));
    suite = "sm2";
    CHECK_IS(TEED_EXIT_STATE, run_as(chain, "clinic-a"));
    CHECK(strstr(said, "suite") != NULL);
    suite = "es256";
    flip_byte(in_dir("tee.state"), 100);
    CHECK_IS(TEED_EXIT_STATE, run_as(chain, "clinic-a"));
    flip_byte(in_dir("tee.state"), 100);
    flip_byte(in_dir("tee.unseal"), 5);
    CHECK_IS(TEED_EXIT_STATE, run_as(chain, "clinic-a"));
    flip_byte(in_dir("tee.unseal"), 5);
    char hidden[PATH_LEN + 64];
    snprintf(hidden, sizeof hidden, "%s/hidden", dir);
    NEED(rename(in_dir("tee.unseal"), hidden) == 0);
    CHECK_IS(TEED_EXIT_STATE, run_as(chain, "clinic-a"));
    NEED(rename(hidden, in_dir("tee.unseal")) == 0);
    NEED(rename(in_dir("tee.state"), hidden) == 0);
    CHECK_IS(TEED_EXIT_STATE, run_as(chain, "clinic-a")); /* no silent new keys */
    NEED(rename(hidden, in_dir("tee.state")) == 0);
    CHECK_IS(len, slurp(in_dir("tee.state"), after, sizeof after));
    CHECK(memcmp(before, after, len) == 0);
    stop(start_daemon());
}

/* Sends raw bytes and expects the enclave to hang up. */
static void hangs_up_on(const uint8_t *bytes, size_t len) {
    char sink[16];
    int fd = connect_here();
    NEED(send(fd, bytes, len, MSG_NOSIGNAL) == (ssize_t)len);
    ssize_t got = 1;
    for (int i = 0; i < 500 && got != 0; i++) {
        got = recv(fd, sink, sizeof sink, MSG_DONTWAIT);
        if (got < 0 && errno == ECONNRESET) {
            got = 0;
        }
        if (got < 0) {
            pause_ms(10);
        }
    }
    CHECK_IS(0, got);
    tee_close(fd);
}

static void broken_frames_end_the_connection_only(void) {
    static const uint8_t empty[] = {0, 0, 0, 0};
    static const uint8_t no_op[] = {0, 0, 0, 1, 1};
    static const uint8_t huge[] = {0xff, 0xff, 0xff, 0xff, 0, 1};
    static const uint8_t over[] = {0x02, 0x00, 0x10, 0x01, 0, 1};
    static const uint8_t two[] = {0, 0, 0, 2, 0, 1, 0, 0, 0, 2, 0, 1};
    fresh_dir("frames");
    pid_t pid = start_daemon();
    hangs_up_on(empty, sizeof empty);
    hangs_up_on(no_op, sizeof no_op);
    hangs_up_on(huge, sizeof huge);
    hangs_up_on(over, sizeof over);
    hangs_up_on(two, sizeof two);
    info_here();
    stop(pid);
}

static void the_largest_record_passes(void) {
    uint8_t *request = calloc(1, TEE_MAX_RECORD + 8 + TEE_SEAL_OVERHEAD);
    uint8_t *answer = malloc(TEE_MAX_RECORD + TEE_SEAL_OVERHEAD);
    uint32_t len = 0;
    NEED(request != NULL && answer != NULL);
    fresh_dir("large");
    pid_t pid = start_daemon();
    int handle = connect_here();
    put_var(request + 4, request + 8, TEE_MAX_RECORD);
    CHECK_IS(TEE_OK, tee_call(handle, TEE_OP_SEAL, request, TEE_MAX_RECORD + 8, answer,
                              TEE_MAX_RECORD + TEE_SEAL_OVERHEAD, &len, WAIT_MS));
    CHECK_IS(TEE_MAX_RECORD + TEE_SEAL_OVERHEAD, len);
    put_var(request + 4, answer, len);
    CHECK_IS(TEE_OK, tee_call(handle, TEE_OP_OPEN, request, len + 8, answer,
                              TEE_MAX_RECORD + TEE_SEAL_OVERHEAD, &len, WAIT_MS));
    CHECK_IS(TEE_MAX_RECORD, len);
    info_of(handle);
    tee_close(handle);
    stop(pid);
    free(request);
    free(answer);
}

static void paths_may_be_longer_than_socket_addresses(void) {
    char name[200];
    memset(name, 'd', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    fresh_dir(name);
    pid_t pid = start_daemon();
    info_here();
    stop(pid);
}

static bool file_contains(const char *path, const char *text) {
    static char data[1 << 16];
    size_t len = slurp(path, data, sizeof data);
    return memmem(data, len, text, strlen(text)) != NULL;
}

/* What a neighbour could read: environment, log, a core of a crash. */
static void nothing_secret_is_left_around(void) {
    char path[64];
    uint8_t request[256];
    uint8_t sealed[256];
    uint32_t len = 0;
    fresh_dir("secrets");
    const struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_CORE, &unlimited); /* as generous as may be */
    pid_t pid = start_child(teed);
    snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
    CHECK(!file_contains(path, "planted-secret"));
    snprintf(path, sizeof path, "/proc/%d/limits", (int)pid);
    CHECK(file_contains(path, "Max core file size        0                    0"));
    int handle = connect_here();
    size_t used = put_var(request, "context", 7);
    used += put_var(request + used, "planted-secret-in-a-record", 26);
    CHECK_IS(TEE_OK, tee_call(handle, TEE_OP_SEAL, request, (uint32_t)used, sealed, sizeof sealed,
                              &len, WAIT_MS));
    CHECK(memmem(sealed, len, "planted", 7) == NULL);
    tee_close(handle);
    int status = 0;
    NEED(kill(pid, SIGQUIT) == 0 && waitpid(pid, &status, 0) == pid);
    CHECK(WIFSIGNALED(status) && !WCOREDUMP(status));
    CHECK(!file_contains(in_dir("tee.log"), "planted"));
    DIR *entries = opendir(dir);
    NEED(entries != NULL);
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        CHECK(strncmp(entry->d_name, "core", 4) != 0);
    }
    closedir(entries);
}

static void other_users_are_not_served(void) {
    if (geteuid() != 0) {
        puts("skipped: other_users_are_not_served, which needs root to play another user");
        return;
    }
    fresh_dir("users");
    pid_t pid = start_daemon();
    NEED(chmod(base, 0711) == 0 && chmod(dir, 0711) == 0 && chmod(in_dir("tee.sock"), 0666) == 0);
    pid_t client = fork();
    if (client == 0) {
        uint8_t answer[TEE_INFO_LEN];
        uint32_t len = 0;
        if (setgid(65534) != 0 || setuid(65534) != 0) {
            _exit(1);
        }
        int handle = tee_connect(in_dir("tee.sock"), WAIT_MS);
        int status = tee_call(handle, TEE_OP_INFO, NULL, 0, answer, sizeof answer, &len, WAIT_MS);
        _exit(handle >= 0 && status == TEE_IO_CLOSED ? 0 : 1);
    }
    int status = 1;
    NEED(waitpid(client, &status, 0) == client);
    CHECK_IS(0, status);
    info_here();
    CHECK(file_contains(in_dir("tee.log"), "refused a client of uid 65534"));
    stop(pid);
}

/* ---- a user of its own, which only root can give ------------------------ */

#define OWN_USER "60001"
#define CLIENT_USER "60002"
#define STRANGER 60003

static int run_for(const char *user, const char *client) {
    const char *args[] = {"--dir",    dir,    "--chain",       chain,  "--member", "clinic-a",
                          "--daemon", "--user", user, "--client-uid", client, NULL};
    if (client == NULL) {
        args[9] = NULL;
    }
    return run(args);
}

/* Runs what as the user in a child; its exit code. */
static int as_user(uid_t uid, gid_t gid, int (*what)(void)) {
    int status = 1;
    pid_t child = fork();
    if (child == 0) {
        bool changed = setgroups(0, NULL) == 0 && setgid(gid) == 0 && setuid(uid) == 0;
        _exit(changed ? what() : 99);
    }
    NEED(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
    return WEXITSTATUS(status);
}

static bool opens(const char *path) {
    int fd = open(path, O_RDONLY);
    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0;
}

static pid_t own_pid;

/* The client's view: served, and no file or memory of the instance to be had. */
static int uses_and_cannot_read(void) {
    char path[64];
    uint8_t answer[TEE_INFO_LEN];
    uint32_t len = 0;
    int handle = tee_connect(in_dir("tee.sock"), WAIT_MS);
    int status = tee_call(handle, TEE_OP_INFO, NULL, 0, answer, sizeof answer, &len, WAIT_MS);
    tee_close(handle);
    if (handle < 0 || status != TEE_OK) {
        return 1;
    }
    if (opens(in_dir("tee.unseal")) || opens(in_dir("tee.state")) || opens(dir)) {
        return 2;
    }
    snprintf(path, sizeof path, "/proc/%d/mem", (int)own_pid);
    if (opens(path)) {
        return 3;
    }
    snprintf(path, sizeof path, "/proc/%d/environ", (int)own_pid);
    if (opens(path)) {
        return 4;
    }
    return kill(own_pid, SIGTERM) == 0 ? 5 : 0;
}

/* In the client's group, so that the socket's mode lets it by: its uid does not. */
static int is_refused(void) {
    uint8_t answer[TEE_INFO_LEN];
    uint32_t len = 0;
    int handle = tee_connect(in_dir("tee.sock"), WAIT_MS);
    int status = tee_call(handle, TEE_OP_INFO, NULL, 0, answer, sizeof answer, &len, WAIT_MS);
    return handle >= 0 && status == TEE_IO_CLOSED ? 0 : 1;
}

static int finds_no_way_in(void) {
    return tee_connect(in_dir("tee.sock"), WAIT_MS) == TEE_IO_CONNECT ? 0 : 1;
}

static void check_line(const char *status, const char *line) {
    if (!CHECK(strstr(status, line) != NULL)) {
        fprintf(stderr, "no \"%s\" in:\n%s", line, status);
    }
}

static void check_identity(pid_t pid) {
    char path[64];
    char text[4096] = "";
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    NEED(slurp(path, text, sizeof text - 1) > 0);
    check_line(text, "\nUid:\t60001\t60001\t60001\t60001\n");
    check_line(text, "\nGid:\t60001\t60001\t60001\t60001\n");
    check_line(text, "\nGroups:\t \n");
    check_line(text, "\nCapPrm:\t0000000000000000\n");
    check_line(text, "\nCapEff:\t0000000000000000\n");
    check_line(text, "\nNoNewPrivs:\t1\n");
    struct stat info;
    snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
    NEED(stat(path, &info) == 0);
    CHECK_IS(0, info.st_uid); /* root's: cannot be dumped, though the user changed */
}

static void check_owner(const char *path, uid_t uid, mode_t mode) {
    struct stat info;
    NEED(stat(path, &info) == 0);
    CHECK_IS(uid, info.st_uid);
    CHECK_IS(mode, info.st_mode & 07777);
}

static void a_user_of_its_own_keeps_files_from_the_client(void) {
    fresh_dir("own");
    NEED(chmod(base, 0711) == 0);
    NEED(run_for(OWN_USER, CLIENT_USER) == 0);
    own_pid = pid_in_file();
    check_identity(own_pid);
    check_owner(dir, 60001, 02710);
    check_owner(in_dir("tee.state"), 60001, 0600);
    check_owner(in_dir("tee.unseal"), 60001, 0600);
    check_owner(in_dir("tee.sock"), 60001, 0660);
    CHECK_IS(0, as_user(60002, 60002, uses_and_cannot_read));
    CHECK_IS(0, as_user(STRANGER, 60002, is_refused));
    CHECK_IS(0, as_user(STRANGER, STRANGER, finds_no_way_in));
    CHECK(file_contains(in_dir("tee.log"), "refused a client of uid 60003"));
    info_here(); /* root is served too */
    stop(own_pid);
}

/* What root started before goes on under the new user, and its keys with it. */
static void a_state_of_roots_is_taken_over(void) {
    fresh_dir("takeover");
    pid_t pid = start_daemon();
    keys_seen before = info_here();
    stop(pid);
    NEED(run_for(OWN_USER, NULL) == 0);
    keys_seen after = info_here();
    CHECK(same(before.signing, after.signing));
    check_owner(dir, 60001, 0700);
    check_owner(in_dir("tee.state"), 60001, 0600);
    stop(pid_in_file());
    CHECK_IS(TEED_EXIT_DIR, run_as(chain, "clinic-a")); /* root's again only by root's hand */
    NEED(run_for(OWN_USER, CLIENT_USER) == 0);
    CHECK(same(before.signing, info_here().signing));
    stop(pid_in_file());
}

static void unsafe_users_and_directories_are_refused(void) {
    char link[PATH_LEN];
    fresh_dir("unsafe-users");
    CHECK_IS(TEED_EXIT_USAGE, run_for("root", NULL));
    CHECK_IS(TEED_EXIT_USAGE, run_for("0", NULL));
    CHECK_IS(TEED_EXIT_USAGE, run_for("60001x", NULL));
    CHECK_IS(TEED_EXIT_USAGE, run_for("no-such-user", NULL));
    CHECK_IS(TEED_EXIT_USAGE, run_for(OWN_USER, "no-such-user"));
    NEED(chown(dir, STRANGER, STRANGER) == 0);
    CHECK_IS(TEED_EXIT_DIR, run_for(OWN_USER, NULL)); /* another user's */
    NEED(chown(dir, 0, 0) == 0 && chmod(dir, 0755) == 0);
    CHECK_IS(TEED_EXIT_DIR, run_for(OWN_USER, NULL));
    check_owner(dir, 0, 0755);
    NEED(chmod(dir, 0700) == 0);
    NEED(mkdir(in_dir("inner"), 0700) == 0);
    snprintf(link, sizeof link, "%s/by-link", base);
    NEED(symlink(dir, link) == 0);
    snprintf(dir, sizeof dir, "%s/by-link/inner", base);
    CHECK_IS(TEED_EXIT_DIR, run_for(OWN_USER, NULL)); /* a link above it */
    check_owner(dir, 0, 0700);
}

static int teed_fd;

static int only_root_changes_users(void) {
    const char *const args[] = {teed,     "--dir",    "/nowhere", "--chain", chain,
                                "--member", "clinic-a", "--user",   "60001",   NULL};
    char *const environment[] = {NULL};
    fexecve(teed_fd, (char *const *)(uintptr_t)args, environment);
    return 99;
}

static void a_user_of_its_own(void) {
    if (geteuid() != 0) {
        puts("skipped: a user of its own, which only root can give");
        return;
    }
    RUN(a_user_of_its_own_keeps_files_from_the_client);
    RUN(a_state_of_roots_is_taken_over);
    RUN(unsafe_users_and_directories_are_refused);
    check_name = "only_root_changes_users";
    teed_fd = open(teed, O_RDONLY);
    CHECK_IS(TEED_EXIT_USAGE, as_user(60001, 60001, only_root_changes_users));
    close(teed_fd);
}

/* Of the production build too: the hook's number is just unknown there. */
static void a_forbidden_system_call_kills(const char *hooked) {
    uint8_t answer[8];
    uint32_t len = 0;
    int status = 0;
    fresh_dir("seccomp");
    pid_t pid = start_child(teed);
    int handle = connect_here();
    CHECK_IS(TEE_E_PARAM,
             tee_call(handle, 0xFF00, NULL, 0, answer, sizeof answer, &len, WAIT_MS));
    tee_close(handle);
    NEED(kill(pid, SIGTERM) == 0 && waitpid(pid, &status, 0) == pid);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    if (hooked == NULL) {
        return;
    }
    pid = start_child(hooked);
    handle = connect_here();
    CHECK_IS(TEE_IO_CLOSED,
             tee_call(handle, 0xFF00, NULL, 0, answer, sizeof answer, &len, WAIT_MS));
    tee_close(handle);
    NEED(waitpid(pid, &status, 0) == pid);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

/* ---- what only the test build can show ---------------------------------- */

#define OP_BREAK_RANDOM 0xFF01
#define OP_TELL_SECRETS 0xFF02
#define OP_CRASH 0xFF03
#define SECRETS 3
#define SECRET_LEN 32

static tee_status ask(int handle, uint16_t op, const uint8_t *in, size_t len, uint8_t *out,
                      uint32_t cap, uint32_t *out_len) {
    return (tee_status)tee_call(handle, op, in, (uint32_t)len, out, cap, out_len, WAIT_MS);
}

static void a_broken_invariant_is_latched_and_said(const char *hooked) {
    uint8_t request[64];
    uint8_t answer[TEE_INFO_LEN];
    uint32_t len = 0;
    fresh_dir("dead");
    pid_t pid = start_child(hooked);
    int handle = connect_here();
    size_t used = put_var(request, "context", 7);
    used += put_var(request + used, "record", 6);
    CHECK_IS(TEE_OK, ask(handle, TEE_OP_SEAL, request, used, answer, sizeof answer, &len));
    CHECK_IS(TEE_OK, ask(handle, OP_BREAK_RANDOM, NULL, 0, answer, sizeof answer, &len));
    CHECK_IS(TEE_E_INTERNAL, ask(handle, TEE_OP_SEAL, request, used, answer, sizeof answer, &len));
    CHECK_IS(TEE_E_INTERNAL, ask(handle, TEE_OP_RETIRE, NULL, 0, answer, sizeof answer, &len));
    tee_close(handle);
    handle = connect_here(); /* another client finds it no better */
    CHECK_IS(TEE_OK, ask(handle, TEE_OP_INFO, NULL, 0, answer, sizeof answer, &len));
    CHECK_IS(TEE_STATE_DEAD, answer[53]);
    tee_close(handle);
    stop(pid);
    waitpid(pid, NULL, 0);
}

static bool file_holds(const char *path, const uint8_t *bytes, size_t len) {
    static char data[1 << 20];
    size_t got = slurp(path, data, sizeof data);
    return memmem(data, got, bytes, len) != NULL;
}

/* Whether a file of the directory holds some eight bytes of the secret in a row. */
static bool lies_around(const uint8_t secret[SECRET_LEN]) {
    bool found = false;
    DIR *entries = opendir(dir);
    NEED(entries != NULL);
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        for (size_t at = 0; at + 8 <= SECRET_LEN; at++) {
            found |= file_holds(in_dir(entry->d_name), secret + at, 8);
        }
    }
    closedir(entries);
    return found;
}

/* The keys themselves, learnt from the instance: in its memory, and nowhere else. */
static void keys_are_in_no_file_and_no_core(const char *hooked) {
    uint8_t secrets[SECRETS * SECRET_LEN];
    char path[64];
    uint32_t len = 0;
    int status = 0;
    const struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_CORE, &unlimited);
    fresh_dir("keys");
    pid_t pid = start_child(hooked);
    int handle = connect_here();
    NEED(ask(handle, OP_TELL_SECRETS, NULL, 0, secrets, sizeof secrets, &len) == TEE_OK);
    NEED(len == sizeof secrets);
    snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
    for (size_t i = 0; i < SECRETS; i++) {
        CHECK(!lies_around(secrets + i * SECRET_LEN));
        CHECK(!file_holds(path, secrets + i * SECRET_LEN, 8));
    }
    int planted = open(in_dir("planted"), O_WRONLY | O_CREAT, 0600);
    NEED(write(planted, secrets + SECRET_LEN + 5, 9) == 9);
    close(planted);
    CHECK(lies_around(secrets + SECRET_LEN)); /* so the search finds what there is */
    NEED(unlink(in_dir("planted")) == 0);
    CHECK_IS(TEE_IO_CLOSED,
             tee_call(handle, OP_CRASH, NULL, 0, secrets, sizeof secrets, &len, WAIT_MS));
    tee_close(handle);
    NEED(waitpid(pid, &status, 0) == pid);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV && !WCOREDUMP(status));
    snprintf(path, sizeof path, "core.%d", (int)pid);
    CHECK(access(in_dir("core"), F_OK) != 0 && access("core", F_OK) != 0 && access(path, F_OK) != 0);
}

static void remove_base(void) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", base);
    CHECK(system(command) == 0);
}

int main(int argc, char **argv) {
    NEED(argc >= 2 && mkdtemp(base) != NULL);
    teed = argv[1];
    RUN(wrong_command_lines_are_refused);
    RUN(unsafe_directories_are_refused);
    RUN(a_daemon_has_no_parent_and_private_files);
    RUN(the_instance_outlives_its_client);
    RUN(only_one_instance_serves_a_member);
    RUN(a_second_client_waits);
    RUN(a_restart_keeps_records_readable);
    suite = "sm2";
    RUN(a_restart_keeps_records_readable);
    suite = "es256";
    RUN(sealed_state_is_this_members_or_nobodys);
    RUN(broken_frames_end_the_connection_only);
    RUN(the_largest_record_passes);
    RUN(paths_may_be_longer_than_socket_addresses);
    RUN(nothing_secret_is_left_around);
    RUN(other_users_are_not_served);
    a_user_of_its_own();
    check_name = "a_forbidden_system_call_kills";
    a_forbidden_system_call_kills(argc > 2 ? argv[2] : NULL);
    if (argc > 2) {
        check_name = "a_broken_invariant_is_latched_and_said";
        a_broken_invariant_is_latched_and_said(argv[2]);
        check_name = "keys_are_in_no_file_and_no_core";
        keys_are_in_no_file_and_no_core(argv[2]);
    }
    remove_base();
    return check_report();
}
