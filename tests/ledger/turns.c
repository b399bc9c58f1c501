/* A step that waits for what the ledger itself says it waits for: a wrong ledger_wait_ms() or
 * ledger_wants_write() shows here as a test that hangs. */
#include "turns.h"

#include "base/clock.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

static uint64_t deadline_us;

void turns_begin(void)
{
    deadline_us = clock_mono_us() + 20000000;
}

struct ledger *turns_open(const struct redis *redis, const char *government)
{
    static struct faults why;
    struct settings settings;
    struct ledger *ledger = NULL;
    redis_settings(redis, &settings);
    (void)snprintf(settings.government, sizeof settings.government, "%s", government);
    settings.redis_timeout_ms = 300;
    faults_clear(&why);
    assert_int_equal(ledger_open(&settings, &ledger, &why), OK);
    turns_begin();
    return ledger;
}

void turns_step(struct ledger *ledger)
{
    struct pollfd fd = {.fd = ledger_fd(ledger), .events = POLLIN};
    if (ledger_wants_write(ledger))
        fd.events |= POLLOUT;
    int wait_ms = ledger_wait_ms(ledger, clock_mono_us());
    (void)poll(&fd, 1, wait_ms < 2000 ? wait_ms : 2000);
    ledger_turn(ledger, clock_mono_us());
    if (clock_mono_us() > deadline_us)
        fail_msg("no end in sight; health: %s", ledger_health(ledger)->why);
}

void turns_settle(struct ledger *ledger)
{
    turns_begin();
    while (ledger_pending(ledger))
        turns_step(ledger);
}

void turns_until_ok(struct ledger *ledger)
{
    turns_begin();
    while (!ledger_health(ledger)->ok)
        turns_step(ledger);
}

void turns_until_wrong(struct ledger *ledger, const char *why)
{
    turns_begin();
    while (ledger_health(ledger)->ok || !strstr(ledger_health(ledger)->why, why))
        turns_step(ledger);
}

static void copy(char *to, size_t size, struct text text)
{
    (void)snprintf(to, size, "%.*s", TEXT_ARG(text));
}

void turns_hear(void *owner, const struct ledger_result *result)
{
    struct heard *heard = owner;
    heard->times++;
    heard->outcome = result->outcome;
    heard->first = result->first;
    copy(heard->answer, sizeof heard->answer, result->answer);
    copy(heard->subject, sizeof heard->subject, result->subject);
    copy(heard->why, sizeof heard->why, result->why);
}

void turns_append(struct ledger *ledger, const char *key, const char *subject, uint64_t version,
    const char *packed, struct heard *heard)
{
    char answer[80];
    (void)snprintf(answer, sizeof answer, "done %s", key);
    ledger_append(ledger,
        &(struct ledger_append){
            .key = text_of(key),
            .fingerprint = TEXT_LITERAL("f"),
            .answer = text_of(answer),
            .expectations = &(struct ledger_expectation){text_of(subject), version},
            .expectation_count = 1,
            .events = &(struct ledger_event){text_of(subject), text_of(packed)},
            .event_count = 1,
        },
        turns_hear, heard);
}

void turns_page(void *owner, const struct ledger_entry *entries, size_t count, struct text why)
{
    struct pages *pages = owner;
    pages->times++;
    pages->refused += !entries;
    copy(pages->why, sizeof pages->why, why);
    for (size_t i = 0; entries && i < count; i++) {
        assert_true(i == 0 || entries[i].position == entries[i - 1].position + 1);
        pages->entries++;
        pages->last = entries[i].position;
        pages->bytes += entries[i].packed.len;
        copy(pages->text, sizeof pages->text, entries[i].packed);
    }
}
