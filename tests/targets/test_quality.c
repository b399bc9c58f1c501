/* Quality by hand: the sample has all 100 points but those for beating the trend, which needs past
 * values; then one slot after the other is taken away. */
#include "quality.h"

#include "targets/samples.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct quality score(const struct target_promise *promise)
{
    struct cycle cycle = samples_cycle();
    return quality_of(promise, promise->class, &cycle, PHASING_FINE, AMBITION_OPEN);
}

static void test_whole(void **state)
{
    (void)state;
    struct cycle cycle = samples_cycle();
    struct target_promise promise = samples_promise();
    unsigned most = 0;
    for (int c = 1; c < QUALITY_CRITERIA; c++)
        most += quality_most((enum quality_criterion)c);
    assert_int_equal(most, 100);
    /* 25 + 10 + 15 + 0 + 10 + 10 + 5 + 5 + 5 + 5 */
    assert_int_equal(score(&promise).sum, 90);
    assert_int_equal(
        quality_of(&promise, promise.class, &cycle, PHASING_FINE, AMBITION_BEATS).sum, 100);
    assert_int_equal(
        quality_of(&promise, promise.class, &cycle, PHASING_FINE, AMBITION_TURNS).sum, 100);
    assert_int_equal(
        quality_of(&promise, promise.class, &cycle, PHASING_FINE, AMBITION_ANYWAY).sum, 90);
    struct target_promise bare = {.statement = TEXT_LITERAL("Do more")};
    assert_int_equal(score(&bare).sum, 0);
}

#define TAKE(slot)                                                                                 \
    static void take_##slot(struct target_promise *promise)                                        \
    {                                                                                              \
        memset(&promise->slot, 0, sizeof promise->slot);                                           \
    }
TAKE(class)
TAKE(unit)
TAKE(target_value)
TAKE(baseline)
TAKE(baseline_on)
TAKE(baseline_source)
TAKE(milestones)
TAKE(source)
TAKE(source_kind)
TAKE(place)
TAKE(beneficiary)
TAKE(measure)
TAKE(owner)
TAKE(depends_on_nobody)

static void make_output(struct target_promise *promise)
{
    promise->class = CLASS_OUTPUT;
}

static void make_system_source(struct target_promise *promise)
{
    promise->source_kind = SOURCE_SYSTEM;
}

static void make_two_measures(struct target_promise *promise)
{
    promise->measure = TEXT_LITERAL("hours AND losses");
}

static void make_listed_measures(struct target_promise *promise)
{
    promise->measure = TEXT_LITERAL("hours; losses");
}

static void make_joined_measures(struct target_promise *promise)
{
    promise->measure = TEXT_LITERAL("hours & losses");
}

static void make_sandy_measure(struct target_promise *promise)
{
    promise->measure = TEXT_LITERAL("share of sandy land");
}

static void make_dependency(struct target_promise *promise)
{
    promise->depends_on_nobody = FLAG_NO;
    promise->dependencies.head = (struct list_head){1, true};
    promise->dependencies.at[0] = (struct need){TEXT_LITERAL("FIN"), TEXT_LITERAL("release")};
}

static void test_parts(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        void (*change)(struct target_promise *promise);
        enum quality_criterion criterion;
        int points;
    } rows[] = {
        {"no class", take_class, QUALITY_OUTCOME, 0},
        {"an output", make_output, QUALITY_OUTCOME, 0},
        {"no unit", take_unit, QUALITY_NUMBER, 0},
        {"no value", take_target_value, QUALITY_NUMBER, 0},
        {"no baseline, so its day and source say nothing", take_baseline, QUALITY_BASELINE, 0},
        {"no day of the baseline", take_baseline_on, QUALITY_BASELINE, 10},
        {"no source of the baseline", take_baseline_source, QUALITY_BASELINE, 10},
        {"no milestones", take_milestones, QUALITY_PHASED, 0},
        {"no source", take_source, QUALITY_SOURCE, 0},
        {"a source of unknown kind", take_source_kind, QUALITY_SOURCE, 0},
        {"a system as source", make_system_source, QUALITY_SOURCE, 5},
        {"no place", take_place, QUALITY_WHERE, 0},
        {"no beneficiary", take_beneficiary, QUALITY_WHERE, 0},
        {"no measure", take_measure, QUALITY_ONE, 0},
        {"two measures", make_two_measures, QUALITY_ONE, 0},
        {"two measures in a list", make_listed_measures, QUALITY_ONE, 0},
        {"two measures joined", make_joined_measures, QUALITY_ONE, 0},
        {"and inside of a word", make_sandy_measure, QUALITY_ONE, 5},
        {"no owner", take_owner, QUALITY_OWNER, 0},
        {"no answer about dependencies", take_depends_on_nobody, QUALITY_ASKED, 0},
        {"a dependency is an answer", make_dependency, QUALITY_ASKED, 5},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct target_promise promise = samples_promise();
        int full = quality_most(rows[r].criterion);
        rows[r].change(&promise);
        struct quality quality = score(&promise);
        print_message("%s\n", rows[r].what);
        assert_int_equal(quality.points[rows[r].criterion], rows[r].points);
        assert_int_equal(quality.sum, 90 - full + rows[r].points);
    }
}

static void test_phased(void **state)
{
    (void)state;
    struct cycle cycle = samples_cycle();
    struct target_promise promise = samples_promise();
    static const int points[] = {[PHASING_OPEN] = 5,
        [PHASING_FINE] = 10,
        [PHASING_DECLARED] = 10,
        [PHASING_LATE] = 5,
        [PHASING_VERY_LATE] = 5};
    for (enum phasing_flag flag = PHASING_OPEN; flag <= PHASING_VERY_LATE; flag++)
        assert_int_equal(
            quality_of(&promise, promise.class, &cycle, flag, AMBITION_OPEN).points[QUALITY_PHASED],
            points[flag]);
    promise.direction = DIRECTION_KEEP; /* no change that could be spread */
    assert_int_equal(quality_of(&promise, promise.class, &cycle, PHASING_OPEN, AMBITION_OPEN)
                         .points[QUALITY_PHASED],
        10);
    promise.milestones.head.count = 7;
    assert_int_equal(quality_of(&promise, promise.class, &cycle, PHASING_FINE, AMBITION_OPEN)
                         .points[QUALITY_PHASED],
        0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_phased),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
