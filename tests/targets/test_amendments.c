/* Amendments: what may be proposed, how much of it in a year, and when it is the text in force. */
#include "table.h"

#include "model.h"

#include "targets/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define PWR TEXT_LITERAL("PWR-2021")

static struct agreement_entry *pwr(struct world *world)
{
    return model_agreement(world->state, PWR);
}

/* Targets of 10, 5, 4 and 81 percent, in force. */
static int open_world(void **state)
{
    static const int weights[] = {10, 5, 4, 81};
    struct world *world = samples_world(table_service());
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++) {
        struct target_promise promise = samples_promise();
        promise.weight.thousandths = weights[i] * DECIMAL_ONE;
        samples_draft(world, "PWR-2021", &promise);
    }
    samples_reach(world, STATE_IN_FORCE);
    *state = world;
    return 0;
}

/* A target of that weight, with another note. */
static struct amendment_change change_of(const char *target, int64_t thousandths)
{
    struct amendment_change change = {.target = text_of(target),
        .why = TEXT_LITERAL("the river changed its bed"),
        .effect = TEXT_LITERAL("none on earlier quarters"),
        .promise = samples_promise()};
    change.promise.weight.thousandths = thousandths;
    change.promise.note = TEXT_LITERAL("after the flood");
    return change;
}

static enum err propose_as(
    struct world *world, const char *office, const struct amendment_change *changes, size_t count)
{
    struct amendment_propose body = {.agreement = PWR, .reason = TEXT_LITERAL("a flood")};
    BUF_CLEANUP struct buf packed = BUF(1 << 20);
    struct text frames[8];
    size_t ends[8];
    assert_true(count <= 8);
    for (size_t i = 0; i < count; i++) {
        pack_write(amendment_change_record(), &changes[i], &packed);
        ends[i] = packed.len;
    }
    for (size_t i = 0; i < count; i++)
        frames[i] =
            (struct text){packed.at + (i ? ends[i - 1] : 0), ends[i] - (i ? ends[i - 1] : 0)};
    return world_do_rows(world, office, MESSAGE_amendment_propose, &body, pwr(world)->version,
        (struct world_rows){frames, count});
}

static enum err propose(struct world *world, const struct amendment_change *changes, size_t count)
{
    return propose_as(world, "secretary.PWR", changes, count);
}

static enum err propose_one(struct world *world, const char *target, int64_t thousandths)
{
    struct amendment_change change = change_of(target, thousandths);
    return propose(world, &change, 1);
}

static void sign(struct world *world)
{
    assert_null(samples_try(world, MESSAGE_amendment_frozen));
    assert_null(samples_try(world, MESSAGE_amendment_minister_signed));
    assert_null(samples_try(world, MESSAGE_agreement_amended));
}

static void read_target(struct world *world, const char *id, struct target *ret_view)
{
    struct target_one one = {.target = text_of(id)};
    assert_int_equal(world_ask(world, "", MESSAGE_target_get, &one), OK);
    world_read(world, 0, target_record(), ret_view);
}

/* ---- what a proposal becomes ---- */
static void test_road(void **state)
{
    struct world *world = *state;
    struct target view;
    struct amendment_change changes[] = {
        change_of("PWR-2021.2", 4000), change_of("PWR-2021.3", 5000)};
    changes[1].promise.note = (struct text){0}; /* only its weight changes */
    size_t before = world->log_count;
    assert_int_equal(propose(world, changes, 2), OK);
    assert_true(text_is(decision_thing(world->decision), "PWR-2021.a1"));
    assert_int_equal(world->log_count, before + 3);
    assert_int_equal(world->log[before].message, MESSAGE_amendment_proposed);
    assert_true(text_is(world->log[before].about, "PWR-2021.a1"));
    assert_int_equal(world->log[before + 2].message, MESSAGE_amendment_changed);
    assert_true(text_is(world->log[before + 2].about, "PWR-2021.3"));
    assert_int_equal(pwr(world)->state, STATE_AMENDING);
    read_target(world, "PWR-2021.2", &view); /* what is in force stays, until both have signed */
    assert_int_equal(view.promised.promise.weight.thousandths, 5000);
    assert_null(view.amendment.at);
    assert_int_equal(view.state, STATE_AMENDING);
    uint64_t others = samples_target_version(world, "PWR-2021.4");
    sign(world);
    assert_int_equal(pwr(world)->state, STATE_IN_FORCE);
    read_target(world, "PWR-2021.2", &view);
    assert_int_equal(view.promised.promise.weight.thousandths, 4000);
    assert_true(text_is(view.promised.promise.note, "after the flood"));
    assert_true(text_is(view.promised.id, "PWR-2021.2"));
    assert_true(view.promised.has_check);
    assert_true(text_is(view.amendment, "PWR-2021.a1"));
    assert_int_equal(view.position.value, world->log_count);
    assert_int_equal(view.order.value, 2);
    assert_int_equal(view.verdict, verdict_UNSET); /* the ruling was on other words */
    read_target(world, "PWR-2021.4", &view);
    assert_null(view.amendment.at);
    assert_true(samples_target_version(world, "PWR-2021.4") > others); /* its state shows */
    assert_int_equal(pwr(world)->sums.weight, 100 * DECIMAL_ONE);
}

/* Every way out but the signatures leaves the text as it was, and the next has another number. */
static void test_dropped(void **state)
{
    struct world *world = *state;
    struct target view;
    struct agreement_submit drop = {.agreement = PWR, .remark = TEXT_LITERAL("no need")};
    for (int i = 1; i <= 3; i++) {
        char id[24];
        (void)snprintf(id, sizeof id, "PWR-2021.a%d", i);
        assert_int_equal(propose_one(world, "PWR-2021.1", 10000), OK);
        assert_true(text_is(decision_thing(world->decision), id));
        assert_int_equal(propose_one(world, "PWR-2021.1", 10000), ERR_STATE);
        const char *office = i == 2 ? "pmo" : "secretary.PWR";
        assert_int_equal(
            world_do(world, office, MESSAGE_amendment_drop, &drop, pwr(world)->version), OK);
        assert_true(text_is(decision_thing(world->decision), id));
        assert_null(model_pending(pwr(world)));
        assert_int_equal(pwr(world)->state, STATE_IN_FORCE);
    }
    assert_int_equal(propose_one(world, "PWR-2021.1", 10000), OK);
    assert_null(samples_try(world, MESSAGE_agreement_closed));
    assert_true(pwr(world)->amendments[3].dropped);
    read_target(world, "PWR-2021.1", &view);
    assert_null(view.amendment.at);
    assert_true(text_is(view.promised.promise.note, "invented"));
}

/* ---- what may not be proposed ---- */
static void fails(struct world *world, const char *member)
{
    if (!world_faults(world, member))
        world_print(world);
    assert_true(world_faults(world, member));
    assert_int_equal(pwr(world)->state, STATE_IN_FORCE);
}

static void test_refusals(void **state)
{
    struct world *world = *state;
    struct amendment_change change = change_of("PWR-2021.1", 10000), twice[2];
    struct amendment_propose none = {.agreement = PWR, .reason = TEXT_LITERAL("a flood")};
    assert_int_equal(propose(world, &change, 0), ERR_INVALID);
    fails(world, "rows");
    change.why = (struct text){0};
    assert_int_equal(propose(world, &change, 1), ERR_INVALID);
    fails(world, "rows/0/why");
    change = change_of("PWR-2021.1", 10000);
    change.effect = (struct text){0};
    assert_int_equal(propose(world, &change, 1), ERR_INVALID);
    fails(world, "rows/0/effect");
    change = change_of("PWR-2021.1", 10000);
    change.promise = samples_promise(); /* as it is in force */
    change.promise.weight.thousandths = 10000;
    assert_int_equal(propose(world, &change, 1), ERR_INVALID);
    fails(world, "rows/0/target");
    static const char *const no_targets[] = {"PWR-2021.9", "FIN-2021.1", "PWR-2021", "PWR-2021.01"};
    for (size_t i = 0; i < sizeof no_targets / sizeof *no_targets; i++) {
        assert_int_equal(propose_one(world, no_targets[i], 10000), ERR_INVALID);
        fails(world, "rows/0/target");
    }
    twice[0] = twice[1] = change_of("PWR-2021.2", 5000);
    assert_int_equal(propose(world, twice, 2), ERR_INVALID);
    fails(world, "rows/1/target");
    change = change_of("PWR-2021.1", 10000);
    change.promise.milestones.at[3] = 0; /* against the direction */
    change.promise.baseline_source = (struct text){0};
    assert_int_equal(propose(world, &change, 1), ERR_INVALID);
    fails(world, "rows/0/milestones/3");
    fails(world, "rows/0/baseline_source"); /* what is in force is complete */
    assert_int_equal(propose_one(world, "PWR-2021.1", 9000), ERR_INVALID);
    fails(world, "weight"); /* 99 in all */
    none.reason = (struct text){0};
    assert_int_equal(
        world_do(world, "secretary.PWR", MESSAGE_amendment_propose, &none, 1), ERR_INVALID);
    fails(world, "reason");
    assert_int_equal(propose_as(world, "focal.PWR", &change, 1), ERR_FORBIDDEN);
    assert_int_equal(propose_as(world, "minister.PWR", &change, 1), ERR_FORBIDDEN);
    assert_int_equal(propose_as(world, "secretary.FIN", &change, 1), ERR_FORBIDDEN);
}

/* ---- how much in a year ---- */
static void test_edge(void **state)
{
    struct world *world = *state;
    struct amendment_change shift[] = {
        change_of("PWR-2021.2", 3999), change_of("PWR-2021.3", 5001)};
    assert_int_equal(propose(world, shift, 2), ERR_INVALID); /* 5 and 5.001: a thousandth over */
    fails(world, "rows");
    assert_int_equal(propose_one(world, "PWR-2021.4", 81000), ERR_INVALID);
    fails(world, "rows");
    assert_int_equal(propose_one(world, "PWR-2021.1", 10000), OK); /* exactly ten */
    assert_int_equal(pwr(world)->amendments[0].weight, 10000);
}

static void test_year(void **state)
{
    struct world *world = *state;
    assert_int_equal(propose_one(world, "PWR-2021.2", 5000), OK);
    sign(world);
    int64_t first = world->now_ms;
    world->now_ms += 100 * WORLD_DAY;
    assert_int_equal(propose_one(world, "PWR-2021.1", 10000), ERR_INVALID); /* 5 and 10 */
    fails(world, "rows");
    assert_non_null(strstr(world->why.kept[0].detail, "touched 5;"));
    assert_int_equal(propose_one(world, "PWR-2021.3", 4000), OK); /* 5 and 4 */
    sign(world);
    world->now_ms = first + 365 * WORLD_DAY - 1;
    struct amendment_change again = change_of("PWR-2021.2", 5000);
    again.promise.note = TEXT_LITERAL("again");
    assert_int_equal(propose(world, &again, 1), ERR_INVALID); /* the same target counts again */
    world->now_ms++;
    assert_int_equal(propose(world, &again, 1), OK); /* the first is a year old */
    sign(world);
    struct target view;
    read_target(world, "PWR-2021.2", &view);
    assert_true(text_is(view.amendment, "PWR-2021.a3"));
    assert_true(text_is(view.promised.promise.note, "again"));
}

/* What was proposed and dropped used up nothing. */
static void test_dropped_counts_nothing(void **state)
{
    struct world *world = *state;
    struct agreement_submit drop = {.agreement = PWR};
    assert_int_equal(propose_one(world, "PWR-2021.1", 10000), OK);
    assert_int_equal(
        world_do(world, "pmo", MESSAGE_amendment_drop, &drop, pwr(world)->version), OK);
    assert_int_equal(propose_one(world, "PWR-2021.1", 10000), OK);
}

/* ---- lists ---- */
static size_t listed(struct world *world, const char *office, const struct amendment_list *asked)
{
    assert_int_equal(world_ask(world, office, MESSAGE_amendment_list, asked), OK);
    return (size_t)world_head(world).total.value;
}

static void test_list(void **state)
{
    struct world *world = *state;
    struct amendment_list all = {0}, one = {.agreement = PWR, .limit = {5, true}};
    struct agreement_submit drop = {.agreement = PWR};
    struct amendment_view view;
    for (int i = 1; i <= 11; i++) { /* the first is signed, ten are dropped */
        struct amendment_change change = change_of("PWR-2021.2", 5000);
        if (i > 1)
            change.promise.note = TEXT_LITERAL("again");
        assert_int_equal(propose(world, &change, 1), OK);
        if (i == 1)
            sign(world);
        else
            assert_int_equal(
                world_do(world, "pmo", MESSAGE_amendment_drop, &drop, pwr(world)->version), OK);
        if (i == 1)
            world->now_ms += 400 * WORLD_DAY;
    }
    assert_int_equal(propose_one(world, "PWR-2021.3", 4000), OK);
    assert_int_equal(listed(world, "focal.PWR", &all), 12);
    assert_int_equal(listed(world, "auditor", &one), 12);
    char after[400];
    int expected = 0;
    for (int page = 0; page < 3; page++) {
        for (size_t i = 0; i < reply_count(world->reply); i++) {
            char id[24];
            (void)snprintf(id, sizeof id, "PWR-2021.a%d", ++expected);
            world_read(world, i, amendment_view_record(), &view);
            assert_true(text_is(view.amendment.id, id));
            assert_int_equal(view.in_force, expected == 1 ? FLAG_YES : FLAG_NO);
            assert_int_equal(view.dropped, expected > 1 && expected < 12 ? FLAG_YES : FLAG_NO);
        }
        struct text next = world_head(world).next;
        assert_int_equal(next.at == NULL, page == 2);
        if (page == 2)
            break;
        memcpy(after, next.at, next.len);
        one.after = (struct text){after, next.len};
        assert_int_equal(listed(world, "auditor", &one), 12);
    }
    assert_int_equal(expected, 12);
    static const char *const outside[] = {"", "person", "administrator", "focal.FIN"};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        assert_int_equal(listed(world, outside[i], &all), 1); /* the one that is in force */
        world_read(world, 0, amendment_view_record(), &view);
        assert_true(text_is(view.amendment.id, "PWR-2021.a1"));
    }
    one.after = TEXT_LITERAL("ff");
    assert_int_equal(world_ask(world, "auditor", MESSAGE_amendment_list, &one), ERR_INVALID);
    one = (struct amendment_list){.agreement = TEXT_LITERAL("FIN-2021")};
    assert_int_equal(listed(world, "auditor", &one), 0);
}

/* The old text can be read for ever: folded to any point, the target reads as it did then. */
static void test_old_text(void **state)
{
    struct world *world = *state;
    struct target_one one = {.target = TEXT_LITERAL("PWR-2021.1")};
    struct target view;
    assert_int_equal(propose_one(world, "PWR-2021.1", 10000), OK);
    size_t before = world->log_count;
    sign(world);
    assert_int_equal(world_scope(world, "", MESSAGE_target_get, &one), OK);
    struct scope scope = world->scope;
    size_t count = world->log_count;
    void *now = world->state;
    world->log_count = before;
    world->state = world_fold_again(world, &scope);
    world->log_count = count;
    read_target(world, "PWR-2021.1", &view);
    assert_true(text_is(view.promised.promise.note, "invented"));
    world->service->state_free(world->state);
    world->state = now;
    read_target(world, "PWR-2021.1", &view);
    assert_true(text_is(view.promised.promise.note, "after the flood"));
}

int main(void)
{
#define PLAYED(test) cmocka_unit_test_setup_teardown(test, open_world, samples_close)
    const struct CMUnitTest tests[] = {
        PLAYED(test_road),
        PLAYED(test_dropped),
        PLAYED(test_refusals),
        PLAYED(test_edge),
        PLAYED(test_year),
        PLAYED(test_dropped_counts_nothing),
        PLAYED(test_list),
        PLAYED(test_old_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
