#include "gateway.h"

#include "admin.h"
#include "asker.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "describe.h"
#include "events.h"
#include "kept.h"
#include "locker.h"
#include "request.h"

#include <signal.h>
#include <stdlib.h>

/* So long after its start at most the public waits until everything is there, in the queue of the
 * listening socket: it would be refused otherwise. */
#define WARM_US     UINT64_C(3000000)
#define TURN_MS     200 /* longest wait: how late the reaper and the clocks may be */
#define OPENAPI_MAX (16u << 20)
#define WAITS_MAX   (2 * SERVICE_COUNT + 3)

static volatile sig_atomic_t stop_wanted;

static void on_signal(int number)
{
    (void)number;
    stop_wanted = 1;
}

static size_t largest_record(void)
{
    size_t most = sizeof(struct event_list);
    for (size_t i = 0; record_at(i); i++)
        if (record_at(i)->size > most)
            most = record_at(i)->size;
    return most;
}

static void on_began(void *owner, uint64_t position)
{
    struct gateway *gateway = owner;
    answers_begin(gateway->answers, position);
}

static void on_event(void *owner, const struct feed_event *event)
{
    struct gateway *gateway = owner;
    if (event->is_new)
        answers_event(gateway->answers, event->event->subject, event->position);
}

static enum err open_all(struct gateway *gateway, struct faults *why)
{
    const struct settings *settings = gateway->settings;
    gateway->now_us = gateway->began_us = clock_mono_us();
    gateway->record = malloc(largest_record());
    must(gateway->record);
    gateway->frames.bytes = BUF(BUS_MESSAGE_MAX - BUS_FRAME_MAX);
    gateway->openapi = BUF(OPENAPI_MAX);
    describe_openapi(&gateway->openapi);
    gateway->metrics = metrics_new();
    gateway->answers = answers_new(settings->cache, kept_release);
    gateway->tokens = tokens_new(settings);
    gateway->watch = watch_new(gateway);
    gateway->junction = junction_new(settings);
    enum err err = locker_open(settings->evidence, why);
    if (err == OK)
        err = bus_open(&gateway->bus, why);
    if (err == OK)
        err = ledger_open(settings, &gateway->ledger, why);
    if (err == OK)
        err = asks_open(gateway->bus, settings, &gateway->asks, why);
    if (err == OK)
        err = feed_open(gateway->bus, settings, gateway->ledger,
            &(struct feed_listener){on_began, on_event, gateway}, &gateway->feed, why);
    if (err == OK)
        err = http_open(
            gateway, settings->admin, admin_on_header, admin_on_whole, &gateway->admin_http, why);
    if (err == OK)
        err = http_open(gateway, settings->http, request_on_header, request_on_whole,
            &gateway->public_http, why);
    return err;
}

static void close_all(struct gateway *gateway)
{
    http_free(gateway->public_http);
    http_free(gateway->admin_http);
    watch_free(gateway->watch);
    junction_free(gateway->junction);
    asks_free(gateway->asks);
    if (gateway->ledger)
        ledger_close(gateway->ledger);
    feed_free(gateway->feed);
    if (gateway->bus)
        bus_close(gateway->bus);
    answers_free(gateway->answers);
    tokens_free(gateway->tokens);
    metrics_free(gateway->metrics);
    buf_free(&gateway->openapi);
    buf_free(&gateway->frames.bytes);
    free(gateway->record);
}

static int sooner(int a, int b)
{
    return b < 0 || (a >= 0 && a < b) ? a : b;
}

static void wait_for_work(struct gateway *gateway)
{
    struct bus_wait items[WAITS_MAX];
    size_t count = asks_wait_items(gateway->asks, items);
    count += feed_wait_items(gateway->feed, items + count);
    if (gateway->serving)
        items[count++] = (struct bus_wait){.fd = http_fd(gateway->public_http)};
    items[count++] = (struct bus_wait){.fd = http_fd(gateway->admin_http)};
    if (ledger_fd(gateway->ledger) >= 0)
        items[count++] = (struct bus_wait){
            .fd = ledger_fd(gateway->ledger), .want_write = ledger_wants_write(gateway->ledger)};
    uint64_t now_us = clock_mono_us();
    int wait_ms = sooner(TURN_MS, asks_wait_ms(gateway->asks, now_us));
    wait_ms = sooner(wait_ms, feed_wait_ms(gateway->feed, now_us));
    wait_ms = sooner(wait_ms, ledger_wait_ms(gateway->ledger, now_us));
    wait_ms = sooner(wait_ms, tokens_wait_ms(gateway->tokens));
    wait_ms = sooner(wait_ms, junction_wait_ms(gateway->junction));
    if (gateway->serving)
        wait_ms = sooner(wait_ms, http_wait_ms(gateway->public_http));
    wait_ms = sooner(wait_ms, http_wait_ms(gateway->admin_http));
    log_flush();
    bus_wait(items, count, wait_ms);
}

static void begin_serving(struct gateway *gateway)
{
    BUF_CLEANUP struct buf list = BUF(64u << 10);
    if (!gateway->serving)
        gateway->serving = gateway->began_us + WARM_US < gateway->now_us ||
                           watch_missing(gateway->watch, gateway->now_us, &list) == 0;
}

/* Answers first, so that what they wake is sent in the same turn: the library tells nobody that a
 * connection was resumed. What is asked of the ledger then leaves with the next turn, which comes
 * at once: ledger_wants_write(). */
static void turn(struct gateway *gateway)
{
    gateway->now_us = clock_mono_us();
    asks_turn(gateway->asks, gateway->now_us);
    ledger_turn(gateway->ledger, gateway->now_us);
    feed_turn(gateway->feed, gateway->now_us);
    tokens_turn(gateway->tokens, gateway->now_us);
    asker_turn(gateway);
    events_expire(gateway->now_us);
    junction_turn(gateway->junction, gateway->now_us);
    begin_serving(gateway);
    if (gateway->serving)
        http_turn(gateway->public_http);
    http_turn(gateway->admin_http);
    watch_turn(gateway->watch, gateway->now_us);
    http_reap(gateway->public_http);
    http_reap(gateway->admin_http);
}

static void drain(struct gateway *gateway)
{
    gateway->draining = true;
    log_line(LOG_INFO, "draining", NULL, NULL);
    http_quiesce(gateway->public_http);
    uint64_t end_us = clock_mono_us() + gateway->settings->drain_ms * 1000;
    while (http_lines(gateway->public_http)->open && clock_mono_us() < end_us) {
        wait_for_work(gateway);
        turn(gateway);
    }
    /* What still waits is told so: the library must not be stopped with suspended connections. */
    http_abandon(gateway->public_http);
    http_abandon(gateway->admin_http);
    http_turn(gateway->public_http);
    http_turn(gateway->admin_http);
}

static void tell_listening(const struct gateway *gateway)
{
    log_begin(LOG_INFO, "listening");
    log_str("http", http_address(gateway->public_http));
    log_str("admin", http_address(gateway->admin_http));
    log_end();
}

int gateway_run(const struct settings *settings)
{
    static struct gateway gateway;
    gateway = (struct gateway){.settings = settings};
    struct sigaction stop = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGTERM, &stop, NULL);
    (void)sigaction(SIGINT, &stop, NULL);
    (void)sigaction(SIGPIPE, &ignore, NULL);
    enum err err = open_all(&gateway, &gateway.why);
    if (err == OK) {
        tell_listening(&gateway);
        while (!stop_wanted) {
            wait_for_work(&gateway);
            turn(&gateway);
        }
        drain(&gateway);
    } else {
        log_begin(LOG_ERROR, "cannot start");
        log_str("what", gateway.why.kept[0].member);
        log_str("why", gateway.why.kept[0].detail);
        log_end();
    }
    close_all(&gateway);
    log_line(LOG_INFO, "stopped", NULL, NULL);
    return err == OK ? 0 : 1;
}
