/* Every event of an agreement in every state, as the table of states has it: what may follow is
 * folded and nothing else is, and everything that a target shows has an ETag of its own. */
#include "table.h"

#include "model.h"

#include "facts/life.h"
#include "targets/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define PWR TEXT_LITERAL("PWR-2021")

static const char *state_word(enum agreement_state state)
{
    return choices_word(agreement_state_choices(), (int)state);
}

static struct world *stand(enum agreement_state state)
{
    struct target_promise promise = samples_promise();
    struct world *world = samples_world(table_service());
    samples_draft(world, "PWR-2021", &promise);
    samples_reach(world, state);
    return world;
}

static void check_event(enum message event, enum agreement_state state)
{
    void *fresh = stand(state);
    struct world *world = fresh;
    const struct agreement_entry *agreement = model_agreement(world->state, PWR);
    assert_int_equal(agreement->state, state);
    uint64_t version = agreement->version;
    bool was_in_force = agreement->was_in_force;
    enum agreement_state after = life_after(event, state);
    const char *complaint = samples_try(world, event);
    if (!complaint != (after != agreement_state_UNSET))
        print_message("%s while %s: %s\n", message_row(event)->wire, state_word(state),
            complaint ? complaint : "folded");
    assert_int_equal(!complaint, after != agreement_state_UNSET);
    assert_int_equal(agreement->version, complaint ? version : version + 1);
    assert_int_equal(agreement->state, complaint ? state : after);
    assert_int_equal(agreement->was_in_force, was_in_force || life_is_in_force(agreement->state));
    if (!complaint && after != state) { /* its targets show it */
        assert_int_equal(agreement->shown_version, version + 1);
        assert_true(after == STATE_AMENDING || !model_pending(agreement));
    }
    samples_close(&fresh);
}

static void test_every_event_in_every_state(void **unused)
{
    (void)unused;
    size_t events = 0;
    for (enum message event = MESSAGE_UNSET + 1; event < MESSAGE_COUNT; event++) {
        if (message_row(event)->kind != MESSAGE_EVENT || !life_concerns(event))
            continue;
        for (enum agreement_state state = STATE_DRAFT; state <= STATE_LAPSED; state++)
            check_event(event, state);
        events++;
    }
    print_message("%zu events in %d states\n", events, STATE_LAPSED);
    assert_true(events > 25);
}

static void test_no_agreement(void **unused)
{
    (void)unused;
    void *fresh = samples_world(table_service());
    struct agreement_submit submit = {.agreement = TEXT_LITERAL("XYZ-2021")};
    assert_non_null(world_try(fresh, MESSAGE_agreement_submitted, "XYZ-2021", "XYZ-2021", &submit));
    samples_close(&fresh);
}

/* ---- rulings ---- */
static void read_target(struct world *world, struct target *ret_view)
{
    struct target_one one = {.target = TEXT_LITERAL("PWR-2021.1")};
    assert_int_equal(world_ask(world, "auditor", MESSAGE_target_get, &one), OK);
    world_read(world, 0, target_record(), ret_view);
}

static void read_sums(struct world *world, struct agreement *ret_view)
{
    struct agreement_one one = {.agreement = PWR};
    assert_int_equal(world_ask(world, "auditor", MESSAGE_agreement_get, &one), OK);
    world_read(world, 0, agreement_record(), ret_view);
}

/* The committee's word counts for class, sums, quality and filters, and the last one counts. */
static void test_ruling(void **unused)
{
    (void)unused;
    void *fresh = stand(STATE_SUBMITTED);
    struct world *world = fresh;
    struct target before, view;
    struct agreement sums;
    read_target(world, &before);
    assert_int_equal(before.verdict, verdict_UNSET);
    assert_int_equal(before.ruled_class, target_class_UNSET);
    samples_rule(world, VERDICT_ACCEPT, CLASS_OUTPUT);
    read_target(world, &view);
    assert_int_equal(view.verdict, VERDICT_ACCEPT);
    assert_int_equal(view.ruled_class, CLASS_OUTPUT);
    assert_int_equal(view.promised.promise.class, CLASS_OUTCOME); /* what the drafter said stays */
    assert_int_equal(view.version.value, before.version.value + 1);
    assert_int_equal(view.quality_parts.at[QUALITY_OUTCOME - 1].points.value, 0);
    samples_rule(world, VERDICT_RETURN, CLASS_OUTCOME);
    read_target(world, &view);
    assert_int_equal(view.verdict, VERDICT_RETURN);
    assert_int_equal(view.ruled_class, CLASS_OUTCOME);
    assert_int_equal(view.quality_parts.at[QUALITY_OUTCOME - 1].points.value, 25);
    int64_t as_outcome = view.quality.value;
    samples_rule(world, VERDICT_ACCEPT, CLASS_PROCESS);
    read_target(world, &view);
    assert_int_equal(view.quality.value, as_outcome - 25);
    read_sums(world, &sums);
    assert_int_equal(sums.totals.process_weight.thousandths, 100000);
    assert_int_equal(sums.totals.processes.value, 1);
    assert_int_equal(sums.totals.outcomes.value, 0);
    assert_int_equal(sums.totals.quality.thousandths, view.quality.value * DECIMAL_ONE);
    struct target_list list = {.class = CLASS_PROCESS};
    assert_int_equal(world_ask(world, "auditor", MESSAGE_target_list, &list), OK);
    assert_int_equal(world_head(world).total.value, 1);
    list.class = CLASS_OUTCOME;
    assert_int_equal(world_ask(world, "auditor", MESSAGE_target_list, &list), OK);
    assert_int_equal(world_head(world).total.value, 0);
    samples_close(&fresh);
}

static void test_enabler(void **unused)
{
    (void)unused;
    void *fresh = stand(STATE_SUBMITTED);
    struct world *world = fresh;
    struct target view;
    struct ruling ruling = {.made = {.target = TEXT_LITERAL("PWR-2021.1"),
                                .verdict = VERDICT_ENABLER,
                                .class = CLASS_OUTPUT,
                                .serves = TEXT_LITERAL("PWR-2021.7")},
        .statement = TEXT_LITERAL("Install 500 meters")};
    world_happen(world, MESSAGE_target_ruled, "PWR-2021", "PWR-2021.1", &ruling);
    read_target(world, &view);
    assert_int_equal(view.verdict, VERDICT_ENABLER);
    assert_true(text_is(view.enables, "PWR-2021.7"));
    assert_non_null(world_try(world, MESSAGE_target_ruled, "PWR-2021", "PWR-2021.9", &ruling));
    samples_close(&fresh);
}

/* A ruling is on words: it stands while they do, through a return and a withdrawal, and no longer.
 */
static void test_a_ruling_stands_on_words(void **unused)
{
    (void)unused;
    void *fresh = stand(STATE_SUBMITTED);
    struct world *world = fresh;
    struct target view;
    struct target_change change = {
        .target = TEXT_LITERAL("PWR-2021.1"), .promise = samples_promise()};
    samples_rule(world, VERDICT_ACCEPT, CLASS_PROCESS);
    assert_null(samples_try(world, MESSAGE_agreement_returned));
    read_target(world, &view);
    assert_int_equal(view.verdict, VERDICT_ACCEPT);
    uint64_t version = samples_target_version(world, "PWR-2021.1");
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_target_change, &change, version), OK);
    read_target(world, &view);
    assert_int_equal(view.verdict, verdict_UNSET);
    assert_int_equal(view.ruled_class, target_class_UNSET);
    struct agreement sums;
    read_sums(world, &sums);
    assert_int_equal(sums.totals.processes.value, 0);
    samples_close(&fresh);
}

/* Everything that was folded shows in the digest: no two of these states read alike. */
static void test_digest_tells_apart(void **unused)
{
    (void)unused;
    char seen[STATE_LAPSED + 2][8192] = {{0}};
    size_t count = 0;
    for (int i = STATE_DRAFT; i <= STATE_LAPSED + 1; i++) {
        bool ruled = i > STATE_LAPSED;
        void *fresh = stand(ruled ? STATE_SUBMITTED : (enum agreement_state)i);
        BUF_CLEANUP struct buf digest = BUF(sizeof seen[0] - 1);
        if (ruled)
            samples_rule(fresh, VERDICT_ACCEPT, CLASS_OUTCOME);
        world_digest(fresh, ((struct world *)fresh)->state, &digest);
        memcpy(seen[count], digest.at, digest.len);
        for (size_t before = 0; before < count; before++)
            assert_string_not_equal(seen[count], seen[before]);
        count++;
        samples_close(&fresh);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_event_in_every_state),
        cmocka_unit_test(test_no_agreement),
        cmocka_unit_test(test_ruling),
        cmocka_unit_test(test_enabler),
        cmocka_unit_test(test_a_ruling_stands_on_words),
        cmocka_unit_test(test_digest_tells_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
