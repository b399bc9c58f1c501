/* What the ledger promises while nothing goes wrong but the callers. One Redis for all; every test
 * has a government, and so a ledger, of its own. */
#include "ledger/ledger.h"

#include "support/redis.h"
#include "turns.h"

#include <stdio.h>
#include <stdlib.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

static struct redis *redis;

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

static void positions_are_1_2_3_and_versions_count(void **state)
{
    (void)state;
    struct ledger *ledger = turns_open(redis, "COUNT");
    struct heard heard[3] = {0};
    turns_append(ledger, "k1", "agreement:A", 0, "one", &heard[0]);
    turns_append(ledger, "k2", "agreement:B", 0, "two", &heard[1]);
    turns_append(ledger, "k3", "agreement:A", 1, "three", &heard[2]);
    assert_int_equal(ledger_pending(ledger), 3);
    turns_settle(ledger);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(heard[i].times, 1);
        assert_int_equal(heard[i].outcome, LEDGER_APPENDED);
        assert_int_equal(heard[i].first, i + 1);
    }
    assert_true(ledger_health(ledger)->ok);
    assert_int_equal(ledger_health(ledger)->head, 3);
    redis_expect(redis, "HGET misaq:{COUNT}:versions agreement:A", "2");
    redis_expect(redis, "HGET misaq:{COUNT}:versions ~head", "3");
    ledger_close(ledger);
}

/* Two events of A and one of B, decided on these versions. */
static void append_three(
    struct ledger *ledger, const char *key, uint64_t a, uint64_t b, struct heard *heard)
{
    struct ledger_expectation expectations[] = {
        {TEXT_LITERAL("A"), a}, {TEXT_LITERAL("read only"), 0}, {TEXT_LITERAL("B"), b}};
    struct ledger_event events[] = {{TEXT_LITERAL("A"), TEXT_LITERAL("a1")},
        {TEXT_LITERAL("B"), TEXT_LITERAL("b")}, {TEXT_LITERAL("A"), TEXT_LITERAL("a2")}};
    ledger_append(ledger,
        &(struct ledger_append){
            .key = text_of(key),
            .fingerprint = TEXT_LITERAL("f"),
            .answer = TEXT_LITERAL("three"),
            .expectations = expectations,
            .expectation_count = 3,
            .events = events,
            .event_count = 3,
        },
        turns_hear, heard);
}

static void several_events_are_all_in_or_none(void **state)
{
    (void)state;
    struct ledger *ledger = turns_open(redis, "ALL");
    struct heard good = {0}, stale = {0}, again = {0};
    append_three(ledger, "k1", 0, 0, &good);
    append_three(ledger, "k2", 2, 0, &stale); /* B is at 1 */
    turns_settle(ledger);
    assert_int_equal(good.outcome, LEDGER_APPENDED);
    assert_int_equal(good.first, 1);
    assert_int_equal(stale.outcome, LEDGER_CONFLICT);
    assert_string_equal(stale.subject, "B");
    redis_expect(redis, "XLEN misaq:{ALL}:ledger", ":3");
    redis_expect(redis, "HGET misaq:{ALL}:versions A", "2");
    redis_expect(redis, "HEXISTS misaq:{ALL}:versions \"read only\"", ":0");
    redis_expect(redis, "EXISTS misaq:{ALL}:key:k2", ":0");
    append_three(ledger, "k2", 2, 1, &again); /* a conflict does not use up the key */
    turns_settle(ledger);
    assert_int_equal(again.outcome, LEDGER_APPENDED);
    assert_int_equal(again.first, 4);
    ledger_close(ledger);
}

static void the_same_request_gets_the_first_answer(void **state)
{
    (void)state;
    struct ledger *ledger = turns_open(redis, "KEYS");
    struct heard first = {0}, repeat = {0}, other = {0}, stale_repeat = {0};
    turns_append(ledger, "k", "A", 0, "one", &first);
    turns_append(ledger, "k", "A", 0, "one", &repeat);
    turns_append(ledger, "k", "A", 77, "one", &stale_repeat);
    ledger_append(ledger,
        &(struct ledger_append){
            .key = TEXT_LITERAL("k"),
            .fingerprint = TEXT_LITERAL("f and more"),
            .answer = TEXT_LITERAL("x"),
            .expectations = &(struct ledger_expectation){TEXT_LITERAL("A"), 1},
            .expectation_count = 1,
            .events = &(struct ledger_event){TEXT_LITERAL("A"), TEXT_LITERAL("two")},
            .event_count = 1,
        },
        turns_hear, &other);
    turns_settle(ledger);
    assert_int_equal(first.outcome, LEDGER_APPENDED);
    assert_int_equal(repeat.outcome, LEDGER_SEEN);
    assert_int_equal(stale_repeat.outcome, LEDGER_SEEN);
    assert_int_equal(repeat.first, first.first);
    assert_string_equal(repeat.answer, "done k");
    assert_int_equal(other.outcome, LEDGER_REUSED);
    redis_expect(redis, "XLEN misaq:{KEYS}:ledger", ":1");
    char left[64];
    redis_say(redis, "TTL misaq:{KEYS}:key:k", left, sizeof left);
    assert_in_range(strtoul(left + 1, NULL, 10), 604700, 604800);
    ledger_close(ledger);
}

static void recall_tells_without_writing(void **state)
{
    (void)state;
    struct ledger *ledger = turns_open(redis, "RECALL");
    struct heard append = {0}, known = {0}, unknown = {0}, other = {0};
    turns_append(ledger, "k", "A", 0, "one", &append);
    ledger_recall(ledger, TEXT_LITERAL("k"), TEXT_LITERAL("f"), turns_hear, &known);
    ledger_recall(ledger, TEXT_LITERAL("k"), TEXT_LITERAL("g"), turns_hear, &other);
    ledger_recall(ledger, TEXT_LITERAL("no"), TEXT_LITERAL("f"), turns_hear, &unknown);
    turns_settle(ledger);
    assert_int_equal(known.outcome, LEDGER_SEEN);
    assert_int_equal(known.first, 1);
    assert_string_equal(known.answer, "done k");
    assert_int_equal(other.outcome, LEDGER_REUSED);
    assert_int_equal(unknown.outcome, LEDGER_UNKNOWN_KEY);
    ledger_close(ledger);
}

static void pages_hold_every_byte_in_order(void **state)
{
    (void)state;
    enum { ENTRIES = 1000, LARGE = 3 << 20 };
    struct ledger *ledger = turns_open(redis, "PAGES");
    struct ledger_event *events = calloc(ENTRIES, sizeof *events);
    char *large = calloc(1, LARGE);
    assert_non_null(events);
    assert_non_null(large);
    for (size_t i = 0; i < ENTRIES; i++)
        events[i] = (struct ledger_event){
            TEXT_LITERAL("A"), i % 2 ? TEXT_LITERAL("a\r\n$3\r\n\0z") : TEXT_LITERAL("")};
    events[500].packed = (struct text){large, LARGE};
    events[ENTRIES - 1].packed = TEXT_LITERAL("last");
    struct heard heard = {0};
    ledger_append(ledger,
        &(struct ledger_append){
            .key = TEXT_LITERAL("\r\n$-1\r\n"),
            .fingerprint = TEXT_LITERAL("12 3 "),
            .expectations = &(struct ledger_expectation){TEXT_LITERAL("A"), 0},
            .expectation_count = 1,
            .events = events,
            .event_count = ENTRIES,
        },
        turns_hear, &heard);
    turns_settle(ledger);
    assert_int_equal(heard.outcome, LEDGER_APPENDED);

    struct pages pages = {0}, some = {0}, none = {0};
    for (uint64_t first = 1; first <= ENTRIES; first += 300)
        ledger_read(ledger, first, UINT64_MAX, 300, turns_page, &pages);
    ledger_read(ledger, 10, 12, 300, turns_page, &some);
    ledger_read(ledger, ENTRIES + 1, UINT64_MAX, 300, turns_page, &none);
    turns_settle(ledger);
    assert_int_equal(pages.times, 4);
    assert_int_equal(pages.refused, 0);
    assert_int_equal(pages.entries, ENTRIES);
    assert_int_equal(pages.bytes, (ENTRIES / 2 - 1) * 9 + LARGE + 4);
    assert_string_equal(pages.text, "last");
    assert_int_equal(some.entries, 3);
    assert_int_equal(some.last, 12);
    assert_int_equal(none.times, 1);
    assert_int_equal(none.refused + none.entries, 0);
    free(events);
    free(large);
    ledger_close(ledger);
}

static void what_is_not_whole_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *government, *entry, *named;
    } cases[] = {
        {"HOLE", "3-0 e x", "entry 2 of the ledger is missing"},
        {"ODDID", "1-7 e x", "entry 2 of the ledger is missing"},
        {"TWOFIELDS", "2-0 e x f y", "entry 2 of the ledger is not one field"},
        {"FIELD", "2-0 f x", "entry 2 of the ledger is not one field"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ledger *ledger = turns_open(redis, cases[i].government);
        struct heard heard = {0}, after = {0};
        struct pages pages = {0}, before = {0};
        char line[128];
        turns_append(ledger, "k", "A", 0, "one", &heard);
        turns_settle(ledger);
        (void)snprintf(
            line, sizeof line, "XADD misaq:{%s}:ledger %s", cases[i].government, cases[i].entry);
        redis_expect(redis, line, "");
        ledger_read(ledger, 1, UINT64_MAX, 100, turns_page, &pages);
        ledger_read(ledger, 1, 1, 1, turns_page, &before);
        turns_append(ledger, "k2", "A", 1, "two", &after);
        turns_settle(ledger);
        assert_int_equal(pages.refused, 1);
        assert_non_null(strstr(pages.why, cases[i].named));
        assert_int_equal(before.refused, 0);
        assert_int_equal(after.outcome, LEDGER_FAILED);
        assert_non_null(strstr(after.why, "ALTERED the ledger has 2 entries"));
        turns_until_wrong(ledger, "restore it");
        (void)snprintf(line, sizeof line, "XLEN misaq:{%s}:ledger", cases[i].government);
        redis_expect(redis, line, ":2");
        ledger_close(ledger);
    }
}

static void a_refusal_of_redis_is_handed_on(void **state)
{
    (void)state;
    struct ledger *ledger = turns_open(redis, "REFUSED");
    struct heard type = {0}, many = {0};
    struct pages pages = {0};
    redis_expect(redis, "LPUSH misaq:{REFUSED}:key:k x", ":1");
    turns_append(ledger, "k", "A", 0, "one", &type);
    struct ledger_expectation *subjects = calloc(LEDGER_SUBJECTS_MAX + 1, sizeof *subjects);
    assert_non_null(subjects);
    ledger_append(ledger,
        &(struct ledger_append){
            .key = TEXT_LITERAL("m"),
            .expectations = subjects,
            .expectation_count = LEDGER_SUBJECTS_MAX + 1,
            .events = &(struct ledger_event){TEXT_LITERAL("A"), TEXT_LITERAL("two")},
            .event_count = 1,
        },
        turns_hear, &many);
    free(subjects);
    turns_settle(ledger);
    assert_int_equal(type.outcome, LEDGER_FAILED);
    assert_non_null(strstr(type.why, "WRONGTYPE"));
    assert_int_equal(many.outcome, LEDGER_FAILED);
    redis_expect(redis, "EXISTS misaq:{REFUSED}:ledger", ":0");
    redis_expect(redis, "SET misaq:{REFUSED}:ledger x", "+OK");
    ledger_read(ledger, 1, 9, 9, turns_page, &pages);
    turns_settle(ledger);
    assert_int_equal(pages.refused, 1);
    assert_non_null(strstr(pages.why, "WRONGTYPE"));
    turns_until_wrong(ledger, "WRONGTYPE");
    ledger_close(ledger);
}

static void as_many_subjects_as_allowed_fit_into_one_append(void **state)
{
    (void)state;
    struct ledger *ledger = turns_open(redis, "MANY");
    struct heard heard = {0};
    static char names[LEDGER_SUBJECTS_MAX][16];
    static struct ledger_expectation subjects[LEDGER_SUBJECTS_MAX];
    static struct ledger_event events[LEDGER_SUBJECTS_MAX];
    for (size_t i = 0; i < LEDGER_SUBJECTS_MAX; i++) {
        (void)snprintf(names[i], sizeof names[i], "S%zu", i);
        subjects[i] = (struct ledger_expectation){text_of(names[i]), 0};
        events[i] = (struct ledger_event){text_of(names[i]), TEXT_LITERAL("event")};
    }
    ledger_append(ledger,
        &(struct ledger_append){
            .key = TEXT_LITERAL("m"),
            .expectations = subjects,
            .expectation_count = LEDGER_SUBJECTS_MAX,
            .events = events,
            .event_count = LEDGER_SUBJECTS_MAX,
        },
        turns_hear, &heard);
    turns_settle(ledger);
    assert_string_equal(heard.why, "");
    assert_int_equal(heard.outcome, LEDGER_APPENDED);
    redis_expect(redis, "HGET misaq:{MANY}:versions ~head", "1000");
    redis_expect(redis, "HGET misaq:{MANY}:versions S999", "1");
    ledger_close(ledger);
}

static void wrong_settings_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *government, *redis, *user, *named;
    } cases[] = {
        {"P{K", "/tmp/x", "", "MISAQ_GOVERNMENT"},
        {"", "/tmp/x", "", "MISAQ_GOVERNMENT"},
        {"PK", "localhost", "", "MISAQ_REDIS"},
        {"PK", "localhost:0", "", "MISAQ_REDIS"},
        {"PK", "localhost:66000", "", "MISAQ_REDIS"},
        {"PK", ":6379", "", "MISAQ_REDIS"},
        {"PK", "", "", "MISAQ_REDIS"},
        {"PK", "/tmp/x", "misaq", "MISAQ_REDIS_USER"},
    };
    static struct faults why;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct settings settings = {.redis_timeout_ms = 100};
        struct ledger *ledger = NULL;
        (void)snprintf(settings.government, sizeof settings.government, "%s", cases[i].government);
        (void)snprintf(settings.redis, sizeof settings.redis, "%s", cases[i].redis);
        (void)snprintf(settings.redis_user, sizeof settings.redis_user, "%s", cases[i].user);
        faults_clear(&why);
        assert_int_equal(ledger_open(&settings, &ledger, &why), ERR_INVALID);
        assert_null(ledger);
        assert_string_equal(why.kept[0].member, cases[i].named);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(positions_are_1_2_3_and_versions_count),
        cmocka_unit_test(several_events_are_all_in_or_none),
        cmocka_unit_test(the_same_request_gets_the_first_answer),
        cmocka_unit_test(recall_tells_without_writing),
        cmocka_unit_test(pages_hold_every_byte_in_order),
        cmocka_unit_test(what_is_not_whole_is_named),
        cmocka_unit_test(a_refusal_of_redis_is_handed_on),
        cmocka_unit_test(as_many_subjects_as_allowed_fit_into_one_append),
        cmocka_unit_test(wrong_settings_are_named),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
