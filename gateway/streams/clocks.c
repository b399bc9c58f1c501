#include "clocks.h"

#include "backlog.h"
#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <utlist.h>

#define QUIET_US UINT64_C(15000000) /* without a word, before a comment is sent */
#define STUCK_US UINT64_C(30000000) /* without taking anything, before it is cut */
#define AHEAD_US UINT64_C(5000000)  /* how long a position may be unknown before it is none */
#define SAY_MAX  512

/* A position that the ledger does not have: what was there was rolled back, or never was. */
static void reset(struct hub *hub, struct reader *reader, uint64_t now_us)
{
    char text[SAY_MAX];
    uint64_t head = feed_head(hub->feed);
    int len = snprintf(text, sizeof text,
        "id: %" PRIu64 "\nevent: reset\ndata: {\"asked\":%" PRIu64 ",\"position\":%" PRIu64
        ",\"detail\":\"the ledger does not have that position: read everything again\"}\n\n",
        head, reader->position, head);
    reader->position = reader->told = head;
    (void)hub_say(hub, reader, (struct text){text, (size_t)len}, now_us);
}

/* Keeps the connection alive, and the reader's place near the head: an id without data moves only
 * what the reader will ask from when it comes again. */
static void comment(struct hub *hub, struct reader *reader, uint64_t now_us)
{
    char text[SAY_MAX];
    int len = snprintf(text, sizeof text, ":\n");
    if (reader->told != reader->position)
        len = snprintf(text, sizeof text, ":\nid: %" PRIu64 "\n\n", reader->position);
    reader->told = reader->position;
    (void)hub_say(hub, reader, (struct text){text, (size_t)len}, now_us);
}

static void look_at_clock(struct hub *hub, struct reader *reader, uint64_t now_us, int64_t now_s)
{
    if (reader->waits_us && reader->waits_us + STUCK_US < now_us) {
        hub->counts.cut++;
        log_begin(LOG_INFO, "stream cut");
        log_str("why", "the reader takes nothing");
        log_str("address", reader->origin->address);
        log_whole("position", (int64_t)reader->told);
        log_end();
        hub_close(hub, reader);
    } else if (reader->ending || reader_is_blocked(reader)) {
        return;
    } else if (reader->expires && reader->expires <= now_s) {
        hub_end(hub, reader, "token_expired", "renew the token and come again", now_us);
    } else if (reader->position > feed_head(hub->feed)) {
        if (reader->began_us + AHEAD_US < now_us)
            reset(hub, reader, now_us);
    } else if (reader->position + 1 < ring_first(hub->ring)) {
        backlog_fetch(hub, reader);
    } else if (reader->wrote_us + QUIET_US < now_us) {
        comment(hub, reader, now_us);
    }
}

void clocks_look(struct hub *hub, uint64_t now_us)
{
    int64_t now_s = clock_wall_ms() / 1000;
    struct channel *next_channel;
    for (struct channel *channel = hub->channels; channel; channel = next_channel) {
        next_channel = channel->hh.next;
        struct reader *next;
        for (struct reader *reader = channel->readers; reader; reader = next) {
            next = reader->next;
            look_at_clock(hub, reader, now_us, now_s);
        }
        if (!channel->count)
            channel_drop(&hub->channels, channel);
    }
}
