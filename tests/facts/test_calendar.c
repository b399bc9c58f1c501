/* Working days against a count day by day; periods and their steps; the clock that never goes back.
 */
#include "facts/calendar.h"

#include "support/cycle.h"

#include "base/clock.h"
#include "support/chance.h"

#include <stdio.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

static struct calendar *calendar;

static int start(void **state)
{
    (void)state;
    calendar = calendar_new();
    return 0;
}

static int stop(void **state)
{
    (void)state;
    calendar_free(calendar);
    return 0;
}

static const char *happen(enum message message, int64_t at_ms, const void *record)
{
    struct happened happened = {.message = message, .at_ms = at_ms, .record = record};
    return calendar_apply(calendar, &happened);
}

static const char *declare(int32_t day)
{
    struct holiday holiday = {.on = day, .name = TEXT_LITERAL("Eid (invented)")};
    return happen(MESSAGE_holiday_declared, 0, &holiday);
}

static const char *set_week(int32_t from, uint32_t mask)
{
    static const char *const words[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    struct week week = {.from = from};
    for (int i = 0; i < 7; i++)
        if (mask >> i & 1u)
            week.working.at[week.working.head.count++] = text_of(words[i]);
    return happen(MESSAGE_week_was_set, 0, &week);
}

/* July 2021: the 1st is a Thursday, the 21st a Wednesday. */
static void working_days_by_hand(void **state)
{
    (void)state;
    static const struct {
        int32_t from, to, days;
    } cases[] = {
        {20210716, 20210716, 0}, /* nothing within one day */
        {20210716, 20210717, 0}, /* Friday to Saturday */
        {20210716, 20210719, 1}, /* ... to Monday */
        {20210719, 20210722, 2}, /* Tuesday and Thursday: Wednesday is a holiday */
        {20210716, 20210723, 4}, /* Mon, Tue, Thu, Fri */
        {20210723, 20210716, 0}, /* backwards */
        {20210701, 20210731,
            20}, /* 21 days from the 2nd to the 30th are Mon-Fri, and one of them is a holiday */
    };
    assert_null(declare(20210721));
    assert_null(declare(20210720)); /* a Tuesday; cancelled again below */
    assert_null(happen(MESSAGE_holiday_cancelled, 0, &(struct holiday_one){20210720}));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(
            calendar_working_days(calendar, cases[i].from, cases[i].to), cases[i].days);
    assert_false(calendar_works(calendar, 20210721));
    assert_true(text_starts(calendar_holiday(calendar, 20210721), TEXT_LITERAL("Eid")));
    assert_int_equal(calendar_next_holiday(calendar, 20210701), 20210721);
    assert_int_equal(calendar_next_holiday(calendar, 20210721), 0);
    assert_int_equal(calendar_working_after(calendar, 20210716, 0), 20210716);
    assert_int_equal(calendar_working_after(calendar, 20210716, 3), 20210722);
    assert_non_null(declare(20210721)); /* twice */
    assert_non_null(happen(MESSAGE_holiday_cancelled, 0, &(struct holiday_one){20210720}));
}

/* The same by counting, with weeks that change and holidays anywhere. */
static void chance_agrees_with_counting(void **state)
{
    (void)state;
    enum { DAYS = 800, ROUNDS = 60 };
    struct chance chance = chance_start("calendar");
    int32_t first = 20200101;
    bool holiday[DAYS] = {false};
    uint32_t masks[DAYS], mask = 0x1F;
    for (int i = 0; i < 40; i++) {
        uint32_t day = chance_below(&chance, DAYS);
        if (!holiday[day])
            assert_null(declare(calendar_day_after(first, (int32_t)day)));
        holiday[day] = true;
    }
    for (int i = 0; i < DAYS; i++) {
        if (chance_below(&chance, 150) == 0) {
            mask = 1 + chance_below(&chance, 0x7F);
            assert_null(set_week(calendar_day_after(first, i), mask));
        }
        masks[i] = mask;
    }
    for (int round = 0; round < ROUNDS; round++) {
        int32_t from = (int32_t)chance_below(&chance, DAYS - 1);
        int32_t count = 0;
        for (int32_t to = from + 1; to < DAYS; to++) {
            int32_t day = calendar_day_after(first, to);
            int weekday = (day_number(day) + 3) % 7;
            bool works = (masks[to] >> weekday & 1u) && !holiday[to];
            assert_int_equal(calendar_works(calendar, day), works);
            count += works;
            assert_int_equal(
                calendar_working_days(calendar, calendar_day_after(first, from), day), count);
            if (works)
                assert_int_equal(
                    calendar_working_after(calendar, calendar_day_after(first, from), count), day);
        }
    }
}

static struct cycle a_cycle(void)
{
    return cycle_of_two_years("2021", 20210701, 20230630);
}

static void periods_follow_from_the_cycle(void **state)
{
    (void)state;
    struct period_view period;
    struct cycle cycle = a_cycle();
    assert_null(happen(MESSAGE_cycle_created, 0, &cycle));
    assert_true(calendar_period(calendar, TEXT_LITERAL("2021"), 1, &period));
    assert_int_equal(period.starts_on, 20210701);
    assert_int_equal(period.ends_on, 20210930);
    assert_int_equal(period.report_by, 20211010);
    assert_int_equal(period.appeal_by, 20211104); /* 30 September and 30 days, and 5 */
    assert_int_equal(period.release_on, 20211114);
    assert_true(calendar_period(calendar, TEXT_LITERAL("2021"), 3, &period));
    assert_int_equal(period.starts_on, 20220101);
    assert_int_equal(period.ends_on, 20220331);
    assert_true(calendar_period(calendar, TEXT_LITERAL("2021"), 8, &period));
    assert_int_equal(period.ends_on, 20230630);
    assert_false(calendar_period(calendar, TEXT_LITERAL("2021"), 9, &period));
    assert_false(calendar_period(calendar, TEXT_LITERAL("2021"), 0, &period));
    assert_false(calendar_period(calendar, TEXT_LITERAL("2019"), 1, &period));
    assert_int_equal(calendar_begun(calendar, TEXT_LITERAL("2021"), 20210630), 0);
    assert_int_equal(calendar_begun(calendar, TEXT_LITERAL("2021"), 20210701), 1);
    assert_int_equal(calendar_begun(calendar, TEXT_LITERAL("2021"), 20211001), 2);
    assert_int_equal(calendar_begun(calendar, TEXT_LITERAL("2021"), 20990101), 8);
}

/* Reviews every two months are a setting. */
static void periods_of_two_months(void **state)
{
    (void)state;
    struct period_view period;
    struct cycle cycle = a_cycle();
    cycle.periods = (struct whole){12, true};
    cycle.periods_a_year = (struct whole){6, true};
    assert_null(happen(MESSAGE_cycle_created, 0, &cycle));
    assert_true(calendar_period(calendar, TEXT_LITERAL("2021"), 4, &period));
    assert_int_equal(period.starts_on, 20220101);
    assert_int_equal(period.ends_on, 20220228);
    assert_int_equal(calendar_periods(calendar, TEXT_LITERAL("2021")), 12);
    assert_true(text_is(calendar_cycle(calendar, 0), "2021"));
    assert_null(calendar_cycle(calendar, 1).at);
}

static void the_clock_goes_ahead_only(void **state)
{
    (void)state;
    struct clock_move move = {.to = {5000, true}};
    assert_null(happen(MESSAGE_clock_moved, 1000, &move));
    assert_int_equal(calendar_ahead_ms(calendar), 4000);
    move.to.ms = 9000;
    assert_null(happen(MESSAGE_clock_moved, 6000, &move));
    assert_int_equal(calendar_ahead_ms(calendar), 7000);
    assert_non_null(happen(MESSAGE_clock_moved, 9001, &move));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {CASE(working_days_by_hand),
        CASE(chance_agrees_with_counting), CASE(periods_follow_from_the_cycle),
        CASE(periods_of_two_months), CASE(the_clock_goes_ahead_only)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
