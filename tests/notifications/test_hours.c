/* Quiet hours, and the moments of full hours where days begin at UTC+5. */
#include "hours.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ZONE 300

static void hours_by_hand(void **state)
{
    (void)state;
    static const struct {
        int from, to, hour;
        bool quiet;
    } cases[] = {{20, 8, 19, false}, {20, 8, 20, true}, {20, 8, 0, true}, {20, 8, 7, true},
        {20, 8, 8, false}, {9, 15, 8, false}, {9, 15, 9, true}, {9, 15, 14, true},
        {9, 15, 15, false}, {8, 8, 8, false}, {0, 23, 22, true}, {0, 23, 23, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t at = hours_moment(20210705, cases[i].hour, ZONE) + 59 * 60000;
        if (hours_quiet(cases[i].from, cases[i].to, at, ZONE) != cases[i].quiet)
            fail_msg("%d to %d at %d", cases[i].from, cases[i].to, cases[i].hour);
    }
    int64_t eight = hours_moment(20210705, 8, ZONE);
    assert_int_equal(hours_next(8, eight - 1, ZONE), eight);
    assert_int_equal(hours_next(8, eight, ZONE), eight + INT64_C(86400000));
    /* 8:00 at UTC+5 is 3:00 UTC: 1625454000 s is 2021-07-05T03:00:00Z */
    assert_int_equal(eight, INT64_C(1625454000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(hours_by_hand)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
