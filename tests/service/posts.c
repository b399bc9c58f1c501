/* See posts.h. A posting's number is the version of its office when it began, so that nothing has
 * to be remembered here: the last event of a held office is the one that began its posting. */
#include "posts.h"

#include "base/clock.h"
#include "base/must.h"
#include "ledger/turns.h"
#include "schema/messages.h"
#include "schema/pack.h"

#include <stdio.h>
#include <stdlib.h>

#define EVENTS_MAX 3

/* One append: the events, and how many of each subject there were before. */
struct entry {
    const char *government;
    const struct redis *redis;
    size_t count;
    struct buf packed[EVENTS_MAX];
    struct ledger_event events[EVENTS_MAX];
    struct ledger_expectation expectations[EVENTS_MAX];
    size_t expected;
};

static uint64_t version_of(const struct redis *redis, const char *government, const char *subject)
{
    char line[200], reply[64];
    (void)snprintf(line, sizeof line, "HGET misaq:{%s}:versions %s", government, subject);
    redis_say(redis, line, reply, sizeof reply);
    return strtoull(reply[0] == ':' ? reply + 1 : reply, NULL, 10); /* none: 0 */
}

static void add(struct entry *entry, enum message message, const char *subject, const char *about,
    const void *record)
{
    must(entry->count < EVENTS_MAX);
    BUF_CLEANUP struct buf data = BUF(65536);
    struct buf *packed = &entry->packed[entry->count];
    pack_write(message_row(message)->carries(), record, &data);
    struct event event = {.type = text_of(message_row(message)->wire),
        .subject = text_of(subject),
        .about = text_of(about),
        .at = {clock_wall_ms(), true},
        .has_actor = true,
        .actor = {TEXT_LITERAL("b.malik"), TEXT_LITERAL("administrator.2")},
        .cause = TEXT_LITERAL("posts"),
        .data = buf_as_text(&data)};
    *packed = BUF(1u << 17);
    pack_write(event_record(), &event, packed);
    entry->events[entry->count++] = (struct ledger_event){text_of(subject), buf_as_text(packed)};
    for (size_t i = 0; i < entry->expected; i++)
        if (text_is(entry->expectations[i].subject, subject))
            return;
    entry->expectations[entry->expected++] = (struct ledger_expectation){
        text_of(subject), version_of(entry->redis, entry->government, subject)};
}

static uint64_t append(struct entry *entry)
{
    static unsigned keys;
    char key[32];
    struct heard heard = {0};
    struct ledger *ledger = turns_open(entry->redis, entry->government);
    (void)snprintf(key, sizeof key, "posts %u", ++keys);
    ledger_append(ledger,
        &(struct ledger_append){.key = text_of(key),
            .fingerprint = TEXT_LITERAL("posts"),
            .expectations = entry->expectations,
            .expectation_count = entry->expected,
            .events = entry->events,
            .event_count = entry->count},
        turns_hear, &heard);
    turns_settle(ledger);
    must(heard.outcome == LEDGER_APPENDED);
    ledger_close(ledger);
    for (size_t i = 0; i < entry->count; i++)
        buf_free(&entry->packed[i]);
    return heard.first + entry->count - 1;
}

void posts_found(const struct redis *redis, const char *government)
{
    struct entry entry = {.redis = redis, .government = government};
    struct government_found found = {
        .first = {TEXT_LITERAL("a.khan"), TEXT_LITERAL("A. Khan (invented)"), {0}},
        .second = {TEXT_LITERAL("b.malik"), TEXT_LITERAL("B. Malik (invented)"), {0}},
        .has_first = true,
        .has_second = true};
    add(&entry, MESSAGE_government_founded, "government", "government", &found);
    must(append(&entry) == POSTS_FOUNDED);
}

uint64_t posts_give(
    const struct redis *redis, const char *government, const char *person, const char *office)
{
    char id[ID_MAX + 1];
    struct entry entry = {.redis = redis, .government = government};
    uint64_t seats = version_of(redis, government, office);
    struct person somebody = {text_of(person), TEXT_LITERAL("Somebody (invented)"), {0}};
    struct office_new seat = {text_of(office), TEXT_LITERAL("An office")};
    bool founder = strcmp(person, "a.khan") == 0 || strcmp(person, "b.malik") == 0;
    if (!founder && version_of(redis, government, person) == 0)
        add(&entry, MESSAGE_person_registered, person, person, &somebody);
    if (seats == 0) {
        add(&entry, MESSAGE_office_created, office, office, &seat);
        seats = 1;
    }
    (void)snprintf(id, sizeof id, "%s.p%llu", office, (unsigned long long)seats + 1);
    struct posting posting = {
        .id = text_of(id), .proposal = {.office = text_of(office), .person = text_of(person)}};
    add(&entry, MESSAGE_posting_began, office, id, &posting);
    return append(&entry);
}

uint64_t posts_take(const struct redis *redis, const char *government, const char *office)
{
    char id[ID_MAX + 1];
    struct entry entry = {.redis = redis, .government = government};
    uint64_t seats = version_of(redis, government, office);
    (void)snprintf(id, sizeof id, "%s.p%llu", office, (unsigned long long)(seats ? seats : 1));
    struct posting_one one = {.posting = text_of(id)};
    add(&entry, MESSAGE_posting_ended, office, id, &one);
    return append(&entry);
}
