#define _GNU_SOURCE
#include "lockdown.h"

#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tee_abi.h"
#include "teed_log.h"

extern char **environ;

int lockdown_begin(failure *f) {
    const struct rlimit none = {0, 0};
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
        explicit_bzero(*entry, strlen(*entry));
    }
    clearenv();
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || setrlimit(RLIMIT_CORE, &none) != 0) {
        return fail(f, TEED_EXIT_INTERNAL, "Expected to forbid dumps, but: %s", strerror(errno));
    }
    return 0;
}

/*
 * Pages that hold keys shall not reach the swap. With the right or the limit for
 * it, every page now and later; otherwise those of now, which hold the keys, but
 * not the buffers of large requests.
 */
static void lock_memory(void) {
    /* As much as two of the largest frames; otherwise serving one would fail. */
    size_t most = 3u * (size_t)TEE_MAX_MESSAGE;
    if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0) {
        void *probe = mmap(NULL, most, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (probe != MAP_FAILED) {
            munmap(probe, most);
            return;
        }
        munlockall();
    }
    if (mlockall(MCL_CURRENT | MCL_ONFAULT) == 0) {
        log_line("warning: only the memory used so far is locked; RLIMIT_MEMLOCK is below %zu MiB",
                 most >> 20);
    } else {
        log_line("warning: memory is not locked and may be swapped: %s", strerror(errno));
    }
}

#ifndef CADUCEUS_SANITIZED

/* Serving the socket, writing the log, memory, randomness, ending. */
static const int allowed[] = {
    SCMP_SYS(poll),           SCMP_SYS(ppoll),        SCMP_SYS(accept4),
    SCMP_SYS(recvfrom),       SCMP_SYS(sendto),       SCMP_SYS(getsockopt),
    SCMP_SYS(read),           SCMP_SYS(write),        SCMP_SYS(close),
    SCMP_SYS(ftruncate),      SCMP_SYS(brk),          SCMP_SYS(munmap),
    SCMP_SYS(mremap),         SCMP_SYS(madvise),      SCMP_SYS(futex),
    SCMP_SYS(getrandom),      SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
    SCMP_SYS(getpid),         SCMP_SYS(gettid),       SCMP_SYS(geteuid),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(tgkill),
    SCMP_SYS(restart_syscall), SCMP_SYS(exit_group),  SCMP_SYS(exit),
};

static int filter_system_calls(void) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter == NULL) {
        return -1;
    }
    int result = 0;
    for (size_t i = 0; result == 0 && i < sizeof allowed / sizeof allowed[0]; i++) {
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    }
    if (result == 0) { /* memory, but never executable */
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    }
    if (result == 0) { /* how much may be on its way to a client */
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(setsockopt), 2,
                                  SCMP_A1(SCMP_CMP_EQ, SOL_SOCKET),
                                  SCMP_A2(SCMP_CMP_EQ, SO_SNDBUF));
    }
    if (result == 0) {
        result = seccomp_load(filter);
    }
    seccomp_release(filter);
    return result;
}

#else

/* The sanitizers' runtime needs more system calls than may be listed. */
static int filter_system_calls(void) {
    log_line("warning: sanitizer build without a system call filter");
    return 0;
}

#endif

int lockdown_enter(failure *f) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return fail(f, TEED_EXIT_INTERNAL, "Expected to forbid new privileges, but: %s",
                    strerror(errno));
    }
    lock_memory();
    int filtered = filter_system_calls();
    if (filtered != 0) {
        return fail(f, TEED_EXIT_INTERNAL, "Expected to filter system calls, but: %s",
                    strerror(-filtered));
    }
    return 0;
}
