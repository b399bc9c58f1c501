#include "backlog.h"

#include "base/clock.h"
#include "base/must.h"
#include "schema/pack.h"

#include <stdlib.h>
#include <utlist.h>

#define PAGE        200 /* entries of one read */
#define FETCHES_MAX 16
#define TEXT_MAX    (8u << 20)

/* The ledger calls back whatever happens, so this outlives its reader. */
struct fetch {
    struct fetch *prev, *next;
    struct hub *hub;
    struct reader *reader; /* NULL: it has gone */
};

static struct fetch *fetches;

void backlog_forget(const struct reader *reader)
{
    for (struct fetch *fetch = fetches; fetch; fetch = fetch->next)
        if (fetch->reader == reader)
            fetch->reader = NULL;
}

/* Adds an entry to what the reader gets, if it is for him. False when it cannot be read. */
static bool add(struct reader *reader, const struct facts *facts, const struct ledger_entry *entry,
    struct buf *out)
{
    static struct faults why;
    struct event event;
    size_t json;
    faults_clear(&why);
    if (pack_read_trusted(event_record(), entry->packed, &event, &why) != OK)
        return false;
    struct text body = facts_body(facts, event.subject);
    enum message message = message_from_wire(event.type);
    if (!channel_wants(reader->channel, facts, message, event.subject, body))
        return true;
    if (!ring_write(entry->position, &event, out, &json))
        return false;
    reader->hub->counts.delivered++;
    reader->told = entry->position;
    return true;
}

static void on_page(void *owner, const struct ledger_entry *entries, size_t count, struct text why)
{
    (void)why; /* the health of the ledger tells it; the sweep asks again */
    struct fetch *fetch = owner;
    struct hub *hub = fetch->hub;
    struct reader *reader = fetch->reader;
    const struct facts *facts = feed_facts(hub->feed);
    uint64_t now_us = clock_mono_us();
    hub->fetches--;
    DL_DELETE(fetches, fetch);
    free(fetch);
    if (!reader)
        return;
    reader->fetching = false;
    hub->restless = true;
    BUF_CLEANUP struct buf out = BUF(TEXT_MAX);
    for (size_t i = 0; facts && entries && i < count; i++) {
        if (!add(reader, facts, &entries[i], &out))
            break;
        reader->position = entries[i].position;
    }
    if (out.len)
        (void)hub_say(hub, reader, buf_as_text(&out), now_us);
}

void backlog_fetch(struct hub *hub, struct reader *reader)
{
    if (reader->fetching || hub->fetches == FETCHES_MAX)
        return;
    struct fetch *fetch = calloc(1, sizeof *fetch);
    must(fetch);
    fetch->hub = hub;
    fetch->reader = reader;
    reader->fetching = true;
    hub->fetches++;
    DL_APPEND(fetches, fetch);
    ledger_read(hub->ledger, reader->position + 1, (uint64_t)INT64_MAX, PAGE, on_page, fetch);
}
