/* Ambition by hand: the line through the past values, drawn on to the promised day. */
#include "ambition.h"

#include "base/clock.h"
#include "targets/samples.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct point {
    int day; /* days after 2020-01-01 */
    int value;
};

struct row {
    const char *what;
    struct point past[4];
    uint32_t count;
    enum direction direction;
    int baseline, target;
    int day; /* promised, days after 2020-01-01 */
    enum ambition_verdict verdict;
    int64_t projection, ratio; /* thousandths; -1: not given */
};

static const struct row rows[] = {
    /* 10, 20, 30 at 0, 100, 200: a tenth a day, 60 at 500. (80 - 40) / (60 - 40) = 2 */
    {"twice the trend", {{0, 10}, {100, 20}, {200, 30}}, 3, DIRECTION_UP, 40, 80, 500,
        AMBITION_BEATS, 60000, 2000},
    /* (60 - 40) / (60 - 40) = 1: the trend alone reaches it */
    {"exactly the trend", {{0, 10}, {100, 20}, {200, 30}}, 3, DIRECTION_UP, 40, 60, 500,
        AMBITION_ANYWAY, 60000, 1000},
    {"half the trend", {{0, 10}, {100, 20}, {200, 30}}, 3, DIRECTION_UP, 40, 50, 500,
        AMBITION_ANYWAY, 60000, 500},
    /* 90, 80, 70: 40 at 500. (30 - 60) / (40 - 60) = 1.5 */
    {"downward", {{0, 90}, {100, 80}, {200, 70}}, 3, DIRECTION_DOWN, 60, 30, 500, AMBITION_BEATS,
        40000, 1500},
    /* days 0 1 3, values 0 2 3: n 3, Sx 4, Sy 5, Sxx 10, Sxy 11, spread 30 - 16 = 14,
     * slope (33 - 20) / 14 = 13/14, at day 10: 5/3 + 13/14 * (10 - 4/3) = 9.714285...
     * (20 - 3) / (9.714 - 3) = 2.53202... */
    {"a slope that is no round number", {{0, 0}, {1, 2}, {3, 3}}, 3, DIRECTION_UP, 3, 20, 10,
        AMBITION_BEATS, 9714, 2532},
    /* the trend falls and more is promised */
    {"against the trend", {{0, 30}, {100, 20}, {200, 10}}, 3, DIRECTION_UP, 10, 20, 300,
        AMBITION_TURNS, 0, -1},
    {"no trend", {{0, 30}, {100, 30}, {200, 30}}, 3, DIRECTION_UP, 30, 40, 300, AMBITION_TURNS,
        30000, -1},
    {"two values draw any line", {{0, 10}, {100, 20}}, 2, DIRECTION_UP, 20, 40, 300, AMBITION_OPEN,
        -1, -1},
    {"nothing to beat where a value is kept", {{0, 10}, {100, 20}, {200, 30}}, 3, DIRECTION_KEEP,
        30, 30, 300, AMBITION_OPEN, -1, -1},
    {"no direction", {{0, 10}, {100, 20}, {200, 30}}, 3, direction_UNSET, 30, 40, 300,
        AMBITION_OPEN, -1, -1},
    {"four on one day", {{0, 10}, {0, 20}, {0, 30}, {0, 40}}, 4, DIRECTION_UP, 30, 40, 300,
        AMBITION_OPEN, -1, -1},
};

static struct target_promise promise_of(const struct row *row)
{
    int32_t origin = day_number(20200101);
    struct target_promise promise = {.direction = row->direction,
        .baseline = {row->baseline * DECIMAL_ONE, true},
        .target_value = {row->target * DECIMAL_ONE, true},
        .target_on = day_from_number(origin + row->day)};
    promise.past.head = (struct list_head){row->count, true};
    for (uint32_t i = 0; i < row->count; i++)
        promise.past.at[i] = (struct past_value){
            day_from_number(origin + row->past[i].day), {row->past[i].value * DECIMAL_ONE, true}};
    return promise;
}

static void assert_decimal(struct decimal is, int64_t want)
{
    assert_int_equal(is.given, want >= 0);
    if (is.given)
        assert_int_equal(is.thousandths, want);
}

static void test_rows(void **state)
{
    (void)state;
    struct cycle cycle = samples_cycle();
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct target_promise promise = promise_of(&rows[r]);
        struct ambition found = ambition_of(&promise, &cycle);
        print_message("%s\n", rows[r].what);
        assert_int_equal(found.verdict, rows[r].verdict);
        assert_decimal(found.projection, rows[r].projection);
        assert_decimal(found.ratio, rows[r].ratio);
    }
}

static void test_the_end_of_the_cycle_stands_in(void **state)
{
    (void)state;
    struct cycle cycle = samples_cycle();
    struct target_promise promise = promise_of(&rows[0]);
    promise.target_on = 0;
    struct ambition open = ambition_of(&promise, &cycle);
    promise.target_on = cycle.ends_on;
    struct ambition same = ambition_of(&promise, &cycle);
    /* 2020-01-01 to 2023-06-30 are 1276 days: 10 + 127.6 */
    assert_int_equal(open.projection.thousandths, 137600);
    assert_int_equal(open.projection.thousandths, same.projection.thousandths);
}

static void test_what_is_missing(void **state)
{
    (void)state;
    struct cycle cycle = samples_cycle();
    struct target_promise promise = promise_of(&rows[0]);
    promise.baseline.given = false;
    assert_int_equal(ambition_of(&promise, &cycle).verdict, AMBITION_OPEN);
    promise.baseline.given = true;
    promise.target_value.given = false;
    assert_int_equal(ambition_of(&promise, &cycle).verdict, AMBITION_OPEN);
}

static void test_largest_numbers(void **state)
{
    (void)state;
    struct cycle cycle = samples_cycle();
    struct target_promise promise = {.direction = DIRECTION_UP,
        .baseline = {DECIMAL_MAX - 1, true},
        .target_value = {DECIMAL_MAX, true},
        .target_on = 21991231};
    promise.past.head = (struct list_head){12, true};
    for (uint32_t i = 0; i < 12; i++)
        promise.past.at[i] = (struct past_value){day_from_number(day_number(19000101) + (int)i),
            {i % 2 ? DECIMAL_MAX : DECIMAL_LEAST, true}};
    struct ambition found = ambition_of(&promise, &cycle);
    assert_int_equal(found.projection.thousandths, DECIMAL_MAX); /* far beyond, held at the edge */
    assert_int_equal(found.ratio.thousandths, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_the_end_of_the_cycle_stands_in),
        cmocka_unit_test(test_what_is_missing),
        cmocka_unit_test(test_largest_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
