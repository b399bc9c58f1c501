/* Start and end of a service: arguments, signals, sockets. */
#include "service/runtime.h"

#include "base/log.h"
#include "base/must.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define LINGER_MS      1000
#define EVENTS_QUEUED  65536 /* for a slow follower; beyond, it reads the ledger */
#define ADDRESSES_ROOM (SERVICE_COUNT * SETTING_WORD_SIZE)

static void log_faults(const char *what, const struct faults *why)
{
    for (uint32_t i = 0; i < faults_kept(why); i++) {
        log_begin(LOG_ERROR, what);
        log_str("member", why->kept[i].member);
        log_str("why", why->kept[i].detail);
        log_end();
    }
}

/* The first address of a list, and what is behind it. */
static const char *first_address(const char *list, char out[SETTING_WORD_SIZE])
{
    if (!settings_next_address(&list, out))
        out[0] = '\0';
    return list;
}

/* Where the events of everybody else come from: the other services, and the other instances of this
 * one. */
static void gather_others(const struct runtime *runtime, char out[ADDRESSES_ROOM])
{
    char own[SETTING_WORD_SIZE];
    size_t len = 0;
    out[0] = '\0';
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++) {
        const char *list = runtime_events(runtime->settings, s);
        if (s == runtime->service->id)
            list = first_address(list, own);
        len += (size_t)snprintf(out + len, ADDRESSES_ROOM - len, "%s,", list);
        must(len < ADDRESSES_ROOM);
    }
}

static enum err open_sockets(struct runtime *runtime)
{
    char own[SETTING_WORD_SIZE], others[ADDRESSES_ROOM], one[SETTING_WORD_SIZE];
    const struct settings *settings = runtime->settings;
    enum service_id id = runtime->service->id;
    int queue = (int)settings->queue;
    struct faults *why = &runtime->why;
    enum err err = bus_open(&runtime->bus, why);
    if (err != OK)
        return err;
    first_address(runtime_commands(settings, id), own);
    err = bus_socket_open(runtime->bus, BUS_SERVER, own, queue, &runtime->server, why);
    if (err != OK)
        return err;
    first_address(runtime_events(settings, id), own);
    err =
        bus_socket_open(runtime->bus, BUS_PUBLISHER, own, EVENTS_QUEUED, &runtime->publisher, why);
    if (err != OK)
        return err;
    gather_others(runtime, others);
    const char *list = others;
    if (!settings_next_address(&list, one))
        return OK; /* nobody else publishes */
    return bus_socket_open(
        runtime->bus, BUS_SUBSCRIBER, others, EVENTS_QUEUED, &runtime->subscriber, why);
}

/* What the service keeps outside of the ledger, before anybody can ask. */
static enum err open_side(struct runtime *runtime)
{
    const struct service *service = runtime->service;
    enum err err = OK;
    if (service->side)
        err = service->side->open(runtime->settings, runtime->state, &runtime->side, &runtime->why);
    return err == OK ? errands_open(service, runtime->settings, &runtime->errands, &runtime->why)
                     : err;
}

static int catch_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    must(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    must(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    must(fd >= 0);
    return fd;
}

static void log_started(const struct runtime *runtime)
{
    log_begin(LOG_INFO, "started");
    log_str("commands", bus_socket_address(runtime->server));
    log_str("events", bus_socket_address(runtime->publisher));
    log_str("government", runtime->settings->government);
    log_str("redis", runtime->settings->redis);
    log_whole("queue", (int64_t)runtime->settings->queue);
    log_end();
}

int service_run(const struct service *service, const struct settings *settings)
{
    static struct runtime runtime; /* large; one a process */
    int code = 1;
    must(sodium_init() >= 0);
    int signal_fd = catch_signals();
    enum err err = runtime_open(&runtime, service, settings);
    runtime.signal_fd = signal_fd;
    if (err == OK)
        err = open_side(&runtime);
    if (err == OK)
        err = open_sockets(&runtime);
    if (err != OK)
        log_faults("cannot start", &runtime.why);
    else {
        log_started(&runtime);
        code = loop_run(&runtime);
        bus_socket_linger(runtime.server, LINGER_MS);
        bus_socket_linger(runtime.publisher, LINGER_MS);
    }
    runtime_close(&runtime);
    (void)close(signal_fd);
    log_flush();
    return code;
}

static int print_digest(const struct service *service, const struct settings *settings)
{
    static struct runtime runtime;
    int code = 1;
    must(sodium_init() >= 0);
    must(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    if (runtime_open(&runtime, service, settings) == OK)
        code = loop_digest(&runtime);
    else
        log_faults("cannot start", &runtime.why);
    runtime_close(&runtime);
    return code;
}

int service_main(int argc, char **argv, const struct service *service)
{
    static struct settings settings;
    static char name[64];
    enum settings_task task;
    int code;
    (void)snprintf(name, sizeof name, "misaq-%s", service_name(service->id));
    struct settings_program program = {name, service->about, .has_digest = true};
    if (!settings_start(argc, argv, &program, &settings, &task, &code))
        return code;
    if (task == SETTINGS_DIGEST)
        return print_digest(service, &settings);
    return task == SETTINGS_HEALTH ? probe(service, &settings) : service_run(service, &settings);
}
