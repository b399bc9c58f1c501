/* A second service as small as one can be: follows the ledger as every service does and says when
 * each event reached it, by the monotonic clock, which all programs of a machine share.
 *
 *   bench_follow     settings from the environment; says "ready" once it hears the bus and has read
 *                    the ledger to its end, then "<position> <microseconds>" for every event */
#include "base/clock.h"
#include "base/must.h"
#include "bus/envelope.h"
#include "service/follow.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define QUEUED 65536

struct follower {
    struct ledger *ledger;
    struct bus_socket *events;
    struct follow *follow;
    uint64_t now_us;
    bool heard, ready;
};

static const char *on_event(void *owner, uint64_t position, struct text packed)
{
    struct follower *follower = owner;
    (void)packed;
    if (follower->ready)
        (void)printf("%" PRIu64 " %" PRIu64 "\n", position, clock_mono_us());
    return NULL;
}

static void hear(struct follower *follower)
{
    struct bus_message *message;
    struct published published;
    while ((message = bus_receive(follower->events))) {
        if (envelope_read_published(message, &published)) {
            follower->heard = true;
            if (published.is_head)
                follow_head(follower->follow, published.position);
            else if (!published.is_hold)
                follow_offer(follower->follow, published.position, published.packed);
        }
        bus_message_free(message);
    }
}

static void turn(struct follower *follower)
{
    hear(follower);
    follow_turn(follower->follow, follower->now_us);
    ledger_turn(follower->ledger, follower->now_us);
    if (!follower->ready && follower->heard && follow_caught_up(follower->follow)) {
        follower->ready = true;
        (void)printf("ready\n");
    }
    (void)fflush(stdout);
}

static void pause_for(struct follower *follower)
{
    struct bus_wait items[2] = {{.socket = follower->events}, {.fd = ledger_fd(follower->ledger)}};
    items[1].want_write = ledger_wants_write(follower->ledger);
    int wait_ms = ledger_wait_ms(follower->ledger, follower->now_us);
    int follow_ms = follow_wait_ms(follower->follow, follower->now_us);
    if (wait_ms < 0 || (follow_ms >= 0 && follow_ms < wait_ms))
        wait_ms = follow_ms;
    bus_wait(items, items[1].fd < 0 ? 1 : 2, wait_ms);
    follower->now_us = clock_mono_us();
}

int main(void)
{
    static struct settings settings;
    static struct faults why;
    struct bus *bus;
    struct follower follower = {.now_us = clock_mono_us()};
    (void)signal(SIGPIPE, SIG_IGN);
    must(settings_read(environ, &settings, &why) == OK);
    must(bus_open(&bus, &why) == OK);
    must(bus_socket_open(
             bus, BUS_SUBSCRIBER, settings.targets_events, QUEUED, &follower.events, &why) == OK);
    must(ledger_open(&settings, &follower.ledger, &why) == OK);
    follower.follow = follow_new(follower.ledger, 0, on_event, &follower);
    for (;;) {
        turn(&follower);
        pause_for(&follower);
    }
}
