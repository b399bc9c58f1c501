/* Whose court the ball is in, and the days that each side has had it: an example by hand with a
 * weekend and a holiday, what may follow what, and any sequence of acts. */
#include "facts/ball.h"

#include "base/clock.h"
#include "support/chance.h"

#include <stdio.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

static struct calendar *calendar;
static struct ball ball;
static struct faults why;

static int start(void **state)
{
    (void)state;
    struct holiday holiday = {.on = 20210721, .name = TEXT_LITERAL("Eid (invented)")};
    struct happened happened = {.message = MESSAGE_holiday_declared, .record = &holiday};
    calendar = calendar_new();
    ball = (struct ball){0};
    assert_null(calendar_apply(calendar, &happened));
    return 0;
}

static int stop(void **state)
{
    (void)state;
    calendar_free(calendar);
    return 0;
}

static const char *happen(enum message message, const void *record)
{
    struct happened happened = {.message = message, .record = record};
    return ball_apply(&ball, calendar, &happened);
}

static const char *raise_on(int32_t day, int64_t norm, const char *blocking)
{
    struct dependency_raised raised = {
        .raised.blocking_body = text_of(blocking), .norm_days = {norm, true}, .on = day};
    return happen(MESSAGE_dependency_raised, &raised);
}

static const char *act_on(enum message message, int32_t day)
{
    struct dependency_act act = {.on = day};
    struct dependency_return missing = {.on = day};
    struct dependency_promise promise = {.promised = day, .on = day};
    struct dependency_put_off put_off = {.days = {4, true}, .on = day};
    return message == MESSAGE_dependency_returned      ? happen(message, &missing)
           : message == MESSAGE_dependency_promised    ? happen(message, &promise)
           : message == MESSAGE_dependency_was_put_off ? happen(message, &put_off)
                                                       : happen(message, &act);
}

static void assert_days(int32_t today, int32_t waiting, int32_t blocking, int32_t external)
{
    assert_int_equal(ball_days(&ball, calendar, COURT_WAITING, today), waiting);
    assert_int_equal(ball_days(&ball, calendar, COURT_BLOCKING, today), blocking);
    assert_int_equal(ball_days(&ball, calendar, COURT_EXTERNAL, today), external);
    assert_int_equal(
        ball_days(&ball, calendar, COURT_NOBODY, today), waiting + blocking + external);
}

/* Raised on Friday 16 July 2021, norm 10. The 17th and 18th are a weekend, the 21st is a holiday.
 *   to Thu 22: Mon 19, Tue 20, Thu 22                    = 3 with the body that has to act
 *   returned on the 22nd; to Mon 26: Fri 23, Mon 26      = 2 with the body that waits
 *   completed on the 26th; to Fri 30: Tue 27 ... Fri 30  = 4 more, 7 in all
 *   external on the 30th; to Tue 3 August: Mon 2, Tue 3  = 2 with nobody
 *   resumed on the 3rd; to Fri 6: Wed 4, Thu 5, Fri 6    = 3 more, 10 in all: the norm is full
 *   granted on Mon 9                                     = 11, one beyond the norm */
static void an_example_by_hand(void **state)
{
    (void)state;
    assert_null(raise_on(20210716, 10, "LAW"));
    assert_days(20210716, 0, 0, 0);
    assert_days(20210718, 0, 0, 0);
    assert_days(20210722, 0, 3, 0);
    assert_null(act_on(MESSAGE_dependency_returned, 20210722));
    assert_int_equal(ball.court, COURT_WAITING);
    assert_days(20210726, 2, 3, 0);
    assert_null(act_on(MESSAGE_dependency_completed, 20210726));
    assert_int_equal(ball.complete_since, 20210726);
    assert_days(20210730, 2, 7, 0);
    assert_null(act_on(MESSAGE_dependency_externalised, 20210730));
    assert_days(20210803, 2, 7, 2);
    assert_null(act_on(MESSAGE_dependency_resumed, 20210803));
    assert_days(20210806, 2, 10, 2);
    assert_int_equal(ball_beyond(&ball, calendar, 20210806), 0);
    assert_null(act_on(MESSAGE_dependency_granted, 20210809));
    assert_days(20211231, 2, 11, 2); /* the clocks stand still */
    assert_int_equal(ball_beyond(&ball, calendar, 20211231), 1);
}

/* Norm 10, raised on Thursday 1 July, and nobody says a word. Working days of the blocker:
 *   3 on Tue 6, 5 on Thu 8 (and half of the norm on the same day), 8 on Tue 13, 11 on Fri 16;
 *   15 on Fri 23 (the 21st is a holiday), 20 on Fri 30: norm and 10, and twice the norm. */
static void rungs_by_hand(void **state)
{
    (void)state;
    static const struct {
        enum rung rung;
        int32_t day;
    } rungs[] = {{RUNG_ACKNOWLEDGE, 20210706}, {RUNG_PROMISE, 20210708}, {RUNG_HALF, 20210708},
        {RUNG_MOST, 20210713}, {RUNG_JOINT_SECRETARIES, 20210716}, {RUNG_SECRETARIES, 20210723},
        {RUNG_COMMITTEE, 20210730}, {RUNG_PM, 20210730}};
    enum rung rung;
    assert_null(raise_on(20210701, 10, "LAW"));
    for (size_t i = 0; i < sizeof rungs / sizeof *rungs; i++) {
        int32_t day = ball_next_rung(&ball, calendar, &rung);
        assert_int_equal(rung, rungs[i].rung);
        assert_int_equal(day, rungs[i].day);
        struct dependency_rung record = {.rung = rung, .due = day, .on = day};
        if (rung == RUNG_PROMISE)
            record.promised = 20210715;
        assert_null(happen(MESSAGE_dependency_escalated, &record));
        assert_int_equal(ball.state, i == 0 ? DEPENDENCY_RAISED : DEPENDENCY_PROMISED);
    }
    assert_int_equal(ball_next_rung(&ball, calendar, &rung), 0);
    assert_true(ball.assumed);
    assert_null(act_on(MESSAGE_dependency_acknowledged, 20210802)); /* better late than never */
    assert_int_equal(ball.state, DEPENDENCY_PROMISED);
    assert_non_null(act_on(MESSAGE_dependency_acknowledged, 20210802));
    assert_int_equal(ball.promised, 20210715);
}

/* With a norm of 60 days the 41 plain days after completeness come first: 1 July and 41 days. */
static void the_pm_hears_after_41_days(void **state)
{
    (void)state;
    enum rung rung;
    assert_null(raise_on(20210701, 60, "LAW"));
    ball.rungs = UINT32_MAX & ~(1u << RUNG_PM);
    assert_int_equal(ball_next_rung(&ball, calendar, &rung), 20210811);
    assert_null(act_on(MESSAGE_dependency_was_put_off, 20210702));
    assert_int_equal(ball_next_rung(&ball, calendar, &rung), 20210817); /* 4 working days later */
    assert_null(act_on(MESSAGE_dependency_returned, 20210705));
    assert_int_equal(ball_next_rung(&ball, calendar, &rung), 0); /* not its ball any more */
}

/* A new round begins with no days: norm 2, and 20 days of the first round count no more. Reopened
 * on Friday 30 July: 2 days on Tuesday 3 August, norm and 1 on the 4th. */
static void a_new_round_begins_anew(void **state)
{
    (void)state;
    enum rung rung;
    assert_null(raise_on(20210701, 2, "LAW"));
    assert_null(act_on(MESSAGE_dependency_acknowledged, 20210701));
    assert_null(act_on(MESSAGE_dependency_refused, 20210730));
    assert_int_equal(ball_beyond(&ball, calendar, 20210730), 18);
    assert_null(act_on(MESSAGE_dependency_reopened, 20210730));
    assert_int_equal(ball_beyond(&ball, calendar, 20210730), 0);
    assert_days(20210730, 0, 20, 0); /* the clocks go on */
    ball.rungs = 1u << RUNG_PROMISE | 1u << RUNG_HALF | 1u << RUNG_MOST;
    assert_int_equal(ball_next_rung(&ball, calendar, &rung), 20210804);
    assert_int_equal(rung, RUNG_JOINT_SECRETARIES);
}

/* What lay outside counts for nobody: 41 plain days after the 1st, and the 10 from the 5th to the
 * 15th. */
static void days_outside_do_not_bring_it_to_the_pm(void **state)
{
    (void)state;
    enum rung rung;
    assert_null(raise_on(20210701, 60, "LAW"));
    assert_null(act_on(MESSAGE_dependency_externalised, 20210705));
    assert_null(act_on(MESSAGE_dependency_resumed, 20210715));
    ball.rungs = UINT32_MAX & ~(1u << RUNG_PM);
    assert_int_equal(ball_next_rung(&ball, calendar, &rung), 20210821);
}

static void what_is_outside_has_no_rungs(void **state)
{
    (void)state;
    enum rung rung;
    assert_null(raise_on(20210701, 30, "EXTERNAL"));
    assert_int_equal(ball.court, COURT_EXTERNAL);
    assert_int_equal(ball_next_rung(&ball, calendar, &rung), 0);
    assert_int_equal(
        ball_check(MESSAGE_dependency_resumed, TEXT_LITERAL("A.d1"), &ball, &why), ERR_STATE);
    assert_null(act_on(MESSAGE_dependency_granted, 20210705));
}

static void incompleteness_is_claimed_once_a_round(void **state)
{
    (void)state;
    assert_null(raise_on(20210701, 10, "LAW"));
    assert_null(act_on(MESSAGE_dependency_returned, 20210702));
    assert_null(act_on(MESSAGE_dependency_completed, 20210705));
    faults_clear(&why);
    assert_int_equal(
        ball_check(MESSAGE_dependency_returned, TEXT_LITERAL("A.d1"), &ball, &why), ERR_STATE);
    assert_non_null(strstr(why.kept[0].detail, "once"));
    assert_non_null(act_on(MESSAGE_dependency_returned, 20210706));
    assert_null(act_on(MESSAGE_dependency_refused, 20210706));
    assert_null(act_on(MESSAGE_dependency_reopened, 20210707));
    assert_int_equal(ball.rounds, 2);
    assert_null(act_on(MESSAGE_dependency_returned, 20210708));
}

/* Any acts on any days: the clocks sum to the days that passed while it was open, there is one
 * court, and no rung comes twice in a round. */
static void chance_keeps_the_clocks(void **state)
{
    static const enum message acts[] = {MESSAGE_dependency_acknowledged,
        MESSAGE_dependency_returned, MESSAGE_dependency_completed, MESSAGE_dependency_promised,
        MESSAGE_dependency_externalised, MESSAGE_dependency_resumed, MESSAGE_dependency_granted,
        MESSAGE_dependency_reopened, MESSAGE_dependency_explained, MESSAGE_dependency_was_put_off};
    (void)state;
    struct chance chance = chance_start("ball");
    for (int round = 0; round < 300; round++) {
        int32_t day = calendar_day_after(20210701, (int32_t)chance_below(&chance, 60));
        int32_t open = 0, rungs = 0;
        uint32_t rounds = 1;
        ball = (struct ball){0};
        assert_null(raise_on(day, (int64_t)(1 + chance_below(&chance, 40)), "LAW"));
        for (int step = 0; step < 40; step++) {
            enum message event = acts[chance_below(&chance, sizeof acts / sizeof *acts)];
            int32_t next = calendar_day_after(day, (int32_t)chance_below(&chance, 6));
            enum rung rung;
            for (int32_t due; (due = ball_next_rung(&ball, calendar, &rung)) && due <= next;) {
                struct dependency_rung record = {
                    .rung = rung, .due = due, .on = next, .promised = next};
                assert_false(ball.rungs >> rung & 1u);
                open += ball.court == COURT_NOBODY ? 0 : calendar_working_days(calendar, day, next);
                day = next;
                assert_null(happen(MESSAGE_dependency_escalated, &record));
                rungs++;
            }
            if (ball.court != COURT_NOBODY)
                open += calendar_working_days(calendar, day, next);
            day = next;
            faults_clear(&why);
            bool can = ball_check(event, TEXT_LITERAL("A.d1"), &ball, &why) == OK;
            struct ball before = ball;
            const char *complaint = act_on(event, day);
            assert_int_equal(can, complaint == NULL);
            if (complaint) {
                ball = before;
                faults_clear(&why);
            }
            rounds += !complaint && event == MESSAGE_dependency_reopened;
            assert_int_equal(ball_days(&ball, calendar, COURT_NOBODY, day), open);
            assert_int_equal(ball.waiting + ball.blocking + ball.external +
                                 (ball.since < day && ball.court != COURT_NOBODY
                                         ? calendar_working_days(calendar, ball.since, day)
                                         : 0),
                open);
            assert_int_equal(ball.rounds, rounds);
            assert_int_equal((ball.ended_on != 0), (ball.court == COURT_NOBODY));
        }
        assert_true(rungs <= (int)(RUNG_PM * rounds));
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {CASE(an_example_by_hand), CASE(rungs_by_hand),
        CASE(the_pm_hears_after_41_days), CASE(a_new_round_begins_anew),
        CASE(days_outside_do_not_bring_it_to_the_pm), CASE(what_is_outside_has_no_rungs),
        CASE(incompleteness_is_claimed_once_a_round), CASE(chance_keeps_the_clocks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
