/* The server is started without a shell in between, so that its process id is the one to kill. */
#define _GNU_SOURCE /* nftw */
#include "support/redis.h"

#include "base/clock.h"

#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONF          "docker/redis.conf"
#define ARGUMENTS_MAX 32
#define WAIT_US       UINT64_C(20000000)

struct redis {
    pid_t pid; /* 0 while it is not running */
    const char *const *more;
    char folder[64];
    char socket[80];
};

_Noreturn static void give_up(const struct redis *redis, const char *what)
{
    (void)fprintf(stderr, "redis of the test: %s (%s); its log: %s/log\n", what, strerror(errno),
        redis->folder);
    abort();
}

static void run_server(const struct redis *redis, pid_t parent)
{
    const char *arguments[ARGUMENTS_MAX] = {"redis-server", CONF, "--port", "0", "--dir",
        redis->folder, "--unixsocket", redis->socket, "--logfile", "log"};
    size_t count = 10;
    for (size_t i = 0; redis->more && redis->more[i] && count + 1 < ARGUMENTS_MAX; i++)
        arguments[count++] = redis->more[i];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    execvp(arguments[0], (char *const *)arguments);
    (void)fprintf(stderr, "redis-server: %s\n", strerror(errno));
    _exit(1);
}

/* A connection of its own, or -1. */
static int dial(const struct redis *redis)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", redis->socket);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

/* Where the reply ends, once it is whole; a bulk string loses the line with its length. */
static char *reply_end(char *reply)
{
    char *end = strstr(reply, "\r\n");
    if (!end || reply[0] != '$' || reply[1] == '-')
        return end;
    char *text = end + 2;
    if (!strstr(text, "\r\n"))
        return NULL;
    memmove(reply, text, strlen(text) + 1);
    return strstr(reply, "\r\n");
}

/* One line and what comes back for it; false when the connection ends before. */
static bool converse(const struct redis *redis, const char *line, char *reply, size_t size)
{
    int fd = dial(redis);
    if (fd < 0)
        return false;
    bool alive = dprintf(fd, "%s\r\n", line) > 0;
    char *end = NULL;
    for (size_t len = 0; alive && !end;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        alive = poll(&ready, 1, (int)(WAIT_US / 1000)) == 1;
        ssize_t got = alive ? read(fd, reply + len, size - len - 1) : -1;
        alive = got > 0;
        len += alive ? (size_t)got : 0;
        reply[len] = '\0';
        end = reply_end(reply);
    }
    (void)close(fd);
    if (end)
        *end = '\0';
    return end != NULL;
}

static void start_server(struct redis *redis)
{
    pid_t parent = getpid();
    (void)fflush(NULL);
    redis->pid = fork();
    if (redis->pid < 0)
        give_up(redis, "cannot fork");
    if (redis->pid == 0)
        run_server(redis, parent);
    char reply[256] = "";
    uint64_t until = clock_mono_us() + WAIT_US;
    while (!converse(redis, "PING", reply, sizeof reply) ||
           (strcmp(reply, "+PONG") != 0 && strncmp(reply, "-NOAUTH", 7) != 0)) {
        if (clock_mono_us() > until)
            give_up(redis, "does not answer");
        if (waitpid(redis->pid, NULL, WNOHANG) == redis->pid)
            give_up(redis, "ended at once");
        (void)poll(NULL, 0, 5); /* nothing to wait on before the socket is there */
    }
}

struct redis *redis_start(const char *const *more)
{
    struct redis *redis = calloc(1, sizeof *redis);
    if (!redis)
        abort();
    const char *top = getenv("TMPDIR");
    if (!top || strlen(top) > 30)
        top = "/tmp";
    (void)snprintf(redis->folder, sizeof redis->folder, "%s/misaq-test-XXXXXX", top);
    if (!mkdtemp(redis->folder))
        give_up(redis, "cannot make a temporary folder");
    if (access(CONF, R_OK) != 0)
        give_up(redis, "no " CONF ": run tests from the top of the tree");
    (void)snprintf(redis->socket, sizeof redis->socket, "%s/redis", redis->folder);
    redis->more = more;
    start_server(redis);
    return redis;
}

void redis_kill(struct redis *redis)
{
    if (!redis->pid)
        return;
    (void)kill(redis->pid, SIGKILL);
    while (waitpid(redis->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    redis->pid = 0;
}

void redis_restart(struct redis *redis)
{
    redis_kill(redis);
    start_server(redis);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info, (void)kind, (void)at;
    return remove(path);
}

void redis_stop(struct redis *redis)
{
    if (!redis)
        return;
    redis_kill(redis);
    (void)nftw(redis->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(redis);
}

void redis_pause(struct redis *redis)
{
    if (kill(redis->pid, SIGSTOP) != 0)
        give_up(redis, "cannot be stopped");
}

void redis_continue(struct redis *redis)
{
    if (kill(redis->pid, SIGCONT) != 0)
        give_up(redis, "cannot be continued");
}

const char *redis_socket(const struct redis *redis)
{
    return redis->socket;
}

const char *redis_folder(const struct redis *redis)
{
    return redis->folder;
}

void redis_settings(const struct redis *redis, struct settings *ret_settings)
{
    static struct faults why;
    char variable[128];
    (void)snprintf(variable, sizeof variable, "MISAQ_REDIS=%s", redis->socket);
    faults_clear(&why);
    if (settings_read((char *[]){variable, NULL}, ret_settings, &why) != OK)
        give_up(redis, why.kept[0].detail);
}

void redis_say(const struct redis *redis, const char *line, char *reply, size_t size)
{
    if (!converse(redis, line, reply, size))
        give_up(redis, line);
}

void redis_expect(const struct redis *redis, const char *line, const char *expected)
{
    char reply[1024];
    redis_say(redis, line, reply, sizeof reply);
    if (strncmp(reply, expected, strlen(expected)) == 0)
        return;
    (void)fprintf(
        stderr, "redis of the test: \"%s\" gave \"%s\", not \"%s\"\n", line, reply, expected);
    abort();
}
