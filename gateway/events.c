#include "events.h"

#include "base/must.h"
#include "pages.h"
#include "schema/pack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#define READINGS_MAX 64
#define PAGE         1000  /* entries of one read */
#define SCAN_MAX     20000 /* entries looked at for one page: a rare type must not hold the loop */
#define ITEMS_MAX    200

/* A page in the making. The ledger calls back whatever happens, so it outlives its exchange. */
struct reading {
    struct reading *prev, *next;
    struct exchange *exchange; /* NULL: over */
    uint64_t due_us;
    uint64_t position; /* the last entry that was looked at */
    size_t scanned;
    size_t limit;
    size_t count;
    size_t ends[ITEMS_MAX];
    struct buf items;
    bool types[MESSAGE_COUNT];
    bool all_types;
};

static struct {
    struct reading *all;
    size_t count;
} readings;

static const struct event_list *list_of(const void *record)
{
    return record;
}

static bool read_types(const struct event_list *list, bool types[MESSAGE_COUNT], struct faults *why)
{
    struct text rest = list->types;
    while (rest.at) {
        struct text type = text_cut(rest, ',', &rest);
        enum message message = message_from_wire(type);
        if (!message || message_row(message)->kind != MESSAGE_EVENT) {
            faults_add(why, ERR_INVALID, "types", "names no kind of event: \"%.*s\"",
                (int)(type.len < ID_MAX ? type.len : ID_MAX), type.at);
            return false;
        }
        types[message] = true;
    }
    return true;
}

enum err events_check(const void *record, struct faults *why)
{
    const struct event_list *list = list_of(record);
    bool types[MESSAGE_COUNT];
    uint64_t after;
    if (list->after.at && !text_whole(list->after, (uint64_t)WHOLE_MAX, &after))
        faults_add(why, ERR_INVALID, "after", "is not a position: a whole number from 0");
    (void)read_types(list, types, why);
    return faults_err(why);
}

static void end(struct reading *reading)
{
    DL_DELETE(readings.all, reading);
    readings.count--;
    buf_free(&reading->items);
    free(reading);
}

static void deliver(struct reading *reading, bool more)
{
    struct exchange *exchange = reading->exchange;
    static struct text items[ITEMS_MAX];
    for (size_t i = 0; i < reading->count; i++) {
        size_t start = i ? reading->ends[i - 1] : 0;
        items[i] = (struct text){reading->items.at + start, reading->ends[i] - start};
    }
    char next[24];
    (void)snprintf(next, sizeof next, "%" PRIu64, reading->position);
    struct page page = {.items = items,
        .count = reading->count,
        .next = more ? text_of(next) : (struct text){0},
        .position = {(int64_t)feed_head(exchange->gateway->feed), true}};
    reading->exchange = NULL;
    pages_deliver(exchange, &page);
}

/* Adds an entry as readers get it; false when it cannot be read. */
static bool add(struct reading *reading, const struct ledger_entry *entry)
{
    struct event event;
    struct faults *why = &reading->exchange->gateway->why;
    faults_clear(why);
    if (pack_read_trusted(event_record(), entry->packed, &event, why) != OK)
        return false;
    if (!reading->all_types && !reading->types[message_from_wire(event.type)])
        return true;
    struct event_view view = {.position = {(int64_t)entry->position, true},
        .type = event.type,
        .subject = event.subject,
        .about = event.about,
        .at = event.at,
        .actor = event.actor,
        .has_actor = event.has_actor,
        .cause = event.cause,
        .data = event.data};
    pack_write(event_view_record(), &view, &reading->items);
    reading->ends[reading->count++] = reading->items.len;
    return !reading->items.full;
}

static void on_page(void *owner, const struct ledger_entry *entries, size_t count, struct text why);

static void read_on(struct reading *reading)
{
    size_t most = reading->all_types ? reading->limit - reading->count : PAGE;
    ledger_read(reading->exchange->gateway->ledger, reading->position + 1, (uint64_t)INT64_MAX,
        most, on_page, reading);
}

static void on_page(void *owner, const struct ledger_entry *entries, size_t count, struct text why)
{
    (void)why; /* readyz tells it */
    struct reading *reading = owner;
    if (!reading->exchange) {
        end(reading);
        return;
    }
    bool fine = entries != NULL;
    for (size_t i = 0; fine && i < count && reading->count < reading->limit; i++) {
        fine = add(reading, &entries[i]);
        reading->position = entries[i].position;
        reading->scanned++;
    }
    bool full = reading->count == reading->limit;
    if (!fine) {
        struct exchange *exchange = reading->exchange;
        end(reading);
        pages_fail(exchange, ERR_UNAVAILABLE, NULL, NULL);
    } else if (full || count < (reading->all_types ? reading->limit : PAGE) ||
               reading->scanned >= SCAN_MAX) {
        deliver(reading, full || reading->scanned >= SCAN_MAX);
        end(reading);
    } else {
        read_on(reading);
    }
}

bool events_ask(struct exchange *exchange, const void *record)
{
    const struct event_list *list = list_of(record);
    if (readings.count == READINGS_MAX)
        return false;
    struct reading *reading = calloc(1, sizeof *reading);
    must(reading);
    reading->exchange = exchange;
    reading->due_us = exchange->gateway->now_us + exchange->gateway->settings->request_ms * 1000;
    reading->items = BUF(64u << 20);
    reading->limit = (size_t)list->limit.value;
    must(reading->limit >= 1 && reading->limit <= ITEMS_MAX);
    reading->all_types = !list->types.at;
    if (list->after.at)
        must(text_whole(list->after, (uint64_t)WHOLE_MAX, &reading->position));
    must(read_types(list, reading->types, &exchange->gateway->why));
    DL_APPEND(readings.all, reading);
    readings.count++;
    read_on(reading);
    return true;
}

void events_forget(const struct exchange *exchange)
{
    for (struct reading *reading = readings.all; reading; reading = reading->next)
        if (reading->exchange == exchange)
            reading->exchange = NULL;
}

void events_expire(uint64_t now_us)
{
    for (struct reading *reading = readings.all; reading; reading = reading->next) {
        struct exchange *exchange = reading->exchange;
        if (!exchange || reading->due_us > now_us)
            continue;
        reading->exchange = NULL;
        pages_fail(exchange, ERR_DEADLINE, NULL, NULL);
    }
}
