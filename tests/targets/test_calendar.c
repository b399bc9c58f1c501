/* Business time: what may be decided about the clock, holidays and the week, what is told of them,
 * and cycles whose days would not work out. */
#include "table.h"

#include "targets/samples.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TODAY 20200913 /* WORLD_BEGINS: a Sunday, 12:26:40 UTC, 17:26:40 where days begin */

static int open_world(void **state)
{
    *state = samples_world(table_service());
    return 0;
}

static void refused(
    struct world *world, enum message command, const void *body, enum err err, const char *member)
{
    size_t before = world->log_count;
    assert_int_equal(world_do(world, "secretariat", command, body, 0), err);
    assert_true(world_faults(world, member));
    assert_int_equal(world->log_count, before);
}

static struct clock_view clock_of(struct world *world)
{
    struct clock_view view;
    struct nothing nothing = {0};
    assert_int_equal(world_ask(world, "", MESSAGE_clock_get, &nothing), OK);
    world_read(world, 0, clock_view_record(), &view);
    return view;
}

/* ---- the clock ---- */
static void test_clock_in_earnest(void **state)
{
    struct world *world = *state;
    struct clock_move move = {.to = {world->now_ms + WORLD_DAY, true}};
    refused(world, MESSAGE_clock_move, &move, ERR_FORBIDDEN, "");
    struct clock_view view = clock_of(world);
    assert_true(view.now.ms == world->now_ms);
    assert_int_equal(view.today, TODAY);
    assert_int_equal(view.working_day, FLAG_NO);
    assert_int_equal(view.ahead_ms.value, 0);
}

static void test_clock(void **state)
{
    struct world *world = *state;
    int64_t now = world->now_ms, most = 3 * 366 * WORLD_DAY;
    world->demo = true;
    struct clock_move move = {.to = {now - 1, true}};
    refused(world, MESSAGE_clock_move, &move, ERR_INVALID, "to");
    move.to.ms = now + most + 1;
    refused(world, MESSAGE_clock_move, &move, ERR_INVALID, "to");
    move.to.ms = now + WORLD_DAY;
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_clock_move, &move, 0), ERR_FORBIDDEN);
    assert_int_equal(world_do(world, "administrator", MESSAGE_clock_move, &move, 0), OK);
    assert_true(text_is(world->log[world->log_count - 1].subject, "calendar"));
    /* Two days went by at the wall: the business clock shows both and the one that was leapt. */
    world->now_ms += 3 * WORLD_DAY;
    struct clock_view view = clock_of(world);
    assert_int_equal(view.today, 20200916);
    assert_int_equal(view.working_day, FLAG_YES);
    assert_true(view.ahead_ms.value == WORLD_DAY);
    assert_false(world_head(world).version.given);
    move.to.ms = world->now_ms - 1; /* before the clock, but after the wall's */
    refused(world, MESSAGE_clock_move, &move, ERR_INVALID, "to");
    move.to.ms = world->now_ms; /* says nothing, and does no harm */
    assert_int_equal(world_do(world, "secretariat", MESSAGE_clock_move, &move, 0), OK);
    move.to.ms = world->now_ms + most;
    assert_int_equal(world_do(world, "secretariat", MESSAGE_clock_move, &move, 0), OK);
    assert_true(calendar_ahead_ms(world->calendar) == WORLD_DAY + most);
}

/* ---- holidays ---- */
static enum err declare(struct world *world, int32_t on, const char *name)
{
    struct holiday holiday = {.on = on, .name = text_of(name)};
    return world_do(world, "secretariat", MESSAGE_holiday_declare, &holiday, 0);
}

static enum err cancel(struct world *world, int32_t on)
{
    struct holiday_one holiday = {.on = on};
    return world_do(world, "secretariat", MESSAGE_holiday_cancel, &holiday, 0);
}

static void test_holidays(void **state)
{
    struct world *world = *state;
    struct holiday yesterday = {.on = 20200912, .name = TEXT_LITERAL("Late")};
    refused(world, MESSAGE_holiday_declare, &yesterday, ERR_INVALID, "on");
    assert_int_equal(declare(world, TODAY, "Today"), OK);
    assert_int_equal(declare(world, 20201225, "Invented"), OK);
    struct holiday twice = {.on = 20201225, .name = TEXT_LITERAL("Invented too")};
    refused(world, MESSAGE_holiday_declare, &twice, ERR_EXISTS, "on");
    struct holiday_one none = {.on = 20201224}, begun = {.on = TODAY};
    refused(world, MESSAGE_holiday_cancel, &none, ERR_NOT_FOUND, "on");
    refused(world, MESSAGE_holiday_cancel, &begun, ERR_INVALID, "on");
    assert_int_equal(cancel(world, 20201225), OK);
    assert_int_equal(cancel(world, 20201225), ERR_NOT_FOUND);
    assert_int_equal(declare(world, 20201225, "Invented too"), OK);
    assert_int_equal(
        world_do(world, "focal.PWR", MESSAGE_holiday_declare, &twice, 0), ERR_FORBIDDEN);
    /* 2020-12-25 is a Friday: a working day less. */
    assert_int_equal(calendar_working_days(world->calendar, 20201220, 20201227), 4);
}

/* Pages of two until there are no more; -> how many holidays stood on them. */
static size_t list(struct world *world, struct holiday_list asked, int32_t *ret_days)
{
    size_t count = 0;
    char cursor[400];
    for (;;) {
        struct holiday_view view;
        assert_int_equal(world_ask(world, "", MESSAGE_holiday_list, &asked), OK);
        struct answer head = world_head(world);
        for (size_t i = 0; i < reply_count(world->reply); i++) {
            world_read(world, i, holiday_view_record(), &view);
            ret_days[count++] = view.holiday.on;
        }
        if (!head.next.at)
            return count;
        assert_int_equal(reply_count(world->reply), 2);
        memcpy(cursor, head.next.at, head.next.len);
        asked.after = (struct text){cursor, head.next.len};
    }
}

static void test_holiday_list(void **state)
{
    struct world *world = *state;
    static const int32_t days[] = {20210814, 20201225, 20210323, 20220501, 20210505};
    static const int32_t sorted[] = {20201225, 20210323, 20210505, 20210814, 20220501};
    int32_t found[8];
    struct holiday_list asked = {.limit = {2, true}};
    assert_int_equal(list(world, asked, found), 0);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(declare(world, days[i], "Invented"), OK);
    assert_int_equal(list(world, asked, found), 5);
    assert_memory_equal(found, sorted, sizeof sorted);
    asked.year = (struct whole){2021, true};
    assert_int_equal(list(world, asked, found), 3);
    assert_memory_equal(found, sorted + 1, 3 * sizeof *sorted);
    assert_int_equal(world_head(world).total.value, 3);
    asked.year.value = 2023;
    assert_int_equal(list(world, asked, found), 0);
    asked.after = TEXT_LITERAL("00");
    assert_int_equal(world_ask(world, "", MESSAGE_holiday_list, &asked), ERR_INVALID);
    assert_true(world_faults(world, "after"));
}

/* ---- the week ---- */
static struct week week_of(int32_t from, const char *words)
{
    struct week week = {.from = from, .working.head.given = true};
    for (struct text rest = text_of(words); rest.len;)
        week.working.at[week.working.head.count++] = text_cut(rest, ' ', &rest);
    return week;
}

static void test_week(void **state)
{
    static const struct {
        int32_t from;
        const char *words, *member;
    } wrong[] = {
        {TODAY, "mon tue", "from"},
        {20200901, "mon", "from"},
        {20200914, "mon Tue", "working/1"},
        {20200914, "mon tue mon", "working/2"},
        {20200914, "holiday", "working/0"},
        {20200914, "", "working"},
    };
    struct world *world = *state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct week week = week_of(wrong[i].from, wrong[i].words);
        refused(world, MESSAGE_week_set, &week, ERR_INVALID, wrong[i].member);
    }
    struct week week = week_of(20200914, "sun mon tue wed thu");
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_week_set, &week, 0), ERR_FORBIDDEN);
    assert_int_equal(world_do(world, "administrator", MESSAGE_week_set, &week, 0), OK);
    assert_false(calendar_works(world->calendar, TODAY)); /* a Sunday of the old week */
    assert_true(calendar_works(world->calendar, 20200920));
    assert_false(calendar_works(world->calendar, 20200918)); /* a Friday of the new one */
}

/* ---- cycles and periods ---- */
static void test_periods(void **state)
{
    struct world *world = *state;
    struct cycle_one asked = {.cycle = TEXT_LITERAL("2021")};
    struct period_view view;
    assert_int_equal(world_ask(world, "", MESSAGE_period_list, &asked), OK);
    assert_int_equal(reply_count(world->reply), 8);
    world_read(world, 0, period_view_record(), &view);
    assert_int_equal(view.starts_on, 20210701);
    assert_int_equal(view.ends_on, 20210930);
    assert_int_equal(view.report_by, 20211010);  /* 30 September and 10 days */
    assert_int_equal(view.release_on, 20211114); /* ... and 45: 31 of October, 14 of November */
    world_read(world, 7, period_view_record(), &view);
    assert_int_equal(view.period.value, 8);
    assert_int_equal(view.starts_on, 20230401);
    assert_int_equal(view.ends_on, 20230630);
    asked.cycle = TEXT_LITERAL("1999");
    assert_int_equal(world_ask(world, "", MESSAGE_period_list, &asked), ERR_NOT_FOUND);
    assert_true(world_faults(world, "cycle"));
}

static struct cycle next_cycle(void)
{
    struct cycle cycle = samples_cycle();
    cycle.id = TEXT_LITERAL("2023");
    cycle.starts_on = 20230701;
    cycle.ends_on = 20250630;
    return cycle;
}

static void cycle_fails(struct world *world, const struct cycle *cycle, const char *member)
{
    refused(world, MESSAGE_cycle_create, cycle, ERR_INVALID, member);
    assert_int_equal(world->why.total, 1);
}

static void test_cycle_dates(void **state)
{
    struct world *world = *state;
    struct cycle cycle = next_cycle();
    cycle.ends_on = 20250629;
    cycle_fails(world, &cycle, "ends_on");
    cycle = next_cycle();
    cycle.periods.value = 4; /* one year of quarters */
    cycle_fails(world, &cycle, "ends_on");
    cycle = next_cycle();
    cycle.periods_a_year.value = cycle.periods.value = 5;
    cycle_fails(world, &cycle, "periods_a_year");
    cycle = next_cycle();
    cycle.periods.value = 7;
    cycle_fails(world, &cycle, "periods");
    cycle = next_cycle();
    cycle.starts_on = 20230731;
    cycle.ends_on = 20250730;
    cycle_fails(world, &cycle, "starts_on");
    /* Reviews every two months: six a year. */
    cycle = next_cycle();
    cycle.periods.value = 12;
    cycle.periods_a_year.value = 6;
    assert_int_equal(world_do(world, "secretariat", MESSAGE_cycle_create, &cycle, 0), OK);
}

static void test_cycle_steps(void **state)
{
    struct world *world = *state;
    static const struct {
        size_t at;
        int64_t days;
        const char *member; /* NULL: that is fine */
    } cases[] = {
#define AT(days_member) offsetof(struct cycle, days_member)
        {AT(report_days), 13, "certify_days"},
        {AT(report_days), 12, NULL},
        {AT(certify_days), 9, "certify_days"},
        {AT(grade_days), 11, "grade_days"},
        {AT(preread_days), 16, "preread_days"},
        {AT(sessions_first_days), 17, "sessions_first_days"},
        {AT(sessions_first_days), 29, "sessions_last_days"},
        {AT(sessions_last_days), 18, "sessions_last_days"},
        {AT(scores_days), 27, "scores_days"},
        {AT(appeal_days), 7, "summary_days"}, /* 30 and 7 days is after 36 */
        {AT(appeal_days), 6, NULL},
        {AT(decisions_days), 35, "decisions_days"},
        {AT(release_days), 41, "release_days"},
        /* The shortest quarter is January to March 2025, 90 days: the release on day 90 after the
         * end of December would be the day on which the next one ends. */
        {AT(release_days), 90, "release_days"},
        {AT(release_days), 89, NULL},
#undef AT
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cycle cycle = next_cycle();
        struct whole days = {cases[i].days, true};
        memcpy((char *)&cycle + cases[i].at, &days, sizeof days);
        if (cases[i].member)
            cycle_fails(world, &cycle, cases[i].member);
        else {
            struct world fresh;
            world_open(&fresh, table_service());
            assert_int_equal(world_do(&fresh, "secretariat", MESSAGE_cycle_create, &cycle, 0), OK);
            world_close(&fresh);
        }
    }
    /* Twelve periods a year have no room for steps that take 45 days. */
    struct cycle cycle = next_cycle();
    cycle.periods.value = 24;
    cycle.periods_a_year.value = 12;
    cycle_fails(world, &cycle, "release_days");
}

int main(void)
{
#define PLAYED(test) cmocka_unit_test_setup_teardown(test, open_world, samples_close)
    const struct CMUnitTest tests[] = {
        PLAYED(test_clock_in_earnest),
        PLAYED(test_clock),
        PLAYED(test_holidays),
        PLAYED(test_holiday_list),
        PLAYED(test_week),
        PLAYED(test_periods),
        PLAYED(test_cycle_dates),
        PLAYED(test_cycle_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
