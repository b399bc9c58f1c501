/* Who sees what: every office in every state, in single answers, lists, sums, histories and the
 * past; and who acts for a body that has ended. */
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

static const struct {
    const char *office;
    bool drafts;
} eyes[] = {{"committee", true}, {"committee.3", true}, {"secretariat", true}, {"pmo", true},
    {"pm", true}, {"auditor", true}, {"focal.PWR", true}, {"focal.PWR.2", true},
    {"secretary.PWR", true}, {"minister.PWR", true}, {"focal.FIN", false}, {"secretary.FIN", false},
    {"minister.FIN", false}, {"administrator", false}, {"administrator.2", false},
    {"person", false}, {"setup", false}, {"nobody", false}, {"", false}};
#define EYES (sizeof eyes / sizeof *eyes)

/* How many frames and how many in all; both are what a list says of what it shows. */
static void listed(
    struct world *world, const char *office, enum message query, const void *body, size_t count)
{
    assert_int_equal(world_ask(world, office, query, body), OK);
    assert_int_equal(world_head(world).total.value, count);
    assert_int_equal(reply_count(world->reply), count);
}

static void look(struct world *world, const char *office, bool drafts, bool is_public)
{
    struct target_one one = {.target = TEXT_LITERAL("PWR-2021.1")};
    struct agreement_one agreement = {.agreement = TEXT_LITERAL("PWR-2021")};
    struct target_list list = {.agreement = agreement.agreement};
    struct agreement_list agreements = {.body = TEXT_LITERAL("PWR")};
    struct totals_one totals = {.body = TEXT_LITERAL("PWR")};
    struct totals_list sums_of_bodies = {0};
    struct history past = {.id = agreement.agreement}, past_target = {.id = one.target};
    struct body_one body = {.body = TEXT_LITERAL("PWR")};
    struct body_totals sums;
    bool sees = drafts || is_public;
    enum err single = sees ? OK : ERR_NOT_FOUND;
    assert_int_equal(world_ask(world, office, MESSAGE_target_get, &one), single);
    assert_int_equal(world_ask(world, office, MESSAGE_agreement_get, &agreement), single);
    assert_int_equal(world_scope(world, office, MESSAGE_target_get, &one), single);
    assert_int_equal(world_scope(world, office, MESSAGE_agreement_get, &agreement), single);
    listed(world, office, MESSAGE_target_list, &list, sees);
    listed(world, office, MESSAGE_agreement_list, &agreements, sees);
    assert_int_equal(world_ask(world, office, MESSAGE_totals_get, &totals), OK);
    world_read(world, 0, body_totals_record(), &sums);
    assert_int_equal(sums.totals.targets.value, sees);
    assert_int_equal(sums.totals.agreements.value, sees);
    assert_int_equal(world_ask(world, office, MESSAGE_totals_list, &sums_of_bodies), OK);
    bool central = drafts && office_read(text_of(office)).body.len == 0;
    bool of_fin = text_is(office_read(text_of(office)).body, "FIN");
    assert_int_equal(world_head(world).total.value, central ? 3 : sees + of_fin);
    enum err told = drafts ? OK : is_public ? ERR_FORBIDDEN : ERR_NOT_FOUND;
    assert_int_equal(world_scope(world, office, MESSAGE_history_agreement, &past), told);
    assert_int_equal(world_scope(world, office, MESSAGE_history_target, &past_target), told);
    assert_int_equal(world_ask(world, office, MESSAGE_body_get, &body), OK); /* always public */
}

static void test_who_sees_what(void **unused)
{
    (void)unused;
    struct target_promise promise = samples_promise();
    for (enum agreement_state s = STATE_DRAFT; s <= STATE_LAPSED; s++) {
        void *fresh;
        open_world(&fresh);
        samples_draft(fresh, "PWR-2021", &promise);
        samples_reach(fresh, s);
        bool is_public = s == STATE_IN_FORCE || s == STATE_AMENDING || s == STATE_CLOSED;
        for (size_t e = 0; e < EYES; e++)
            look(fresh, eyes[e].office, eyes[e].drafts, is_public);
        samples_close(&fresh);
    }
}

/* What was in force stays public, also when a new PM lets it lapse. */
static void test_once_public(void **state)
{
    struct world *world = *state;
    struct target_promise promise = samples_promise();
    samples_draft(world, "PWR-2021", &promise);
    samples_reach(world, STATE_IN_FORCE);
    assert_null(samples_try(world, MESSAGE_agreement_withdrawn_by_pm));
    assert_int_equal(model_agreement(world->state, TEXT_LITERAL("PWR-2021"))->state, STATE_LAPSED);
    for (size_t e = 0; e < EYES; e++)
        look(world, eyes[e].office, eyes[e].drafts, true);
}

/* A target that was removed before anything was signed never was, to those who see no drafts. */
static void test_removed(void **state)
{
    struct world *world = *state;
    struct target_promise promise = samples_promise();
    samples_draft(world, "PWR-2021", &promise);
    samples_draft(world, "PWR-2021", &promise);
    struct target_one gone = {.target = TEXT_LITERAL("PWR-2021.2")};
    struct history history = {.id = gone.target};
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_target_remove, &gone, 3), OK);
    samples_reach(world, STATE_IN_FORCE);
    for (size_t e = 0; e < EYES; e++) {
        enum err err = eyes[e].drafts ? ERR_GONE : ERR_NOT_FOUND;
        assert_int_equal(world_ask(world, eyes[e].office, MESSAGE_target_get, &gone), err);
        err = eyes[e].drafts ? OK : ERR_NOT_FOUND;
        assert_int_equal(world_scope(world, eyes[e].office, MESSAGE_history_target, &history), err);
        assert_int_equal(world_scope(world, eyes[e].office, MESSAGE_target_get, &gone), err);
    }
}

/* ---- the past ---- */
/* The answer as of the first `until` events, folded from what the scope names. */
static enum err ask_at(
    struct world *world, const char *office, enum message query, const void *body, size_t until)
{
    enum err err = world_scope(world, office, query, body);
    if (err)
        return err;
    void *now = world->state;
    size_t count = world->log_count;
    struct scope scope = world->scope;
    world->log_count = until;
    world->state = world_fold_again(world, &scope);
    world->log_count = count;
    err = world_ask(world, office, query, body);
    world->service->state_free(world->state);
    world->state = now;
    return err;
}

static void follow_body(struct world *world)
{
    struct body next = samples_body("NEW"), old = samples_body("PWR");
    old.valid_to = 20211231;
    old.successors.head = (struct list_head){1, true};
    old.successors.at[0] = next.id;
    assert_int_equal(world_do(world, "administrator", MESSAGE_body_register, &next, 0), OK);
    assert_int_equal(world_do(world, "administrator", MESSAGE_body_change, &old, 1), OK);
}

/* Those who see drafts see all of the past, also when their body came later than what they ask for;
 * all others see it from the signature on. */
static void test_the_past(void **state)
{
    struct world *world = *state;
    struct target_promise promise = samples_promise();
    struct target_one one = {.target = TEXT_LITERAL("PWR-2021.1")};
    struct agreement_one agreement = {.agreement = TEXT_LITERAL("PWR-2021")};
    samples_draft(world, "PWR-2021", &promise);
    size_t drafted = world->log_count;
    samples_reach(world, STATE_IN_FORCE);
    size_t signed_at = world->log_count;
    assert_null(samples_try(world, MESSAGE_agreement_closed));
    follow_body(world);
    static const struct {
        const char *office;
        bool drafts;
    } rows[] = {{"auditor", true}, {"focal.NEW", true}, {"secretary.NEW", true},
        {"focal.PWR", false}, {"focal.FIN", false}, {"person", false}, {"", false}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        for (size_t until = drafted; until <= world->log_count; until++) {
            enum err err = rows[r].drafts || until >= signed_at ? OK : ERR_NOT_FOUND;
            assert_int_equal(ask_at(world, rows[r].office, MESSAGE_target_get, &one, until), err);
            assert_int_equal(
                ask_at(world, rows[r].office, MESSAGE_agreement_get, &agreement, until), err);
        }
}

/* ---- bodies that follow ---- */
static void test_successors(void **state)
{
    struct world *world = *state;
    struct target_promise promise = samples_promise();
    samples_draft(world, "PWR-2021", &promise);
    follow_body(world);
    struct target_change change = {.target = TEXT_LITERAL("PWR-2021.1"), .promise = promise};
    struct agreement_submit submit = {.agreement = TEXT_LITERAL("PWR-2021")};
    struct target_one one = {.target = change.target};
    assert_int_equal(world_ask(world, "focal.PWR", MESSAGE_target_get, &one), ERR_NOT_FOUND);
    assert_int_equal(world_ask(world, "focal.NEW", MESSAGE_target_get, &one), OK);
    assert_int_equal(
        world_do(world, "focal.PWR", MESSAGE_target_change, &change, 2), ERR_FORBIDDEN);
    assert_int_equal(
        world_do(world, "focal.FIN", MESSAGE_target_change, &change, 2), ERR_FORBIDDEN);
    change.promise.owner = TEXT_LITERAL("secretary.FIN");
    assert_int_equal(world_do(world, "focal.NEW", MESSAGE_target_change, &change, 2), ERR_INVALID);
    assert_true(world_faults(world, "owner"));
    change.promise.owner = TEXT_LITERAL("secretary.NEW");
    assert_int_equal(world_do(world, "focal.NEW", MESSAGE_target_change, &change, 2), OK);
    assert_int_equal(
        world_do(world, "secretary.PWR", MESSAGE_agreement_submit, &submit, 3), ERR_FORBIDDEN);
    assert_int_equal(world_do(world, "secretary.NEW", MESSAGE_agreement_submit, &submit, 3), OK);
    /* the old body promises nothing new, the new one does */
    struct cycle next = samples_cycle();
    next.id = TEXT_LITERAL("2023");
    next.starts_on = 20230701;
    next.ends_on = 20250630;
    struct agreement_open open = {.body = TEXT_LITERAL("PWR"), .cycle = TEXT_LITERAL("2021")};
    assert_int_equal(world_do(world, "secretariat", MESSAGE_cycle_create, &next, 0), OK);
    assert_int_equal(world_do(world, "secretariat", MESSAGE_agreement_open, &open, 0), ERR_INVALID);
    assert_true(world_faults(world, "body"));
    open.body = TEXT_LITERAL("NEW");
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_agreement_open, &open, 0), ERR_FORBIDDEN);
    assert_int_equal(world_do(world, "focal.NEW", MESSAGE_agreement_open, &open, 0), OK);
}

/* A body whose last day is over promises nothing new, with successors or without. */
static void test_ended_body(void **state)
{
    struct world *world = *state;
    struct body ended = samples_body("END");
    struct agreement_open open = {.body = ended.id, .cycle = TEXT_LITERAL("2021")};
    ended.valid_to = 20220110;
    assert_int_equal(world_do(world, "administrator", MESSAGE_body_register, &ended, 0), OK);
    world->now_ms = INT64_C(1641841200000); /* 2022-01-11 begins in UTC+5 */
    assert_int_equal(world_do(world, "secretariat", MESSAGE_agreement_open, &open, 0), ERR_INVALID);
    assert_true(world_faults(world, "body"));
    world->now_ms--;
    assert_int_equal(world_do(world, "secretariat", MESSAGE_agreement_open, &open, 0), OK);
}

int main(void)
{
#define PLAYED(test) cmocka_unit_test_setup_teardown(test, open_world, samples_close)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_sees_what),
        PLAYED(test_once_public),
        PLAYED(test_removed),
        PLAYED(test_the_past),
        PLAYED(test_successors),
        PLAYED(test_ended_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
