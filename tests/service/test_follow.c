/* Following: every event once, in order, whatever the bus loses, repeats or turns around. */
#include "service/follow.h"

#include "base/clock.h"
#include "bus/bus.h"
#include "ledger/turns.h"
#include "support/chance.h"

#include <stdio.h>
#include <stdlib.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

#define BATCH 1000

static struct redis *redis;
static uint64_t deadline_us;

/* What a follower has folded: event n must say "event n". */
struct folded {
    uint64_t last, poison;
    unsigned wrong;
};

static const char *fold(void *owner, uint64_t position, struct text packed)
{
    struct folded *folded = owner;
    char expected[32];
    if (position == folded->poison)
        return "it is poison";
    (void)snprintf(expected, sizeof expected, "event %llu", (unsigned long long)position);
    folded->wrong += position != folded->last + 1 || !text_is(packed, expected);
    folded->last = position;
    return NULL;
}

static void offer(struct follow *follow, uint64_t position)
{
    char event[32];
    int len = snprintf(event, sizeof event, "event %llu", (unsigned long long)position);
    follow_offer(follow, position, (struct text){event, (size_t)len});
}

static void wrote(void *owner, const struct ledger_result *result)
{
    assert_int_equal(result->outcome, LEDGER_APPENDED);
    *(uint64_t *)owner = result->first;
}

/* Lets the ledger grow from `head` by `count` events. */
static void grow(struct ledger *ledger, uint64_t head, size_t count)
{
    static char events[BATCH][32];
    static struct ledger_event rows[BATCH];
    char key[32];
    uint64_t first = 0;
    assert_true(count > 0 && count <= BATCH);
    for (size_t i = 0; i < count; i++) {
        unsigned long long position = head + i + 1;
        int len = snprintf(events[i], sizeof *events, "event %llu", position);
        rows[i] = (struct ledger_event){TEXT_LITERAL("S"), {events[i], (size_t)len}};
    }
    (void)snprintf(key, sizeof key, "%llu", (unsigned long long)head);
    struct ledger_expectation expectation = {TEXT_LITERAL("S"), head};
    ledger_append(ledger,
        &(struct ledger_append){.key = text_of(key),
            .fingerprint = TEXT_LITERAL("f"),
            .expectations = &expectation,
            .expectation_count = 1,
            .events = rows,
            .event_count = count},
        wrote, &first);
    turns_settle(ledger);
    assert_int_equal(first, head + 1);
}

/* As a loop takes it: waits no longer than either of them says. */
static void step(struct ledger *ledger, struct follow *follow)
{
    follow_turn(follow, clock_mono_us());
    int wait_ms = follow_wait_ms(follow, clock_mono_us());
    int ledger_ms = ledger_wait_ms(ledger, clock_mono_us());
    if (wait_ms < 0 || ledger_ms < wait_ms)
        wait_ms = ledger_ms;
    struct bus_wait item = {.fd = ledger_fd(ledger), .want_write = ledger_wants_write(ledger)};
    bus_wait(&item, item.fd >= 0, wait_ms);
    ledger_turn(ledger, clock_mono_us());
    assert_true(clock_mono_us() < deadline_us);
}

static void until(struct ledger *ledger, struct follow *follow, uint64_t position)
{
    deadline_us = clock_mono_us() + 20000000;
    while (follow_position(follow) < position || !follow_caught_up(follow))
        step(ledger, follow);
}

static int start(void **state)
{
    (void)state;
    redis = redis_start(NULL);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    redis_stop(redis);
    return 0;
}

static void the_start_reads_everything(void **state)
{
    (void)state;
    struct ledger *ledger = turns_open(redis, "START");
    for (uint64_t head = 0; head < 9 * BATCH; head += BATCH)
        grow(ledger, head, BATCH);
    grow(ledger, 9 * BATCH, 7);
    struct folded folded = {0}, late = {.last = 8500};
    struct follow *follow = follow_new(ledger, 0, fold, &folded);
    assert_false(follow_caught_up(follow));
    until(ledger, follow, 9 * BATCH + 7);
    assert_int_equal(folded.last, 9 * BATCH + 7);
    assert_int_equal(folded.wrong, 0);
    assert_int_equal(follow_holes(follow), 0);
    assert_int_equal(follow_wait_ms(follow, clock_mono_us()), -1);
    turns_settle(ledger); /* a page that was asked for ahead may be under way */
    follow_free(follow);
    follow = follow_new(ledger, 8500, fold, &late);
    until(ledger, follow, 9 * BATCH + 7);
    assert_int_equal(late.wrong, 0);
    ledger_close(ledger);
    follow_free(follow);
}

static void disorder_needs_no_ledger(void **state)
{
    (void)state;
    struct ledger *ledger = turns_open(redis, "DISORDER");
    struct folded folded = {0};
    struct follow *follow = follow_new(ledger, 0, fold, &folded);
    until(ledger, follow, 0);
    static const uint64_t order[] = {1, 1, 3, 2, 2, 1, 6, 5, 4, 6, 3, 7};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        offer(follow, order[i]);
    assert_int_equal(folded.last, 7);
    assert_int_equal(folded.wrong, 0);
    follow_turn(follow, clock_mono_us());
    assert_int_equal(follow_holes(follow), 0);
    assert_int_equal(ledger_pending(ledger), 0);
    ledger_close(ledger);
    follow_free(follow);
}

static void a_hole_is_read(void **state)
{
    (void)state;
    struct ledger *ledger = turns_open(redis, "HOLE");
    struct folded folded = {0};
    struct follow *follow = follow_new(ledger, 0, fold, &folded);
    until(ledger, follow, 0);
    grow(ledger, 0, 20);
    offer(follow, 1);
    offer(follow, 3);
    assert_int_equal(folded.last, 1);
    until(ledger, follow, 3);
    assert_int_equal(follow_holes(follow), 1);
    follow_head(follow, 20); /* a lost tail */
    assert_int_equal(follow_known_head(follow), 20);
    until(ledger, follow, 20);
    assert_int_equal(follow_holes(follow), 2);
    assert_int_equal(folded.wrong, 0);
    ledger_close(ledger);
    follow_free(follow);
}

static void more_than_the_buffer_holds_is_read(void **state)
{
    (void)state;
    struct ledger *ledger = turns_open(redis, "CROWD");
    struct folded folded = {0};
    struct follow *follow = follow_new(ledger, 0, fold, &folded);
    until(ledger, follow, 0);
    for (uint64_t head = 0; head < 5 * BATCH; head += BATCH)
        grow(ledger, head, BATCH);
    for (uint64_t p = 2; p <= 5 * BATCH; p++)
        offer(follow, p);
    until(ledger, follow, 5 * BATCH);
    assert_int_equal(folded.wrong, 0);
    assert_int_equal(follow_holes(follow), 1);
    ledger_close(ledger);
    follow_free(follow);
}

static void a_refresh_finds_what_nobody_told(void **state)
{
    (void)state;
    struct ledger *ledger = turns_open(redis, "REFRESH");
    struct folded folded = {0};
    struct follow *follow = follow_new(ledger, 0, fold, &folded);
    until(ledger, follow, 0);
    grow(ledger, 0, 5);
    follow_refresh(follow);
    until(ledger, follow, 5);
    assert_int_equal(folded.wrong, 0);
    ledger_close(ledger);
    follow_free(follow);
}

static void a_head_beyond_the_ledger_is_not_believed(void **state)
{
    (void)state;
    struct ledger *ledger = turns_open(redis, "LIE");
    struct folded folded = {0};
    struct follow *follow = follow_new(ledger, 0, fold, &folded);
    until(ledger, follow, 0);
    grow(ledger, 0, 3);
    follow_head(follow, 1000000);
    until(ledger, follow, 3);
    deadline_us = clock_mono_us() + 20000000;
    while (follow_known_head(follow) != 3)
        step(ledger, follow);
    assert_null(follow_stuck(follow));
    ledger_close(ledger);
    follow_free(follow);
}

static void poison_stops_it_for_good(void **state)
{
    (void)state;
    struct ledger *ledger = turns_open(redis, "POISON");
    grow(ledger, 0, 10);
    struct folded folded = {.poison = 4};
    struct follow *follow = follow_new(ledger, 0, fold, &folded);
    deadline_us = clock_mono_us() + 20000000;
    while (!follow_stuck(follow))
        step(ledger, follow);
    assert_non_null(strstr(follow_stuck(follow), "event 4 cannot be folded: it is poison"));
    assert_int_equal(follow_position(follow), 3);
    assert_false(follow_caught_up(follow));
    offer(follow, 4);
    offer(follow, 5);
    assert_int_equal(folded.last, 3);
    assert_int_equal(follow_wait_ms(follow, clock_mono_us()), -1);
    ledger_close(ledger);
    follow_free(follow);
}

/* The ledger grows while the bus delivers what it likes. */
static void chance_changes_nothing(void **state)
{
    (void)state;
    struct chance chance = chance_start("chance_changes_nothing");
    struct ledger *ledger = turns_open(redis, "CHANCE");
    struct folded folded = {0};
    struct follow *follow = follow_new(ledger, 0, fold, &folded);
    uint64_t head = 0;
    for (unsigned round = 0; round < 400; round++) {
        size_t more = 1 + chance_below(&chance, round % 40 == 0 ? BATCH : 8);
        grow(ledger, head, more);
        for (size_t i = 0; i < more * 3 / 2; i++) { /* some lost, some twice, in any order */
            uint64_t back = chance_below(&chance, (uint32_t)(more + 10));
            if (back < head + more)
                offer(follow, head + more - back);
        }
        head += more;
        if (chance_below(&chance, 10) == 0)
            follow_head(follow, head - chance_below(&chance, 3));
        if (chance_below(&chance, 10) == 0)
            follow_refresh(follow);
        for (uint32_t steps = chance_below(&chance, 4); steps-- > 0;)
            if (follow_wait_ms(follow, clock_mono_us()) == 0 || ledger_pending(ledger) > 0) {
                deadline_us = clock_mono_us() + 20000000;
                step(ledger, follow);
            }
    }
    follow_head(follow, head);
    until(ledger, follow, head);
    assert_int_equal(folded.last, head);
    assert_int_equal(folded.wrong, 0);
    ledger_close(ledger);
    follow_free(follow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_start_reads_everything),
        cmocka_unit_test(disorder_needs_no_ledger),
        cmocka_unit_test(a_hole_is_read),
        cmocka_unit_test(more_than_the_buffer_holds_is_read),
        cmocka_unit_test(a_refresh_finds_what_nobody_told),
        cmocka_unit_test(a_head_beyond_the_ledger_is_not_believed),
        cmocka_unit_test(poison_stops_it_for_good),
        cmocka_unit_test(chance_changes_nothing),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
