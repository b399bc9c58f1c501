#include "streams.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "door.h"
#include "hub.h"
#include "junction.h"
#include "press.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#define WAITS_MAX (SERVICE_COUNT + 2)
#define READY_MAX 512
#define TELL_US   UINT64_C(1000000)
#define HEALTH_US UINT64_C(2500000)
#define LOOK_US   20000

struct streams {
    const struct settings *settings;
    struct bus *bus;
    struct ledger *ledger;
    struct feed *feed;
    struct ring *ring;
    struct hub *hub;
    struct press *press;
    struct door *door;
    int epoll;
    uint64_t now_us, tell_us;
};

static volatile sig_atomic_t stop_wanted;

static void on_signal(int number)
{
    (void)number;
    stop_wanted = 1;
}

static void on_event(void *owner, const struct feed_event *event)
{
    struct streams *streams = owner;
    const struct facts *facts = feed_folded(streams->feed);
    /* Old ones too: when everybody comes again after a restart, what they missed is at hand. */
    ring_add(streams->ring, event, facts_body(facts, event->event->subject));
    if (event->is_new)
        hub_event(streams->hub, event);
    press_event(streams->press, facts, event);
}

/* Every stream is an open file: as many as the system lets us have. */
static void raise_files(const struct settings *settings)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < settings->streams_most + 64)
        log_line(LOG_WARN, "fewer streams than MISAQ_STREAMS_MOST", "why",
            "the limit of open files is lower: raise it (ulimit -Hn)");
}

static enum err open_all(struct streams *streams, struct faults *why)
{
    const struct settings *settings = streams->settings;
    raise_files(settings);
    streams->epoll = epoll_create1(EPOLL_CLOEXEC);
    must(streams->epoll >= 0);
    streams->now_us = clock_mono_us();
    streams->ring = ring_new(settings->streams_memory);
    enum err err = press_open(settings, streams->ring, streams->epoll, &streams->press, why);
    if (err == OK)
        err = bus_open(&streams->bus, why);
    if (err == OK)
        err = ledger_open(settings, &streams->ledger, why);
    if (err == OK)
        err = feed_open(streams->bus, settings, streams->ledger,
            &(struct feed_listener){.event = on_event, .owner = streams}, &streams->feed, why);
    if (err != OK)
        return err;
    streams->hub = hub_new(settings, streams->ledger, streams->feed, streams->ring, streams->epoll);
    return door_open(settings, streams->hub, streams->epoll, &streams->door, why);
}

static void close_all(struct streams *streams)
{
    door_close(streams->door);
    if (streams->ledger)
        ledger_close(streams->ledger);
    hub_free(streams->hub);
    feed_free(streams->feed);
    if (streams->bus)
        bus_close(streams->bus);
    press_close(streams->press);
    ring_free(streams->ring);
    (void)close(streams->epoll);
}

static int sooner(int a, int b)
{
    return b < 0 || (a >= 0 && a < b) ? a : b;
}

static void wait_for_work(struct streams *streams)
{
    struct bus_wait items[WAITS_MAX];
    size_t count = feed_wait_items(streams->feed, items);
    items[count++] = (struct bus_wait){.fd = streams->epoll};
    if (ledger_fd(streams->ledger) >= 0)
        items[count++] = (struct bus_wait){
            .fd = ledger_fd(streams->ledger), .want_write = ledger_wants_write(streams->ledger)};
    uint64_t now_us = clock_mono_us();
    int wait_ms = sooner(hub_wait_ms(streams->hub, now_us), feed_wait_ms(streams->feed, now_us));
    wait_ms = sooner(wait_ms, ledger_wait_ms(streams->ledger, now_us));
    log_flush();
    bus_wait(items, count, wait_ms);
}

/* One that is ready may close itself, never another: what the set told stays valid. */
static void serve_ready(struct streams *streams)
{
    struct epoll_event ready[READY_MAX];
    int count = epoll_wait(streams->epoll, ready, READY_MAX, 0);
    for (int i = 0; i < count; i++) {
        struct watched *watched = ready[i].data.ptr;
        watched->on_ready(watched, ready[i].events);
    }
}

static int64_t resident_bytes(void)
{
    char line[256] = "";
    uint64_t pages = 0;
    struct text rest;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    if (fgets(line, sizeof line, file)) {
        (void)text_cut(text_of(line), ' ', &rest); /* all; then what is resident */
        if (!text_whole(text_cut(rest, ' ', &rest), INT64_MAX, &pages))
            pages = 0;
    }
    (void)fclose(file);
    return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

static struct whole whole_of(uint64_t value)
{
    return (struct whole){(int64_t)value, true};
}

static void tell(struct streams *streams)
{
    if (streams->now_us < streams->tell_us || !feed_facts(streams->feed))
        return;
    streams->tell_us = streams->now_us + TELL_US;
    const struct hub_counts *counts = hub_counts(streams->hub);
    uint64_t behind, blocked;
    hub_waiting(streams->hub, &behind, &blocked);
    struct press_counts press;
    press_counted(streams->press, &press);
    struct stream_status status = {.position = whole_of(feed_position(streams->feed)),
        .head = whole_of(feed_head(streams->feed)),
        .open = whole_of(counts->open),
        .behind = whole_of(behind),
        .blocked = whole_of(blocked),
        .taken = whole_of(counts->taken),
        .refused = whole_of(counts->refused),
        .cut = whole_of(counts->cut),
        .delivered = whole_of(counts->delivered),
        .memory = whole_of((uint64_t)resident_bytes()),
        .published = whole_of(press.published),
        .let_in = whole_of(press.let_in),
        .refused_keys = whole_of(press.refused_keys),
        .refused_topics = whole_of(press.refused_topics)};
    if (*streams->settings->departments) {
        status.key = text_of(press_key(streams->press));
        status.address = text_of(press_address(streams->press));
    }
    door_tell(streams->door, &status);
}

static void turn(struct streams *streams)
{
    streams->now_us = clock_mono_us();
    ledger_turn(streams->ledger, streams->now_us);
    feed_turn(streams->feed, streams->now_us);
    serve_ready(streams);
    press_turn(streams->press, feed_facts(streams->feed), streams->now_us);
    hub_turn(streams->hub, streams->now_us);
    if (streams->door)
        tell(streams);
}

/* Nobody new is taken; everybody is told to come again, elsewhere. */
static void drain(struct streams *streams)
{
    log_line(LOG_INFO, "draining", NULL, NULL);
    door_close(streams->door);
    streams->door = NULL;
    uint64_t end_us = clock_mono_us() + streams->settings->drain_ms * 1000;
    hub_end_all(streams->hub, clock_mono_us());
    while (hub_counts(streams->hub)->open && clock_mono_us() < end_us) {
        wait_for_work(streams);
        turn(streams);
    }
}

int streams_run(const struct settings *settings)
{
    static struct streams streams;
    static struct faults why;
    streams = (struct streams){.settings = settings, .epoll = -1};
    struct sigaction stop = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGTERM, &stop, NULL);
    (void)sigaction(SIGINT, &stop, NULL);
    (void)sigaction(SIGPIPE, &ignore, NULL);
    enum err err = open_all(&streams, &why);
    if (err == OK) {
        log_line(LOG_INFO, "listening", "socket", settings->streams);
        while (!stop_wanted) {
            wait_for_work(&streams);
            turn(&streams);
        }
        drain(&streams);
    } else {
        log_begin(LOG_ERROR, "cannot start");
        log_str("what", why.kept[0].member);
        log_str("why", why.kept[0].detail);
        log_end();
    }
    close_all(&streams);
    log_line(LOG_INFO, "stopped", NULL, NULL);
    return err == OK ? 0 : 1;
}

int streams_health(const struct settings *settings)
{
    struct junction *junction = junction_new(settings);
    uint64_t end_us = clock_mono_us() + HEALTH_US;
    const struct stream_status *status = NULL;
    while (!status && clock_mono_us() < end_us) {
        junction_turn(junction, clock_mono_us());
        status = junction_status(junction);
        if (!status)
            (void)usleep(LOOK_US);
    }
    bool well = status && status->position.value >= status->head.value;
    junction_free(junction);
    return well ? 0 : 1;
}
