#define _GNU_SOURCE
#include "teed_log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOG_FILE_LIMIT (1 << 20)
#define LOG_LINES_LIMIT 20000u

static int log_fd = -1;
static unsigned lines_left = LOG_LINES_LIMIT;

void log_start(int fd) {
    struct stat info;
    log_fd = fd;
    /* The C library opens the time zone file at its first conversion of a time; after lockdown
     * that would be a forbidden system call. */
    tzset();
    if (fstat(fd, &info) == 0 && info.st_size > LOG_FILE_LIMIT && ftruncate(fd, 0) != 0) {
        log_line("the log could not be emptied");
    }
}

void log_line(const char *format, ...) {
    char line[512];
    struct timespec now;
    struct tm utc;
    int saved = errno;
    if (log_fd < 0 || lines_left == 0) {
        return;
    }
    lines_left--;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0 || gmtime_r(&now.tv_sec, &utc) == NULL) {
        return;
    }
    size_t used = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%SZ ", &utc);
    va_list args;
    va_start(args, format);
    int text = vsnprintf(line + used, sizeof line - used - 1, format, args);
    va_end(args);
    if (text > 0) {
        size_t room = sizeof line - used - 2;
        used += (size_t)text < room ? (size_t)text : room;
    }
    line[used++] = '\n';
    if (write(log_fd, line, used) < 0) {
        lines_left = 0; /* nowhere left to complain */
    }
    errno = saved;
}
