/* The one loop of a service: what came is taken in bounded batches, so that the appends of a turn
 * leave in one write and its answers together, and nobody starves. */
#include "service/runtime.h"

#include "base/clock.h"
#include "base/log.h"

#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define REQUESTS_A_TURN 64
#define EVENTS_A_TURN   512
#define HEAD_EVERY_US   1000000
#define DIGEST_QUIET_US 30000000

/* ---- what is worth a line in the log, once ---- */
static void note_ready(struct runtime *runtime)
{
    uint64_t took_us = clock_mono_us() - runtime->started_us;
    uint64_t events = follow_position(runtime->follow);
    runtime->was_ready = true;
    log_begin(LOG_INFO, "ready");
    log_whole("events", (int64_t)events);
    log_whole("milliseconds", (int64_t)(took_us / 1000));
    log_whole("events_per_second", (int64_t)(took_us ? events * 1000000 / took_us : 0));
    log_end();
}

static void note(struct runtime *runtime)
{
    const struct ledger_health *health = ledger_health(runtime->ledger);
    const char *stuck = follow_stuck(runtime->follow);
    if (!runtime->was_ready && follow_caught_up(runtime->follow))
        note_ready(runtime);
    if (health->ok && !runtime->was_healthy)
        log_line(LOG_INFO, "ledger is there", NULL, NULL);
    else if (!health->ok && runtime->was_healthy)
        log_line(LOG_ERROR, "ledger is lost", "why", health->why);
    runtime->was_healthy = health->ok;
    if (stuck && !runtime->was_stuck)
        log_line(LOG_ERROR, "following stopped", "why", stuck);
    runtime->was_stuck = stuck != NULL;
}

/* ---- one turn ---- */
static void hear_one(struct runtime *runtime, const struct published *published)
{
    if (published->is_hold)
        readonly_hear(runtime, published->reason);
    else if (published->is_head)
        follow_head(runtime->follow, published->position);
    else
        follow_offer(runtime->follow, published->position, published->packed);
}

static void hear(struct runtime *runtime)
{
    struct bus_message *message;
    struct published published;
    for (int i = 0; i < EVENTS_A_TURN && (message = bus_receive(runtime->subscriber)); i++) {
        if (envelope_read_published(message, &published))
            hear_one(runtime, &published);
        bus_message_free(message);
    }
}

static void take_requests(struct runtime *runtime)
{
    struct bus_message *message;
    for (int i = 0; i < REQUESTS_A_TURN && (message = bus_receive(runtime->server)); i++)
        intake(runtime, message);
}

static void tell_head(struct runtime *runtime)
{
    if (runtime->now_us < runtime->next_head_us)
        return;
    runtime->next_head_us = runtime->now_us + HEAD_EVERY_US;
    (void)!envelope_publish_head(runtime->publisher, follow_known_head(runtime->follow));
}

static void turn(struct runtime *runtime)
{
    const struct ledger_health *health = ledger_health(runtime->ledger);
    if (runtime->subscriber)
        hear(runtime);
    take_requests(runtime);
    if (health->ok)
        follow_head(runtime->follow, health->head);
    follow_turn(runtime->follow, runtime->now_us);
    ledger_turn(runtime->ledger, runtime->now_us);
    runtime->now_us = clock_mono_us();
    due_turn(runtime);
    readonly_turn(runtime);
    intake_turn(runtime);
    command_turn(runtime);
    query_turn(runtime);
    tell_head(runtime);
    work_sweep(runtime);
    note(runtime);
}

/* ---- waiting ---- */
static int sooner(int a, int b)
{
    return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

static int until(uint64_t at_us, uint64_t now_us)
{
    if (at_us == UINT64_MAX)
        return -1;
    uint64_t wait_ms = at_us <= now_us ? 0 : (at_us - now_us + 999) / 1000;
    return wait_ms < 60000 ? (int)wait_ms : 60000;
}

static int reader_wait_ms(const struct runtime *runtime)
{
    return sooner(ledger_wait_ms(runtime->ledger, runtime->now_us),
        follow_wait_ms(runtime->follow, runtime->now_us));
}

static void pause_for(struct runtime *runtime, uint64_t stop_us, bool *ret_signal)
{
    struct bus_wait items[5] = {{.fd = runtime->signal_fd}, {.socket = runtime->server}};
    size_t count = 2;
    if (ledger_fd(runtime->ledger) >= 0)
        items[count++] = (struct bus_wait){
            .fd = ledger_fd(runtime->ledger), .want_write = ledger_wants_write(runtime->ledger)};
    if (runtime->subscriber)
        items[count++] = (struct bus_wait){.socket = runtime->subscriber};
    if (runtime->errands)
        items[count++] = (struct bus_wait){.fd = errands_fd(runtime->errands)};
    int wait_ms = sooner(reader_wait_ms(runtime), until(runtime->next_due_us, runtime->now_us));
    wait_ms = sooner(wait_ms, until(runtime->next_head_us, runtime->now_us));
    wait_ms = sooner(wait_ms, until(readonly_next_us(runtime), runtime->now_us));
    wait_ms = sooner(wait_ms, until(due_next_us(runtime), runtime->now_us));
    wait_ms = sooner(wait_ms, until(stop_us, runtime->now_us));
    if (runtime->freed && runtime->lists[WORK_WAITING])
        wait_ms = 0;
    log_flush();
    bus_wait(items, count, wait_ms);
    runtime->now_us = clock_mono_us();
    *ret_signal = items[0].ready;
}

static void start_draining(struct runtime *runtime, uint64_t *ret_stop_us)
{
    struct signalfd_siginfo info;
    if (read(runtime->signal_fd, &info, sizeof info) != sizeof info || runtime->draining)
        return;
    runtime->draining = true;
    *ret_stop_us = runtime->now_us + runtime->settings->drain_ms * 1000;
    log_begin(LOG_INFO, "stopping");
    log_whole("waiting", (int64_t)runtime->in_hand);
    log_end();
}

int loop_run(struct runtime *runtime)
{
    uint64_t stop_us = UINT64_MAX;
    bool signalled;
    while (!runtime->draining || (runtime->in_hand > 0 && runtime->now_us < stop_us)) {
        pause_for(runtime, stop_us, &signalled);
        if (signalled)
            start_draining(runtime, &stop_us);
        turn(runtime);
    }
    log_begin(LOG_INFO, "stopped");
    log_whole("position", (int64_t)follow_position(runtime->follow));
    log_whole("unfinished", (int64_t)runtime->in_hand);
    log_end();
    return 0;
}

int loop_digest(struct runtime *runtime)
{
    uint64_t quiet_since_us = runtime->now_us, position = 0;
    while (!follow_caught_up(runtime->follow)) {
        follow_turn(runtime->follow, runtime->now_us);
        ledger_turn(runtime->ledger, runtime->now_us);
        struct bus_wait item = {
            .fd = ledger_fd(runtime->ledger), .want_write = ledger_wants_write(runtime->ledger)};
        int wait_ms = sooner(reader_wait_ms(runtime), 100);
        bus_wait(&item, item.fd >= 0 ? 1 : 0, wait_ms);
        runtime->now_us = clock_mono_us();
        if (follow_position(runtime->follow) != position)
            quiet_since_us = runtime->now_us;
        position = follow_position(runtime->follow);
        const char *stuck = follow_stuck(runtime->follow);
        if (stuck || runtime->now_us - quiet_since_us > DIGEST_QUIET_US) {
            log_line(LOG_ERROR, "the ledger was not read to its end", "why",
                stuck ? stuck : ledger_health(runtime->ledger)->why);
            return 1;
        }
    }
    char digest[STATUS_DIGEST_SIZE];
    status_digest(runtime, digest);
    (void)printf("%llu %s\n", (unsigned long long)follow_position(runtime->follow), digest);
    return 0;
}
