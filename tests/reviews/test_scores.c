/* Blind scores, appeals, corrective actions that come back, and the PM's page. */
#include "table.h"

#include "reviews/season.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define Q1 "PWR-2021.q1"

static int open_season(void **state)
{
    (void)state;
    return season_open(table_service());
}

/* PWR, certified: a half of the first target, all of the second, nothing of the third; 55 claimed,
 * 55 supported. */
static int open_certified(void **state)
{
    static const char *const targets[] = {"PWR-2021.1", "PWR-2021.2"};
    int err = open_season(state);
    season_file("PWR", 1, 19200, 19000, 19400);
    season_certify(Q1);
    for (size_t i = 0; i < 2; i++) {
        struct report_grade grade = {.target = text_of(targets[i]),
            .period = {1, true},
            .grade = GRADE_E4,
            .reason = TEXT_LITERAL("Open data")};
        assert_int_equal(
            play_do(season_play, "a.udit", "auditor", MESSAGE_report_grade, &grade, 0), OK);
    }
    return err;
}

static enum err give(const char *person, const char *office, int64_t sum)
{
    const struct text why = TEXT_LITERAL("As the rubric says");
    int64_t each[5];
    for (int i = 0; i < 5; i++) {
        each[i] = sum > 3 ? 3 : sum;
        sum -= each[i];
    }
    const struct score_give score = {.report = TEXT_LITERAL(Q1),
        .difficulty = {each[0], true},
        .difficulty_why = why,
        .citizens = {each[1], true},
        .citizens_why = why,
        .data = {each[2], true},
        .data_why = why,
        .cooperation = {each[3], true},
        .cooperation_why = why,
        .learning = {each[4], true},
        .learning_why = why};
    return play_do(season_play, person, office, MESSAGE_score_give, &score, 0);
}

static uint64_t scores_seen(const char *person, const char *office)
{
    struct score_list list = {.report = TEXT_LITERAL(Q1)};
    assert_int_equal(play_ask(season_play, person, office, MESSAGE_score_list, &list), OK);
    return (uint64_t)play_head(season_play).total.value;
}

static void blind_until_all_have_scored(void **state)
{
    (void)state;
    assert_int_equal(give("f.pwr", "focal.PWR", 15), ERR_FORBIDDEN);
    assert_int_equal(give("c.one", "committee.1", 11), OK);
    assert_int_equal(give("c.one", "committee.1", 15), ERR_STATE);
    assert_int_equal(scores_seen("c.one", "committee.1"), 1);
    assert_int_equal(scores_seen("c.two", "committee.2"), 0);
    assert_int_equal(scores_seen("s.pwr", "secretary.PWR"), 0);
    assert_int_equal(scores_seen("p.mo", "pmo"), 0);
    assert_int_equal(season_count(MESSAGE_scores_opened), 0);
    assert_int_equal(give("c.two", "committee.2", 8), OK);
    assert_int_equal(season_count(MESSAGE_scores_opened), 1);
    assert_int_equal(scores_seen("s.pwr", "secretary.PWR"), 2);
    assert_int_equal(give("c.two", "committee.2", 8), ERR_STATE);
    struct report report = season_read(Q1);
    assert_int_equal(report.state, REPORT_SCORED);
    assert_int_equal(report.committee.thousandths, 9500); /* of 11 and 8 */
    assert_int_equal(report.total.thousandths, 56250);    /* 0.85 * 55 + 9.5 */
    assert_true(text_is(report.peers, "economy"));
    assert_int_equal(report.rank.value, 1);
    assert_int_equal(report.of.value, 1);
}

static void whoever_must_not_judge_is_not_waited_for(void **state)
{
    (void)state;
    scene_person(season_play, "c.two", "PWR");
    assert_int_equal(give("c.two", "committee.2", 15), ERR_FORBIDDEN);
    assert_true(play_says(season_play, "must not judge"));
    assert_int_equal(give("c.one", "committee.1", 7), OK);
    assert_int_equal(season_count(MESSAGE_scores_opened), 1);
    assert_int_equal(season_read(Q1).committee.thousandths, 7000);
}

static void the_day_opens_them(void **state)
{
    (void)state;
    assert_int_equal(give("c.one", "committee.1", 11), OK);
    play_move(season_play, 20211029);
    assert_int_equal(season_count(MESSAGE_scores_opened), 0);
    play_move(season_play, 20211030);
    assert_int_equal(season_count(MESSAGE_scores_opened), 1);
    assert_int_equal(season_read(Q1).committee.thousandths, 11000);
}

static enum err appeal(const char *person, const char *office)
{
    struct appeal appeal = {
        .report = TEXT_LITERAL(Q1), .reason = TEXT_LITERAL("The data was there")};
    return play_do(season_play, person, office, MESSAGE_appeal_make, &appeal, 0);
}

static enum err answer(const char *person, const char *office, enum flag upheld)
{
    struct appeal_decide decide = {
        .report = TEXT_LITERAL(Q1), .upheld = upheld, .reason = TEXT_LITERAL("It was")};
    return play_do(season_play, person, office, MESSAGE_appeal_decide, &decide, 0);
}

static void an_appeal_that_is_upheld(void **state)
{
    (void)state;
    assert_int_equal(appeal("m.pwr", "minister.PWR"), ERR_STATE);
    assert_int_equal(give("c.one", "committee.1", 2), OK);
    assert_int_equal(give("c.two", "committee.2", 4), OK);
    assert_int_equal(appeal("s.pwr", "secretary.PWR"), ERR_FORBIDDEN);
    assert_int_equal(answer("c.one", "committee.1", FLAG_YES), ERR_STATE);
    assert_int_equal(appeal("m.pwr", "minister.PWR"), OK);
    assert_int_equal(appeal("m.pwr", "minister.PWR"), ERR_STATE);
    assert_int_equal(answer("c.one", "committee.1", FLAG_YES), OK);
    assert_int_equal(answer("c.one", "committee.1", FLAG_NO), ERR_STATE);
    /* a new round, blind again: what was open stays open */
    assert_int_equal(scores_seen("c.two", "committee.2"), 2);
    assert_int_equal(give("c.one", "committee.1", 12), OK);
    assert_int_equal(scores_seen("c.one", "committee.1"), 3);
    assert_int_equal(scores_seen("c.two", "committee.2"), 2);
    assert_false(season_read(Q1).committee.given);
    play_move(season_play, 20211006); /* five days after */
    assert_int_equal(season_count(MESSAGE_scores_opened), 2);
    assert_int_equal(season_read(Q1).committee.thousandths, 12000);
    assert_int_equal(appeal("m.pwr", "minister.PWR"), ERR_STATE); /* once */
    struct appeal_list list = {.limit = {50, true}};
    struct appeal_view view;
    assert_int_equal(play_ask(season_play, "a.udit", "auditor", MESSAGE_appeal_list, &list), OK);
    play_read(season_play, 0, appeal_view_record(), &view);
    assert_int_equal(view.upheld, FLAG_YES);
    assert_true(text_is(view.answered_by, "c.one"));
}

static void an_appeal_in_time(void **state)
{
    (void)state;
    assert_int_equal(give("c.one", "committee.1", 2), OK);
    assert_int_equal(give("c.two", "committee.2", 4), OK);
    play_move(season_play, 20211007); /* opened on the 1st, five days to appeal */
    assert_int_equal(appeal("m.pwr", "minister.PWR"), ERR_STATE);
    assert_true(play_says(season_play, "5 days"));
}

/* ---- corrective actions ---- */

static struct action_open action_of(const char *owner, const char *verifier, int32_t due)
{
    return (struct action_open){.report = TEXT_LITERAL(Q1),
        .what = TEXT_LITERAL("Read all meters"),
        .owner = text_of(owner),
        .verifier = text_of(verifier),
        .due = due};
}

static enum err open_action(struct action_open open)
{
    return play_do(season_play, "p.rime", "pm", MESSAGE_action_open, &open, 0);
}

static enum err say(const char *person, const char *office, enum message what)
{
    struct action_say said = {
        .action = TEXT_LITERAL("action-1"), .remark = TEXT_LITERAL("All were read")};
    return play_do(season_play, person, office, what, &said, play_version(season_play, "action-1"));
}

static struct action_view read_action(void)
{
    struct action_one one = {.action = TEXT_LITERAL("action-1")};
    struct action_view view;
    assert_int_equal(play_ask(season_play, "a.udit", "auditor", MESSAGE_action_get, &one), OK);
    play_read(season_play, 0, action_view_record(), &view);
    return view;
}

static void actions_are_for_somebody_and_seen_by_another(void **state)
{
    static const struct {
        const char *owner, *verifier;
        int32_t due;
        const char *member;
    } bad[] = {
        {"focal.NEW", "secretariat", 20211020, "owner"},
        {"focal.PWR", "secretariat.9", 20211020, "verifier"},
        {"focal.PWR", "secretary.PWR", 20211020, "verifier"},
        {"focal.PWR", "focal.PWR", 20211020, "verifier"},
        {"focal.PWR", "secretariat", 20210930, "due"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(
            open_action(action_of(bad[i].owner, bad[i].verifier, bad[i].due)), ERR_INVALID);
        assert_true(play_faults(season_play, bad[i].member));
    }
    scene_post(season_play, "f.pwr", "secretariat.2"); /* holds the owner's office too */
    assert_int_equal(open_action(action_of("focal.PWR", "secretariat.2", 20211020)), ERR_INVALID);
    assert_int_equal(season_count(MESSAGE_action_opened), 0);
    assert_int_equal(open_action(action_of("focal.PWR", "secretariat", 20211020)), OK);
    assert_int_equal(say("d.unit", "secretariat", MESSAGE_action_verify), ERR_STATE);
    assert_int_equal(say("s.pwr", "secretary.PWR", MESSAGE_action_finish), ERR_FORBIDDEN);
    assert_int_equal(say("f.pwr", "focal.PWR", MESSAGE_action_finish), OK);
    assert_int_equal(say("f.pwr", "focal.PWR", MESSAGE_action_verify), ERR_FORBIDDEN);
    assert_int_equal(say("d.unit", "secretariat", MESSAGE_action_reject), OK);
    assert_int_equal(read_action().state, ACTION_OPEN);
    assert_int_equal(say("f.pwr", "focal.PWR", MESSAGE_action_finish), OK);
    /* the one who did it gets the verifier's seat: still not the own */
    scene_unpost(season_play, "secretariat");
    scene_post(season_play, "f.pwr", "secretariat");
    assert_int_equal(say("f.pwr", "secretariat", MESSAGE_action_verify), ERR_FORBIDDEN);
    scene_unpost(season_play, "secretariat");
    scene_post(season_play, "d.unit", "secretariat");
    assert_int_equal(say("d.unit", "secretariat", MESSAGE_action_verify), OK);
    assert_int_equal(read_action().state, ACTION_VERIFIED);
    assert_int_equal(read_action().action.decision, FLAG_YES);
    assert_int_equal(say("p.rime", "pm", MESSAGE_action_drop), ERR_STATE);
}

static void overdue_ones_come_back(void **state)
{
    (void)state;
    assert_int_equal(open_action(action_of("focal.PWR", "secretariat", 20211004)), OK);
    play_move(season_play, 20211004);
    assert_int_equal(season_count(MESSAGE_action_overdue), 0);
    play_move(season_play, 20211005);
    assert_int_equal(season_count(MESSAGE_action_overdue), 1);
    play_move(season_play, 20211011);
    assert_int_equal(season_count(MESSAGE_action_overdue), 1);
    play_move(season_play, 20211012); /* a week later */
    assert_int_equal(season_count(MESSAGE_action_overdue), 2);
    assert_int_equal(read_action().overdue_days.value, 8);
    assert_int_equal(say("f.pwr", "focal.PWR", MESSAGE_action_finish), OK);
    play_move(season_play, 20211019); /* said to be done is not closed */
    assert_int_equal(season_count(MESSAGE_action_overdue), 3);
    assert_int_equal(say("d.unit", "secretariat", MESSAGE_action_verify), OK);
    play_move(season_play, 20211220);
    assert_int_equal(season_count(MESSAGE_action_overdue), 3);
    assert_int_equal(read_action().overdue_days.value, 15);
    struct action_list list = {.overdue = FLAG_YES};
    assert_int_equal(play_ask(season_play, "a.udit", "auditor", MESSAGE_action_list, &list), OK);
    assert_int_equal(play_head(season_play).total.value, 0);
    list.overdue = FLAG_UNSET;
    assert_int_equal(play_ask(season_play, "f.fin", "focal.FIN", MESSAGE_action_list, &list), OK);
    assert_int_equal(play_head(season_play).total.value, 0); /* nothing of FIN's */
    assert_int_equal(play_ask(season_play, "f.pwr", "focal.PWR", MESSAGE_action_list, &list), OK);
    assert_int_equal(play_head(season_play).total.value, 1);
}

/* ---- the PM's page ---- */

static struct summary page_of(const char *person, const char *office)
{
    struct summary_one one = {.quarter = TEXT_LITERAL("2021.q1")};
    static struct summary page;
    assert_int_equal(play_ask(season_play, person, office, MESSAGE_summary_get, &one), OK);
    play_read(season_play, 0, summary_record(), &page);
    return page;
}

static enum err decide(const char *decision)
{
    struct summary_decide decide = {
        .quarter = TEXT_LITERAL("2021.q1"), .decision = text_of(decision)};
    return play_do(season_play, "p.rime", "pm", MESSAGE_summary_decide, &decide, 0);
}

static void the_page(void **state)
{
    (void)state;
    season_wait("PWR-2021.d1", "PWR-2021.1", 20210702);
    season_file("PWR", 1, 19200, 19000, 19400);
    season_certify(Q1);
    season_file("FIN", 1, 19000, 19000, 19000);
    season_certify("FIN-2021.q1");
    play_move(season_play, 20211013); /* WAT says nothing */
    struct summary page = page_of("p.rime", "pm");
    assert_int_equal(page.bodies.value, 3);
    assert_int_equal(page.certified.value, 2);
    assert_int_equal(page.missed.value, 1);
    assert_int_equal(page.targets.value, 9);
    assert_int_equal(page.on_track.value, 4);
    assert_int_equal(page.no_data.value, 3);
    assert_int_equal(page.claimed.thousandths, 51667); /* (55 + 100 + 0) / 3 */
    /* WAT: 100 x 100 / 100 x 1 = 100. PWR-2021.1: 50 x 50 / 100 x 1 x 3 = 75, PWR-2021.3: 20. */
    assert_int_equal(page.wrong.head.count, 2);
    assert_int_equal(page.wrong.at[0].trouble, TROUBLE_SILENT);
    assert_int_equal(page.wrong.at[0].attention.thousandths, 100000);
    assert_true(text_is(page.wrong.at[0].must_act, "secretary.WAT"));
    assert_int_equal(page.wrong.at[1].attention.thousandths, 75000);
    assert_true(text_is(page.wrong.at[1].must_act, "secretary.FIN"));
    assert_true(text_is(page.wrong.at[1].dependency, "PWR-2021.d1"));
    assert_int_equal(page.blockers.head.count, 1);
    /* 2 July to 13 October: 20 + 22 + 22 + 9 working days = 73, of which 10 are the norm */
    assert_int_equal(page.blockers.at[0].blocking_days.value, 73);
    assert_int_equal(page.blockers.at[0].beyond_days.value, 63);
    assert_int_equal(page.blocking.head.count, 1);
    assert_true(text_is(page.blocking.at[0].body, "FIN"));
    assert_int_equal(page.blocking.at[0].stuck.thousandths, 73 * 50000);
    assert_int_equal(page.headlines.head.count, 0); /* on track, but nobody has shown it */
    assert_int_equal(page.decisions.head.count, 2);
    assert_true(text_is(page.decisions.at[0].decision, "report.WAT-2021.q1"));
    assert_true(text_is(page.decisions.at[1].decision, "grant.PWR-2021.d1"));
    assert_false(page.decisions.at[1].action.at);
    assert_int_equal(decide("grant.PWR-2021.d9"), ERR_NOT_FOUND);
    assert_int_equal(decide("grant.PWR-2021.d1"), OK);
    assert_int_equal(decide("grant.PWR-2021.d1"), ERR_EXISTS);
    assert_true(play_says(season_play, "action-1"));
    assert_true(text_is(page_of("p.rime", "pm").decisions.at[1].action, "action-1"));
    assert_true(text_is(read_action().action.opened.owner, "secretary.FIN"));
}

static void the_page_is_public_after_the_release(void **state)
{
    (void)state;
    struct summary_one one = {.quarter = TEXT_LITERAL("2021.q1")};
    static const char *const wrong[] = {"2021", "2021.q", "2021.q0", "2021.q9", "2021.q01",
        "2022.q1", ".q1", "2021.x1", "2021.q99999999999999999999"};
    assert_int_equal(
        play_ask(season_play, "m.pwr", "minister.PWR", MESSAGE_summary_get, &one), ERR_NOT_FOUND);
    play_move(season_play, 20211114);
    assert_int_equal(play_ask(season_play, "m.pwr", "minister.PWR", MESSAGE_summary_get, &one), OK);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        one.quarter = text_of(wrong[i]);
        if (id_complaint(one.quarter))
            continue;
        assert_int_equal(
            play_ask(season_play, "p.rime", "pm", MESSAGE_summary_get, &one), ERR_NOT_FOUND);
    }
}

static void the_printed_page_holds_no_markup_of_others(void **state)
{
    (void)state;
    struct summary_one one = {.quarter = TEXT_LITERAL("2021.q1")};
    struct dependency_raised raised = {.id = TEXT_LITERAL("PWR-2021.d1"),
        .raised = {.blocking_body = TEXT_LITERAL("FIN"),
            .type = TEXT_LITERAL("RELEASE"),
            .what = TEXT_LITERAL("<script>alert(\"x\")</script> & 'more'")},
        .body = TEXT_LITERAL("PWR"),
        .norm_days = {10, true},
        .weight = {50000, true},
        .on = 20210702};
    raised.raised.targets.head = (struct list_head){1, true};
    raised.raised.targets.at[0] = TEXT_LITERAL("PWR-2021.1");
    play_tell(season_play, MESSAGE_dependency_raised, "PWR-2021.d1", "PWR-2021.d1", &raised);
    assert_int_equal(play_ask(season_play, "p.rime", "pm", MESSAGE_summary_page, &one), OK);
    struct text html = reply_frame_at(season_play->reply, 0);
    char page[65536];
    assert_true(html.len < sizeof page);
    memcpy(page, html.at, html.len);
    page[html.len] = '\0';
    assert_null(strstr(page, "<script"));
    assert_non_null(strstr(page, "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;"));
    assert_non_null(strstr(page, "size:A4"));
}

int main(void)
{
#define CASE(test)      cmocka_unit_test_setup_teardown(test, open_season, season_close)
#define CERTIFIED(test) cmocka_unit_test_setup_teardown(test, open_certified, season_close)
    const struct CMUnitTest tests[] = {
        CERTIFIED(blind_until_all_have_scored),
        CERTIFIED(whoever_must_not_judge_is_not_waited_for),
        CERTIFIED(the_day_opens_them),
        CERTIFIED(an_appeal_that_is_upheld),
        CERTIFIED(an_appeal_in_time),
        CERTIFIED(actions_are_for_somebody_and_seen_by_another),
        CERTIFIED(overdue_ones_come_back),
        CASE(the_page),
        CASE(the_page_is_public_after_the_release),
        CASE(the_printed_page_holds_no_markup_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
