/* Nobody acts in an office that they do not hold at the moment of writing, whatever a service has
 * or has not heard by then. */
#include "stand.h"

#include "posts.h"

#include <stdio.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

#define GOVERNMENT "HOLD"

static struct redis *redis;
static struct stand stand;
static struct told told;

static int start(void **state)
{
    (void)state;
    redis = redis_start(NULL);
    stand_open(&stand, redis, GOVERNMENT);
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

/* Registers a body in an office; told.status is freed, and the version stays in told.answer. */
static enum err act(int instance, const char *person, const char *office, const char *body_id,
    const char *key, uint64_t least)
{
    struct body body = {.id = text_of(body_id),
        .name = TEXT_LITERAL("Somewhere"),
        .kind = TEXT_LITERAL("division"),
        .valid_from = 20210701};
    stand_ask(&stand,
        &(struct question){.instance = instance,
            .message = MESSAGE_body_register,
            .person = person,
            .office = office,
            .key = key,
            .least = (int64_t)least,
            .body = &body},
        &told);
    told_free(&told);
    return told.status;
}

static enum err ask(const char *person, const char *office, uint64_t least)
{
    stand_ask(&stand,
        &(struct question){.message = MESSAGE_body_list,
            .person = person,
            .office = office,
            .least = (int64_t)least},
        &told);
    told_free(&told);
    return told.status;
}

static void assert_detail(const char *words)
{
    if (!strstr(told.why.kept[0].detail, words))
        fail_msg("\"%s\" does not say \"%s\"", told.why.kept[0].detail, words);
}

static void only_the_holder_asks_and_acts(void **state)
{
    (void)state;
    assert_int_equal(act(0, "c.aziz", "administrator.1", "A1", "a", 0), ERR_FORBIDDEN);
    assert_detail("c.aziz does not hold administrator.1");
    assert_int_equal(act(0, "a.khan", "administrator.2", "A1", "a", 0), ERR_FORBIDDEN);
    assert_int_equal(act(0, "a.khan", "administrator", "A1", "a", 0), ERR_FORBIDDEN);
    assert_int_equal(ask("a.khan", "auditor", 0), ERR_FORBIDDEN);
    assert_detail("a.khan does not hold auditor");
    assert_int_equal(ask("c.aziz", "person", 0), ERR_FORBIDDEN);
    assert_detail("there is no person c.aziz");
    assert_int_equal(act(0, "a.khan", "setup", "A1", "a", 0), ERR_FORBIDDEN);
    assert_int_equal(ask("a.khan", "person", 0), OK);
    assert_int_equal(ask("a.khan", "administrator.1", 0), OK);
    assert_int_equal(act(0, "a.khan", "administrator.1", "A1", "a", 0), OK);
}

/* What a write elsewhere was answered with is known here when it is named. */
static void a_new_holder_acts_at_once(void **state)
{
    (void)state;
    assert_int_equal(act(0, "d.shah", "administrator.3", "B1", "b", 0), ERR_FORBIDDEN);
    uint64_t least = posts_give(redis, GOVERNMENT, "d.shah", "administrator.3");
    assert_int_equal(act(0, "d.shah", "administrator.3", "B1", "b", least), OK);
    assert_int_equal(ask("d.shah", "administrator.3", least), OK);
    assert_int_equal(ask("d.shah", "person", least), OK);
    least = posts_take(redis, GOVERNMENT, "administrator.3");
    assert_int_equal(act(0, "d.shah", "administrator.3", "B2", "b2", least), ERR_FORBIDDEN);
    assert_int_equal(ask("d.shah", "administrator.3", least), ERR_FORBIDDEN);
    assert_int_equal(ask("d.shah", "person", least), OK);
    /* a repeat of what was done while the office was held */
    assert_int_equal(act(0, "d.shah", "administrator.3", "B1", "b", least), OK);
}

/* The events of the hand-over are told to nobody: each service decides for the old holder, and the
 * ledger alone knows better. */
static void an_office_that_changed_hands_writes_nothing(void **state)
{
    (void)state;
    enum { ROUNDS = 30 };
    char why[256], body[16], key[16], name[64];
    int64_t before =
        stand_status(&stand, 0, why).conflicts.value + stand_status(&stand, 1, why).conflicts.value;
    for (int round = 0; round < ROUNDS; round++) {
        int instance = round % 2;
        uint64_t least = posts_give(redis, GOVERNMENT, "e.rana", "administrator.4");
        (void)snprintf(body, sizeof body, "R%d", round);
        (void)snprintf(key, sizeof key, "r%d", round);
        assert_int_equal(act(instance, "e.rana", "administrator.4", body, key, least), OK);
        (void)snprintf(body, sizeof body, "S%d", round);
        (void)snprintf(key, sizeof key, "s%d", round);
        least = posts_take(redis, GOVERNMENT, "administrator.4");
        assert_int_equal(act(instance, "e.rana", "administrator.4", body, key, 0), ERR_FORBIDDEN);
        assert_detail("e.rana does not hold administrator.4");
        assert_int_equal(stand_get(&stand, instance, body, least, NULL, name), 0);
    }
    int64_t after =
        stand_status(&stand, 0, why).conflicts.value + stand_status(&stand, 1, why).conflicts.value;
    assert_true(after > before); /* else nothing was ever decided for the old holder */
}

int main(int argc, char **argv)
{
    int code;
    if (stand_serves(argc, argv, &code))
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_holder_asks_and_acts),
        cmocka_unit_test(a_new_holder_acts_at_once),
        cmocka_unit_test(an_office_that_changed_hands_writes_nothing),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
