/* The rules of one promise: each row breaks one of them and says which members must be named. */
#include "promise.h"

#include "table.h"

#include "support/chance.h"
#include "targets/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define UNITS(number) ((struct decimal){(number)*DECIMAL_ONE, true})

static void nothing(struct target_promise *p)
{
    (void)p;
}

static void bare(struct target_promise *p)
{
    *p = (struct target_promise){.statement = TEXT_LITERAL("Something will be done")};
}

static void value_at_baseline(struct target_promise *p)
{
    *p = (struct target_promise){.statement = p->statement,
        .direction = DIRECTION_UP,
        .baseline = UNITS(100),
        .target_value = UNITS(100)};
}

static void value_below_baseline(struct target_promise *p)
{
    value_at_baseline(p);
    p->target_value = UNITS(99);
}

static void value_above_baseline_down(struct target_promise *p)
{
    value_at_baseline(p);
    p->direction = DIRECTION_DOWN;
    p->target_value = UNITS(101);
}

static void milestones_run_back(struct target_promise *p)
{
    p->milestones.at[3] = 124 * DECIMAL_ONE; /* 137 stands before it */
}

static void first_below_baseline(struct target_promise *p)
{
    p->milestones.at[0] = 99 * DECIMAL_ONE;
}

static void beyond_the_target(struct target_promise *p)
{
    p->milestones.at[6] = p->milestones.at[7] = 201 * DECIMAL_ONE;
}

static void last_misses_the_target(struct target_promise *p)
{
    p->milestones.at[7] = 199 * DECIMAL_ONE;
}

static void nine_milestones(struct target_promise *p)
{
    p->milestones.head.count = 9;
    p->milestones.at[8] = 200 * DECIMAL_ONE;
}

static void down(struct target_promise *p)
{
    static const int levels[] = {190, 180, 170, 160, 150, 140, 130, 120};
    p->direction = DIRECTION_DOWN;
    p->baseline = UNITS(200);
    p->target_value = UNITS(120);
    samples_milestones(p, 8, levels);
}

static void down_runs_back(struct target_promise *p)
{
    down(p);
    p->milestones.at[2] = 181 * DECIMAL_ONE;
}

static void down_beyond(struct target_promise *p)
{
    down(p);
    p->milestones.at[7] = 119 * DECIMAL_ONE;
}

static void keep(struct target_promise *p)
{
    static const int levels[] = {200, 200, 200, 200, 200, 200, 200, 200};
    p->direction = DIRECTION_KEEP;
    samples_milestones(p, 8, levels);
}

static void keep_unsteady(struct target_promise *p)
{
    keep(p);
    p->milestones.at[2] = 199 * DECIMAL_ONE;
    p->milestones.at[5] = 201 * DECIMAL_ONE;
}

static void past_unordered(struct target_promise *p)
{
    p->past.head = (struct list_head){3, true};
    p->past.at[0] = (struct past_value){20190630, UNITS(1)};
    p->past.at[1] = (struct past_value){20180630, UNITS(2)};
    p->past.at[2] = (struct past_value){20180630, UNITS(3)};
}

static void past_after_baseline(struct target_promise *p)
{
    p->past.head = (struct list_head){2, true};
    p->past.at[0] = (struct past_value){20190630, UNITS(1)};
    p->past.at[1] = (struct past_value){20210630, UNITS(2)};
}

static void baseline_too_late(struct target_promise *p)
{
    p->baseline_on = p->target_on;
}

static void promised_too_late(struct target_promise *p)
{
    p->target_on = 20230701;
}

static void promised_too_early(struct target_promise *p)
{
    p->target_on = 20210701;
}

static void need(struct target_promise *p, const char *body, const char *what)
{
    p->depends_on_nobody = FLAG_UNSET;
    p->dependencies.head.given = true;
    p->dependencies.at[p->dependencies.head.count++] = (struct need){text_of(body), text_of(what)};
}

static void needs(struct target_promise *p)
{
    need(p, "FIN", "budget release");
    need(p, "FIN", "tax exemption");
    need(p, "EXTERNAL", "a lender's no-objection");
}

static void need_unknown(struct target_promise *p)
{
    need(p, "FIN", "budget release");
    need(p, "XYZ", "clearance");
}

static void need_own(struct target_promise *p)
{
    need(p, "PWR", "a decision");
}

static void need_twice(struct target_promise *p)
{
    needs(p);
    need(p, "FIN", "budget release");
}

static void need_and_nobody(struct target_promise *p)
{
    needs(p);
    p->depends_on_nobody = FLAG_YES;
}

static void serves(struct target_promise *p)
{
    p->class = CLASS_OUTPUT;
    p->serves = TEXT_LITERAL("PWR-2021.7");
}

static void serves_other(struct target_promise *p)
{
    serves(p);
    p->serves = TEXT_LITERAL("FIN-2021.7");
}

static void serves_no_target(struct target_promise *p)
{
    serves(p);
    p->serves = TEXT_LITERAL("PWR-2021.07");
}

static void serves_itself(struct target_promise *p)
{
    serves(p);
    p->serves = TEXT_LITERAL("PWR-2021.1");
}

static void outcome_serves(struct target_promise *p)
{
    serves(p);
    p->class = CLASS_OUTCOME;
}

static void owner_elsewhere(struct target_promise *p)
{
    p->owner = TEXT_LITERAL("secretary.FIN");
}

static void owner_no_office(struct target_promise *p)
{
    p->owner = TEXT_LITERAL("joint.PWR");
}

static void owner_at_the_centre(struct target_promise *p)
{
    p->owner = TEXT_LITERAL("auditor");
}

static void many_at_once(struct target_promise *p)
{
    milestones_run_back(p);
    promised_too_late(p);
    owner_elsewhere(p);
    need_own(p);
}

static const struct {
    const char *what;
    void (*change)(struct target_promise *promise);
    const char *members[5]; /* none: it is accepted */
} rows[] = {
    {"the sample", nothing, {0}},
    {"a statement alone", bare, {0}},
    {"the baseline promised again", value_at_baseline, {"target_value"}},
    {"less than the baseline, upward", value_below_baseline, {"target_value"}},
    {"more than the baseline, downward", value_above_baseline_down, {"target_value"}},
    {"a milestone below the one before", milestones_run_back, {"milestones/3"}},
    {"a first milestone below the baseline", first_below_baseline, {"milestones/0"}},
    {"milestones beyond the target", beyond_the_target, {"milestones/6", "milestones/7"}},
    {"a last milestone short of the target", last_misses_the_target, {"milestones/7"}},
    {"nine milestones in eight periods", nine_milestones, {"milestones"}},
    {"downward", down, {0}},
    {"downward and up again", down_runs_back, {"milestones/2"}},
    {"downward beyond the target", down_beyond, {"milestones/7"}},
    {"a value that is kept", keep, {0}},
    {"a value that is not kept", keep_unsteady, {"milestones/2", "milestones/5"}},
    {"past values out of order", past_unordered, {"past/1/on", "past/2/on"}},
    {"a past value on the day of the baseline", past_after_baseline, {"past/1/on"}},
    {"a baseline of the promised day", baseline_too_late, {"baseline_on"}},
    {"promised for after the cycle", promised_too_late, {"target_on"}},
    {"promised for the first day", promised_too_early, {"target_on"}},
    {"needs", needs, {0}},
    {"a need from nobody known", need_unknown, {"dependencies/1/body"}},
    {"a need from itself", need_own, {"dependencies/0/body"}},
    {"the same need twice", need_twice, {"dependencies/3"}},
    {"needs and yet nobody", need_and_nobody, {"depends_on_nobody"}},
    {"an output that serves", serves, {0}},
    {"serving another body's target", serves_other, {"serves"}},
    {"serving no id", serves_no_target, {"serves"}},
    {"serving itself", serves_itself, {"serves"}},
    {"an outcome that serves", outcome_serves, {"serves"}},
    {"an owner in another body", owner_elsewhere, {"owner"}},
    {"an owner that is no office", owner_no_office, {"owner"}},
    {"an owner at the centre", owner_at_the_centre, {"owner"}},
    {"four faults at once", many_at_once,
        {"milestones/3", "target_on", "owner", "dependencies/0/body"}},
};

static void assert_members(
    const struct world *world, const char *prefix, const char *const members[5])
{
    for (int m = 0; m < 5 && members[m]; m++) {
        char member[96];
        (void)snprintf(member, sizeof member, "%s%s", prefix, members[m]);
        assert_true(world_faults(world, member));
    }
}

static void test_rows(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, table_service());
    samples_government(&world);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct target_draft draft = {.agreement = TEXT_LITERAL("PWR-2021")};
        draft.promise = samples_promise();
        rows[r].change(&draft.promise);
        print_message("%s\n", rows[r].what);
        if (!rows[r].members[0])
            continue; /* accepted ones would move the number on: they follow */
        assert_int_equal(
            world_do(&world, "focal.PWR", MESSAGE_target_draft, &draft, 0), ERR_INVALID);
        uint32_t expected = 0;
        while (expected < 5 && rows[r].members[expected])
            expected++;
        assert_int_equal(world.why.total, expected);
        assert_members(&world, "", rows[r].members);
    }
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct target_promise promise = samples_promise();
        rows[r].change(&promise);
        if (!rows[r].members[0])
            samples_draft(&world, "PWR-2021", &promise);
    }
    world_close(&world);
}

/* Rows of an import are named by their number, and the fine ones beside them are not taken. */
static void test_rows_of_an_import(void **state)
{
    (void)state;
    enum { ROWS = sizeof rows / sizeof *rows };
    struct world world;
    struct buf packed[ROWS];
    struct text frames[ROWS];
    world_open(&world, table_service());
    samples_government(&world);
    for (size_t r = 0; r < ROWS; r++) {
        struct target_promise promise = samples_promise();
        rows[r].change(&promise);
        packed[r] = BUF(65536);
        pack_write(target_promise_record(), &promise, &packed[r]);
        frames[r] = buf_as_text(&packed[r]);
    }
    struct agreement_import import = {.agreement = TEXT_LITERAL("PWR-2021")};
    assert_int_equal(world_do_rows(&world, "focal.PWR", MESSAGE_agreement_import, &import, 1,
                         (struct world_rows){frames, ROWS}),
        ERR_INVALID);
    for (size_t r = 0; r < ROWS; r++) {
        char prefix[24];
        (void)snprintf(prefix, sizeof prefix, "rows/%zu/", r);
        if (strcmp(rows[r].what, "serving itself") != 0) /* here it names the first row */
            assert_members(&world, prefix, rows[r].members);
        buf_free(&packed[r]);
    }
    assert_int_equal(samples_version(&world, "PWR-2021"), 1);
    world_close(&world);
}

/* Whatever the record lets through, the rules come to an end without a fault of their own. */
static void test_any_promise(void **state)
{
    (void)state;
    struct chance chance = chance_start("test_promise");
    BUF_CLEANUP struct buf arena = BUF(1 << 20);
    (void)buf_reserve(&arena, (1 << 20) - 1);
    struct world world;
    uint32_t refused = 0;
    world_open(&world, table_service());
    samples_government(&world);
    for (int i = 0; i < 3000; i++) {
        struct target_draft draft;
        buf_clear(&arena);
        chance_record(&chance, target_draft_record(), &arena, &draft);
        draft.agreement = TEXT_LITERAL("PWR-2021");
        if (chance_below(&chance, 2)) { /* more of them get past the first rules */
            draft.promise.direction = direction_UNSET;
            draft.promise.target_on = 0;
            draft.promise.owner = draft.promise.serves = (struct text){0};
            draft.promise.dependencies.head = (struct list_head){0};
            draft.promise.past.head = (struct list_head){0};
        }
        if (world_do(&world, "focal.PWR", MESSAGE_target_draft, &draft, 0) != OK)
            refused++;
        else if (chance_below(&chance, 2))
            samples_target_version(&world, "PWR-2021.1"); /* and it can be shown */
    }
    assert_in_range(refused, 1000, 2999);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_rows_of_an_import),
        cmocka_unit_test(test_any_promise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
