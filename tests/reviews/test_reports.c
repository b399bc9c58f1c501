/* A quarter is reported, certified, graded and closed: by whom, when, and what is refused. */
#include "table.h"

#include "reviews/season.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define Q1 "PWR-2021.q1"

static int open_season(void **state)
{
    (void)state;
    return season_open(table_service());
}

static void by_hand(void **state)
{
    (void)state;
    /* Raised on Friday, 2 July, norm 10: full on 16 July. From 19 July to 30 September there are
     * 10 + 22 + 22 = 54 working days beyond the norm; the quarter has 22 + 22 + 22 = 66. */
    season_wait("PWR-2021.d1", "PWR-2021.1", 20210702);
    season_file("PWR", 1, 19200, 19000, 19400); /* 80%, 100% and 60% of the way from 20 to 19 */
    season_certify(Q1);
    struct result first = season_result(Q1, "PWR-2021.1");
    assert_int_equal(first.claimed.thousandths, 50000);
    assert_int_equal(first.status, STATUS_LAGGING);
    assert_int_equal(first.withheld.thousandths, 40909); /* 50 * 54 / 66 */
    assert_true(text_is(first.withheld_by, "FIN"));
    assert_int_equal(season_result(Q1, "PWR-2021.2").status, STATUS_ON_TRACK);
    assert_int_equal(season_result(Q1, "PWR-2021.3").status, STATUS_OFF_TRACK);
    struct report report = season_read(Q1);
    assert_int_equal(report.state, REPORT_CERTIFIED);
    assert_int_equal(report.claimed.thousandths, 55000);  /* .5 * 50 + .3 * 100 + .2 * 0 */
    assert_int_equal(report.supported.thousandths, 0);    /* nobody showed anything */
    assert_int_equal(report.withheld.thousandths, 20455); /* .5 * 40.909 */
    assert_int_equal(report.optimism.value, 2);           /* three times "on track" */
    assert_false(report.total.given);
    /* the other account */
    season_file("FIN", 1, 19000, 19000, 19000);
    assert_int_equal(season_read("FIN-2021.q1").charged.thousandths, 20455);
}

static struct report_grade grade_of(const char *target, enum evidence_grade grade)
{
    return (struct report_grade){.target = text_of(target),
        .period = {1, true},
        .grade = grade,
        .reason = TEXT_LITERAL("Seen in the meters' system")};
}

static enum err grade(const char *person, const char *office, struct report_grade record)
{
    return play_do(season_play, person, office, MESSAGE_report_grade, &record, 0);
}

static void grading(void **state)
{
    (void)state;
    season_file("PWR", 1, 19200, 19000, 19400);
    assert_int_equal(grade("d.unit", "secretariat", grade_of("PWR-2021.1", GRADE_E3)), ERR_STATE);
    season_certify(Q1);
    assert_int_equal(grade("d.unit", "secretariat", grade_of("PWR-2021.1", GRADE_E1)), ERR_INVALID);
    assert_int_equal(
        grade("d.unit", "secretariat", grade_of("PWR-2021.9", GRADE_E3)), ERR_NOT_FOUND);
    assert_int_equal(grade("f.pwr", "focal.PWR", grade_of("PWR-2021.1", GRADE_E4)), ERR_FORBIDDEN);
    assert_int_equal(grade("d.unit", "secretariat", grade_of("PWR-2021.1", GRADE_E3)), OK);
    assert_int_equal(grade("a.udit", "auditor", grade_of("PWR-2021.2", GRADE_E4)), OK);
    assert_int_equal(season_read(Q1).supported.thousandths, 55000);
    /* a later grade replaces the earlier */
    assert_int_equal(grade("a.udit", "auditor", grade_of("PWR-2021.2", GRADE_E0)), OK);
    assert_int_equal(season_read(Q1).supported.thousandths, 25000);
    /* nobody grades the own body */
    scene_person(season_play, "d.unit", "PWR");
    assert_int_equal(
        grade("d.unit", "secretariat", grade_of("PWR-2021.1", GRADE_E4)), ERR_FORBIDDEN);
    play_move(season_play, 20211114);
    assert_int_equal(grade("a.udit", "auditor", grade_of("PWR-2021.2", GRADE_E4)), ERR_STATE);
}

static void refused(const struct report_put put, const char *person, const char *office,
    enum err err, const char *member)
{
    size_t before = season_play->log_count;
    enum err is = season_report(person, office, put);
    if (is != err || !play_faults(season_play, member))
        play_print(season_play);
    assert_int_equal(is, err);
    assert_true(play_faults(season_play, member));
    assert_int_equal(season_play->log_count, before);
}

static void bad_lines(void **state)
{
    (void)state;
    struct report_put good = season_line("PWR-2021.1", 1, 19000, STATUS_ON_TRACK), bad = good;
    refused(good, "f.fin", "focal.FIN", ERR_FORBIDDEN, "target");
    bad.line.target = TEXT_LITERAL("PWR-2021.4");
    refused(bad, "f.pwr", "focal.PWR", ERR_INVALID, "target");
    bad.line.target = TEXT_LITERAL("NEW-2021.1");
    refused(bad, "f.pwr", "focal.PWR", ERR_NOT_FOUND, "target");
    bad = good;
    bad.period.value = 2;
    refused(bad, "f.pwr", "focal.PWR", ERR_STATE, "period");
    assert_true(play_says(season_play, "2021-12-31"));
    bad.period.value = 9;
    refused(bad, "f.pwr", "focal.PWR", ERR_INVALID, "period");
    bad = good;
    bad.line.value.thousandths = 100001; /* of a share */
    refused(bad, "f.pwr", "focal.PWR", ERR_INVALID, "value");
    bad.line.value.thousandths = -1;
    refused(bad, "f.pwr", "focal.PWR", ERR_INVALID, "value");
    bad = good;
    bad.line.own_word = STATUS_NO_DATA;
    refused(bad, "f.pwr", "focal.PWR", ERR_INVALID, "own_word");
    bad.line.own_word = STATUS_LAGGING;
    refused(bad, "f.pwr", "focal.PWR", ERR_INVALID, "remark");
    bad = good;
    bad.line.evidence =
        TEXT_LITERAL("00000000000000000000000000000000000000000000000000000000000000ff");
    refused(bad, "f.pwr", "focal.PWR", ERR_INVALID, "evidence");
    assert_int_equal(season_report("f.pwr", "focal.PWR", good), OK);
    assert_int_equal(season_count(MESSAGE_report_begun), 1);
}

static void whoever_filed_does_not_certify(void **state)
{
    (void)state;
    struct report_certify certify = {.report = TEXT_LITERAL(Q1)};
    assert_int_equal(
        play_do(season_play, "s.pwr", "secretary.PWR", MESSAGE_report_certify, &certify, 1),
        ERR_NOT_FOUND);
    season_file("PWR", 1, 19000, 19000, 19000);
    uint64_t version = play_version(season_play, Q1);
    assert_int_equal(
        play_do(season_play, "s.fin", "secretary.FIN", MESSAGE_report_certify, &certify, version),
        ERR_FORBIDDEN);
    assert_int_equal(
        play_do(season_play, "s.pwr", "secretary.PWR", MESSAGE_report_certify, &certify, 0),
        ERR_UNCONDITIONAL);
    assert_int_equal(play_do(season_play, "s.pwr", "secretary.PWR", MESSAGE_report_certify,
                         &certify, version - 1),
        ERR_STALE);
    /* the secretary corrects a line, and is a filer from then on */
    struct report_put put = season_line("PWR-2021.1", 1, 18900, STATUS_ON_TRACK);
    assert_int_equal(season_report("s.pwr", "secretary.PWR", put), OK);
    assert_int_equal(play_do(season_play, "s.pwr", "secretary.PWR", MESSAGE_report_certify,
                         &certify, play_version(season_play, Q1)),
        ERR_FORBIDDEN);
    assert_true(play_says(season_play, "own report"));
    /* another secretary does, once: the second of two finds it done */
    scene_unpost(season_play, "secretary.PWR");
    scene_post(season_play, "s.new", "secretary.PWR");
    version = play_version(season_play, Q1);
    assert_int_equal(
        play_do(season_play, "s.new", "secretary.PWR", MESSAGE_report_certify, &certify, version),
        OK);
    assert_int_equal(
        play_do(season_play, "s.new", "secretary.PWR", MESSAGE_report_certify, &certify, version),
        ERR_STATE);
    /* closed */
    assert_int_equal(season_report("f.pwr", "focal.PWR", put), ERR_STATE);
}

static void silence_is_written_down(void **state)
{
    (void)state;
    season_file("PWR", 1, 19000, 19000, 19000);
    season_file("FIN", 1, 19000, 19000, 19000);
    season_certify("FIN-2021.q1");
    play_move(season_play, 20211012); /* the last day to certify */
    assert_int_equal(season_count(MESSAGE_report_missed), 0);
    play_move(season_play, 20211013);
    /* PWR began but nobody stood for it, WAT said nothing at all */
    assert_int_equal(season_count(MESSAGE_report_missed), 2);
    assert_int_equal(season_read(Q1).state, REPORT_NOT_REPORTED);
    assert_int_equal(season_read(Q1).no_data.value, 3);
    assert_int_equal(season_read(Q1).claimed.thousandths, 0);
    assert_int_equal(season_read(Q1).total.thousandths, 0);
    assert_true(season_read(Q1).total.given);
    assert_int_equal(season_read("WAT-2021.q1").lines.value, 0);
    assert_int_equal(season_read("FIN-2021.q1").state, REPORT_CERTIFIED);
    play_move(season_play, 20211113);
    assert_int_equal(season_count(MESSAGE_period_released), 0);
    play_move(season_play, 20211114); /* 45 days after the end */
    assert_int_equal(season_count(MESSAGE_period_released), 1);
    assert_int_equal(season_read(Q1).state, REPORT_RELEASED);
    play_move(season_play, 20220112);
    assert_int_equal(season_count(MESSAGE_report_missed), 2);
    play_move(season_play, 20220113);
    assert_int_equal(season_count(MESSAGE_report_missed), 5);
    assert_int_equal(season_count(MESSAGE_scores_opened), 1); /* of FIN, on its day */
}

/* The first target promises other values from its amendment on; what is closed keeps its own. */
static void a_closed_quarter_does_not_change(void **state)
{
    (void)state;
    season_file("PWR", 1, 19200, 19000, 19400);
    season_certify(Q1);
    struct result before = season_result(Q1, "PWR-2021.1");
    struct amendment_changed changed = {.change = {.target = TEXT_LITERAL("PWR-2021.1"),
                                            .promise = {.statement = TEXT_LITERAL("Theft falls"),
                                                .direction = DIRECTION_DOWN,
                                                .unit = TEXT_LITERAL("%"),
                                                .weight = {40000, true},
                                                .baseline = {20000, true}}}};
    changed.change.promise.milestones.head = (struct list_head){8, true};
    for (int i = 0; i < 8; i++)
        changed.change.promise.milestones.at[i] = 19900 - 100 * i;
    play_tell(season_play, MESSAGE_amendment_proposed, "PWR-2021", "PWR-2021", NULL);
    play_tell(season_play, MESSAGE_amendment_changed, "PWR-2021", "PWR-2021.1", &changed);
    play_tell(season_play, MESSAGE_agreement_amended, "PWR-2021", "PWR-2021", NULL);
    struct result after = season_result(Q1, "PWR-2021.1");
    assert_int_equal(after.milestone.thousandths, before.milestone.thousandths);
    assert_int_equal(after.weight.thousandths, 50000);
    assert_int_equal(after.claimed.thousandths, before.claimed.thousandths);
    play_move(season_play, 20220103);
    season_file("PWR", 2, 19800, 18000, 18000);
    season_certify("PWR-2021.q2");
    assert_int_equal(season_result("PWR-2021.q2", "PWR-2021.1").milestone.thousandths, 19800);
    assert_int_equal(season_result("PWR-2021.q2", "PWR-2021.1").weight.thousandths, 40000);
}

static bool sees(const char *person, const char *office)
{
    struct report_one one = {.report = TEXT_LITERAL(Q1)};
    enum err err = play_ask(season_play, person, office, MESSAGE_report_get, &one);
    assert_true(err == OK || err == ERR_NOT_FOUND);
    return err == OK;
}

static void nothing_is_public_before_its_day(void **state)
{
    (void)state;
    season_file("PWR", 1, 19000, 19000, 19000);
    season_certify(Q1);
    assert_true(sees("f.pwr", "focal.PWR"));
    assert_true(sees("c.one", "committee.1"));
    assert_true(sees("p.mo", "pmo"));
    assert_false(sees("f.fin", "focal.FIN"));
    struct report_list all = {.limit = {200, true}};
    struct result_list results = {.limit = {200, true}};
    assert_int_equal(play_ask(season_play, "f.fin", "focal.FIN", MESSAGE_report_list, &all), OK);
    assert_int_equal(play_head(season_play).total.value, 0);
    assert_int_equal(
        play_ask(season_play, "f.fin", "focal.FIN", MESSAGE_result_list, &results), OK);
    assert_int_equal(play_head(season_play).total.value, 0);
    play_move(season_play, 20211114);
    assert_true(sees("f.fin", "focal.FIN"));
    assert_int_equal(
        play_ask(season_play, "f.fin", "focal.FIN", MESSAGE_result_list, &results), OK);
    assert_int_equal(play_head(season_play).total.value, 9);
}

static void evidence(void **state)
{
    (void)state;
    struct evidence file = {
        .sha256 = TEXT_LITERAL("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        .bytes = {12, true},
        .media = TEXT_LITERAL("text/csv")};
    struct evidence_one one = {.sha256 = file.sha256};
    struct evidence bad = file;
    bad.sha256.len = 63;
    assert_int_equal(
        play_do(season_play, "f.pwr", "focal.PWR", MESSAGE_evidence_record, &bad, 0), ERR_INVALID);
    bad = file;
    bad.sha256 = TEXT_LITERAL("AAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_int_equal(
        play_do(season_play, "f.pwr", "focal.PWR", MESSAGE_evidence_record, &bad, 0), ERR_INVALID);
    assert_int_equal(
        play_do(season_play, "f.pwr", "focal.PWR", MESSAGE_evidence_record, &file, 0), OK);
    assert_int_equal(
        play_do(season_play, "f.fin", "focal.FIN", MESSAGE_evidence_record, &file, 0), ERR_EXISTS);
    assert_int_equal(
        play_ask(season_play, "f.fin", "focal.FIN", MESSAGE_evidence_get, &one), ERR_NOT_FOUND);
    struct report_put put = season_line("PWR-2021.1", 1, 19000, STATUS_ON_TRACK);
    put.line.evidence = file.sha256;
    assert_int_equal(season_report("f.pwr", "focal.PWR", put), OK);
    season_certify(Q1);
    struct result result = season_result(Q1, "PWR-2021.1");
    assert_int_equal(result.grade, GRADE_E1); /* until somebody looks */
    assert_int_equal(result.supported.thousandths, 60000);
    play_move(season_play, 20211114);
    struct evidence_view view;
    assert_int_equal(play_ask(season_play, "f.fin", "focal.FIN", MESSAGE_evidence_get, &one), OK);
    play_read(season_play, 0, evidence_view_record(), &view);
    assert_true(text_is(view.reports.at[0], Q1));
    /* the same file and the same value a quarter later are asked about */
    play_move(season_play, 20220103);
    put.period.value = 2;
    assert_int_equal(season_report("f.pwr", "focal.PWR", put), OK);
    season_certify("PWR-2021.q2");
    struct screen_list list = {.report = TEXT_LITERAL("PWR-2021.q2")};
    assert_int_equal(play_ask(season_play, "a.udit", "auditor", MESSAGE_screen_list, &list), OK);
    assert_int_equal(play_head(season_play).total.value, 2);
    struct screen_answer answer = {.report = list.report,
        .screen = SCREEN_COPY_VALUE,
        .target = TEXT_LITERAL("PWR-2021.1"),
        .answer = TEXT_LITERAL("The survey comes twice a year")};
    assert_int_equal(
        play_do(season_play, "s.fin", "secretary.FIN", MESSAGE_screen_answer, &answer, 0),
        ERR_NOT_FOUND); /* not released: not there for FIN */
    assert_int_equal(
        play_do(season_play, "f.pwr", "focal.PWR", MESSAGE_screen_answer, &answer, 0), OK);
    answer.screen = SCREEN_HEAPING;
    assert_int_equal(
        play_do(season_play, "f.pwr", "focal.PWR", MESSAGE_screen_answer, &answer, 0), ERR_INVALID);
    struct screen_view screen;
    assert_int_equal(play_ask(season_play, "a.udit", "auditor", MESSAGE_screen_list, &list), OK);
    play_read(season_play, 0, screen_view_record(), &screen);
    assert_int_equal(screen.screen, SCREEN_COPY_VALUE);
    assert_true(text_is(screen.answer, "The survey comes twice a year"));
}

static void drawn_targets_are_marked(void **state)
{
    (void)state;
    struct draw_made draw = {.id = TEXT_LITERAL("draw-1"), .size = {1, true}};
    struct result_list list = {.draw = TEXT_LITERAL("draw-1")};
    struct result view;
    season_file("PWR", 1, 19000, 19000, 19000);
    season_certify(Q1);
    draw.drawn.head = (struct list_head){2, true};
    draw.drawn.at[0] = TEXT_LITERAL("PWR-2021.2");
    draw.drawn.at[1] = TEXT_LITERAL("WAT-2021.1"); /* nothing was reported on it */
    play_tell(season_play, MESSAGE_draw_made, "draw-1", "draw-1", &draw);
    assert_int_equal(play_ask(season_play, "a.udit", "auditor", MESSAGE_result_list, &list), OK);
    assert_int_equal(play_head(season_play).total.value, 1);
    play_read(season_play, 0, result_record(), &view);
    assert_true(text_is(view.target, "PWR-2021.2"));
    assert_true(text_is(view.draw, "draw-1"));
}

static void the_ratchet(void **state)
{
    (void)state;
    season_file("PWR", 1, 17000, 19000, 19000); /* far better than the 19 that were promised */
    season_certify(Q1);
    play_move(season_play, 20220103);
    season_file("PWR", 2, 18000, 18000, 18000); /* 18 was promised, 17 was there */
    season_certify("PWR-2021.q2");
    struct screen_list list = {.report = TEXT_LITERAL("PWR-2021.q2")};
    struct screen_view view;
    assert_int_equal(play_ask(season_play, "a.udit", "auditor", MESSAGE_screen_list, &list), OK);
    assert_int_equal(play_head(season_play).total.value, 1);
    play_read(season_play, 0, screen_view_record(), &view);
    assert_int_equal(view.screen, SCREEN_RATCHET);
    assert_true(text_is(view.target, "PWR-2021.1"));
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, open_season, season_close)
    const struct CMUnitTest tests[] = {
        CASE(by_hand),
        CASE(grading),
        CASE(bad_lines),
        CASE(whoever_filed_does_not_certify),
        CASE(silence_is_written_down),
        CASE(a_closed_quarter_does_not_change),
        CASE(nothing_is_public_before_its_day),
        CASE(evidence),
        CASE(drawn_targets_are_marked),
        CASE(the_ratchet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
