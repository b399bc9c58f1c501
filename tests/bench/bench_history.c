/* Gives a ledger the length that years of work give it: every target of a draft is changed again
 * and again, each time by the event that says so, through the same append as everybody's. What was
 * submitted is left alone: nobody could fold such a change.
 *
 *   bench_history EVENTS   settings from the environment; grows the ledger to EVENTS at least */
#include "base/clock.h"
#include "base/must.h"
#include "bus/bus.h"
#include "facts/life.h"
#include "ledger/ledger.h"
#include "schema/pack.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uthash.h>

#define PAGE  2000
#define BATCH 200 /* events of an append */

struct change { /* one event, packed; its own bytes */
    struct change *next;
    struct text packed;
};

struct subject {
    struct text id;
    uint64_t version;
    enum agreement_state state;
    bool removed;           /* one of its targets was: changing that would be refused */
    struct change *changes; /* a ring of those of its targets; the next one to append */
    struct change *last;
    UT_hash_handle hh;
};

struct growth {
    struct ledger *ledger;
    uint64_t head;
    bool read_to_end;
    size_t under_way;
    uint64_t keys;
    struct subject *subjects;
    struct faults why;
};

static struct text copy_of(struct text text)
{
    char *copy = malloc(text.len + 1);
    must(copy);
    memcpy(copy, text.at, text.len);
    return (struct text){copy, text.len};
}

static struct subject *subject_of(struct growth *growth, struct text id)
{
    struct subject *subject;
    HASH_FIND(hh, growth->subjects, id.at, id.len, subject);
    if (subject)
        return subject;
    subject = calloc(1, sizeof *subject);
    must(subject);
    subject->id = copy_of(id);
    HASH_ADD_KEYPTR(hh, growth->subjects, subject->id.at, subject->id.len, subject);
    return subject;
}

/* Keeps the event that drafts a target as one that changes it to the same. */
static void keep(struct subject *subject, struct event event)
{
    BUF_CLEANUP struct buf packed = BUF(BUS_FRAME_MAX);
    struct change *change = calloc(1, sizeof *change);
    must(change);
    event.type = TEXT_LITERAL("target.changed");
    pack_write(event_record(), &event, &packed);
    must(!packed.full);
    change->packed = copy_of(buf_as_text(&packed));
    if (subject->last)
        subject->last->next = change;
    else
        subject->changes = change;
    subject->last = change;
    change->next = subject->changes;
}

static void on_page(void *owner, const struct ledger_entry *entries, size_t count, struct text why)
{
    struct growth *growth = owner;
    if (!entries)
        (void)fprintf(stderr, "%.*s\n", TEXT_ARG(why));
    must(entries);
    for (size_t i = 0; i < count; i++) {
        struct event event;
        must(pack_read_trusted(event_record(), entries[i].packed, &event, &growth->why) == OK);
        struct subject *subject = subject_of(growth, event.subject);
        enum message message = message_from_wire(event.type);
        subject->version++;
        if (life_concerns(message))
            subject->state = life_after(message, subject->state);
        subject->removed = subject->removed || message == MESSAGE_target_removed;
        if (message == MESSAGE_target_drafted)
            keep(subject, event);
    }
    growth->head += count;
    growth->read_to_end = count < PAGE;
    if (!growth->read_to_end)
        ledger_read(growth->ledger, growth->head + 1, INT64_MAX, PAGE, on_page, growth);
}

static void on_appended(void *owner, const struct ledger_result *result)
{
    struct growth *growth = owner;
    if (result->outcome != LEDGER_APPENDED)
        (void)fprintf(stderr, "outcome %d: %.*s\n", (int)result->outcome, TEXT_ARG(result->why));
    must(result->outcome == LEDGER_APPENDED);
    growth->under_way--;
}

static bool can_change(const struct subject *subject)
{
    return subject->changes && !subject->removed &&
           life_after(MESSAGE_target_changed, subject->state);
}

static void append(struct growth *growth, struct subject *subject)
{
    struct ledger_event events[BATCH];
    struct ledger_expectation expected = {subject->id, subject->version};
    char key[64];
    int key_len = snprintf(key, sizeof key, "bench-history/%" PRIu64, growth->keys++);
    for (size_t i = 0; i < BATCH; i++) {
        events[i] = (struct ledger_event){subject->id, subject->changes->packed};
        subject->changes = subject->changes->next;
    }
    subject->version += BATCH;
    growth->head += BATCH;
    growth->under_way++;
    ledger_append(growth->ledger,
        &(struct ledger_append){.key = {key, (size_t)key_len},
            .fingerprint = TEXT_LITERAL("bench-history"),
            .answer = TEXT_LITERAL(""),
            .expectations = &expected,
            .expectation_count = 1,
            .events = events,
            .event_count = BATCH},
        on_appended, growth);
}

static void turn(struct growth *growth)
{
    struct ledger *ledger = growth->ledger;
    ledger_turn(ledger, clock_mono_us());
    struct bus_wait item = {.fd = ledger_fd(ledger), .want_write = ledger_wants_write(ledger)};
    bus_wait(&item, item.fd < 0 ? 0 : 1, ledger_wait_ms(ledger, clock_mono_us()));
}

int main(int argc, char **argv)
{
    static struct settings settings;
    static struct growth growth;
    must(argc == 2);
    uint64_t least = strtoull(argv[1], NULL, 10);
    (void)signal(SIGPIPE, SIG_IGN);
    must(settings_read(environ, &settings, &growth.why) == OK);
    must(ledger_open(&settings, &growth.ledger, &growth.why) == OK);
    ledger_read(growth.ledger, 1, INT64_MAX, PAGE, on_page, &growth);
    while (!growth.read_to_end)
        turn(&growth);
    while (growth.head < least) {
        uint64_t before = growth.head;
        for (struct subject *subject = growth.subjects; subject; subject = subject->hh.next)
            if (can_change(subject))
                append(&growth, subject);
        must(growth.head > before); /* a ledger without drafts has nothing to change */
        while (growth.under_way)
            turn(&growth);
    }
    ledger_close(growth.ledger);
    (void)printf("%" PRIu64 "\n", growth.head);
    return 0;
}
