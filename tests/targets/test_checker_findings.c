/* What the checker says beside the class: each finding on a line that has it and on one that has
 * not, the words it fired on, and the rewrite, word for word. */
#include "checker.h"

#include "base/must.h"
#include "support/chance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static int open_checker(void **state)
{
    *state = checker_new();
    return 0;
}

static int close_checker(void **state)
{
    checker_free(*state);
    return 0;
}

static struct check ask(const struct checker *checker, struct buf *arena, const char *statement)
{
    struct check check = {0};
    buf_clear(arena);
    checker_check(checker, text_of(statement), arena, &check);
    return check;
}

static const struct check_finding *finding(const struct check *check, enum finding_code code)
{
    for (uint32_t i = 0; i < check->findings.head.count; i++)
        if (check->findings.at[i].code == code)
            return &check->findings.at[i];
    return NULL;
}

static const struct {
    const char *statement;
    enum finding_code code;
    const char *words; /* NULL: the finding must not be there */
} cases[] = {
    {"Hold quarterly meetings of the energy committee.", FINDING_PROCESS_HEAD,
        "Hold quarterly meetings"},
    {"Reduce line losses from 17% to 15% by June 2022.", FINDING_PROCESS_HEAD, NULL},
    {"Utilise 100% of the development budget by June 2022.", FINDING_ACTIVITY_PERCENTAGE, "100"},
    {"Raise literacy from 60% to 65% by June 2022.", FINDING_ACTIVITY_PERCENTAGE, NULL},
    {"Make efforts to widen the tax net.", FINDING_HEDGE, "Make efforts"},
    {"Install 40 monitors by June 2022.", FINDING_HEDGE, NULL},
    {"Improve the quality of education.", FINDING_WEAK_VERB, "Improve"},
    {"Improve enrolment from 70% to 80%.", FINDING_WEAK_VERB, NULL},
    {"Rehabilitate 1,400 watercourses to reduce conveyance losses.", FINDING_NOBLE_PURPOSE,
        "to reduce conveyance losses"},
    {"Rehabilitate 1,400 watercourses by June 2022.", FINDING_NOBLE_PURPOSE, NULL},
    {"Promote culture in all provinces by June 2022.", FINDING_NO_NUMBER, NULL},
    {"Promote culture.", FINDING_NO_NUMBER, ""},
    {"Construct 320 km of motorway by June 2022.", FINDING_DELIVERY_HEAD, "Construct 320 km"},
    {"Reduce road deaths from 1,420 to 1,150.", FINDING_DELIVERY_HEAD, NULL},
    {"Increase the number of registration desks from 420 to 600.", FINDING_COUNTS_THINGS,
        "registration desks"},
    {"Increase exports from US$ 2 billion to US$ 3 billion.", FINDING_COUNTS_THINGS, NULL},
    {"Train 500 farmers in drip irrigation.", FINDING_PEOPLE_AS_OBJECT, "500 farmers"},
    {"500 farmers sell directly in the market, against 100 in 2020.", FINDING_PEOPLE_AS_OBJECT,
        NULL},
    {"Reduce vacant posts in the Division from 22% to 10%.", FINDING_INTERNAL_MARKER,
        "vacant posts"},
    {"Reduce waiting time of patients from 40 to 20 minutes.", FINDING_INTERNAL_MARKER, NULL},
    {"Reduce maternal mortality from 186 to 160 and raise immunisation from 66% to 75%.",
        FINDING_SEVERAL_MEASURES, "and raise"},
    {"Reduce transmission and distribution losses from 17% to 15%.", FINDING_SEVERAL_MEASURES,
        NULL},
    {"Reduce theft of electricity by 25% by June 2022.", FINDING_NO_BASELINE, ""},
    {"Reduce theft of electricity from 12% to 9% by June 2022.", FINDING_NO_BASELINE, NULL},
    {"Plant 500 million saplings.", FINDING_NO_DATE, ""},
    {"Plant 500 million saplings by Q4.", FINDING_NO_DATE, NULL},
    {"لائن لاسز کو کم کرنا", FINDING_NOT_READ, ""},
    {"Reduce line losses by 2%.", FINDING_NOT_READ, NULL},
};

static void test_findings(void **state)
{
    BUF_CLEANUP struct buf arena = BUF(4096);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct check check = ask(*state, &arena, cases[i].statement);
        const struct check_finding *found = finding(&check, cases[i].code);
        if (!found != !cases[i].words)
            fail_msg("%s: %s", cases[i].statement,
                choices_word(finding_code_choices(), (int)cases[i].code));
        if (found && !text_is(found->words, cases[i].words))
            fail_msg("%s: fired on \"%.*s\"", cases[i].statement, TEXT_ARG(found->words));
    }
}

static const struct {
    const char *statement, *rewrite;
} rewrites[] = {
    {"Rehabilitate 1,400 watercourses to reduce conveyance losses by June 2022.",
        "Reduce conveyance losses from [baseline] to [target] by June 2022, by these means: "
        "Rehabilitate 1,400 watercourses."},
    {"Improve road safety by building 14 bypasses.",
        "Improve road safety, measured as [what people notice], from [baseline] to [target] by "
        "[date], by building 14 bypasses."},
    {"Train 500 farmers by June 2022.",
        "Share of the 500 farmers who [do, earn, pay or get what they did not before] rises from "
        "[baseline] to [target] by June 2022, by these means: Train 500 farmers by June 2022."},
    {"Reduce theft of electricity by 25%.",
        "Reduce theft of electricity by 25%, by [date], against [value now, with its source]."},
    {"Reduce line losses from 17% to 15% by June 2022.", ""},
    {"لائن لاسز کو کم کرنا", ""},
};

static void test_rewrites(void **state)
{
    BUF_CLEANUP struct buf arena = BUF(4096);
    for (size_t i = 0; i < sizeof rewrites / sizeof *rewrites; i++) {
        struct check check = ask(*state, &arena, rewrites[i].statement);
        if (!text_is(check.rewrite, rewrites[i].rewrite))
            fail_msg("%s: \"%.*s\"", rewrites[i].statement, TEXT_ARG(check.rewrite));
    }
}

/* A small arena, a long statement: no rewrite rather than half of one; nothing moves. */
static void test_room(void **state)
{
    char statement[1000];
    memset(statement, 'a', sizeof statement);
    static const char begins[] = {'I', 'm', 'p', 'r', 'o', 'v', 'e', ' ', 't', 'h', 'e', ' '};
    memcpy(statement, begins, sizeof begins);
    struct check check = {0};
    BUF_CLEANUP struct buf arena = BUF(4096);
    checker_check(*state, (struct text){statement, sizeof statement}, &arena, &check);
    assert_null(check.rewrite.at);
    BUF_CLEANUP struct buf small = BUF(20);
    check = ask(*state, &small, "Improve road safety by building 14 bypasses.");
    assert_null(check.rewrite.at);
    assert_false(small.full);
    const char *at = arena.at;
    buf_clear(&arena);
    for (int i = 0; i < 5; i++)
        checker_check(*state, TEXT_LITERAL("Improve road safety."), &arena, &check);
    assert_ptr_equal(arena.at, at);
}

/* The verdict says when the opinions part, and never that they agree on what was not read. */
static void test_verdict(void **state)
{
    BUF_CLEANUP struct buf arena = BUF(4096);
    struct check check = ask(*state, &arena, "Reduce line losses from 17% to 15% by June 2022.");
    assert_int_equal(check.class, CLASS_OUTCOME);
    assert_int_equal(check.agreed, FLAG_YES);
    assert_true(text_is(check.verdict, "Outcome: both opinions agree."));
    check = ask(*state, &arena, "لائن لاسز کو کم کرنا");
    assert_int_equal(check.agreed, FLAG_NO);
    assert_true(text_starts(check.verdict, TEXT_LITERAL("Refer to committee: ")));
    check = ask(*state, &arena, "");
    assert_int_equal(check.agreed, FLAG_NO);
}

static const struct {
    const char *statement;
    enum target_class class;
} rulings[] = {
    {"Zorbing the quux of flim by 7 blargs", CLASS_OUTCOME},
    {"Zorbing of 30 wugs in the flim", CLASS_PROCESS},
    {"Quux zorbing shall be discussed with wugs", CLASS_PROCESS},
    {"Wugs pay 7 blargs less for flim", CLASS_OUTCOME},
    {"Flim wugs get 30 quux", CLASS_OUTPUT},
};

/* Rulings teach, and in whichever order they are read again: a service folds them at each start. */
static void test_learning(void **state)
{
    (void)state;
    struct chance chance = chance_start("learning");
    struct checker *plain = checker_new(), *taught = checker_new();
    size_t count = sizeof rulings / sizeof *rulings;
    for (size_t i = 0; i < count; i++)
        checker_learn(taught, text_of(rulings[i].statement), rulings[i].class);
    BUF_CLEANUP struct buf arena = BUF(4096), other = BUF(4096);
    for (int round = 0; round < 5; round++) {
        struct checker *again = checker_new();
        bool done[sizeof rulings / sizeof *rulings] = {0};
        for (size_t left = count; left > 0; left--) {
            uint32_t skip = chance_below(&chance, (uint32_t)left);
            size_t i = 0;
            while (done[i] || skip-- > 0)
                i++;
            done[i] = true;
            checker_learn(again, text_of(rulings[i].statement), rulings[i].class);
        }
        for (size_t i = 0; i < count; i++) {
            struct check one = ask(taught, &arena, rulings[i].statement);
            struct check two = ask(again, &other, rulings[i].statement);
            assert_int_equal(one.bayes, two.bayes);
            assert_int_equal(one.confidence.value, two.confidence.value);
        }
        checker_free(again);
    }
    unsigned plain_right = 0;
    for (size_t i = 0; i < count; i++) {
        plain_right += ask(plain, &arena, rulings[i].statement).bayes == rulings[i].class;
        assert_int_equal(ask(taught, &arena, rulings[i].statement).bayes, (int)rulings[i].class);
    }
    assert_true(plain_right < count); /* else there was nothing to learn */
    checker_free(plain);
    checker_free(taught);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_findings),
        cmocka_unit_test(test_rewrites),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_verdict),
        cmocka_unit_test(test_learning),
    };
    return cmocka_run_group_tests(tests, open_checker, close_checker);
}
