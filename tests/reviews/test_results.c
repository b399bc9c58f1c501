/* The arithmetic of a quarter by hand: scores, what was withheld, totals, medians, and the screens
 * that need no language. */
#include "opening.h"
#include "results.h"
#include "screens.h"

#include "base/decimal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define T(x) ((int64_t)((x)*1000 + ((x) < 0 ? -0.5 : 0.5)))

static void claimed_by_hand(void **state)
{
    static const struct {
        enum direction direction;
        double baseline, milestone, value, claimed;
    } rows[] = {
        /* up, 10 to 20: progress 0.8 is 250 * 0.8 - 150 = 50 */
        {DIRECTION_UP, 10, 20, 18, 50},
        {DIRECTION_UP, 10, 20, 16, 0},          /* 60% exactly */
        {DIRECTION_UP, 10, 20, 16.004, 0.1},    /* 60.04%: 250 * 0.6004 - 150 = 0.1 */
        {DIRECTION_UP, 10, 20, 18.333, 58.325}, /* 250 * 0.8333 - 150 */
        {DIRECTION_UP, 10, 20, 20, 100},
        {DIRECTION_UP, 10, 20, 19.999, 99.975},
        {DIRECTION_UP, 10, 20, 35, 100}, /* never more */
        {DIRECTION_UP, 10, 20, 5, 0},    /* worse than it began */
        /* down, 20 to 19: 19.2 is 80% of the way */
        {DIRECTION_DOWN, 20, 19, 19.2, 50},
        {DIRECTION_DOWN, 20, 19, 18, 100},
        {DIRECTION_DOWN, 20, 19, 21, 0},
        /* below nothing: -5 to 5, 3 is 80% */
        {DIRECTION_UP, -5, 5, 3, 50},
        /* keep 200: full within 2 (1%), 0 from 10 (5%) on; 6 off is the middle */
        {DIRECTION_KEEP, 200, 200, 202, 100},
        {DIRECTION_KEEP, 200, 200, 206, 50},
        {DIRECTION_KEEP, 200, 200, 194, 50},
        {DIRECTION_KEEP, 200, 200, 210, 0},
        {DIRECTION_KEEP, 200, 200, 190, 0},
        /* no way to go: the same band, on the wrong side only */
        {DIRECTION_UP, 200, 200, 194, 50},
        {DIRECTION_UP, 200, 200, 260, 100},
        {DIRECTION_UP, 200, 150, 150, 100},  /* a milestone that allows a dip */
        {DIRECTION_UP, 200, 150, 145.5, 50}, /* 4.5 short: 3 bands of 1.5 */
        /* keep nothing: only nothing is nothing */
        {DIRECTION_KEEP, 0, 0, 0, 100},
        {DIRECTION_KEEP, 0, 0, 0.1, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t is = results_claimed(
            rows[i].direction, T(rows[i].baseline), T(rows[i].milestone), T(rows[i].value));
        if (is != T(rows[i].claimed))
            fail_msg("row %zu: %ld instead of %ld", i, is, T(rows[i].claimed));
    }
}

static void the_widest_numbers(void **state)
{
    (void)state;
    assert_int_equal(
        results_claimed(DIRECTION_UP, -DECIMAL_MAX, DECIMAL_MAX, DECIMAL_MAX - 1), 100000);
    assert_int_equal(results_claimed(DIRECTION_UP, -DECIMAL_MAX, DECIMAL_MAX, -DECIMAL_MAX), 0);
    assert_int_equal(results_claimed(DIRECTION_DOWN, DECIMAL_MAX, -DECIMAL_MAX, 0), 0);
    assert_int_equal(results_claimed(DIRECTION_KEEP, 0, DECIMAL_MAX, -DECIMAL_MAX), 0);
}

static void the_rest_by_hand(void **state)
{
    (void)state;
    assert_int_equal(results_status(100000), STATUS_ON_TRACK);
    assert_int_equal(results_status(99999), STATUS_LAGGING);
    assert_int_equal(results_status(1), STATUS_LAGGING);
    assert_int_equal(results_status(0), STATUS_OFF_TRACK);
    /* 50 points with E0 to E4 */
    assert_int_equal(results_supported(50000, GRADE_E0), 0);
    assert_int_equal(results_supported(50000, GRADE_E1), 30000);
    assert_int_equal(results_supported(50000, GRADE_E2), 40000);
    assert_int_equal(results_supported(50000, GRADE_E3), 50000);
    assert_int_equal(results_supported(50000, GRADE_E4), 50000);
    assert_int_equal(results_supported(33333, GRADE_E1), 20000); /* 19999.8 */
    /* 54 of 66 working days: 50 * 54 / 66 = 40.909 */
    assert_int_equal(results_withheld(50000, 54, 66), 40909);
    assert_int_equal(results_withheld(50000, 90, 66), 50000); /* two blockers at once */
    assert_int_equal(results_withheld(100000, 54, 66), 0);
    assert_int_equal(results_withheld(0, 0, 66), 0);
    /* 0.85 * (55 + 20.455) = 64.13675, and 9.5 of the committee */
    assert_int_equal(results_total(55000, 20455, 9500), 73637);
    assert_int_equal(results_total(90000, 30000, 15000), 100000); /* 85 + 15 at most */
    assert_int_equal(results_total(0, 0, 0), 0);
    /* 30% x 80 points / 100 x 2 periods = 48; 3 times that when one order frees it */
    assert_int_equal(results_attention(30000, 20000, 2, false), 48000);
    assert_int_equal(results_attention(30000, 20000, 2, true), 144000);
    assert_int_equal(results_attention(30000, 100000, 2, true), 0);
}

static void the_median(void **state)
{
    int64_t odd[] = {11, 3, 8}, even[] = {11, 8}, one[] = {15}, equal[] = {7, 7, 7, 7};
    (void)state;
    assert_int_equal(opening_median(odd, 3).thousandths, 8000);
    assert_int_equal(opening_median(even, 2).thousandths, 9500);
    assert_int_equal(opening_median(one, 1).thousandths, 15000);
    assert_int_equal(opening_median(equal, 4).thousandths, 7000);
    assert_false(opening_median(NULL, 0).given);
}

static void the_screens(void **state)
{
    (void)state;
    /* 20 values: more than half just above, and more than 4 * (below + 1) */
    assert_true(screens_bunching(20, 11, 1));
    assert_false(screens_bunching(20, 10, 0)); /* half is not more than half */
    assert_false(screens_bunching(20, 11, 2)); /* 11 < 12 */
    assert_false(screens_bunching(19, 19, 0)); /* too few to say */
    /* 25 values, 5 expected; 3 standard deviations of sqrt(25 * 0.2 * 0.8) = 2 are 6: above 11 */
    assert_false(screens_heaping(25, 11));
    assert_true(screens_heaping(25, 12));
    assert_false(screens_heaping(25, 0)); /* too few round ones is no heap */
    assert_false(screens_heaping(19, 19));
    /* 100 values: 20 expected, 3 * sqrt(16) = 12: above 32 */
    assert_false(screens_heaping(100, 32));
    assert_true(screens_heaping(100, 33));
    assert_false(screens_late_rush(10, 6));
    assert_true(screens_late_rush(10, 7));
    assert_false(screens_late_rush(9, 9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(claimed_by_hand),
        cmocka_unit_test(the_widest_numbers),
        cmocka_unit_test(the_rest_by_hand),
        cmocka_unit_test(the_median),
        cmocka_unit_test(the_screens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
