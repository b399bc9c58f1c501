/* Ideas pass their gates one by one, each opened by who may; whoever shapes one while an agreement
 * is in force says what is slowed for it, and only a signed amendment adopts it. */
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

static enum err propose(struct world *world, const char *office, const char *body)
{
    struct idea_propose propose = {.title = TEXT_LITERAL("Meters that read themselves"),
        .text = TEXT_LITERAL("Invented"),
        .body = text_of(body)};
    return world_do(world, office, MESSAGE_idea_propose, &propose, 0);
}

static uint64_t version_of(struct world *world)
{
    const struct model *model = world->state;
    const struct idea_entry *idea = ideas_find(&model->ideas, TEXT_LITERAL("idea-1"));
    return idea ? idea->version : 0;
}

static struct idea_step to(enum idea_state state)
{
    return (struct idea_step){
        .idea = TEXT_LITERAL("idea-1"), .to = state, .reason = TEXT_LITERAL("Invented")};
}

static enum err take(struct world *world, const char *office, struct idea_step step)
{
    return world_do(world, office, MESSAGE_idea_step, &step, version_of(world));
}

static void read_idea(struct world *world, struct idea_view *ret_view)
{
    struct idea_one one = {.idea = TEXT_LITERAL("idea-1")};
    assert_int_equal(world_ask(world, "", MESSAGE_idea_get, &one), OK);
    world_read(world, 0, idea_view_record(), ret_view);
}

static void test_proposing(void **state)
{
    struct world *world = *state;
    struct idea_view view;
    assert_int_equal(propose(world, "person", "PWR"), OK);
    assert_int_equal(propose(world, "minister.FIN", "NOBODY"), ERR_INVALID);
    assert_true(world_faults(world, "body"));
    read_idea(world, &view);
    assert_int_equal(view.state, IDEA_PROPOSED);
    assert_int_equal(view.endorsements.value, 0);
}

/* The gates in order, and every office that may open each. */
static const struct {
    enum idea_state to;
    const char *offices[3];
} way[] = {{IDEA_SCREENED, {"secretariat"}}, {IDEA_SPONSORED, {"minister.PWR", "minister.FIN"}},
    {IDEA_SHAPED, {"focal.PWR", "secretary.PWR"}}, {IDEA_TRIAL, {"pmo", "secretariat"}}};
#define WAY (sizeof way / sizeof *way)

static bool may(size_t stand, const char *office, enum idea_state next)
{
    if (stand == WAY || next != way[stand].to)
        return false;
    for (size_t i = 0; i < 3 && way[stand].offices[i]; i++)
        if (strcmp(office, way[stand].offices[i]) == 0)
            return true;
    return false;
}

/* Whatever is not in the table is refused, from wherever it stands, and leaves no trace. */
static void test_every_gate(void **state)
{
    static const char *const offices[] = {"focal.PWR", "secretary.PWR", "minister.PWR", "focal.FIN",
        "minister.FIN", "secretariat", "pmo"};
    struct world *world = *state;
    assert_int_equal(propose(world, "person", "PWR"), OK);
    for (size_t stand = 0; stand <= WAY; stand++) {
        for (size_t i = 0; i < sizeof offices / sizeof *offices; i++)
            for (enum idea_state next = IDEA_PROPOSED; next <= IDEA_ADOPTED; next++) {
                uint64_t version = version_of(world);
                if (may(stand, offices[i], next))
                    continue;
                assert_int_not_equal(take(world, offices[i], to(next)), OK);
                assert_int_equal(version_of(world), version);
            }
        if (stand < WAY)
            assert_int_equal(take(world, way[stand].offices[0], to(way[stand].to)), OK);
    }
}

static void test_parked_and_declined(void **state)
{
    struct world *world = *state;
    assert_int_equal(propose(world, "person", "PWR"), OK);
    assert_int_equal(take(world, "secretariat", to(IDEA_PARKED)), OK);
    assert_int_equal(take(world, "minister.PWR", to(IDEA_SPONSORED)), ERR_STATE);
    assert_int_equal(take(world, "secretariat", to(IDEA_SCREENED)), OK);
    assert_int_equal(take(world, "minister.PWR", to(IDEA_SPONSORED)), OK);
    assert_int_equal(take(world, "minister.FIN", to(IDEA_PARKED)), ERR_FORBIDDEN);
    assert_int_equal(take(world, "minister.PWR", to(IDEA_DECLINED)), OK);
    assert_int_equal(take(world, "secretariat", to(IDEA_SCREENED)), ERR_STATE);
    struct idea_view view;
    read_idea(world, &view);
    assert_int_equal(view.gates.head.count, 4);
    assert_true(text_is(view.sponsor, "minister.PWR"));
}

static void test_endorsing(void **state)
{
    struct world *world = *state;
    struct idea_endorse endorse = {.idea = TEXT_LITERAL("idea-1")};
    struct idea_view view;
    assert_int_equal(world_do(world, "person", MESSAGE_idea_endorse, &endorse, 0), ERR_NOT_FOUND);
    assert_int_equal(propose(world, "person", "PWR"), OK);
    assert_int_equal(world_do(world, "focal.FIN", MESSAGE_idea_endorse, &endorse, 0), OK);
    assert_int_equal(world_do(world, "focal.FIN", MESSAGE_idea_endorse, &endorse, 0), ERR_EXISTS);
    read_idea(world, &view);
    assert_int_equal(view.endorsements.value, 1);
}

/* In force: what is slowed must be a target of the own agreement, with no more weight than it has;
 * adopted is what a later amendment, signed by both, says. */
static void test_displacement(void **state)
{
    struct world *world = *state;
    struct target_promise promise = samples_promise();
    samples_draft(world, "PWR-2021", &promise);
    samples_reach(world, STATE_IN_FORCE);
    assert_int_equal(propose(world, "person", "PWR"), OK);
    assert_int_equal(take(world, "secretariat", to(IDEA_SCREENED)), OK);
    assert_int_equal(take(world, "minister.PWR", to(IDEA_SPONSORED)), OK);
    struct idea_step step = to(IDEA_SHAPED);
    assert_int_equal(take(world, "focal.PWR", step), ERR_INVALID);
    assert_true(world_faults(world, "slows"));
    step.slows = TEXT_LITERAL("FIN-2021.1");
    assert_int_equal(take(world, "focal.PWR", step), ERR_INVALID);
    step.slows = TEXT_LITERAL("PWR-2021.1");
    assert_int_equal(take(world, "focal.PWR", step), ERR_INVALID);
    assert_true(world_faults(world, "slows_weight"));
    step.slows_weight = (struct decimal){100001, true};
    assert_int_equal(take(world, "focal.PWR", step), ERR_INVALID);
    step.slows_weight = (struct decimal){3000, true};
    assert_int_equal(take(world, "focal.PWR", step), OK);
    struct idea_step adopt = to(IDEA_ADOPTED);
    adopt.amendment = TEXT_LITERAL("PWR-2021.a1");
    assert_int_equal(take(world, "pmo", adopt), ERR_INVALID);
    assert_true(world_faults(world, "amendment"));
    assert_null(samples_try(world, MESSAGE_amendment_proposed));
    assert_null(samples_try(world, MESSAGE_amendment_changed));
    assert_int_equal(take(world, "pmo", adopt), ERR_INVALID);
    assert_null(samples_try(world, MESSAGE_agreement_amended));
    assert_int_equal(take(world, "pmo", adopt), OK);
    struct idea_view view;
    read_idea(world, &view);
    assert_int_equal(view.state, IDEA_ADOPTED);
    assert_true(text_is(view.slows, "PWR-2021.1"));
    assert_true(text_is(view.amendment, "PWR-2021.a1"));
}

static void test_orders(void **state)
{
    struct world *world = *state;
    struct order_log log = {.body = TEXT_LITERAL("PWR"),
        .from = TEXT_LITERAL("A committee of the house"),
        .text = TEXT_LITERAL("Light the avenue by Friday")};
    assert_int_equal(world_do(world, "focal.FIN", MESSAGE_order_log, &log, 0), ERR_FORBIDDEN);
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_order_log, &log, 0), OK);
    assert_int_equal(world_do(world, "pmo", MESSAGE_order_log, &log, 0), OK);
    struct order_list list = {.body = TEXT_LITERAL("PWR")};
    assert_int_equal(world_ask(world, "auditor", MESSAGE_order_list, &list), OK);
    assert_int_equal(world_head(world).total.value, 2);
    list.from_day = 20990101;
    assert_int_equal(world_ask(world, "auditor", MESSAGE_order_list, &list), OK);
    assert_int_equal(world_head(world).total.value, 0);
}

/* Folded again from its events, all is the same. */
static void test_digest(void **state)
{
    struct world *world = *state;
    BUF_CLEANUP struct buf one = BUF(1u << 20), other = BUF(1u << 20);
    test_parked_and_declined(state);
    void *again = world_fold_again(world, NULL);
    world_digest(world, world->state, &one);
    world_digest(world, again, &other);
    assert_true(text_equal(buf_as_text(&one), buf_as_text(&other)));
    assert_non_null(strstr(buf_as_text(&one).at, "idea-1"));
    world->service->state_free(again);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_world, samples_close)
    const struct CMUnitTest tests[] = {CASE(test_proposing), CASE(test_every_gate),
        CASE(test_parked_and_declined), CASE(test_endorsing), CASE(test_displacement),
        CASE(test_orders), CASE(test_digest)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
