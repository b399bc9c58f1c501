/* Between fork and exec only what a signal handler may do. Each child is a process group of its
 * own, so that Ctrl-C reaches this process alone, which stops the others in order. */
#include "child.h"

#include "base/must.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAUSE_LEAST_MS 200
#define PAUSE_MOST_MS  10000
#define STEADY_US      (30 * 1000000ull)
#define LOG_MOST       (16 << 20) /* larger ones are put aside at the start */
#define TAIL_BYTES     2000
#define TAIL_LINES     4
#define CHUNK          (64u << 10)
#define ERRORS_SHOWN   3 /* at a time */
#define LINE_SHOWN     400

void child_argument(struct child *child, const char *argument)
{
    must(child->argument_count < CHILD_ARGUMENTS && strlen(argument) < CHILD_PATH_SIZE);
    (void)snprintf(child->arguments[child->argument_count++], CHILD_PATH_SIZE, "%s", argument);
}

static int open_log(struct child *child)
{
    struct stat found;
    if (child->started_us == 0 && stat(child->log, &found) == 0 && found.st_size > LOG_MOST) {
        char aside[CHILD_PATH_SIZE + 8];
        (void)snprintf(aside, sizeof aside, "%s.before", child->log);
        (void)rename(child->log, aside);
    }
    int fd = open(child->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd >= 0)
        child->log_begin = child->log_read = lseek(fd, 0, SEEK_END);
    return fd;
}

static void complain(const char *what, const char *program)
{
    char line[CHILD_PATH_SIZE + 64];
    size_t len = 0;
    for (const char *at = program; *at && len < CHILD_PATH_SIZE; at++)
        line[len++] = *at;
    for (const char *at = what; *at && len < sizeof line; at++)
        line[len++] = *at;
    (void)!write(STDERR_FILENO, line, len);
}

static _Noreturn void become(
    const struct child *child, char *const *arguments, int log, pid_t parent)
{
    sigset_t none;
    (void)sigemptyset(&none);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* it died before the line above */
        _exit(1);
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing >= 0)
        (void)dup2(nothing, STDIN_FILENO);
    if (log >= 0 && (dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0))
        _exit(1);
    if (child->kept_open >= 0)
        (void)fcntl(child->kept_open, F_SETFD, 0);
    (void)execvp(child->program, arguments);
    complain(errno == ENOENT ? " is not there\n" : " cannot be started\n", child->program);
    _exit(127);
}

bool child_start(struct child *child, uint64_t now_us)
{
    char *arguments[CHILD_ARGUMENTS + 2] = {child->program};
    for (size_t i = 0; i < child->argument_count; i++)
        arguments[i + 1] = child->arguments[i];
    int log = *child->log ? open_log(child) : -1;
    if (*child->log && log < 0)
        return false;
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        become(child, arguments, log, parent);
    int error = errno;
    if (log >= 0)
        (void)close(log);
    errno = error;
    if (pid < 0)
        return false;
    child->pid = pid;
    child->started_us = now_us;
    child->again_us = 0;
    return true;
}

void child_ended(struct child *child, uint64_t now_us)
{
    bool steady = now_us - child->started_us > STEADY_US;
    uint32_t longer = child->pause_ms * 2;
    child->pause_ms = steady || longer < PAUSE_LEAST_MS ? PAUSE_LEAST_MS
                      : longer > PAUSE_MOST_MS          ? PAUSE_MOST_MS
                                                        : longer;
    child->again_us = now_us + child->pause_ms * UINT64_C(1000);
    child->pid = 0;
    child->ends++;
}

void child_tell_end(int status, char *out, size_t size)
{
    if (WIFSIGNALED(status))
        (void)snprintf(out, size, "was killed by signal %d (%s)", WTERMSIG(status),
            strsignal(WTERMSIG(status)));
    else
        (void)snprintf(out, size, "ended with %d", WEXITSTATUS(status));
}

/* Reads at most so many bytes of the log from `from` on; 0 at its end or when it cannot be read. */
static size_t read_log(const struct child *child, off_t from, char *out, size_t most)
{
    int fd = open(child->log, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd >= 0 ? pread(fd, out, most, from) : -1;
    if (fd >= 0)
        (void)close(fd);
    return len > 0 ? (size_t)len : 0;
}

static void show(const struct child *child, struct text line)
{
    if (line.len)
        (void)fprintf(stderr, "  %s: %.*s\n", child->name,
            (int)(line.len < LINE_SHOWN ? line.len : LINE_SHOWN), line.at);
}

void child_show_tail(struct child *child)
{
    char bytes[TAIL_BYTES];
    struct stat found;
    if (stat(child->log, &found) != 0)
        return;
    off_t from = found.st_size - TAIL_BYTES;
    from = from > child->log_begin ? from : child->log_begin;
    child->log_read = found.st_size;
    struct text tail = {bytes, read_log(child, from, bytes, sizeof bytes)};
    size_t lines = 0, begin = tail.len;
    while (begin > 0) {
        if (bytes[begin - 1] == '\n' && begin < tail.len && ++lines == TAIL_LINES)
            break;
        begin--;
    }
    for (struct text rest = {bytes + begin, tail.len - begin}; rest.len;)
        show(child, text_cut(rest, '\n', &rest));
}

static bool is_error(struct text line)
{
    static const char mark[] = "\"level\":\"error\"";
    for (size_t i = 0; i + sizeof mark - 1 <= line.len; i++)
        if (memcmp(line.at + i, mark, sizeof mark - 1) == 0)
            return true;
    return false;
}

void child_show_errors(struct child *child)
{
    static char bytes[CHUNK];
    size_t len = read_log(child, child->log_read, bytes, sizeof bytes), whole = len;
    while (whole > 0 && bytes[whole - 1] != '\n')
        whole--;
    if (whole == 0 && len == sizeof bytes) /* a line without end */
        whole = len;
    child->log_read += (off_t)whole;
    int errors = 0;
    for (struct text rest = {bytes, whole}; rest.len;) {
        struct text line = text_cut(rest, '\n', &rest);
        if (is_error(line) && ++errors <= ERRORS_SHOWN)
            show(child, line);
    }
    if (errors > ERRORS_SHOWN)
        (void)fprintf(stderr, "  %s: %d more errors, see %s\n", child->name, errors - ERRORS_SHOWN,
            child->log);
}
