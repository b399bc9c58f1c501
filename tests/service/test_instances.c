/* What the runtime promises when processes race, end and die: what was acknowledged is there once,
 * in order, and every follower folds the same. */
#include "stand.h"

#include "base/clock.h"
#include "posts.h"
#include "schema/pack.h"
#include "support/chance.h"

#include <stdio.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

static struct redis *redis;
static struct told told;

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

static void send_change(struct stand *stand, int instance, const char *id, unsigned n)
{
    char key[32], name[32];
    (void)snprintf(key, sizeof key, "c%u", n);
    (void)snprintf(name, sizeof name, "Name %u", n);
    struct body body = {.id = text_of(id),
        .name = text_of(name),
        .kind = TEXT_LITERAL("division"),
        .valid_from = 20210701};
    (void)stand_send(stand, &(struct question){.instance = instance,
                                .message = MESSAGE_body_change,
                                .office = "administrator.1",
                                .key = key,
                                .body = &body});
}

static void assert_same_digest(struct stand *stand, uint64_t position)
{
    char a[65], b[65];
    stand_until(stand, 0, position);
    stand_until(stand, 1, position);
    stand_digest(stand, 0, a);
    stand_digest(stand, 1, b);
    assert_string_equal(a, b);
    char replayed[96];
    stand_replay(stand, replayed);
    assert_string_equal(strchr(replayed, ' ') + 1, a);
}

/* Both instances change one body as fast as they can. Each acknowledged change has a version of its
 * own, and the body is at exactly as many versions as were acknowledged. */
static void two_instances_race_without_loss(void **state)
{
    (void)state;
    enum { ROUNDS = 60 };
    static struct stand stand;
    struct did did = {0};
    char name[64], why[256];
    bool seen[2 * ROUNDS + 2] = {false};
    uint64_t done = 1, last = 0;
    stand_open(&stand, redis, "RACE");
    stand_start_ready(&stand, 0);
    stand_start_ready(&stand, 1);
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "r", "PWR", "x", &did), OK);
    stand_until(&stand, 1, did.position);
    for (unsigned n = 0; n < ROUNDS; n++) {
        send_change(&stand, 0, "PWR", 2 * n);
        send_change(&stand, 1, "PWR", 2 * n + 1);
        for (int i = 0; i < 2; i++) {
            assert_true(stand_hear(&stand, i, 20000, &told));
            if (told.status == OK) {
                uint64_t version = (uint64_t)told.answer.version.value;
                assert_true(version < sizeof seen && !seen[version]);
                seen[version] = true;
                done++;
                last = last > (uint64_t)told.answer.position.value
                           ? last
                           : (uint64_t)told.answer.position.value;
            } else
                assert_int_equal(told.status, ERR_CONFLICT);
            told_free(&told);
        }
    }
    assert_int_equal(stand_get(&stand, 0, "PWR", last, NULL, name), done);
    assert_int_equal(stand_get(&stand, 1, "PWR", last, NULL, name), done);
    assert_true(stand_status(&stand, 0, why).conflicts.value +
                    stand_status(&stand, 1, why).conflicts.value >
                0);
    assert_same_digest(&stand, last);
    stand_close(&stand);
}

/* Every command that was sent before SIGTERM is answered; what was accepted is in the ledger. */
static void sigterm_finishes_what_is_under_way(void **state)
{
    (void)state;
    enum { SENT = 50 };
    static struct stand stand;
    struct did did = {0};
    char name[64];
    uint64_t done = 1, last = 0;
    stand_open(&stand, redis, "DRAIN");
    stand_start_ready(&stand, 0);
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "r", "PWR", "x", &did), OK);
    for (unsigned n = 0; n < SENT; n++)
        send_change(&stand, 0, "PWR", n);
    stand_end(&stand, 0);
    for (int i = 0; i < SENT && stand_hear(&stand, 0, 2000, &told); i++) {
        assert_true(told.status == OK || told.status == ERR_UNAVAILABLE);
        if (told.status == OK) {
            done++;
            last = (uint64_t)told.answer.position.value;
        }
        told_free(&told);
    }
    assert_int_equal(stand_wait(&stand, 0), 0);
    stand_start_ready(&stand, 0);
    assert_int_equal(stand_get(&stand, 0, "PWR", last, NULL, name), done);
    stand_close(&stand);
}

/* Killed in the middle of writes, again and again; repeats under the same keys until each write is
 * acknowledged, then counts. */
static void kill_loses_and_doubles_nothing(void **state)
{
    (void)state;
    enum { KILLS = 8, WRITES = 40 };
    static struct stand stand;
    struct did did = {0};
    char name[64];
    uint64_t last = 0;
    bool seen[KILLS * WRITES + 2] = {false};
    struct chance chance = chance_start("kill_loses_and_doubles_nothing");
    stand_open(&stand, redis, "KILL");
    stand_start_ready(&stand, 1);
    stand_start_ready(&stand, 0);
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "r", "PWR", "x", &did), OK);
    for (unsigned k = 0; k < KILLS; k++) {
        for (unsigned n = 0; n < WRITES; n++)
            send_change(&stand, 0, "PWR", k * WRITES + n);
        for (uint32_t heard = chance_below(&chance, WRITES); heard-- > 0;) {
            assert_true(stand_hear(&stand, 0, 20000, &told));
            assert_int_equal(told.status, OK);
            told_free(&told);
        }
        stand_kill(&stand, 0);
        stand_start_ready(&stand, 0);
        while (stand_hear(&stand, 0, 0, &told)) /* of before the kill */
            told_free(&told);
        for (unsigned n = 0; n < WRITES; n++) {
            char key[32];
            (void)snprintf(key, sizeof key, "c%u", k * WRITES + n);
            (void)snprintf(name, sizeof name, "Name %u", k * WRITES + n);
            assert_int_equal(stand_put(&stand, 0, MESSAGE_body_change, key, "PWR", name, &did), OK);
            assert_true(did.version < sizeof seen && !seen[did.version]);
            seen[did.version] = true;
            last = last > did.position ? last : did.position;
        }
    }
    assert_int_equal(stand_get(&stand, 0, "PWR", last, NULL, name), KILLS * WRITES + 1);
    assert_same_digest(&stand, last); /* a replayed one and one that heard it all */
    stand_close(&stand);
}

/* Redis stops answering: the asker hears of its deadline, and what became of the write later. */
static void silence_of_redis_ends_in_a_deadline(void **state)
{
    (void)state;
    static struct stand stand;
    struct did did = {0};
    char name[64];
    stand_open(&stand, redis, "SILENT");
    stand_start_ready(&stand, 0);
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "r", "PWR", "x", &did), OK);
    redis_pause(redis);
    struct body body = {.id = TEXT_LITERAL("PWR"),
        .name = TEXT_LITERAL("Energy"),
        .kind = TEXT_LITERAL("division"),
        .valid_from = 20210701};
    stand_ask(&stand,
        &(struct question){.message = MESSAGE_body_change,
            .office = "administrator.1",
            .key = "s",
            .body = &body,
            .within_ms = 100},
        &told);
    assert_int_equal(told.status, ERR_DEADLINE);
    told_free(&told);
    assert_int_equal(stand_get(&stand, 0, "PWR", did.position, NULL, name), 1); /* readable */
    redis_continue(redis);
    stand_until(&stand, 0, did.position);
    enum err status;
    do /* the service may still find Redis lost for a moment */
        status = stand_put(&stand, 0, MESSAGE_body_change, "s", "PWR", "Energy", &did);
    while (status == ERR_UNAVAILABLE);
    assert_int_equal(status, OK);
    assert_int_equal(did.version, 2);
    assert_int_equal(stand_get(&stand, 0, "PWR", did.position, NULL, name), 2);
    assert_string_equal(name, "Energy");
    stand_close(&stand);
}

static void without_redis_it_says_so(void **state)
{
    (void)state;
    static struct stand stand;
    struct did did = {0};
    char why[256];
    stand_open(&stand, redis, "GONE");
    redis_kill(redis);
    stand_start(&stand, 0);
    assert_int_equal(stand_status(&stand, 0, why).ready, FLAG_NO);
    assert_true(strlen(why) > 0);
    assert_int_equal(
        stand_put(&stand, 0, MESSAGE_body_register, "r", "PWR", "x", &did), ERR_UNAVAILABLE);
    redis_restart(redis);
    stand_until(&stand, 0, 0);
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "r", "PWR", "x", &did), OK);
    stand_close(&stand);
}

/* An entry that is no event: the service stops folding there and says which. */
static void a_poisoned_ledger_is_named(void **state)
{
    (void)state;
    static struct stand stand;
    struct did did = {0};
    char why[256];
    stand_open(&stand, redis, "POISON");
    stand_start_ready(&stand, 0);
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "r", "PWR", "x", &did), OK);
    redis_expect(redis, "XADD misaq:{POISON}:ledger 3-0 e nonsense", "3-0");
    redis_expect(redis, "HSET misaq:{POISON}:versions ~head 3", ":0");
    for (uint64_t until = clock_mono_us() + 20000000;;) {
        struct service_status status = stand_status(&stand, 0, why);
        assert_int_equal(status.position.value, POSTS_FOUNDED + 1);
        if (status.ready == FLAG_NO && strstr(why, "event 3 cannot be folded"))
            break;
        assert_true(clock_mono_us() < until);
        bus_wait(NULL, 0, 20);
    }
    assert_int_equal(
        stand_put(&stand, 0, MESSAGE_body_change, "c", "PWR", "y", &did), ERR_READ_ONLY);
    stand_close(&stand);
}

int main(int argc, char **argv)
{
    int code;
    if (stand_serves(argc, argv, &code))
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_instances_race_without_loss),
        cmocka_unit_test(sigterm_finishes_what_is_under_way),
        cmocka_unit_test(kill_loses_and_doubles_nothing),
        cmocka_unit_test(silence_of_redis_ends_in_a_deadline),
        cmocka_unit_test(without_redis_it_says_so),
        cmocka_unit_test(a_poisoned_ledger_is_named),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
