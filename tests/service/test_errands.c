/* Errands: what takes long is answered from a worker, and holds neither the loop nor the end. */
#include "stand.h"

#include "base/clock.h"
#include "service/errands.h"

#include <stdio.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

#define WAIT_MS 20000

static struct redis *redis;
static struct stand stand;
static struct told told;

static int start(void **state)
{
    (void)state;
    redis = redis_start(NULL);
    stand_open(&stand, redis, "ERRAND");
    stand_start_ready(&stand, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    stand_close(&stand);
    redis_stop(redis);
    return 0;
}

static unsigned send(const char *statement, int64_t within_ms)
{
    struct check_statement check = {.statement = text_of(statement)};
    return stand_send(&stand, &(struct question){.message = MESSAGE_check_get,
                                  .office = "administrator.1",
                                  .within_ms = within_ms,
                                  .body = &check});
}

static unsigned hear(enum err status)
{
    assert_true(stand_hear(&stand, 0, WAIT_MS, &told));
    if (told.status != status)
        fail_msg("%s: %s", err_word(told.status), told.why.kept[0].detail);
    return told.number;
}

static void answers_and_refusals_come_back(void **state)
{
    (void)state;
    struct did did = {0};
    send("echo a", 0);
    hear(OK);
    assert_int_equal(told.message->count, 2);
    assert_true(text_is(told.message->frames[1], "echo a 0"));
    told_free(&told);
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "k", "PWR", "Power", &did), OK);
    send("echo b", 0); /* the order knows the state */
    hear(OK);
    assert_true(text_is(told.message->frames[1], "echo b 1"));
    assert_int_equal(told.answer.position.value, did.position);
    told_free(&told);
    send("refuse", 0);
    hear(ERR_INVALID);
    assert_string_equal(told.why.kept[0].member, "statement");
    told_free(&told);
    send("fail", 0);
    hear(ERR_CONFLICT);
    assert_string_equal(told.why.kept[0].detail, err_sentence(ERR_CONFLICT));
    told_free(&told);
    send("unknown", 0);
    hear(ERR_NOT_FOUND);
    told_free(&told);
    send("much", 0);
    hear(ERR_TOO_LARGE);
    told_free(&told);
    struct check_statement check = {.statement = TEXT_LITERAL("echo c")};
    struct question question = {.message = MESSAGE_check_get, .body = &check, .at = "1"};
    stand_ask(&stand, &question, &told);
    assert_int_equal(told.status, ERR_INVALID);
    assert_string_equal(told.why.kept[0].member, "at");
    told_free(&told);
    question = (struct question){.message = MESSAGE_check_get, .body = &check, .office = "auditor"};
    stand_ask(&stand, &question, &told);
    assert_int_equal(told.status, ERR_FORBIDDEN);
    told_free(&told);
}

static void slow_ones_hold_nobody(void **state)
{
    (void)state;
    struct did did = {0};
    char name[64];
    unsigned first = send("wait 1", 0), second = send("wait 2", 0), queued = send("echo", 0);
    assert_int_equal(stand_put(&stand, 0, MESSAGE_body_register, "w", "WTR", "Water", &did), OK);
    assert_int_equal(stand_get(&stand, 0, "WTR", did.position, NULL, name), 1);
    stand_release(&stand, 0, 2); /* both at once: they run side by side */
    unsigned sum = 0;
    for (int i = 0; i < 3; i++) {
        sum += hear(OK);
        told_free(&told);
    }
    assert_int_equal(sum, first + second + queued);
}

static void beyond_the_queue_it_says_so(void **state)
{
    (void)state;
    for (int i = 0; i < ERRANDS_MAX; i++)
        send("wait", 0);
    unsigned last = send("echo", 0);
    assert_int_equal(hear(ERR_UNAVAILABLE), last);
    told_free(&told);
    stand_release(&stand, 0, ERRANDS_MAX);
    for (int i = 0; i < ERRANDS_MAX; i++) {
        hear(OK);
        told_free(&told);
    }
    send("echo again", 0);
    hear(OK);
    told_free(&told);
}

/* Who gave up is told so in time, and what nobody waits for any more is not begun: else both
 * workers would stand at the gate for ever, and the last question would not be answered. */
static void deadlines_hold_and_spare_the_work(void **state)
{
    (void)state;
    char why[256];
    uint64_t before_us = clock_mono_us();
    for (int i = 0; i < 2; i++)
        send("wait long", 0);
    for (int i = 0; i < 10; i++)
        send("wait short", 50);
    for (int i = 0; i < 10; i++) {
        hear(ERR_DEADLINE);
        told_free(&told);
    }
    assert_true(clock_mono_us() - before_us >= 50000);
    stand_release(&stand, 0, 2);
    for (int i = 0; i < 2; i++) {
        hear(OK);
        told_free(&told);
    }
    send("echo", 0);
    hear(OK);
    told_free(&told);
    assert_int_equal(stand_status(&stand, 0, why).waiting.value, 0);
}

static void an_answer_that_is_late_is_dropped(void **state)
{
    (void)state;
    send("wait", 50);
    hear(ERR_DEADLINE);
    told_free(&told);
    stand_release(&stand, 0, 1);
    unsigned last = send("echo", 0);
    assert_int_equal(hear(OK), last);
    told_free(&told);
}

static void the_end_waits_for_what_is_under_way(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++)
        send("wait", 0);
    stand_get(&stand, 0, "PWR", 0, NULL, (char[64]){0}); /* they have arrived */
    stand_end(&stand, 0);
    stand_release(&stand, 0, 6);
    for (int i = 0; i < 6; i++) {
        hear(OK);
        told_free(&told);
    }
    assert_int_equal(stand_wait(&stand, 0), 0);
}

static void without_its_tools_it_does_not_start(void **state)
{
    (void)state;
    (void)snprintf(stand.settings[0].keys, SETTING_WORD_SIZE, "/nowhere");
    stand_start(&stand, 0);
    assert_int_equal(stand_wait(&stand, 0), 1);
}

int main(int argc, char **argv)
{
    int code;
    if (stand_serves(argc, argv, &code))
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_and_refusals_come_back),
        cmocka_unit_test(slow_ones_hold_nobody),
        cmocka_unit_test(beyond_the_queue_it_says_so),
        cmocka_unit_test(deadlines_hold_and_spare_the_work),
        cmocka_unit_test(an_answer_that_is_late_is_dropped),
        cmocka_unit_test(the_end_waits_for_what_is_under_way),
        cmocka_unit_test(without_its_tools_it_does_not_start),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
