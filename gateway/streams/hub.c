#include "hub.h"

#include "backlog.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "clocks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <utlist.h>

#define SWEEP_US UINT64_C(1000000)
#define PARTS    64
#define SAY_MAX  1024

struct hub *hub_new(const struct settings *settings, struct ledger *ledger, struct feed *feed,
    struct ring *ring, int epoll)
{
    struct hub *hub = calloc(1, sizeof *hub);
    must(hub);
    *hub = (struct hub){
        .settings = settings, .ledger = ledger, .feed = feed, .ring = ring, .epoll = epoll};
    return hub;
}

void hub_close(struct hub *hub, struct reader *reader)
{
    struct channel *channel = reader->channel;
    backlog_forget(reader);
    /* The gateway may still have the connection open, and then closing alone would not do. */
    (void)epoll_ctl(hub->epoll, EPOLL_CTL_DEL, reader->watched.fd, NULL);
    (void)close(reader->watched.fd);
    DL_DELETE(channel->readers, reader);
    channel->count--;
    if (--reader->origin->count == 0) {
        HASH_DEL(hub->origins, reader->origin);
        free(reader->origin);
    }
    hub->counts.open--;
    free(reader->rest);
    free(reader->person);
    free(reader->session);
    free(reader);
}

void hub_free(struct hub *hub)
{
    if (!hub)
        return;
    struct channel *next;
    for (struct channel *channel = hub->channels; channel; channel = next) {
        next = channel->hh.next;
        while (channel->readers)
            hub_close(hub, channel->readers);
        channel_drop(&hub->channels, channel);
    }
    free(hub);
}

/* Waits for the end of the connection, and for room where there is none. */
void hub_watch(struct hub *hub, struct reader *reader, int operation)
{
    uint32_t events = EPOLLRDHUP | (reader_is_blocked(reader) ? (uint32_t)EPOLLOUT : 0u);
    struct epoll_event event = {.events = events, .data.ptr = reader};
    must(epoll_ctl(hub->epoll, operation, reader->watched.fd, &event) == 0);
}

/* Sends; afterwards the reader may be gone. */
bool hub_say(struct hub *hub, struct reader *reader, struct text text, uint64_t now_us)
{
    bool was_blocked = reader_is_blocked(reader);
    if (!reader_say(reader, text, now_us)) {
        hub_close(hub, reader);
        return false;
    }
    if (was_blocked != reader_is_blocked(reader))
        hub_watch(hub, reader, EPOLL_CTL_MOD);
    return true;
}

void hub_end(
    struct hub *hub, struct reader *reader, const char *reason, const char *detail, uint64_t now_us)
{
    char text[SAY_MAX];
    if (reader->ending)
        return;
    log_begin(LOG_DEBUG, "stream ended");
    log_str("reason", reason);
    log_whole("position", (int64_t)reader->position);
    log_end();
    int len = snprintf(text, sizeof text,
        "event: end\ndata: {\"reason\":\"%s\",\"detail\":\"%s\",\"position\":%" PRIu64 "}\n\n",
        reason, detail, reader->position);
    reader->ending = true;
    if (hub_say(hub, reader, (struct text){text, (size_t)len}, now_us) &&
        !reader_is_blocked(reader))
        hub_close(hub, reader);
}

/* ---- handing round ---- */

/* What comes next is no longer at hand. Who is on his way from the past reads on there; who had
 * kept up and was left behind is told so, and comes again where he was. */
static void fall_back(struct hub *hub, struct reader *reader, uint64_t now_us)
{
    if (!reader->live) {
        backlog_fetch(hub, reader);
        return;
    }
    hub->counts.cut++;
    hub_end(hub, reader, "slow", "read faster or filter more; come again where you were", now_us);
}

/* Everything new that the reader wants, as far as its socket takes it. The reader may be gone
 * afterwards. */
void hub_deliver(struct hub *hub, struct reader *reader, uint64_t now_us)
{
    const struct facts *facts = feed_facts(hub->feed);
    struct iovec parts[PARTS];
    if (!facts || reader->ending || reader->fetching || reader_is_blocked(reader))
        return;
    uint64_t last = ring_last(hub->ring);
    while (reader->position < last && !reader_is_blocked(reader)) {
        size_t count = 0;
        uint64_t told = reader->told;
        while (reader->position < last && count < PARTS) {
            const struct recent *recent = ring_at(hub->ring, reader->position + 1);
            if (!recent) {
                must(count == 0);
                fall_back(hub, reader, now_us);
                return;
            }
            reader->position++;
            if (!channel_wants(
                    reader->channel, facts, recent->message, recent->subject, recent->body))
                continue;
            struct text text = ring_text(hub->ring, recent->position);
            parts[count].iov_base = (void *)(uintptr_t)text.at;
            parts[count].iov_len = text.len;
            count += text.len > 0;
            told = recent->position;
        }
        reader->told = told;
        reader->live = true;
        if (count && !reader_send(reader, parts, count, now_us)) {
            hub_close(hub, reader);
            return;
        }
        hub->counts.delivered += count;
    }
    if (reader_is_blocked(reader))
        hub_watch(hub, reader, EPOLL_CTL_MOD);
}

void hub_on_ready(struct watched *watched, uint32_t events)
{
    struct reader *reader = (struct reader *)(void *)watched;
    struct hub *hub = reader->hub;
    uint64_t now_us = clock_mono_us();
    if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) || !reader_flush(reader, now_us)) {
        hub_close(hub, reader);
        return;
    }
    if (reader_is_blocked(reader))
        return;
    if (reader->ending) {
        hub_close(hub, reader);
        return;
    }
    hub_watch(hub, reader, EPOLL_CTL_MOD);
    hub_deliver(hub, reader, now_us);
}

/* ---- who loses what ---- */

static struct {
    struct hub *hub;
    uint64_t now_us;
} losing;

static void on_lost(struct channel *channel, const char *body)
{
    char text[SAY_MAX];
    int len = snprintf(text, sizeof text,
        "event: hidden\ndata: {\"body\":\"%s\",\"detail\":\"what is not public of this body is no "
        "longer shown to %s\"}\n\n",
        body, channel->key.office);
    struct reader *next;
    for (struct reader *reader = channel->readers; reader; reader = next) {
        next = reader->next;
        if (!reader->ending)
            (void)hub_say(losing.hub, reader, (struct text){text, (size_t)len}, losing.now_us);
    }
}

/* Ends the streams of those whose session or office has ended. */
static void check_rights(struct hub *hub, struct channel *channel, uint64_t now_us)
{
    const struct facts *facts = feed_facts(hub->feed);
    const struct roster *roster = facts->roster;
    const struct department_access *access =
        departments_access(facts->departments, text_of(channel->key.access));
    bool shut_out = *channel->key.access && (!access || access->state != ACCESS_GRANTED);
    struct reader *next;
    for (struct reader *reader = channel->readers; reader; reader = next) {
        next = reader->next;
        if (shut_out)
            hub_end(hub, reader, "access_revoked", "this access has ended", now_us);
        if (shut_out || !reader->person)
            continue;
        struct text person = text_of(reader->person);
        if (roster_session_ended(roster, person, text_of(reader->session), reader->began * 1000))
            hub_end(hub, reader, "session_ended", "sign in again", now_us);
        else if (!roster_holds(roster, person, text_of(channel->key.office)))
            hub_end(hub, reader, "office_lost", "the office is not held any more", now_us);
    }
}

void hub_event(struct hub *hub, const struct feed_event *event)
{
    if (!event->message)
        return;
    hub->who_changed |= message_row(event->message)->service == SERVICE_offices;
    hub->bodies_changed |= message_row(event->message)->carries() == body_record();
}

static void look_at_rights(struct hub *hub, uint64_t now_us)
{
    const struct facts *facts = feed_facts(hub->feed);
    losing.hub = hub;
    losing.now_us = now_us;
    for (struct channel *channel = hub->channels; facts && channel; channel = channel->hh.next) {
        if (hub->who_changed && (*channel->key.office || *channel->key.access))
            check_rights(hub, channel, now_us);
        if (hub->bodies_changed && channel->office.body.len)
            channel_look_again(channel, facts, on_lost);
    }
    hub->who_changed = hub->bodies_changed = false;
}

void hub_turn(struct hub *hub, uint64_t now_us)
{
    if (hub->who_changed || hub->bodies_changed)
        look_at_rights(hub, now_us);
    uint64_t last = ring_last(hub->ring);
    struct reader *next;
    if (hub->seen != last || hub->restless)
        for (struct channel *channel = hub->channels; channel; channel = channel->hh.next)
            for (struct reader *reader = channel->readers; reader; reader = next) {
                next = reader->next;
                if (reader->position < last)
                    hub_deliver(hub, reader, now_us);
            }
    hub->seen = last;
    hub->restless = false;
    if (now_us < hub->sweep_us)
        return;
    hub->sweep_us = now_us + SWEEP_US;
    clocks_look(hub, now_us);
}

int hub_wait_ms(const struct hub *hub, uint64_t now_us)
{
    return hub->sweep_us > now_us ? (int)((hub->sweep_us - now_us) / 1000) + 1 : 0;
}

void hub_end_all(struct hub *hub, uint64_t now_us)
{
    for (struct channel *channel = hub->channels; channel; channel = channel->hh.next) {
        struct reader *next;
        for (struct reader *reader = channel->readers; reader; reader = next) {
            next = reader->next;
            hub_end(hub, reader, "stopping", "come again: another one is there", now_us);
        }
    }
}

const struct hub_counts *hub_counts(const struct hub *hub)
{
    return &hub->counts;
}

void hub_waiting(const struct hub *hub, uint64_t *ret_behind, uint64_t *ret_blocked)
{
    *ret_behind = *ret_blocked = 0;
    for (const struct channel *channel = hub->channels; channel; channel = channel->hh.next)
        for (const struct reader *reader = channel->readers; reader; reader = reader->next) {
            *ret_behind += reader->position + 1 < ring_first(hub->ring);
            *ret_blocked += reader_is_blocked(reader);
        }
}
