/* What falls due by itself, by hand. July 2021: the 1st is a Thursday, so the 3rd and 4th, 10th and
 * 11th, 17th and 18th, 24th and 25th are no working days. Quiet hours are 20 to 8 unless said. */
#include "base/clock.h"
#include "base/must.h"
#include "hours.h"
#include "notifications/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int start(void **state)
{
    struct stage *stage = stage_new();
    stage_government(stage);
    *state = stage;
    return 0;
}

static int stop(void **state)
{
    assert_true(stage_same_again(*state));
    stage_free(*state);
    return 0;
}

/* Moves the clock and says which reminders came since the last time. */
static void expect(struct stage *stage, int32_t day, int hour, const char *reminders)
{
    BUF_CLEANUP struct buf out = BUF(1 << 16);
    size_t from = stage->log_count;
    stage_at(stage, day, hour);
    (void)stage_due(stage);
    stage_reminders(stage, from, &out);
    if (!text_is(buf_as_text(&out), reminders))
        fail_msg(
            "%d at %d:\n%.*sinstead of\n%s", day, hour, TEXT_ARG(buf_as_text(&out)), reminders);
}

static void expect_digests(struct stage *stage, int32_t day, int hour, const char *digests)
{
    BUF_CLEANUP struct buf out = BUF(1 << 16);
    size_t from = stage->log_count;
    stage_at(stage, day, hour);
    (void)stage_due(stage);
    stage_digests(stage, from, &out);
    if (!text_is(buf_as_text(&out), digests))
        fail_msg("%d at %d:\n%.*sinstead of\n%s", day, hour, TEXT_ARG(buf_as_text(&out)), digests);
}

static void quiet(struct stage *stage, const char *office, int from, int to, enum frequency digest)
{
    struct quiet quiet = {.from_hour = {from, true}, .to_hour = {to, true}, .digest = digest};
    assert_int_equal(stage_do(stage, office, MESSAGE_quiet_set, &quiet), OK);
}

/* Promised for Tuesday the 27th. The three working days up to it are Tuesday, Monday and, over the
 * weekend, Friday the 23rd: it is told on Thursday the 22nd, and overdue on Wednesday the 28th. */
static void a_promise_is_told_over_a_weekend(void **state)
{
    struct stage *stage = *state;
    stage_raise(stage, "PWR-2021.d1", "PWR", "FIN");
    stage_promise(stage, "PWR-2021.d1", 20210727);
    expect(stage, 20210722, 7, "");
    expect(stage, 20210722, 8,
        "focal.FIN PWR-2021.d1 due_soon 20210727\nsecretary.FIN PWR-2021.d1 due_soon 20210727\n");
    expect(stage, 20210727, 23, "");
    expect(stage, 20210728, 7, "");
    expect(stage, 20210728, 8,
        "focal.FIN PWR-2021.d1 overdue 20210727\nsecretary.FIN PWR-2021.d1 overdue 20210727\n");
    expect(stage, 20210930, 12, "");
}

/* With holidays on Thursday the 22nd and Wednesday the 28th: the three working days are the same,
 * but it is told on Wednesday the 21st, and overdue on Thursday the 29th. */
static void holidays_move_it(void **state)
{
    struct stage *stage = *state;
    stage_raise(stage, "PWR-2021.d1", "PWR", "FIN");
    stage_promise(stage, "PWR-2021.d1", 20210727);
    (void)stage_due(stage);
    stage_holiday(stage, 20210722);
    stage_holiday(stage, 20210728);
    expect(stage, 20210721, 7, "");
    expect(stage, 20210721, 8,
        "focal.FIN PWR-2021.d1 due_soon 20210727\nsecretary.FIN PWR-2021.d1 due_soon 20210727\n");
    expect(stage, 20210728, 19, "");
    expect(stage, 20210729, 8,
        "focal.FIN PWR-2021.d1 overdue 20210727\nsecretary.FIN PWR-2021.d1 overdue 20210727\n");
}

static void what_is_done_is_not_told(void **state)
{
    static const enum message ends[] = {MESSAGE_dependency_granted, MESSAGE_dependency_refused,
        MESSAGE_dependency_withdrawn, MESSAGE_dependency_externalised, MESSAGE_dependency_returned};
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char id[32];
        (void)snprintf(id, sizeof id, "PWR-2021.d%zu", i + 1);
        stage_raise(stage, id, "PWR", "FIN");
        stage_promise(stage, id, 20210727);
        stage_act(stage, "secretary.FIN", ends[i], id);
    }
    expect(stage, 20210726, 9, "");
    /* the file is complete again: the ball is back, and so is the promise */
    stage_act(stage, "focal.PWR", MESSAGE_dependency_completed, "PWR-2021.d5");
    expect(stage, 20210726, 10,
        "focal.FIN PWR-2021.d5 due_soon 20210727\nsecretary.FIN PWR-2021.d5 due_soon 20210727\n");
    stage_act(stage, "focal.FIN", MESSAGE_dependency_granted, "PWR-2021.d5");
    expect(stage, 20210901, 12, "");
}

/* Another day is another reminder; the one that was told is not told again. */
static void a_new_promise_counts_anew(void **state)
{
    struct stage *stage = *state;
    stage_raise(stage, "PWR-2021.d1", "PWR", "FIN");
    stage_promise(stage, "PWR-2021.d1", 20210727);
    expect(stage, 20210722, 12,
        "focal.FIN PWR-2021.d1 due_soon 20210727\nsecretary.FIN PWR-2021.d1 due_soon 20210727\n");
    stage_promise(stage, "PWR-2021.d1", 20210730); /* Friday: three days before is Tuesday 27th */
    stage_promise(stage, "PWR-2021.d1", 20210730);
    expect(stage, 20210728, 12,
        "focal.FIN PWR-2021.d1 due_soon 20210730\nsecretary.FIN PWR-2021.d1 due_soon 20210730\n");
    stage_promise(stage, "PWR-2021.d1", 20210727);
    expect(stage, 20210728, 13,
        "focal.FIN PWR-2021.d1 overdue 20210727\nsecretary.FIN PWR-2021.d1 overdue 20210727\n");
    expect(stage, 20210801, 13, "");
}

static void nobody_is_told_in_quiet_hours(void **state)
{
    struct stage *stage = *state;
    stage_raise(stage, "PWR-2021.d1", "PWR", "FIN");
    stage_promise(stage, "PWR-2021.d1", 20210727);
    quiet(stage, "secretary.FIN", 9, 15, FREQUENCY_DAILY);
    expect(stage, 20210722, 9, "focal.FIN PWR-2021.d1 due_soon 20210727\n");
    expect(stage, 20210722, 14, "");
    assert_int_equal(stage_next(stage), hours_moment(20210722, 15, STAGE_ZONE));
    expect(stage, 20210722, 15, "secretary.FIN PWR-2021.d1 due_soon 20210727\n");
    /* the service was down on Wednesday the 28th from 8 to 20: on Thursday then */
    expect(stage, 20210728, 21, "secretary.FIN PWR-2021.d1 overdue 20210727\n");
    expect(stage, 20210729, 7, "");
    expect(stage, 20210729, 8, "focal.FIN PWR-2021.d1 overdue 20210727\n");
}

/* Whoever sleeps over a day is not told that it is near. */
static void what_has_passed_is_only_overdue(void **state)
{
    struct stage *stage = *state;
    stage_raise(stage, "PWR-2021.d1", "PWR", "FIN");
    stage_promise(stage, "PWR-2021.d1", 20210727);
    expect(stage, 20210901, 12,
        "focal.FIN PWR-2021.d1 overdue 20210727\nsecretary.FIN PWR-2021.d1 overdue 20210727\n");
}

/* The first period ends on 2021-09-30. Reports are due 10 days later, on Sunday the 10th: the three
 * working days up to it are Friday 8th, Thursday 7th and Wednesday 6th, told on Tuesday the 5th;
 * overdue on Monday the 11th. Certificates are due on Tuesday the 12th: Tuesday, Monday, Friday;
 * told on Thursday the 7th, overdue on Wednesday the 13th. */
static void reports_are_told(void **state)
{
    struct stage *stage = *state;
    stage_sign(stage, "PWR-2021");
    expect(stage, 20211005, 7, "");
    expect(stage, 20211005, 8, "focal.PWR PWR-2021.q1 due_soon 20211010\n");
    expect(stage, 20211007, 8, "secretary.PWR PWR-2021.q1 due_soon 20211012\n");
    expect(stage, 20211011, 8, "focal.PWR PWR-2021.q1 overdue 20211010\n");
    expect(stage, 20211013, 8, "secretary.PWR PWR-2021.q1 overdue 20211012\n");
    /* the second: begun in time, certified in time */
    stage_step(stage, "focal.PWR", MESSAGE_report_begun, "PWR-2021.q2");
    expect(stage, 20220106, 8, "");
    expect(stage, 20220107, 8, "secretary.PWR PWR-2021.q2 due_soon 20220112\n");
    stage_step(stage, "secretary.PWR", MESSAGE_report_certified, "PWR-2021.q2");
    expect(stage, 20220301, 8, "");
    /* an amendment does not tell anything twice */
    stage_step(stage, "secretary.PWR", MESSAGE_amendment_proposed, "PWR-2021");
    stage_step(stage, "secretary.PWR", MESSAGE_amendment_dropped, "PWR-2021");
    expect(stage, 20220405, 9, "focal.PWR PWR-2021.q3 due_soon 20220410\n");
    stage_step(stage, "secretariat", MESSAGE_agreement_closed, "PWR-2021");
    expect(stage, 20230901, 8, "");
}

/* Begun on Thursday the 1st: told on the 6th, overdue on the 9th; the pack of the last holder is
 * nobody's duty when the office changes hands again. */
static void hand_overs_are_told(void **state)
{
    struct stage *stage = *state;
    struct handover opened = {.id = TEXT_LITERAL("secretary.PWR.h1"),
        .office = TEXT_LITERAL("secretary.PWR"),
        .outgoing = TEXT_LITERAL("s.old")};
    stage_tell(stage, "administrator.1", MESSAGE_handover_opened, "secretary.PWR",
        "secretary.PWR.h1", &opened);
    stage_tell(stage, "administrator.1", MESSAGE_handover_begun, "secretary.PWR",
        "secretary.PWR.h1", NULL);
    expect(stage, 20210706, 7, "");
    expect(stage, 20210706, 8, "secretary.PWR secretary.PWR.h1 due_soon 20210708\n");
    expect(stage, 20210708, 19, "");
    expect(stage, 20210709, 8, "secretary.PWR secretary.PWR.h1 overdue 20210708\n");
    stage_tell(stage, "administrator.1", MESSAGE_handover_opened, "secretary.PWR",
        "secretary.PWR.h2", &opened);
    stage_tell(stage, "administrator.1", MESSAGE_handover_begun, "secretary.PWR",
        "secretary.PWR.h2", NULL);
    expect(stage, 20210714, 8, "secretary.PWR secretary.PWR.h2 due_soon 20210716\n");
    stage_tell(stage, "secretary.PWR", MESSAGE_handover_acknowledged, "secretary.PWR",
        "secretary.PWR.h2", NULL);
    expect(stage, 20210801, 8, "");
}

/* Submitted on Thursday the 1st: ten working days are full on Thursday the 15th, so that it has
 * waited longer on Friday the 16th. Submitted again, it waits anew. */
static void the_committee_is_told(void **state)
{
    struct stage *stage = *state;
    stage_step(stage, "secretary.PWR", MESSAGE_agreement_submitted, "PWR-2021");
    expect(stage, 20210716, 7, "");
    expect(stage, 20210716, 8,
        "committee.1 PWR-2021 overdue 20210715\ncommittee.2 PWR-2021 overdue 20210715\n");
    stage_step(stage, "secretary.PWR", MESSAGE_agreement_withdrawn, "PWR-2021");
    stage_step(stage, "secretary.PWR", MESSAGE_agreement_submitted, "PWR-2021");
    expect(stage, 20210730, 19, ""); /* ten working days are full on this Friday */
    expect(stage, 20210802, 8,
        "committee.1 PWR-2021 overdue 20210730\ncommittee.2 PWR-2021 overdue 20210730\n");
}

/* Due on Friday the 30th: told on Tuesday the 27th; that it is overdue, reviews tells. */
static void corrective_actions_are_told(void **state)
{
    struct stage *stage = *state;
    struct action_opened opened = {.id = TEXT_LITERAL("action-1"),
        .opened = {.what = TEXT_LITERAL("Release the second instalment (invented)"),
            .owner = TEXT_LITERAL("secretary.FIN"),
            .verifier = TEXT_LITERAL("secretary.PWR"),
            .due = 20210730}};
    stage_tell(stage, "pm", MESSAGE_action_opened, "action-1", "action-1", &opened);
    stage_tell(stage, "pm", MESSAGE_action_opened, "action-2", "action-2", &opened);
    stage_step(stage, "secretary.FIN", MESSAGE_action_finished, "action-2");
    expect(stage, 20210727, 7, "");
    expect(stage, 20210727, 8, "secretary.FIN action-1 due_soon 20210730\n");
    stage_step(stage, "secretary.PWR", MESSAGE_action_rejected, "action-2");
    expect(stage, 20210727, 9, "secretary.FIN action-2 due_soon 20210730\n");
    expect(stage, 20210901, 8, "");
}

/* After a merger the offices of the body that follows are told. */
static void successors_are_told(void **state)
{
    struct stage *stage = *state;
    stage_raise(stage, "PWR-2021.d1", "PWR", "FIN");
    stage_promise(stage, "PWR-2021.d1", 20210727);
    stage_body(stage, "FIN", "WAT");
    expect(stage, 20210722, 8,
        "focal.WAT PWR-2021.d1 due_soon 20210727\nsecretary.WAT PWR-2021.d1 due_soon 20210727\n");
}

/* An item that comes on Thursday the 1st is in the digest of Friday at 8, one that comes on Friday
 * at noon in that of Monday the 5th, and one that was read is in none. */
static void a_digest_comes_once(void **state)
{
    struct stage *stage = *state;
    stage_at(stage, 20210702, 8);
    assert_true(stage_due(stage) > 0); /* everybody heard of the cycle */
    assert_int_equal(stage_due(stage), 0);
    uint32_t before = (uint32_t)model_inbox(stage->model, TEXT_LITERAL("focal.FIN"))->count;
    stage_at(stage, 20210702, 12);
    stage_raise(stage, "PWR-2021.d1", "PWR", "FIN");
    stage_raise(stage, "PWR-2021.d2", "PWR", "FIN");
    struct inbox_read read = {.upto = {before + 2, true}};
    assert_int_equal(stage_do(stage, "secretary.FIN", MESSAGE_inbox_read, &read), OK);
    read.upto.value = before + 1;
    assert_int_equal(stage_do(stage, "focal.FIN", MESSAGE_inbox_read, &read), OK);
    expect_digests(stage, 20210705, 7, "");
    char line[200];
    (void)snprintf(line, sizeof line, "focal.FIN %u-%u 1 20210705\n", before + 1, before + 2);
    stage_at(stage, 20210705, 8);
    size_t from = stage->log_count;
    (void)stage_due(stage);
    BUF_CLEANUP struct buf out = BUF(1 << 16);
    stage_digests(stage, from, &out);
    assert_non_null(strstr(out.at, line));
    buf_char(&out, '\0');
    assert_null(strstr(out.at, "secretary.FIN"));
    expect_digests(stage, 20210730, 19, "");
}

/* Weekly: on the first working day of a week. The 12th is a Monday; when it is a holiday it comes
 * on Tuesday the 13th. */
static void a_weekly_digest_waits_for_the_week(void **state)
{
    struct stage *stage = *state;
    quiet(stage, "focal.FIN", 20, 8, FREQUENCY_WEEKLY);
    quiet(stage, "secretary.FIN", 18, 10, FREQUENCY_WEEKLY);
    stage_at(stage, 20210705, 12);
    assert_true(stage_due(stage) > 0);
    stage_at(stage, 20210706, 12);
    stage_raise(stage, "PWR-2021.d1", "PWR", "FIN");
    (void)stage_due(stage);
    stage_at(stage, 20210708, 8);
    (void)stage_due(stage);
    stage_holiday(stage, 20210712); /* heard of by many, on the day after */
    stage_at(stage, 20210709, 9);
    (void)stage_due(stage);
    expect_digests(stage, 20210712, 23, "");
    size_t count = model_inbox(stage->model, TEXT_LITERAL("focal.FIN"))->count;
    size_t others = model_inbox(stage->model, TEXT_LITERAL("secretary.FIN"))->count;
    char line[200];
    (void)snprintf(line, sizeof line, "focal.FIN %zu-%zu 2 20210713\n", count - 1, count);
    expect_digests(stage, 20210713, 9, line);
    (void)snprintf(line, sizeof line, "secretary.FIN %zu-%zu 2 20210713\n", others - 1, others);
    expect_digests(stage, 20210713, 10, line);
}

/* Three hundred reminders on one morning: a hundred at most in one decision, each once, also when
 * the service dies after each of them. */
static void batches_are_small_and_survive(void **state)
{
    struct stage *stage = *state;
    char id[32];
    for (int i = 0; i < 150; i++) {
        (void)snprintf(id, sizeof id, "PWR-2021.d%d", i + 1);
        stage_raise(stage, id, "PWR", "FIN");
        stage_promise(stage, id, 20210727);
    }
    stage_at(stage, 20210721, 12);
    (void)stage_due(stage);
    stage_at(stage, 20210722, 8);
    size_t from = stage->log_count, events = 0, keys = 0;
    char key[sizeof stage->key] = "";
    while (stage_next(stage) <= stage->now_ms) {
        size_t count = stage_due_once(stage);
        assert_true(count <= 100);
        events += count;
        keys += count > 0;
        if (count)
            assert_string_not_equal(key, stage->key);
        memcpy(key, stage->key, sizeof key);
        if (count)
            stage_restart(stage);
    }
    BUF_CLEANUP struct buf out = BUF(1 << 20);
    stage_reminders(stage, from, &out);
    size_t lines = 0;
    for (size_t i = 0; i < out.len; i++)
        lines += out.at[i] == '\n';
    assert_int_equal(lines, 300);
    assert_true(events >= 300 && keys >= 3);
}

/* Two instances that folded the same decide the same under the same key. */
static void the_key_is_made_of_what_fell_due(void **state)
{
    struct stage *stage = *state;
    struct stage *other = stage_new();
    stage_government(other);
    struct stage *both[] = {stage, other};
    for (int i = 0; i < 2; i++) {
        stage_raise(both[i], "PWR-2021.d1", "PWR", "FIN");
        if (i == 0) /* the schedule of one was worked out before, of the other after */
            (void)stage_due(both[i]);
        stage_promise(both[i], "PWR-2021.d1", 20210727);
        stage_at(both[i], 20210722, 8);
        assert_true(stage_due_once(both[i]) > 0);
    }
    assert_string_equal(stage->key, other->key);
    stage_free(other);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {CASE(a_promise_is_told_over_a_weekend),
        CASE(holidays_move_it), CASE(what_is_done_is_not_told), CASE(a_new_promise_counts_anew),
        CASE(nobody_is_told_in_quiet_hours), CASE(what_has_passed_is_only_overdue),
        CASE(reports_are_told), CASE(hand_overs_are_told), CASE(the_committee_is_told),
        CASE(corrective_actions_are_told), CASE(successors_are_told), CASE(a_digest_comes_once),
        CASE(a_weekly_digest_waits_for_the_week), CASE(batches_are_small_and_survive),
        CASE(the_key_is_made_of_what_fell_due)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
