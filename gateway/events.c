#include "events.h"

#include "base/must.h"
#include "filter.h"
#include "pages.h"
#include "proof/base64.h"
#include "proof/merkle.h"
#include "schema/pack.h"
#include "shown.h"
#include "view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#define READINGS_MAX 64
#define PAGE         1000  /* entries of one read */
#define SCAN_MAX     20000 /* entries looked at for one page: a rare type must not hold the loop */
#define ITEMS_MAX    200
#define BASE64_MAX   (1u << 20)
#define BYTES_MAX    (8u << 20) /* of a page: no more entries once it has so many */

/* A page in the making. The ledger calls back whatever happens, so it outlives its exchange. */
struct reading {
    struct reading *prev, *next;
    struct exchange *exchange; /* NULL: over */
    uint64_t due_us;
    uint64_t position; /* the last entry that was looked at */
    size_t wanted;     /* entries of the read that is under way */
    size_t scanned;
    size_t limit;
    size_t count;
    size_t ends[ITEMS_MAX];
    struct buf items;
    struct filter filter;
    bool entries; /* rather than events */
    bool few;     /* most entries are not of interest: read many at once */
};

static struct {
    struct reading *all;
    size_t count;
} readings;

/* Both lists begin behind a position. */
static bool read_list(
    const struct route *route, const void *record, struct reading *reading, struct faults *why)
{
    const struct entry_list *entries = record;
    const struct event_list *events = record;
    reading->entries = route->own == OWN_ENTRIES;
    struct text after = reading->entries ? entries->after : events->after;
    reading->limit = (size_t)(reading->entries ? entries->limit : events->limit).value;
    if (after.at && !text_whole(after, (uint64_t)WHOLE_MAX, &reading->position))
        faults_add(why, ERR_INVALID, "after", "is not a position: a whole number from 0");
    if (!reading->entries &&
        filter_read(events->types, events->body, events->subject, &reading->filter, why) == OK)
        reading->few = filter_narrows(&reading->filter);
    return faults_err(why) == OK;
}

enum err events_check(const struct route *route, const void *record, struct faults *why)
{
    struct reading reading = {0};
    (void)read_list(route, record, &reading, why);
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

static struct text base64_of(struct text bytes, struct buf *out)
{
    base64_write(out, BASE64_PADDED, bytes);
    return buf_as_text(out);
}

/* The entry as it proves itself: the hash that the tree is made of, and what it is the hash of. */
static void add_entry(struct reading *reading, const struct ledger_entry *entry,
    const struct facts *facts, const struct event *event)
{
    struct digest leaf = merkle_leaf(entry->packed);
    char hex[DIGEST_HEX_SIZE];
    (void)digest_to_hex(&leaf, hex);
    BUF_CLEANUP struct buf packed = BUF(BASE64_MAX);
    const char *withheld = shown_withheld(facts, message_from_wire(event->type), event->subject);
    struct record_entry item = {.position = {(int64_t)entry->position, true}, .leaf = text_of(hex)};
    if (withheld)
        item.withheld = text_of(withheld);
    else
        item.packed = base64_of(entry->packed, &packed);
    pack_write(record_entry_record(), &item, &reading->items);
    reading->ends[reading->count++] = reading->items.len;
}

static bool may_see(const struct exchange *exchange, const struct facts *facts,
    enum message message, struct text subject)
{
    if (!exchange->access.at)
        return shown_to(facts, &exchange->office, message, subject);
    const struct department_access *access =
        departments_access(facts->departments, exchange->access);
    return access && shown_to_department(facts, access, message, subject);
}

/* The event, if it is of a type that is wanted and may be seen. */
static void add_event(struct reading *reading, const struct ledger_entry *entry,
    const struct facts *facts, const struct event *event)
{
    enum message message = message_from_wire(event->type);
    struct text body = facts_body(facts, event->subject);
    if (!filter_wants(&reading->filter, message, event->subject, body) ||
        !may_see(reading->exchange, facts, message, event->subject))
        return;
    view_pack(entry->position, event, &reading->items);
    reading->ends[reading->count++] = reading->items.len;
}

/* Adds an entry as readers get it; false when it cannot be read. */
static bool add(struct reading *reading, const struct ledger_entry *entry)
{
    const struct facts *facts = feed_facts(reading->exchange->gateway->feed);
    struct faults *why = &reading->exchange->gateway->why;
    struct event event;
    faults_clear(why);
    if (!facts || pack_read_trusted(event_record(), entry->packed, &event, why) != OK)
        return false;
    if (reading->entries)
        add_entry(reading, entry, facts, &event);
    else
        add_event(reading, entry, facts, &event);
    return !reading->items.full;
}

static void on_page(void *owner, const struct ledger_entry *entries, size_t count, struct text why);

static bool is_full(const struct reading *reading)
{
    return reading->count == reading->limit || reading->items.len >= BYTES_MAX;
}

static void read_on(struct reading *reading)
{
    reading->wanted = reading->few ? PAGE : reading->limit - reading->count;
    ledger_read(reading->exchange->gateway->ledger, reading->position + 1, (uint64_t)INT64_MAX,
        reading->wanted, on_page, reading);
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
    size_t before = reading->count;
    for (size_t i = 0; fine && i < count && !is_full(reading); i++) {
        fine = add(reading, &entries[i]);
        reading->position = entries[i].position;
        reading->scanned++;
    }
    bool full = is_full(reading);
    if (!fine) {
        struct exchange *exchange = reading->exchange;
        end(reading);
        pages_fail(exchange, ERR_UNAVAILABLE, NULL, NULL);
    } else if (full || count < reading->wanted || reading->scanned >= SCAN_MAX) {
        deliver(reading, full || reading->scanned >= SCAN_MAX);
        end(reading);
    } else {
        reading->few |= reading->count - before < count / 2;
        read_on(reading);
    }
}

bool events_ask(struct exchange *exchange, const void *record)
{
    struct faults *why = &exchange->gateway->why;
    if (readings.count == READINGS_MAX || !feed_facts(exchange->gateway->feed))
        return false;
    struct reading *reading = calloc(1, sizeof *reading);
    must(reading);
    reading->exchange = exchange;
    reading->due_us = exchange->gateway->now_us + exchange->gateway->settings->request_ms * 1000;
    reading->items = BUF(64u << 20);
    faults_clear(why);
    must(read_list(exchange->match.route, record, reading, why));
    must(reading->limit >= 1 && reading->limit <= ITEMS_MAX);
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
