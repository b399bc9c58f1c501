/* What readers get: every member of a view, sums, and things as they were. */
#include "table.h"

#include "model.h"

#include "targets/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static int open_world(void **state)
{
    *state = samples_world(table_service());
    return 0;
}

/* A target that counts as what its drafter says: nobody checked it. */
static void draft(
    struct world *world, const char *agreement, int64_t weight, enum target_class class)
{
    const struct agreement_entry *entry = model_agreement(world->state, text_of(agreement));
    char id[TARGET_ID_SIZE];
    struct target_promised promised = {
        .id = model_target_id(entry, entry->next_number, id), .promise = samples_promise()};
    promised.promise.owner = (struct text){0};
    promised.promise.weight.thousandths = weight;
    promised.promise.class = class;
    world_happen(world, MESSAGE_target_drafted, agreement, id, &promised);
}

static void test_target(void **state)
{
    struct world *world = *state;
    struct target_promise promise = samples_promise();
    promise.past.head = (struct list_head){3, true};
    promise.past.at[0] = (struct past_value){20180630, {70000, true}};
    promise.past.at[1] = (struct past_value){20190630, {80000, true}};
    promise.past.at[2] = (struct past_value){20200629, {90000, true}}; /* 365 days on */
    samples_draft(world, "PWR-2021", &promise);
    struct target_one one = {.target = TEXT_LITERAL("PWR-2021.1")};
    struct target view;
    assert_int_equal(world_ask(world, "focal.PWR", MESSAGE_target_get, &one), OK);
    world_read(world, 0, target_record(), &view);
    assert_true(text_is(view.promised.id, "PWR-2021.1"));
    assert_true(text_equal(view.promised.promise.statement, promise.statement));
    assert_true(text_is(view.agreement, "PWR-2021"));
    assert_true(text_is(view.body, "PWR"));
    assert_true(text_is(view.cycle, "2021"));
    assert_int_equal(view.state, STATE_DRAFT);
    assert_int_equal(view.order.value, 1);
    assert_int_equal(view.version.value, 2);
    assert_int_equal(view.position.value, world->log_count);
    assert_int_equal(view.changed_at.ms, world->now_ms);
    assert_int_equal(view.phasing_flag, PHASING_FINE);
    assert_int_equal(view.phasing.head.count, 2);
    /* 112 125 137 150 from 100: steps 12 13 12 13 of 50 */
    assert_int_equal(view.phasing.at[0].shares.at[1], 26000);
    assert_int_equal(view.phasing.at[1].year.value, 2);
    /* 10 a year of 365 days from 80 on 2019-06-30; 2023-06-30 is 1461 days later: 120.027 */
    assert_int_equal(view.ambition.projection.thousandths, 120027);
    assert_int_equal(view.ambition.ratio.thousandths, 4993); /* 100 / 20.027 */
    assert_int_equal(view.ambition.verdict, AMBITION_BEATS);
    assert_int_equal(view.quality.value, 100);
    assert_int_equal(view.quality_parts.head.count, 10);
    int64_t sum = 0;
    for (uint32_t i = 0; i < 10; i++)
        sum += view.quality_parts.at[i].points.value;
    assert_int_equal(sum, 100);
    struct answer head = world_head(world);
    assert_int_equal(head.version.value, 2);
    assert_true(text_is(head.subject, "PWR-2021"));
}

/* ---- bodies, cycles ---- */
static size_t listed(struct world *world, enum message query, const void *body)
{
    assert_int_equal(world_ask(world, "", query, body), OK);
    return (size_t)world_head(world).total.value;
}

static void test_bodies_and_cycles(void **state)
{
    struct world *world = *state;
    struct nothing nothing = {0};
    struct body_list list = {0};
    assert_int_equal(listed(world, MESSAGE_cycle_list, &nothing), 1);
    assert_int_equal(listed(world, MESSAGE_body_list, &list), 3);
    list.text = TEXT_LITERAL("pw");
    assert_int_equal(listed(world, MESSAGE_body_list, &list), 1);
    list.text = (struct text){0};
    list.on = 20001231;
    assert_int_equal(listed(world, MESSAGE_body_list, &list), 0);
    list.on = 20010101;
    list.limit = (struct whole){2, true};
    assert_int_equal(listed(world, MESSAGE_body_list, &list), 3);
    assert_int_equal(reply_count(world->reply), 2);
    char after[400];
    struct text next = world_head(world).next;
    memcpy(after, next.at, next.len);
    list.after = (struct text){after, next.len};
    assert_int_equal(listed(world, MESSAGE_body_list, &list), 3);
    struct body_view view;
    assert_int_equal(reply_count(world->reply), 1);
    world_read(world, 0, body_view_record(), &view);
    assert_true(text_is(view.body.id, "WAT"));
    assert_null(world_head(world).next.at);
    list.after = TEXT_LITERAL("57");
    assert_int_equal(world_ask(world, "", MESSAGE_body_list, &list), ERR_INVALID);
    assert_true(world_faults(world, "after"));
    struct body_one unknown = {.body = TEXT_LITERAL("XYZ")};
    struct cycle_one no_cycle = {.cycle = TEXT_LITERAL("1999")};
    assert_int_equal(world_ask(world, "", MESSAGE_body_get, &unknown), ERR_NOT_FOUND);
    assert_int_equal(world_ask(world, "", MESSAGE_cycle_get, &no_cycle), ERR_NOT_FOUND);
    assert_int_equal(world_scope(world, "", MESSAGE_body_get, &unknown), ERR_NOT_FOUND);
    assert_int_equal(world_scope(world, "", MESSAGE_cycle_get, &no_cycle), ERR_NOT_FOUND);
}

/* ---- sums ---- */
static void test_totals(void **state)
{
    struct world *world = *state;
    draft(world, "PWR-2021", 60000, CLASS_OUTCOME); /* quality 85: no owner, no trend */
    draft(world, "PWR-2021", 40000, CLASS_OUTPUT);  /* 60 */
    draft(world, "FIN-2021", 50000, CLASS_PROCESS); /* 60 */
    struct totals_one one = {0};
    struct body_totals sums;
    assert_int_equal(world_ask(world, "pm", MESSAGE_totals_get, &one), OK);
    world_read(world, 0, body_totals_record(), &sums);
    assert_null(sums.body.at);
    assert_int_equal(sums.totals.agreements.value, 3);
    assert_int_equal(sums.totals.targets.value, 3);
    assert_int_equal(sums.totals.weight.thousandths, 150000);
    assert_int_equal(sums.totals.outcome_weight.thousandths, 60000);
    assert_int_equal(sums.totals.output_weight.thousandths, 40000);
    assert_int_equal(sums.totals.process_weight.thousandths, 50000);
    assert_int_equal(sums.totals.outcomes.value, 1);
    /* (60 * 85 + 40 * 60 + 50 * 60) / 150 = 70 */
    assert_int_equal(sums.totals.quality.thousandths, 70000);
    struct totals_list list = {.limit = {2, true}};
    assert_int_equal(world_ask(world, "pm", MESSAGE_totals_list, &list), OK);
    assert_int_equal(world_head(world).total.value, 3);
    assert_int_equal(reply_count(world->reply), 2);
    world_read(world, 1, body_totals_record(), &sums);
    assert_true(text_is(sums.body, "PWR"));
    assert_int_equal(sums.totals.quality.thousandths, 75000); /* (60 * 85 + 40 * 60) / 100 */
    assert_int_equal(world_ask(world, "focal.FIN", MESSAGE_totals_list, &list), OK);
    assert_int_equal(world_head(world).total.value, 1); /* the others are not there */
    one.cycle = TEXT_LITERAL("1999");
    one.body = TEXT_LITERAL("XYZ");
    assert_int_equal(world_ask(world, "pm", MESSAGE_totals_get, &one), ERR_NOT_FOUND);
    assert_true(world_faults(world, "body") && world_faults(world, "cycle"));
    struct target_one gone = {.target = TEXT_LITERAL("PWR-2021.1")};
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_target_remove, &gone, 2), OK);
    struct agreement_one agreement = {.agreement = TEXT_LITERAL("PWR-2021")};
    struct agreement view;
    assert_int_equal(world_ask(world, "pm", MESSAGE_agreement_get, &agreement), OK);
    world_read(world, 0, agreement_record(), &view);
    assert_int_equal(view.totals.weight.thousandths, 40000);
    assert_int_equal(view.totals.quality.thousandths, 60000);
    assert_int_equal(view.version.value, 4);
    assert_true(text_is(view.opened.opened.body, "PWR"));
}

/* ---- the past ---- */
/* Folds only what the scope names and asks that. */
static enum err ask_past(struct world *world, enum message query, const void *body)
{
    assert_int_equal(world_scope(world, "auditor", query, body), OK);
    void *now = world->state;
    world->state = world_fold_again(world, &world->scope);
    enum err err = world_ask(world, "auditor", query, body);
    world->service->state_free(world->state);
    world->state = now;
    return err;
}

static void test_the_scope_is_enough(void **state)
{
    struct world *world = *state;
    draft(world, "FIN-2021", 50000, CLASS_PROCESS);
    draft(world, "PWR-2021", 60000, CLASS_OUTCOME);
    draft(world, "PWR-2021", 40000, CLASS_OUTPUT);
    static const struct {
        enum message query;
        const char *id;
    } rows[] = {{MESSAGE_cycle_get, "2021"}, {MESSAGE_body_get, "PWR"},
        {MESSAGE_agreement_get, "PWR-2021"}, {MESSAGE_target_get, "PWR-2021.2"}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct text id = text_of(rows[r].id); /* all four records are one id */
        BUF_CLEANUP struct buf now = BUF(65536);
        assert_int_equal(world_ask(world, "auditor", rows[r].query, &id), OK);
        buf_text(&now, reply_frame_at(world->reply, 0));
        assert_int_equal(ask_past(world, rows[r].query, &id), OK);
        assert_true(text_equal(buf_as_text(&now), reply_frame_at(world->reply, 0)));
    }
}

int main(void)
{
#define PLAYED(test) cmocka_unit_test_setup_teardown(test, open_world, samples_close)
    const struct CMUnitTest tests[] = {
        PLAYED(test_target),
        PLAYED(test_bodies_and_cycles),
        PLAYED(test_totals),
        PLAYED(test_the_scope_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
