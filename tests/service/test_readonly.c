/* Read-only hold: demanded by one, kept by all, over by silence. */
#include "stand.h"

#include "base/clock.h"
#include "registry.h"

#include <stdio.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

#define WAIT_US 20000000u

static struct redis *redis;
static struct stand stand;
static struct told told;
static unsigned keys;

static int start(void **state)
{
    (void)state;
    redis = redis_start(NULL);
    stand_open(&stand, redis, "READ");
    stand_start_ready(&stand, 0);
    stand_start_ready(&stand, 1);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    stand_close(&stand);
    redis_stop(redis);
    return 0;
}

static enum err try(int instance, const char *id)
{
    struct did did;
    char key[16];
    (void)snprintf(key, sizeof key, "k%u", ++keys);
    return stand_put(&stand, instance, MESSAGE_body_change, key, id, "Changed", &did);
}

/* Tries until the instance answers so; how long that took. */
static uint64_t until(int instance, const char *id, enum err wanted)
{
    uint64_t began_us = clock_mono_us();
    enum err status;
    while ((status = try(instance, id)) != wanted) {
        assert_true(status == OK || status == ERR_READ_ONLY);
        assert_true(clock_mono_us() - began_us < WAIT_US);
        bus_wait(NULL, 0, 5);
    }
    return clock_mono_us() - began_us;
}

static void assert_held(int instance)
{
    char why[256], name[64];
    struct body body = {.id = TEXT_LITERAL("PWR"),
        .name = TEXT_LITERAL("x"),
        .kind = TEXT_LITERAL("division"),
        .valid_from = 20210701};
    struct question question = {.instance = instance,
        .message = MESSAGE_body_change,
        .office = "administrator.1",
        .key = "held",
        .body = &body};
    stand_ask(&stand, &question, &told);
    assert_int_equal(told.status, ERR_READ_ONLY);
    assert_string_equal(told.why.kept[0].detail, REGISTRY_HOLD);
    told_free(&told);
    assert_int_equal(stand_status(&stand, instance, why).ready, FLAG_NO);
    assert_string_equal(why, REGISTRY_HOLD);
    assert_true(stand_get(&stand, instance, "PWR", 0, NULL, name) > 0); /* reading goes on */
}

static void all_hold_while_one_demands_it(void **state)
{
    (void)state;
    struct did did = {0};
    char why[256], name[64];
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "r", "PWR", "Power", &did), OK);
    assert_int_equal(stand_get(&stand, 1, "PWR", did.position, NULL, name), 1);
    stand_hold(&stand, 0, true);
    until(0, "PWR", ERR_READ_ONLY);
    until(1, "PWR", ERR_READ_ONLY);
    int64_t position = stand_status(&stand, 0, why).position.value;
    for (uint64_t end_us = clock_mono_us() + 3500000; clock_mono_us() < end_us;) {
        assert_held(0);
        assert_held(1); /* longer than one message lasts */
        bus_wait(NULL, 0, 50);
    }
    assert_int_equal(stand_status(&stand, 0, why).position.value, position);
    stand_hold(&stand, 0, false);
    until(0, "PWR", OK);
    until(1, "PWR", OK);
    assert_int_equal(stand_status(&stand, 1, why).ready, FLAG_YES);
}

static void a_dead_holder_holds_nobody_for_ever(void **state)
{
    (void)state;
    char why[256];
    stand_hold(&stand, 0, true);
    until(1, "PWR", ERR_READ_ONLY);
    stand_kill(&stand, 0);
    assert_true(until(1, "PWR", OK) > 1000000);
    stand_start(&stand, 0); /* it finds the same again, before anybody may write through it */
    until(1, "PWR", ERR_READ_ONLY);
    assert_held(0);
    assert_held(1);
    stand_hold(&stand, 0, false);
    until(0, "PWR", OK);
    until(1, "PWR", OK);
    assert_int_equal(stand_status(&stand, 0, why).ready, FLAG_YES);
}

int main(int argc, char **argv)
{
    int code;
    if (stand_serves(argc, argv, &code))
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_hold_while_one_demands_it),
        cmocka_unit_test(a_dead_holder_holds_nobody_for_ever),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
