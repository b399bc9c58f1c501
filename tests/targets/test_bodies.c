/* Cycles and bodies: every rule, and the chain of successors that must not close. */
#include "table.h"

#include "model.h"

#include "targets/samples.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int open_world(void **state)
{
    *state = samples_world(table_service());
    return 0;
}

static void cycle_fails(
    struct world *world, const struct cycle *cycle, enum err err, const char *member)
{
    assert_int_equal(world_do(world, "administrator", MESSAGE_cycle_create, cycle, 0), err);
    assert_true(world_faults(world, member));
}

static void test_cycle(void **state)
{
    struct world *world = *state;
    struct cycle fine = samples_cycle(), cycle = fine;
    cycle_fails(world, &cycle, ERR_EXISTS, "id");
    fine.id = TEXT_LITERAL("2023");
    fine.starts_on = 20230701;
    fine.ends_on = 20250630;
    cycle = fine;
    cycle.id = TEXT_LITERAL("2024");
    cycle_fails(world, &cycle, ERR_INVALID, "id");
    cycle.id = TEXT_LITERAL("02023");
    cycle_fails(world, &cycle, ERR_INVALID, "id");
    cycle = fine;
    cycle.ends_on = cycle.starts_on;
    cycle_fails(world, &cycle, ERR_INVALID, "ends_on");
    cycle = fine;
    cycle.periods.value = 9;
    cycle_fails(world, &cycle, ERR_INVALID, "periods");
    cycle.periods.value = 0;
    cycle_fails(world, &cycle, ERR_INVALID, "periods");
    struct cycle preset = {
        .id = fine.id, .title = fine.title, .starts_on = fine.starts_on, .ends_on = fine.ends_on};
    assert_int_equal(world_do(world, "secretariat", MESSAGE_cycle_create, &preset, 0), OK);
    assert_int_equal(model_cycle(world->state, fine.id)->facts.periods.value, 8);
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_cycle_create, &fine, 0), ERR_FORBIDDEN);
}

static void body_fails(
    struct world *world, const struct body *body, enum err err, const char *member)
{
    assert_int_equal(world_do(world, "administrator", MESSAGE_body_register, body, 0), err);
    assert_true(world_faults(world, member));
}

static void test_body(void **state)
{
    struct world *world = *state;
    static const char *const wrong[] = {"P", "pwr", "1PW", "P-W", "ABCDEFGHIJKLM", "EXTERNAL"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct body body = samples_body(wrong[i]);
        body_fails(world, &body, ERR_INVALID, "id");
    }
    struct body body = samples_body("PWR");
    body_fails(world, &body, ERR_EXISTS, "id");
    body = samples_body("A1");
    body.valid_to = body.valid_from;
    body_fails(world, &body, ERR_INVALID, "valid_to");
    body.valid_to = 20301231;
    body.successors.head = (struct list_head){4, true};
    body.successors.at[0] = TEXT_LITERAL("PWR");
    body.successors.at[1] = TEXT_LITERAL("XYZ");
    body.successors.at[2] = TEXT_LITERAL("A1");
    body.successors.at[3] = TEXT_LITERAL("PWR");
    body_fails(world, &body, ERR_INVALID, "successors/1");
    assert_true(world_faults(world, "successors/2"));
    assert_true(world_faults(world, "successors/3"));
    assert_int_equal(world->why.total, 3);
    body.successors.head.count = 1;
    assert_int_equal(world_do(world, "administrator", MESSAGE_body_register, &body, 0), OK);
    assert_int_equal(
        world_do(world, "secretariat", MESSAGE_body_register, &body, 0), ERR_FORBIDDEN);
}

static enum err succeed(struct world *world, const char *id, const char *by, uint64_t version)
{
    struct body body = samples_body(id);
    body.successors.head = (struct list_head){1, true};
    body.successors.at[0] = text_of(by);
    return world_do(world, "administrator", MESSAGE_body_change, &body, version);
}

static void test_body_change(void **state)
{
    struct world *world = *state;
    assert_int_equal(succeed(world, "XYZ", "PWR", 1), ERR_NOT_FOUND);
    assert_int_equal(succeed(world, "PWR", "WAT", 0), ERR_UNCONDITIONAL);
    assert_int_equal(succeed(world, "PWR", "WAT", 7), ERR_STALE);
    assert_int_equal(succeed(world, "PWR", "WAT", 1), OK);
    assert_int_equal(succeed(world, "WAT", "FIN", 1), OK);
    assert_int_equal(decision_relied_count(world->decision), 1);    /* FIN must not have changed */
    assert_int_equal(succeed(world, "FIN", "PWR", 1), ERR_INVALID); /* FIN, PWR, WAT, FIN */
    assert_true(world_faults(world, "successors/0"));
    struct body_one one = {.body = TEXT_LITERAL("PWR")};
    struct body_view view;
    assert_int_equal(world_ask(world, "", MESSAGE_body_get, &one), OK);
    world_read(world, 0, body_view_record(), &view);
    assert_int_equal(view.version.value, 2);
    assert_true(text_is(view.body.successors.at[0], "WAT"));
}

int main(void)
{
#define PLAYED(test) cmocka_unit_test_setup_teardown(test, open_world, samples_close)
    const struct CMUnitTest tests[] = {
        PLAYED(test_cycle),
        PLAYED(test_body),
        PLAYED(test_body_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
