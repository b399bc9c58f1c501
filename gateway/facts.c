#include "facts.h"

#include "base/hashes.h"
#include "base/must.h"
#include "schema/pack.h"

#include <stdlib.h>

/* A released period: "2021.q3". */
struct released {
    char id[ID_MAX + 1];
    UT_hash_handle hh;
};

void facts_open(struct facts *facts)
{
    size_t largest = 0;
    for (enum message m = MESSAGE_UNSET + 1; m < MESSAGE_COUNT; m++)
        if (message_row(m)->kind == MESSAGE_EVENT && message_row(m)->carries()->size > largest)
            largest = message_row(m)->carries()->size;
    *facts = (struct facts){.roster = roster_new(),
        .lives = lives_new(),
        .bodies = bodies_new(),
        .departments = departments_new()};
    facts->record = malloc(largest);
    must(facts->record);
}

void facts_close(struct facts *facts)
{
    if (!facts->record)
        return;
    roster_free(facts->roster);
    lives_free(facts->lives);
    bodies_free(facts->bodies);
    departments_free(facts->departments);
    HASHES_FREE(facts->released, released, free);
    free(facts->record);
}

bool facts_released(const struct facts *facts, struct text subject)
{
    struct released *found;
    struct text period, body = text_cut(subject, '-', &period);
    (void)body;
    if (!period.at)
        return false;
    HASH_FIND(hh, facts->released, period.at, period.len, found);
    return found;
}

static void release(struct facts *facts, struct text period)
{
    struct released *one = calloc(1, sizeof *one);
    must(one && period.len <= ID_MAX);
    memcpy(one->id, period.at, period.len);
    HASH_ADD_KEYPTR(hh, facts->released, one->id, period.len, one);
}

/* Most of the ledger is what stands in agreements: of those events only the name counts here, and
 * their records are not read. */
static bool wants_record(enum message message)
{
    return message_row(message)->service == SERVICE_offices ||
           message_row(message)->carries() == body_record();
}

struct text facts_body(const struct facts *facts, struct text subject)
{
    struct text rest, body = text_cut(subject, '-', &rest);
    return bodies_knows(facts->bodies, body) ? body : (struct text){0};
}

const char *facts_apply(struct facts *facts, uint64_t position, struct text packed,
    struct event *ret_event, enum message *ret_message)
{
    static struct faults why;
    faults_clear(&why);
    if (pack_read_trusted(event_record(), packed, ret_event, &why) != OK ||
        !ret_event->subject.len || ret_event->subject.len > ID_MAX)
        return "an entry of the ledger is not readable as an event; restore the ledger";
    enum message message = message_from_wire(ret_event->type);
    bool known = message && message_row(message)->kind == MESSAGE_EVENT;
    *ret_message = known ? message : MESSAGE_UNSET;
    if (!known)
        return NULL; /* of a newer service */
    struct happened happened = {.message = message,
        .position = position,
        .at_ms = ret_event->at.ms,
        .subject = ret_event->subject,
        .about = ret_event->about,
        .actor = ret_event->actor,
        .data = ret_event->data,
        .entry = packed};
    if (message == MESSAGE_period_released)
        release(facts, ret_event->subject);
    if (!wants_record(message))
        return lives_apply(facts->lives, &happened);
    if (pack_read_trusted(message_row(message)->carries(), ret_event->data, facts->record, &why) !=
        OK)
        return "the data of an event is not readable; restore the ledger";
    happened.record = facts->record;
    const char *complaint = roster_apply(facts->roster, &happened);
    if (!complaint)
        complaint = departments_apply(facts->departments, &happened);
    return complaint ? complaint : bodies_apply(facts->bodies, &happened);
}
