/* Every refusal of a ruling and of an act on an agreement by name, and every command in every
 * state. */
#include "table.h"

#include "facts/life.h"
#include "reviews/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define PWR TEXT_LITERAL("PWR-2021")

static int open_play(void **state)
{
    *state = play_new(table_service());
    scene_government(*state);
    return 0;
}

static int close_play(void **state)
{
    play_free(*state);
    return 0;
}

/* ---- a ruling ---- */
/* PWR-2021: .1 an outcome by drafter and checker, .2 an output by both, .3 process by its drafter,
 * on which the checker's opinions differ, .4 ruled an outcome, .5 returned, .6 of no class. */
static void six_targets(struct play *play)
{
    scene_target(play, "PWR-2021", 1, "Cut losses to 15%", 50000, CLASS_OUTCOME, CLASS_OUTCOME);
    scene_target(play, "PWR-2021", 2, "Build 40 grid stations", 20000, CLASS_OUTCOME, CLASS_OUTPUT);
    scene_target(play, "PWR-2021", 3, "Hold 12 meetings", 10000, CLASS_PROCESS, 0);
    scene_target(play, "PWR-2021", 4, "Halve outages", 10000, CLASS_PROCESS, CLASS_PROCESS);
    scene_target(play, "PWR-2021", 5, "Raise supply", 5000, CLASS_OUTCOME, CLASS_OUTCOME);
    scene_target(play, "PWR-2021", 6, "Issue cards", 5000, 0, 0);
    scene_target(play, "WAT-2021", 1, "Raise water levels", 100000, CLASS_OUTCOME, CLASS_OUTCOME);
    scene_lead(play, "PWR-2021", STATE_SUBMITTED);
    scene_lead(play, "WAT-2021", STATE_SUBMITTED);
    scene_rule(play, "PWR-2021", 4, VERDICT_ACCEPT, CLASS_OUTCOME, NULL);
    scene_rule(play, "PWR-2021", 5, VERDICT_RETURN, CLASS_OUTCOME, NULL);
}

static const struct {
    const char *target;
    enum verdict verdict;
    enum target_class class;
    const char *reason, *serves;
    enum err err;
    const char *member, *words;
} rulings[] = {
    {"PWR-2021.1", VERDICT_ACCEPT, CLASS_OUTCOME, NULL, NULL, OK, NULL, NULL},
    {"PWR-2021.1", VERDICT_ACCEPT, CLASS_OUTPUT, NULL, NULL, ERR_INVALID, "reason",
        "say outcome, the ruling says output"},
    {"PWR-2021.1", VERDICT_ACCEPT, CLASS_OUTPUT, "a thing", NULL, OK, NULL, NULL},
    {"PWR-2021.2", VERDICT_ACCEPT, CLASS_OUTPUT, NULL, NULL, OK, NULL, NULL},
    {"PWR-2021.3", VERDICT_ACCEPT, CLASS_OUTCOME, NULL, NULL, OK, NULL, NULL}, /* no agreed check */
    {"PWR-2021.1", VERDICT_RETURN, CLASS_OUTCOME, NULL, NULL, ERR_INVALID, "reason", "returned"},
    {"PWR-2021.1", VERDICT_RETURN, CLASS_OUTCOME, "by when?", NULL, OK, NULL, NULL},
    {"PWR-2021.2", VERDICT_ENABLER, CLASS_OUTPUT, NULL, "PWR-2021.1", OK, NULL, NULL},
    {"PWR-2021.2", VERDICT_ENABLER, CLASS_OUTPUT, NULL, "PWR-2021.4", OK, NULL, NULL},
    {"PWR-2021.3", VERDICT_ENABLER, CLASS_PROCESS, NULL, "PWR-2021.1", OK, NULL, NULL},
    {"PWR-2021.2", VERDICT_ENABLER, CLASS_OUTPUT, NULL, NULL, ERR_INVALID, "serves", "names"},
    {"PWR-2021.1", VERDICT_ENABLER, CLASS_OUTCOME, NULL, "PWR-2021.4", ERR_INVALID, "class",
        "output or process"},
    {"PWR-2021.2", VERDICT_ENABLER, CLASS_OUTPUT, NULL, "PWR-2021.2", ERR_INVALID, "serves",
        "itself"},
    {"PWR-2021.2", VERDICT_ENABLER, CLASS_OUTPUT, NULL, "PWR-2021.3", ERR_INVALID, "serves",
        "is process, not an outcome"},
    {"PWR-2021.2", VERDICT_ENABLER, CLASS_OUTPUT, NULL, "PWR-2021.5", ERR_INVALID, "serves",
        "its ruling is return"},
    {"PWR-2021.2", VERDICT_ENABLER, CLASS_OUTPUT, NULL, "PWR-2021.6", ERR_INVALID, "serves",
        "no class yet"},
    {"PWR-2021.2", VERDICT_ENABLER, CLASS_OUTPUT, NULL, "PWR-2021.7", ERR_INVALID, "serves",
        "no target PWR-2021.7"},
    {"PWR-2021.2", VERDICT_ENABLER, CLASS_OUTPUT, NULL, "WAT-2021.1", ERR_INVALID, "serves",
        "no target WAT-2021.1 in PWR-2021"},
    {"PWR-2021.2", VERDICT_ACCEPT, CLASS_OUTPUT, NULL, "PWR-2021.1", ERR_INVALID, "serves",
        "only an enabler"},
    {"PWR-2021.7", VERDICT_ACCEPT, CLASS_OUTPUT, NULL, NULL, ERR_NOT_FOUND, "target", "PWR-2021.7"},
    {"PWR-2021", VERDICT_ACCEPT, CLASS_OUTPUT, NULL, NULL, ERR_NOT_FOUND, "target", "PWR-2021"},
    {"NOT-2021.1", VERDICT_ACCEPT, CLASS_OUTPUT, NULL, NULL, ERR_NOT_FOUND, "target", "NOT-2021.1"},
};

static enum err rule(struct play *play, size_t row)
{
    struct ruling_make make = {.target = text_of(rulings[row].target),
        .verdict = rulings[row].verdict,
        .class = rulings[row].class,
        .reason = text_of(rulings[row].reason),
        .serves = text_of(rulings[row].serves)};
    return play_do(play, "c.two", "committee.2", MESSAGE_ruling_make, &make, 0);
}

static void test_rulings(void **unused)
{
    (void)unused;
    for (size_t row = 0; row < sizeof rulings / sizeof *rulings; row++) {
        void *play;
        open_play(&play);
        six_targets(play);
        enum err err = rule(play, row);
        if (err != rulings[row].err) {
            print_message("row %zu\n", row);
            play_print(play);
        }
        assert_int_equal(err, rulings[row].err);
        if (err) {
            assert_true(play_faults(play, rulings[row].member));
            assert_true(play_says(play, rulings[row].words));
        }
        assert_true(play_same_again(play));
        close_play(&play);
    }
}

static size_t list(struct play *play, const char *target)
{
    struct ruling_list asked = {.target = text_of(target)};
    assert_int_equal(play_ask(play, "a.udit", "auditor", MESSAGE_ruling_list, &asked), OK);
    return reply_count(play->reply);
}

/* The words and the weight are those of the target; a later ruling replaces an earlier one; a new
 * text has none, and the same text keeps its own after a return. */
static void test_what_stands(void **state)
{
    struct play *play = *state;
    struct ruling_view view = {0};
    six_targets(play);
    assert_int_equal(rule(play, 0), OK);
    assert_int_equal(rule(play, 2), OK);
    assert_int_equal(list(play, "PWR-2021.1"), 2);
    play_read(play, 0, ruling_view_record(), &view);
    assert_true(text_is(view.ruling.statement, "Cut losses to 15%"));
    assert_int_equal(view.ruling.weight.thousandths, 50000);
    assert_int_equal(view.ruling.made.class, CLASS_OUTPUT);
    assert_true(text_is(view.person, "c.two") && text_is(view.office, "committee.2"));
    assert_true(text_is(view.agreement, "PWR-2021") && text_is(view.body, "PWR"));
    assert_int_equal(view.stands, FLAG_YES);
    play_read(play, 1, ruling_view_record(), &view);
    assert_int_equal(view.stands, FLAG_NO);
    play_tell(play, MESSAGE_agreement_returned, "PWR-2021", "PWR-2021", NULL);
    list(play, "PWR-2021.1");
    play_read(play, 0, ruling_view_record(), &view);
    assert_int_equal(view.stands, FLAG_YES);
    scene_target(play, "PWR-2021", 1, "Cut losses to 14%", 50000, CLASS_OUTCOME, CLASS_OUTCOME);
    list(play, "PWR-2021.1");
    play_read(play, 0, ruling_view_record(), &view);
    assert_int_equal(view.stands, FLAG_NO);
    assert_true(text_is(view.ruling.statement, "Cut losses to 15%"));
    struct target_one gone = {.target = TEXT_LITERAL("PWR-2021.4")};
    play_tell(play, MESSAGE_target_removed, "PWR-2021", "PWR-2021.4", &gone);
    list(play, "PWR-2021.4");
    play_read(play, 0, ruling_view_record(), &view);
    assert_int_equal(view.stands, FLAG_NO);
    assert_true(play_same_again(play));
}

/* ---- an amendment ---- */
static void amend(struct play *play, enum message end)
{
    struct amendment_changed changed = {.amendment = TEXT_LITERAL("PWR-2021.a1"),
        .change = {.target = TEXT_LITERAL("PWR-2021.4"),
            .promise = {
                .statement = TEXT_LITERAL("Halve outages at night"), .weight = {10000, true}}}};
    play_tell(play, MESSAGE_amendment_proposed, "PWR-2021", "PWR-2021.a1", NULL);
    play_tell(play, MESSAGE_amendment_changed, "PWR-2021", "PWR-2021.4", &changed);
    play_tell(play, end, "PWR-2021", "PWR-2021.a1", NULL);
}

static void test_amendment(void **state)
{
    struct play *play = *state;
    struct ruling_view view = {0};
    six_targets(play);
    play_tell(play, MESSAGE_agreement_accepted, "PWR-2021", "PWR-2021", NULL);
    play_tell(play, MESSAGE_agreement_forwarded, "PWR-2021", "PWR-2021", NULL);
    play_tell(play, MESSAGE_agreement_frozen, "PWR-2021", "PWR-2021", NULL);
    play_tell(play, MESSAGE_agreement_minister_signed, "PWR-2021", "PWR-2021", NULL);
    play_tell(play, MESSAGE_agreement_pm_signed, "PWR-2021", "PWR-2021", NULL);
    amend(play, MESSAGE_amendment_dropped);
    list(play, "PWR-2021.4");
    play_read(play, 0, ruling_view_record(), &view);
    assert_int_equal(view.stands, FLAG_YES);
    amend(play, MESSAGE_agreement_amended);
    list(play, "PWR-2021.4");
    play_read(play, 0, ruling_view_record(), &view);
    assert_int_equal(view.stands, FLAG_NO);
    assert_true(play_same_again(play));
}

/* ---- state x command ---- */
static const struct {
    enum message command, event;
    const char *person, *office;
} acts[] = {
    {MESSAGE_ruling_make, MESSAGE_target_ruled, "c.two", "committee.2"},
    {MESSAGE_agreement_accept, MESSAGE_agreement_accepted, "c.two", "committee.2"},
    {MESSAGE_agreement_accept, MESSAGE_agreement_accepted, "d.unit", "secretariat"},
    {MESSAGE_agreement_return, MESSAGE_agreement_returned, "c.two", "committee.2"},
    {MESSAGE_agreement_return, MESSAGE_agreement_returned, "d.unit", "secretariat"},
    {MESSAGE_agreement_forward, MESSAGE_agreement_forwarded, "d.unit", "secretariat"},
    {MESSAGE_thread_open, MESSAGE_thread_opened, "p.mo", "pmo"},
    {MESSAGE_thread_answer, MESSAGE_thread_answered, "f.pwr", "focal.PWR"},
    {MESSAGE_thread_answer, MESSAGE_thread_answered, "s.pwr", "secretary.PWR"},
    {MESSAGE_thread_answer, MESSAGE_thread_answered, "p.mo", "pmo"},
    {MESSAGE_thread_close, MESSAGE_thread_closed, "p.mo", "pmo"},
};

static enum err act(struct play *play, size_t row, uint64_t expected)
{
    struct ruling_make make = {
        .target = TEXT_LITERAL("PWR-2021.1"), .verdict = VERDICT_ACCEPT, .class = CLASS_OUTCOME};
    struct agreement_judge judge = {.agreement = PWR, .reason = TEXT_LITERAL("as a whole")};
    struct thread_open open = {.agreement = PWR, .text = TEXT_LITERAL("Why 15%?")};
    struct thread_say say = {.thread = TEXT_LITERAL("PWR-2021.f1"), .text = TEXT_LITERAL("So")};
    struct thread_close close = {.thread = say.thread, .outcome = THREAD_ANSWERED};
    const void *body = acts[row].command == MESSAGE_ruling_make     ? (const void *)&make
                       : acts[row].command == MESSAGE_thread_open   ? (const void *)&open
                       : acts[row].command == MESSAGE_thread_answer ? (const void *)&say
                       : acts[row].command == MESSAGE_thread_close  ? (const void *)&close
                                                                    : (const void *)&judge;
    return play_do(play, acts[row].person, acts[row].office, acts[row].command, body, expected);
}

/* A target that is ruled on, and an open thread of an earlier round. */
static void stand(struct play *play, enum agreement_state state)
{
    struct thread_opened opened = {.id = TEXT_LITERAL("PWR-2021.f1"),
        .opened = {.agreement = PWR, .text = TEXT_LITERAL("What of the poor?")}};
    scene_target(play, "PWR-2021", 1, "Cut losses", 100000, CLASS_OUTCOME, CLASS_OUTCOME);
    play_tell(play, MESSAGE_agreement_submitted, "PWR-2021", "PWR-2021", NULL);
    scene_rule(play, "PWR-2021", 1, VERDICT_ACCEPT, CLASS_OUTCOME, NULL);
    play_tell(play, MESSAGE_agreement_accepted, "PWR-2021", "PWR-2021", NULL);
    play_tell(play, MESSAGE_agreement_forwarded, "PWR-2021", "PWR-2021", NULL);
    play_tell(play, MESSAGE_thread_opened, "PWR-2021", "PWR-2021.f1", &opened);
    play_tell(play, MESSAGE_agreement_reopened, "PWR-2021", "PWR-2021", NULL);
    scene_lead(play, "PWR-2021", state);
}

static void test_state_command(void **unused)
{
    (void)unused;
    for (enum agreement_state state = STATE_DRAFT; state <= STATE_LAPSED; state++)
        for (size_t row = 0; row < sizeof acts / sizeof *acts; row++) {
            void *play;
            open_play(&play);
            stand(play, state);
            enum agreement_state after = life_after(acts[row].event, state);
            enum err err = act(play, row, play_version(play, "PWR-2021"));
            if (err != (after ? OK : ERR_STATE)) {
                print_message("%s in %s\n", message_row(acts[row].command)->wire,
                    choices_word(agreement_state_choices(), (int)state));
                play_print(play);
            }
            assert_int_equal(err, after ? OK : ERR_STATE);
            if (err) {
                assert_true(play_faults(play, "agreement"));
                assert_true(play_says(play, message_row(acts[row].event)->wire));
            }
            assert_true(play_same_again(play));
            close_play(&play);
        }
}

/* ---- acts on an agreement ---- */
static void test_if_match(void **state)
{
    struct play *play = *state;
    stand(play, STATE_SUBMITTED);
    for (size_t row = 1; row < 5; row++) {
        assert_int_equal(act(play, row, 0), ERR_UNCONDITIONAL);
        assert_int_equal(act(play, row, play_version(play, "PWR-2021") - 1), ERR_STALE);
    }
    assert_int_equal(act(play, 1, play_version(play, "PWR-2021")), OK);
    assert_int_equal(act(play, 5, play_version(play, "PWR-2021") + 1), ERR_STALE);
    assert_int_equal(act(play, 5, play_version(play, "PWR-2021")), OK);
}

static void test_return_says_why(void **state)
{
    struct play *play = *state;
    stand(play, STATE_SUBMITTED);
    struct agreement_judge judge = {.agreement = PWR};
    uint64_t version = play_version(play, "PWR-2021");
    assert_int_equal(
        play_do(play, "c.one", "committee.1", MESSAGE_agreement_return, &judge, version),
        ERR_INVALID);
    assert_true(play_faults(play, "reason"));
}

static void test_no_such_agreement(void **state)
{
    struct play *play = *state;
    struct agreement_judge judge = {
        .agreement = TEXT_LITERAL("PWR-2023"), .reason = TEXT_LITERAL("none")};
    static const enum message all[] = {
        MESSAGE_agreement_accept, MESSAGE_agreement_return, MESSAGE_agreement_forward};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_int_equal(play_do(play, "d.unit", "secretariat", all[i], &judge, 1), ERR_NOT_FOUND);
        assert_true(play_faults(play, "agreement"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rulings),
        cmocka_unit_test_setup_teardown(test_what_stands, open_play, close_play),
        cmocka_unit_test_setup_teardown(test_amendment, open_play, close_play),
        cmocka_unit_test(test_state_command),
        cmocka_unit_test_setup_teardown(test_if_match, open_play, close_play),
        cmocka_unit_test_setup_teardown(test_return_says_why, open_play, close_play),
        cmocka_unit_test_setup_teardown(test_no_such_agreement, open_play, close_play),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
