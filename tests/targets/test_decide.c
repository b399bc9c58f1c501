/* What each command decides, and every refusal by name. */
#include "table.h"

#include "model.h"

#include "targets/acts.h"
#include "targets/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define PWR TEXT_LITERAL("PWR-2021")

static int open_world(void **state)
{
    *state = samples_world(table_service());
    return 0;
}

static struct agreement_entry *pwr(struct world *world)
{
    return model_agreement(world->state, PWR);
}

static void test_if_match(void **state)
{
    static const enum message acts[] = {MESSAGE_target_change, MESSAGE_target_remove,
        MESSAGE_agreement_reorder, MESSAGE_agreement_import, MESSAGE_agreement_submit};
    struct world *world = *state;
    acts_stand(world, STATE_DRAFT);
    for (size_t c = 0; c < sizeof acts / sizeof *acts; c++)
        assert_int_equal(acts_do(world, "secretary.PWR", acts[c], false), ERR_UNCONDITIONAL);
    struct agreement_submit submit = {.agreement = PWR};
    struct target_one one = {.target = TEXT_LITERAL("PWR-2021.1")};
    assert_int_equal(
        world_do(world, "secretary.PWR", MESSAGE_agreement_submit, &submit, 1), ERR_STALE);
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_target_remove, &one, 1), ERR_STALE);
    assert_int_equal(acts_do(world, "secretary.PWR", MESSAGE_agreement_submit, true), OK);
    assert_int_equal(
        acts_do(world, "secretary.PWR", MESSAGE_agreement_withdraw, false), ERR_UNCONDITIONAL);
}

/* ---- what is not there ---- */
static void test_unknown_things(void **state)
{
    struct world *world = *state;
    static const char *const ids[] = {"PWR-2021.1", "PWR-2021.0", "PWR-2021.01", "PWR-2021.x",
        "PWR-2021", "PWR-1999.1", "PWR-2021.99999999999"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct target_one one = {.target = text_of(ids[i])};
        assert_int_equal(
            world_do(world, "focal.PWR", MESSAGE_target_remove, &one, 1), ERR_NOT_FOUND);
        assert_true(world_faults(world, "target"));
        assert_int_equal(world_ask(world, "auditor", MESSAGE_target_get, &one), ERR_NOT_FOUND);
    }
    struct target_draft draft = {
        .agreement = TEXT_LITERAL("PWR-2020"), .promise = samples_promise()};
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_target_draft, &draft, 0), ERR_NOT_FOUND);
    assert_true(world_faults(world, "agreement"));
}

static void test_removed_is_gone(void **state)
{
    struct world *world = *state;
    acts_stand(world, STATE_DRAFT);
    struct target_one one = {.target = TEXT_LITERAL("PWR-2021.1")};
    struct history history = {.id = one.target};
    assert_int_equal(acts_do(world, "focal.PWR", MESSAGE_target_remove, true), OK);
    assert_int_equal(world_ask(world, "focal.PWR", MESSAGE_target_get, &one), ERR_GONE);
    assert_int_equal(world_ask(world, "focal.FIN", MESSAGE_target_get, &one), ERR_NOT_FOUND);
    assert_int_equal(world_scope(world, "focal.PWR", MESSAGE_history_target, &history), OK);
    assert_int_equal(world_scope(world, "focal.PWR", MESSAGE_target_get, &one), OK);
    struct target_promise promise = samples_promise();
    samples_draft(world, "PWR-2021", &promise); /* its number is not used again */
    assert_int_equal(samples_target_version(world, "PWR-2021.2"), 4);
}

/* ---- agreements ---- */
static enum err open_as(
    struct world *world, const char *office, const char *body, const char *cycle)
{
    struct agreement_open open = {.body = text_of(body), .cycle = text_of(cycle)};
    return world_do(world, office, MESSAGE_agreement_open, &open, 0);
}

static void test_open(void **state)
{
    struct world *world = *state;
    struct body old = samples_body("OLD"), late = samples_body("NEW");
    struct cycle next = samples_cycle();
    old.valid_to = 20210630;
    late.valid_from = 20230701;
    next.id = TEXT_LITERAL("2023");
    next.starts_on = 20230701;
    next.ends_on = 20250630;
    assert_int_equal(world_do(world, "administrator", MESSAGE_body_register, &old, 0), OK);
    assert_int_equal(world_do(world, "administrator", MESSAGE_body_register, &late, 0), OK);
    assert_int_equal(world_do(world, "administrator", MESSAGE_cycle_create, &next, 0), OK);
    assert_int_equal(open_as(world, "secretariat", "PWR", "2021"), ERR_EXISTS);
    assert_int_equal(open_as(world, "secretariat", "OLD", "2021"), ERR_INVALID);
    assert_true(world_faults(world, "body"));
    assert_int_equal(open_as(world, "secretariat", "NEW", "2021"), ERR_INVALID);
    assert_int_equal(open_as(world, "secretariat", "XYZ", "1999"), ERR_INVALID);
    assert_true(world_faults(world, "body") && world_faults(world, "cycle"));
    assert_int_equal(open_as(world, "focal.FIN", "NEW", "2023"), ERR_FORBIDDEN);
    assert_non_null(strstr(world->why.kept[0].detail, "NEW"));
    assert_int_equal(open_as(world, "pmo", "NEW", "2023"), ERR_FORBIDDEN);
    assert_int_equal(open_as(world, "focal.NEW", "NEW", "2023"), OK);
    assert_int_equal(decision_relied_count(world->decision), 2);
    assert_true(text_is(decision_relied(world->decision, 0), "NEW"));
    assert_true(text_is(decision_relied(world->decision, 1), "2023"));
    assert_true(text_is(decision_thing(world->decision), "NEW-2023"));
}

static void test_reorder(void **state)
{
    struct world *world = *state;
    struct target_promise promise = samples_promise();
    for (int i = 0; i < 3; i++)
        samples_draft(world, "PWR-2021", &promise);
    struct agreement_reorder reorder = {.agreement = PWR};
    reorder.order.head = (struct list_head){4, true};
    reorder.order.at[0] = TEXT_LITERAL("PWR-2021.3");
    reorder.order.at[1] = TEXT_LITERAL("PWR-2021.4");
    reorder.order.at[2] = TEXT_LITERAL("FIN-2021.1");
    reorder.order.at[3] = TEXT_LITERAL("PWR-2021.3");
    assert_int_equal(
        world_do(world, "focal.PWR", MESSAGE_agreement_reorder, &reorder, 4), ERR_INVALID);
    assert_true(world_faults(world, "order/1") && world_faults(world, "order/2") &&
                world_faults(world, "order/3") && world_faults(world, "order"));
    assert_int_equal(world->why.total, 5); /* .1 and .2 are missing */
    reorder.order.head.count = 3;
    reorder.order.at[1] = TEXT_LITERAL("PWR-2021.1");
    reorder.order.at[2] = TEXT_LITERAL("PWR-2021.2");
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_agreement_reorder, &reorder, 4), OK);
    assert_int_equal(model_target(pwr(world), 3)->order, 1);
    assert_int_equal(model_target(pwr(world), 2)->order, 3);
    /* all show another place, so none is what its ETag said */
    assert_int_equal(samples_target_version(world, "PWR-2021.1"), 5);
    /* removing the first moves the others up, and they show it; the last moves nobody */
    struct target_one one = {.target = TEXT_LITERAL("PWR-2021.3")};
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_target_remove, &one, 5), OK);
    assert_int_equal(samples_target_version(world, "PWR-2021.1"), 6);
    one.target = TEXT_LITERAL("PWR-2021.2");
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_target_remove, &one, 6), OK);
    assert_int_equal(samples_target_version(world, "PWR-2021.1"), 6);
    assert_int_equal(samples_version(world, "PWR-2021"), 7);
}

static void submit_fails(struct world *world, const char *member)
{
    assert_int_equal(acts_do(world, "secretary.PWR", MESSAGE_agreement_submit, true), ERR_INVALID);
    if (!world_faults(world, member))
        world_print(world);
    assert_true(world_faults(world, member));
}

static void test_submit(void **state)
{
    struct world *world = *state;
    submit_fails(world, "targets");
    struct target_promise promise = {.statement = samples_promise().statement};
    samples_draft(world, "PWR-2021", &promise);
    static const char *const missing[] = {"baseline", "baseline_on", "baseline_source",
        "target_value", "unit", "direction", "source", "weight", "milestones", "depends_on_nobody"};
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        char member[64];
        (void)snprintf(member, sizeof member, "targets/PWR-2021.1/%s", missing[i]);
        submit_fails(world, member);
    }
    assert_int_equal(world->why.total, 11); /* and the sum of the weights */
    struct target_one one = {.target = TEXT_LITERAL("PWR-2021.1")};
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_target_remove, &one, 2), OK);
    static const int last_day[] = {100, 100, 100, 150, 150, 150, 150, 200};
    promise = samples_promise();
    promise.weight.thousandths = 60000;
    promise.class = CLASS_OUTPUT;
    promise.serves = TEXT_LITERAL("PWR-2021.4");
    samples_draft(world, "PWR-2021", &promise);
    promise = samples_promise();
    promise.weight.thousandths = 39999;
    samples_milestones(&promise, 8, last_day);
    samples_draft(world, "PWR-2021", &promise);
    submit_fails(world, "weight");
    assert_true(world_faults(world, "targets/PWR-2021.3/phasing_reason"));
    assert_true(world_faults(world, "targets/PWR-2021.2/serves"));
    assert_int_equal(world->why.total, 3);
    struct target_change change = {.target = TEXT_LITERAL("PWR-2021.3"), .promise = promise};
    change.promise.season = TEXT_LITERAL("Hajj");
    change.promise.weight.thousandths = 40000;
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_target_change, &change, 5), OK);
    submit_fails(world, "targets/PWR-2021.2/serves");
    assert_int_equal(world->why.total, 1);
    change.target = TEXT_LITERAL("PWR-2021.2");
    change.promise = samples_promise();
    change.promise.weight.thousandths = 60000;
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_target_change, &change, 4), OK);
    assert_int_equal(acts_do(world, "secretary.PWR", MESSAGE_agreement_submit, true), OK);
    assert_int_equal(pwr(world)->state, STATE_SUBMITTED);
    assert_int_equal(samples_target_version(world, "PWR-2021.3"), 8); /* its state shows */
    assert_int_equal(acts_do(world, "secretary.PWR", MESSAGE_agreement_withdraw, true), OK);
    assert_int_equal(pwr(world)->state, STATE_DRAFT);
}

/* ---- import ---- */
static void test_import(void **state)
{
    struct world *world = *state;
    acts_stand(world, STATE_DRAFT);
    struct agreement_import import = {.agreement = PWR};
    assert_int_equal(
        world_do(world, "focal.PWR", MESSAGE_agreement_import, &import, 2), ERR_INVALID);
    assert_true(world_faults(world, "rows"));
    struct target_promise promise = samples_promise();
    promise.weight.thousandths = 50000;
    BUF_CLEANUP struct buf packed = BUF(65536);
    pack_write(target_promise_record(), &promise, &packed);
    struct text frames[TARGETS_MAX + 1];
    for (size_t i = 0; i < TARGETS_MAX + 1; i++)
        frames[i] = buf_as_text(&packed);
    assert_int_equal(world_do_rows(world, "focal.PWR", MESSAGE_agreement_import, &import, 2,
                         (struct world_rows){frames, TARGETS_MAX + 1}),
        ERR_INVALID);
    assert_int_equal(world_do_rows(world, "focal.PWR", MESSAGE_agreement_import, &import, 2,
                         (struct world_rows){frames, 2}),
        OK);
    assert_int_equal(decision_count(world->decision), 3); /* one away, two new */
    assert_true(text_is(decision_thing(world->decision), "PWR-2021"));
    assert_null(model_target(pwr(world), 1));
    assert_int_equal(model_target(pwr(world), 2)->order, 1);
    assert_int_equal(model_target(pwr(world), 3)->order, 2);
    assert_int_equal(acts_do(world, "secretary.PWR", MESSAGE_agreement_submit, true), OK);
    assert_int_equal(acts_do(world, "secretary.PWR", MESSAGE_agreement_withdraw, true), OK);
    frames[1] = TEXT_LITERAL("\x81\xa3wat\x01"); /* a member that no target has */
    assert_int_equal(world_do_rows(world, "focal.PWR", MESSAGE_agreement_import, &import, 7,
                         (struct world_rows){frames, 2}),
        ERR_INVALID);
    assert_true(world_faults(world, "rows/1/wat"));
    frames[1] = frames[0];
    assert_int_equal(world_do_rows(world, "focal.PWR", MESSAGE_agreement_import, &import, 7,
                         (struct world_rows){frames, TARGETS_MAX}),
        OK);
    struct target_draft draft = {.agreement = PWR, .promise = promise};
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_target_draft, &draft, 0), ERR_INVALID);
    assert_true(world_faults(world, "agreement"));
}

int main(void)
{
#define PLAYED(test) cmocka_unit_test_setup_teardown(test, open_world, samples_close)
    const struct CMUnitTest tests[] = {
        PLAYED(test_if_match),
        PLAYED(test_unknown_things),
        PLAYED(test_removed_is_gone),
        PLAYED(test_open),
        PLAYED(test_reorder),
        PLAYED(test_submit),
        PLAYED(test_import),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
