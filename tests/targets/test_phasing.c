/* Phasing by hand, from a baseline of 0: the steps of a year, their share of its change, and the
 * centroid. */
#include "phasing.h"

#include "targets/samples.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct row {
    const char *what;
    int levels[8];
    uint32_t count;
    uint32_t rows; /* years that are told */
    int64_t shares[2][4];
    int64_t centroid[2];
    enum phasing_flag flag[2];
    enum phasing_flag worst;
};

static const struct row rows[] = {
    /* steps 10 10 10 10 of 40: 25% each; 1*.25 + 2*.25 + 3*.25 + 4*.25 = 2.5 */
    {"even", {10, 20, 30, 40, 50, 60, 70, 80}, 8, 2,
        {{25000, 25000, 25000, 25000}, {25000, 25000, 25000, 25000}}, {2500, 2500},
        {PHASING_FINE, PHASING_FINE}, PHASING_FINE},
    /* steps 1 1 1 of 3 and 0: 33.333 each, 1/3 + 2/3 + 3/3 = 2 */
    {"thirds are rounded", {1, 2, 3, 3}, 4, 1, {{33333, 33333, 33333, 0}}, {2000}, {PHASING_FINE},
        PHASING_FINE},
    /* steps 10 20 30 40 of 100: .1 + .4 + .9 + 1.6 = 3.0, 40% last: neither is above its limit */
    {"on the limits", {10, 30, 60, 100}, 4, 1, {{10000, 20000, 30000, 40000}}, {3000},
        {PHASING_FINE}, PHASING_FINE},
    /* steps 0 20 60 20: .4 + 1.8 + .8 = 3.0; one unit later, 0 19 61 20, 3.01 is late */
    {"centroid just over", {0, 19, 80, 100}, 4, 1, {{0, 19000, 61000, 20000}}, {3010},
        {PHASING_LATE}, PHASING_LATE},
    /* steps 29 20 10 41: .29 + .4 + .3 + 1.64 = 2.63, but 41% in the last quarter */
    {"last share just over", {29, 49, 59, 100}, 4, 1, {{29000, 20000, 10000, 41000}}, {2630},
        {PHASING_LATE}, PHASING_LATE},
    /* steps 20 10 10 60: 60% is not above 60 */
    {"sixty in the last", {20, 30, 40, 100}, 4, 1, {{20000, 10000, 10000, 60000}}, {3100},
        {PHASING_LATE}, PHASING_LATE},
    /* steps 20 10 9 61: .2 + .2 + .27 + 2.44 = 3.11 */
    {"sixty-one in the last", {20, 30, 39, 100}, 4, 1, {{20000, 10000, 9000, 61000}}, {3110},
        {PHASING_VERY_LATE}, PHASING_VERY_LATE},
    /* the second year starts from milestone 4; the worst year counts */
    {"second year late", {10, 20, 30, 40, 40, 40, 40, 80}, 8, 2,
        {{25000, 25000, 25000, 25000}, {0, 0, 0, 100000}}, {2500, 4000},
        {PHASING_FINE, PHASING_VERY_LATE}, PHASING_VERY_LATE},
    {"second year stands still", {10, 20, 30, 40, 40, 40, 40, 40}, 8, 2,
        {{25000, 25000, 25000, 25000}, {0, 0, 0, 0}}, {2500, 0}, {PHASING_FINE, PHASING_OPEN},
        PHASING_FINE},
    {"second year incomplete", {10, 20, 30, 40, 80}, 5, 1, {{25000, 25000, 25000, 25000}}, {2500},
        {PHASING_FINE}, PHASING_FINE},
    {"first year incomplete", {10, 20, 30}, 3, 0, {{0}}, {0}, {0}, PHASING_OPEN},
    {"no milestones", {0}, 0, 0, {{0}}, {0}, {0}, PHASING_OPEN},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        for (int sign = 1; sign >= -1; sign -= 2) { /* downward is the mirror of upward */
            const struct row *row = &rows[r];
            struct cycle cycle = samples_cycle();
            struct target_promise promise = {
                .direction = sign > 0 ? DIRECTION_UP : DIRECTION_DOWN, .baseline = {0, true}};
            int levels[8];
            for (uint32_t i = 0; i < row->count; i++)
                levels[i] = row->levels[i] * sign;
            samples_milestones(&promise, row->count, levels);
            struct phasing_year years[PHASING_YEARS];
            enum phasing_flag worst;
            print_message("%s, sign %d\n", row->what, sign);
            assert_int_equal(phasing_spread(&promise, &cycle, years, &worst), row->rows);
            assert_int_equal(worst, row->worst);
            for (uint32_t y = 0; y < row->rows; y++) {
                assert_int_equal(years[y].year.value, y + 1);
                assert_int_equal(years[y].flag, row->flag[y]);
                assert_int_equal(years[y].centroid.thousandths, row->centroid[y]);
                assert_int_equal(years[y].shares.head.count, 4);
                for (int q = 0; q < 4; q++)
                    assert_int_equal(years[y].shares.at[q], row->shares[y][q]);
            }
        }
}

static void test_declared(void **state)
{
    (void)state;
    static const int back[] = {0, 0, 0, 100};
    struct cycle cycle = samples_cycle();
    struct target_promise promise = {.direction = DIRECTION_UP, .baseline = {0, true}};
    struct phasing_year years[PHASING_YEARS];
    enum phasing_flag worst;
    samples_milestones(&promise, 4, back);
    phasing_spread(&promise, &cycle, years, &worst);
    assert_int_equal(worst, PHASING_VERY_LATE);
    promise.season = TEXT_LITERAL("wheat harvest");
    phasing_spread(&promise, &cycle, years, &worst);
    assert_int_equal(worst, PHASING_DECLARED);
    promise.season = (struct text){0};
    promise.phasing_reason = TEXT_LITERAL("the law passes in April");
    phasing_spread(&promise, &cycle, years, &worst);
    assert_int_equal(worst, PHASING_DECLARED);
    /* a reason does not turn what is spread evenly into something declared */
    static const int even[] = {25, 50, 75, 100};
    samples_milestones(&promise, 4, even);
    phasing_spread(&promise, &cycle, years, &worst);
    assert_int_equal(worst, PHASING_FINE);
}

static void test_parameters_are_data(void **state)
{
    (void)state;
    static const int levels[] = {10, 100, 110, 200};
    struct cycle cycle = samples_cycle();
    struct target_promise promise = {.direction = DIRECTION_UP, .baseline = {0, true}};
    struct phasing_year years[PHASING_YEARS];
    enum phasing_flag worst;
    cycle.periods.value = 4;
    cycle.periods_a_year.value = 2; /* halves: 10 of 100, then 90 of 100 in each year */
    samples_milestones(&promise, 4, levels);
    assert_int_equal(phasing_spread(&promise, &cycle, years, &worst), 2);
    assert_int_equal(years[1].shares.at[1], 90000);
    assert_int_equal(years[1].centroid.thousandths, 1900); /* .1 + 2 * .9 */
    assert_int_equal(worst, PHASING_VERY_LATE);
    cycle.late_share.thousandths = cycle.very_late_share.thousandths = 95000;
    phasing_spread(&promise, &cycle, years, &worst);
    assert_int_equal(worst, PHASING_FINE);
}

static void test_what_is_missing(void **state)
{
    (void)state;
    static const int levels[] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct cycle cycle = samples_cycle();
    struct target_promise promise = {.direction = DIRECTION_UP};
    struct phasing_year years[PHASING_YEARS];
    enum phasing_flag worst;
    samples_milestones(&promise, 8, levels);
    /* without a baseline the first year has no change to speak of, the second has */
    assert_int_equal(phasing_spread(&promise, &cycle, years, &worst), 1);
    assert_int_equal(years[0].year.value, 2);
    promise.direction = direction_UNSET;
    assert_int_equal(phasing_spread(&promise, &cycle, years, &worst), 0);
    assert_int_equal(worst, PHASING_OPEN);
}

static void test_largest_numbers(void **state)
{
    (void)state;
    struct cycle cycle = samples_cycle();
    struct target_promise promise = {.direction = DIRECTION_UP, .baseline = {DECIMAL_LEAST, true}};
    struct phasing_year years[PHASING_YEARS];
    enum phasing_flag worst;
    promise.milestones.head = (struct list_head){4, true};
    for (int i = 0; i < 3; i++)
        promise.milestones.at[i] = DECIMAL_LEAST;
    promise.milestones.at[3] = DECIMAL_MAX;
    assert_int_equal(phasing_spread(&promise, &cycle, years, &worst), 1);
    assert_int_equal(years[0].shares.at[3], 100000);
    assert_int_equal(years[0].centroid.thousandths, 4000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_declared),
        cmocka_unit_test(test_parameters_are_data),
        cmocka_unit_test(test_what_is_missing),
        cmocka_unit_test(test_largest_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
