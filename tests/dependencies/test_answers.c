/* What is computed from dependencies: what one answer would free, and which types are late again
 * and again. */
#include "table.h"

#include "dependencies/court.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static int open_court(void **state)
{
    (void)state;
    return court_open(table_service());
}

static void what_if_it_were_granted(void **state)
{
    (void)state;
    assert_int_equal(court_raise("focal.PWR", court_request("PWR-2021.1")), OK);
    struct dependency_raise raise = court_request("PWR-2021.1");
    raise.targets.at[raise.targets.head.count++] = TEXT_LITERAL("PWR-2021.2");
    assert_int_equal(court_raise("focal.PWR", raise), OK);
    struct dependency_one one = {.dependency = TEXT_LITERAL("PWR-2021.d2")};
    struct granted_view view;
    assert_int_equal(world_ask(court_world, "", MESSAGE_granted_get, &one), OK);
    world_read(court_world, 0, granted_view_record(), &view);
    assert_int_equal(view.freed.value, 1);
    assert_int_equal(view.freed_weight.thousandths, 20000);
    assert_int_equal(view.nearer.value, 1);
    assert_true(text_is(view.targets.at[0], "PWR-2021.2"));
    struct dependency_list list = {.target = TEXT_LITERAL("PWR-2021.1")};
    assert_int_equal(world_ask(court_world, "", MESSAGE_dependency_list, &list), OK);
    assert_int_equal(world_head(court_world).total.value, 2);
    struct target_one target = {.target = TEXT_LITERAL("LAW-2021.1")};
    assert_int_equal(world_ask(court_world, "", MESSAGE_chain_get, &target), ERR_NOT_FOUND);
}

/* Half of six answers beyond the norm: the rule is to be changed, not the file. */
static void types_that_are_late_again_and_again(void **state)
{
    (void)state;
    for (int i = 1; i <= 6; i++) {
        char id[ID_MAX + 1];
        assert_int_equal(court_raise("focal.PWR", court_request("PWR-2021.1")), OK);
        (void)snprintf(id, sizeof id, "PWR-2021.d%d", i);
        if (i > 3)
            court_world->now_ms += 28 * WORLD_DAY; /* 20 working days */
        (void)court_fall_due();
        struct dependency_act grant = {.dependency = text_of(id)};
        assert_int_equal(world_do(court_world, "focal.LAW", MESSAGE_dependency_grant, &grant,
                             court_version(text_of(id))),
            OK);
    }
    struct lateness_list list = {0};
    struct lateness lateness;
    assert_int_equal(world_ask(court_world, "", MESSAGE_lateness_list, &list), OK);
    world_read(court_world, 0, lateness_record(), &lateness);
    assert_int_equal(lateness.ended.value, 6);
    assert_int_equal(lateness.late.value, 3);
    assert_int_equal(lateness.median_days.value, 0);
    assert_int_equal(lateness.change_rule, FLAG_YES);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_court, court_close)
    const struct CMUnitTest tests[] = {
        CASE(what_if_it_were_granted), CASE(types_that_are_late_again_and_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
