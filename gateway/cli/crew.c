/* Addresses are sockets in the run folder, given to every program in the one environment that they
 * all read. */
#include "crew.h"

#include "base/clock.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE_US (15 * 1000000ull)
#define LOOK_MS  100

static enum err own_folder(char out[FOLDER_PATH_SIZE], struct faults *why)
{
    ssize_t len = readlink("/proc/self/exe", out, FOLDER_PATH_SIZE - 1);
    if (len <= 0)
        return faults_add(why, ERR_UNAVAILABLE, "/proc/self/exe", "cannot be read");
    out[len] = '\0';
    *strrchr(out, '/') = '\0';
    return OK;
}

static struct child *add(struct crew *crew, const struct folder *folder, const char *name)
{
    struct child *child = &crew->at[crew->count++];
    *child = (struct child){.kept_open = folder->lock};
    (void)snprintf(child->name, sizeof child->name, "%s", name);
    (void)snprintf(child->program, sizeof child->program, "%s", name);
    (void)snprintf(child->log, sizeof child->log, "%s/log/%s.log", folder->home, name);
    return child;
}

static bool is_in_path(const char *program)
{
    const char *path = getenv("PATH");
    for (struct text rest = text_of(path ? path : ""); rest.at;) {
        char full[FOLDER_PATH_SIZE];
        struct text part = text_cut(rest, ':', &rest);
        int len = snprintf(full, sizeof full, "%.*s/%s", TEXT_ARG(part), program);
        if (len > 0 && len < (int)sizeof full && access(full, X_OK) == 0)
            return true;
    }
    return false;
}

static void plan_redis(struct crew *crew, const struct folder *folder, struct faults *why)
{
    struct child *redis = add(crew, folder, "redis-server");
    char path[FOLDER_NAME_SIZE];
    if (!is_in_path(redis->program))
        faults_add(why, ERR_UNAVAILABLE, redis->program,
            "is not installed: `make deps`, or apt-get install redis-server");
    (void)snprintf(path, sizeof path, "%s/redis.conf", folder->home);
    child_argument(redis, path);
    child_argument(redis, "--port");
    child_argument(redis, "0");
    child_argument(redis, "--dir");
    (void)snprintf(path, sizeof path, "%s/redis", folder->home);
    child_argument(redis, path);
    child_argument(redis, "--unixsocket");
    (void)snprintf(path, sizeof path, "%s/redis", folder->sockets);
    child_argument(redis, path);
    (void)setenv("MISAQ_REDIS", path, 1);
}

static void plan_program(
    struct crew *crew, const struct folder *folder, const char *name, struct faults *why)
{
    char beside[FOLDER_PATH_SIZE], program[96];
    (void)snprintf(program, sizeof program, "misaq-%s", name);
    struct child *child = add(crew, folder, program);
    if (own_folder(beside, why) != OK)
        return;
    (void)snprintf(child->program, sizeof child->program, "%s/%s", beside, program);
    if (access(child->program, X_OK) != 0)
        faults_add(why, ERR_UNAVAILABLE, program, "is not in %s: `make release` builds it", beside);
}

/* A folder of the run that a setting names, unless the environment names another. */
static void set_folder(const struct folder *folder, const char *setting, const char *name)
{
    char path[FOLDER_NAME_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", folder->home, name);
    (void)setenv(setting, path, 0);
}

static void set_streams(const struct folder *folder)
{
    char path[FOLDER_NAME_SIZE];
    (void)snprintf(path, sizeof path, "%s/streams", folder->sockets);
    (void)setenv("MISAQ_STREAMS", path, 1);
}

static void set_address(const struct folder *folder, const char *service, const char *kind)
{
    char name[96], address[FOLDER_NAME_SIZE];
    int len = snprintf(name, sizeof name, "MISAQ_%s_%s", service, kind);
    for (int i = 0; i < len; i++)
        name[i] = (char)toupper((unsigned char)name[i]);
    (void)snprintf(address, sizeof address, "ipc://%s/%s-%s", folder->sockets, service, kind);
    (void)setenv(name, address, 1);
}

enum err crew_plan(const struct folder *folder, struct crew *ret_crew, struct faults *why)
{
    ret_crew->count = 0;
    set_folder(folder, "MISAQ_KEYS", "keys");
    set_folder(folder, "MISAQ_RECORD", "record");
    set_folder(folder, "MISAQ_EVIDENCE", "evidence");
    set_folder(folder, "MISAQ_DEPARTMENTS_KEY", "departments.key");
    set_streams(folder);
    plan_redis(ret_crew, folder, why);
    for (enum service_id service = SERVICE_any + 1; service < SERVICE_COUNT; service++) {
        set_address(folder, service_name(service), "commands");
        set_address(folder, service_name(service), "events");
        plan_program(ret_crew, folder, service_name(service), why);
    }
    plan_program(ret_crew, folder, "streams", why);
    plan_program(ret_crew, folder, "courier", why);
    plan_program(ret_crew, folder, "gateway", why);
    return faults_err(why);
}

void crew_plan_loader(struct crew *crew, const char *url)
{
    crew->loader = (struct child){.kept_open = -1};
    (void)snprintf(crew->loader.name, sizeof crew->loader.name, "misaq sample");
    (void)snprintf(crew->loader.program, sizeof crew->loader.program, "/proc/self/exe");
    child_argument(&crew->loader, "sample");
    child_argument(&crew->loader, "--load");
    child_argument(&crew->loader, url);
}

bool crew_start_due(struct crew *crew, uint64_t now_us)
{
    for (size_t i = 0; i < crew->count; i++) {
        struct child *child = &crew->at[i];
        if (child->pid == 0 && now_us >= child->again_us && !child_start(child, now_us))
            return false;
    }
    return true;
}

struct child *crew_reap(struct crew *crew, int *ret_status)
{
    pid_t pid = waitpid(-1, ret_status, WNOHANG);
    if (pid <= 0)
        return NULL;
    for (size_t i = 0; i < crew->count; i++)
        if (crew->at[i].pid == pid)
            return &crew->at[i];
    return crew->loader.pid == pid ? &crew->loader : NULL;
}

static bool has_ended(struct child *child)
{
    if (child->pid && waitpid(child->pid, NULL, WNOHANG) != 0)
        child->pid = 0;
    return child->pid == 0;
}

/* Whether somebody asks again: they do not want to wait. */
static bool is_hurried(int signals)
{
    struct pollfd readable = {.fd = signals, .events = POLLIN};
    struct signalfd_siginfo info;
    if (poll(&readable, 1, LOOK_MS) <= 0 ||
        read(signals, &info, sizeof info) != (ssize_t)sizeof info)
        return false;
    return info.ssi_signo == SIGINT || info.ssi_signo == SIGTERM;
}

static void stop(struct child *child, int signals)
{
    if (has_ended(child))
        return;
    uint64_t until = clock_mono_us() + GRACE_US;
    (void)kill(child->pid, SIGTERM);
    (void)kill(child->pid, SIGCONT); /* one that was stopped hears it, too */
    while (!has_ended(child)) {
        if (!is_hurried(signals) && clock_mono_us() < until)
            continue;
        (void)fprintf(stderr, "%s does not end by itself: killed\n", child->name);
        (void)kill(-child->pid, SIGKILL); /* with what it has started itself */
        (void)waitpid(child->pid, NULL, 0);
        child->pid = 0;
    }
}

void crew_stop(struct crew *crew, int signals)
{
    stop(&crew->loader, signals);
    for (size_t i = crew->count; i > 0; i--)
        stop(&crew->at[i - 1], signals);
}
