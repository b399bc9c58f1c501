#include "feed.h"

#include "base/must.h"
#include "service/follow.h"

#include <stdio.h>
#include <stdlib.h>

/* A service tells its head every second: after three of them unheard, nothing is known any more. */
#define SILENCE_US UINT64_C(3000000)

struct feed {
    struct ledger *ledger;
    struct feed_listener listener;
    struct bus_socket *sockets[SERVICE_COUNT];
    struct follow *follow; /* NULL until the ledger has told its head */
    struct facts facts;
    const char *broken;   /* why an event could not be folded */
    uint64_t begun;       /* the head at the start: what is handed on is from behind it */
    uint64_t heard_us;    /* when a service last said something */
    uint64_t complete_us; /* the last time heard at which nothing was missing */
    uint64_t hold_us;     /* when a service last said that nothing is written; 0: never */
    char hold[256];
};

enum err feed_open(struct bus *bus, const struct settings *settings, struct ledger *ledger,
    const struct feed_listener *listener, struct feed **ret_feed, struct faults *why)
{
    const char *const addresses[SERVICE_COUNT] = {
#define SERVICE(name, sentence) [SERVICE_##name] = settings->name##_events,
#include "schema/services.def"
#undef SERVICE
    };
    struct feed *feed = calloc(1, sizeof *feed);
    must(feed);
    feed->ledger = ledger;
    feed->listener = *listener;
    facts_open(&feed->facts);
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++) {
        enum err err =
            bus_socket_open(bus, BUS_SUBSCRIBER, addresses[s], 10000, &feed->sockets[s], why);
        if (err != OK) {
            feed_free(feed);
            return err;
        }
    }
    *ret_feed = feed;
    return OK;
}

void feed_free(struct feed *feed)
{
    if (!feed)
        return;
    if (feed->follow)
        follow_free(feed->follow);
    facts_close(&feed->facts);
    free(feed);
}

static const char *on_event(void *owner, uint64_t position, struct text packed)
{
    struct feed *feed = owner;
    struct event event;
    enum message message;
    feed->broken = facts_apply(&feed->facts, position, packed, &event, &message);
    if (!feed->broken)
        feed->listener.event(feed->listener.owner,
            &(struct feed_event){position, position > feed->begun, message, &event, packed});
    return feed->broken;
}

static void hear(struct feed *feed, const struct bus_message *message, uint64_t now_us)
{
    struct published published;
    if (!feed->follow || !envelope_read_published(message, &published))
        return;
    feed->heard_us = now_us;
    if (published.is_hold) {
        feed->hold_us = now_us;
        (void)snprintf(feed->hold, sizeof feed->hold, "%.*s", TEXT_ARG(published.reason));
    } else if (published.is_head)
        follow_head(feed->follow, published.position);
    else
        follow_offer(feed->follow, published.position, published.packed);
}

void feed_turn(struct feed *feed, uint64_t now_us)
{
    const struct ledger_health *health = ledger_health(feed->ledger);
    if (!feed->follow && health->ok) {
        feed->begun = health->head;
        if (feed->listener.began)
            feed->listener.began(feed->listener.owner, feed->begun);
        feed->follow = follow_new(feed->ledger, 0, on_event, feed);
    }
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++) {
        struct bus_message *message;
        while ((message = bus_receive(feed->sockets[s]))) {
            hear(feed, message, now_us);
            bus_message_free(message);
        }
    }
    if (!feed->follow)
        return;
    if (health->ok)
        follow_head(feed->follow, health->head);
    follow_turn(feed->follow, now_us);
    if (follow_position(feed->follow) >= follow_known_head(feed->follow))
        feed->complete_us = feed->heard_us;
}

int feed_wait_ms(const struct feed *feed, uint64_t now_us)
{
    return feed->follow ? follow_wait_ms(feed->follow, now_us) : -1;
}

size_t feed_wait_items(const struct feed *feed, struct bus_wait items[SERVICE_COUNT])
{
    size_t count = 0;
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++)
        items[count++] = (struct bus_wait){.socket = feed->sockets[s]};
    return count;
}

const char *feed_complaint(const struct feed *feed, uint64_t now_us)
{
    if (!feed->follow)
        return "the ledger has not told its head yet";
    if (follow_stuck(feed->follow))
        return follow_stuck(feed->follow);
    if (!follow_caught_up(feed->follow))
        return "the ledger is still being read";
    if (feed->complete_us + SILENCE_US >= now_us)
        return NULL;
    return feed->heard_us + SILENCE_US < now_us ? "no service publishes events"
                                                : "events are missing that the ledger has";
}

bool feed_trusted(const struct feed *feed, uint64_t now_us)
{
    return !feed_complaint(feed, now_us);
}

const struct facts *feed_facts(const struct feed *feed)
{
    bool known = feed->follow && follow_caught_up(feed->follow) && !feed->broken;
    return known ? &feed->facts : NULL;
}

const struct facts *feed_folded(const struct feed *feed)
{
    return &feed->facts;
}

const char *feed_hold(const struct feed *feed, uint64_t now_us)
{
    return feed->hold_us && feed->hold_us + ENVELOPE_HOLD_US >= now_us ? feed->hold : NULL;
}

uint64_t feed_position(const struct feed *feed)
{
    return feed->follow ? follow_position(feed->follow) : 0;
}

uint64_t feed_head(const struct feed *feed)
{
    return feed->follow ? follow_known_head(feed->follow) : ledger_health(feed->ledger)->head;
}

uint64_t feed_holes(const struct feed *feed)
{
    return feed->follow ? follow_holes(feed->follow) : 0;
}
