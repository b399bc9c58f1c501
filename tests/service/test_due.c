/* Work that falls due by itself: once, whoever restarts and however many instances run; commands
 * come after it; what cannot be decided stops nobody else. */
#include "stand.h"

#include "base/clock.h"
#include "registry.h"
#include "support/chance.h"

#include <stdio.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

static struct redis *redis;

static int start(void **state)
{
    (void)state;
    redis = redis_start(NULL);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    redis_stop(redis);
    return 0;
}

/* The answer shows that it was done: read by its version, which the due work has raised. */
static void until_done(struct stand *stand, int instance, const char *id, uint64_t version)
{
    char name[64] = "";
    uint64_t deadline_us = clock_mono_us() + 20000000;
    while (stand_get(stand, instance, id, 0, NULL, name) < version)
        assert_true(clock_mono_us() < deadline_us);
    assert_int_equal(stand_get(stand, instance, id, 0, NULL, name), version);
    assert_string_equal(name, REGISTRY_DONE);
}

static void it_happens_by_itself_and_once(void **state)
{
    (void)state;
    static struct stand stand;
    struct did did = {0};
    stand_open(&stand, redis, "ONCE");
    stand_start_ready(&stand, 0);
    assert_int_equal(
        stand_put(&stand, 0, MESSAGE_body_register, "r", "PWR", REGISTRY_DUE, &did), OK);
    until_done(&stand, 0, "PWR", 2);
    /* Falling due again is another thing. */
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_change, "c", "PWR", REGISTRY_DUE, &did), OK);
    assert_int_equal(did.version, 3);
    until_done(&stand, 0, "PWR", 4);
    stand_close(&stand);
}

/* The command was sent at once, and is decided on what the due work left. */
static void commands_are_decided_after_it(void **state)
{
    (void)state;
    static struct stand stand;
    struct did did = {0};
    char id[16], key[16];
    stand_open(&stand, redis, "AFTER");
    stand_start_ready(&stand, 0);
    for (int i = 0; i < 40; i++) {
        (void)snprintf(id, sizeof id, "B%d", i);
        (void)snprintf(key, sizeof key, "r%d", i);
        assert_int_equal(
            stand_put(&stand, 0, MESSAGE_body_register, key, id, REGISTRY_DUE, &did), OK);
        (void)snprintf(key, sizeof key, "c%d", i);
        assert_int_equal(stand_put(&stand, 0, MESSAGE_body_change, key, id, "Other", &did), OK);
        assert_int_equal(did.version, 3);
    }
    stand_close(&stand);
}

/* Two instances see the same things fall due, and are killed between: each happens once. */
static void once_with_two_instances_and_kills(void **state)
{
    (void)state;
    enum { ROUNDS = 12, BODIES = 20 };
    static struct stand stand;
    struct chance chance = chance_start("due");
    struct did did = {0};
    char id[16], key[48], a[65], replayed[96];
    stand_open(&stand, redis, "KILL");
    stand_start_ready(&stand, 0);
    for (int i = 0; i < BODIES; i++) {
        (void)snprintf(id, sizeof id, "B%d", i);
        (void)snprintf(key, sizeof key, "r%d", i);
        assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, key, id, "x", &did), OK);
    }
    for (int round = 0; round < ROUNDS; round++) {
        stand_start(&stand, 1);
        for (int i = 0; i < BODIES; i++) {
            (void)snprintf(id, sizeof id, "B%d", i);
            (void)snprintf(key, sizeof key, "c%d-%d", round, i);
            assert_int_equal(
                stand_put(&stand, 0, MESSAGE_body_change, key, id, REGISTRY_DUE, &did), OK);
            assert_int_equal(did.version, 2 + 2 * (uint64_t)round);
            if ((int)chance_below(&chance, BODIES) == i) {
                stand_kill(&stand, 0);
                stand_start_ready(&stand, 0);
            }
        }
        for (int i = 0; i < BODIES; i++) {
            (void)snprintf(id, sizeof id, "B%d", i);
            until_done(&stand, 0, id, 3 + 2 * (uint64_t)round);
        }
        stand_kill(&stand, 1);
    }
    stand_digest(&stand, 0, a);
    stand_replay(&stand, replayed);
    assert_string_equal(strchr(replayed, ' ') + 1, a);
    stand_close(&stand);
}

static void poison_stops_nobody(void **state)
{
    (void)state;
    static struct stand stand;
    struct did did = {0};
    char name[64];
    stand_open(&stand, redis, "POISON");
    stand_start_ready(&stand, 0);
    assert_int_equal(
        stand_put(&stand, 0, MESSAGE_body_register, "r", "PWR", REGISTRY_POISON, &did), OK);
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "s", "WTR", "Water", &did), OK);
    assert_int_equal(stand_get(&stand, 0, "WTR", did.position, NULL, name), 1);
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_change, "c", "PWR", "Cured", &did), OK);
    assert_int_equal(did.version, 2);
    stand_close(&stand);
}

/* Nobody is the clock but the program itself. */
static void nobody_comes_as_the_clock(void **state)
{
    (void)state;
    static struct stand stand;
    static struct told told;
    struct body body = {.id = TEXT_LITERAL("PWR"),
        .name = TEXT_LITERAL("Power"),
        .kind = TEXT_LITERAL("division"),
        .valid_from = 20210701};
    stand_open(&stand, redis, "CLOCK");
    stand_start_ready(&stand, 0);
    stand_ask(&stand,
        &(struct question){.message = MESSAGE_body_register,
            .office = "clock",
            .person = "clock",
            .key = "k",
            .body = &body},
        &told);
    assert_int_equal(told.status, ERR_FORBIDDEN);
    told_free(&told);
    stand_close(&stand);
}

int main(int argc, char **argv)
{
    int code;
    if (stand_serves(argc, argv, &code))
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_happens_by_itself_and_once),
        cmocka_unit_test(commands_are_decided_after_it),
        cmocka_unit_test(once_with_two_instances_and_kills),
        cmocka_unit_test(poison_stops_nobody),
        cmocka_unit_test(nobody_comes_as_the_clock),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
