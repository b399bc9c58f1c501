/* The PM Office asks, the ministry answers, the PM Office closes: and nobody else, and not twice.
 */
#include "table.h"

#include "base/must.h"
#include "reviews/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PWR TEXT_LITERAL("PWR-2021")

static int open_play(void **state)
{
    struct play *play = play_new(table_service());
    scene_government(play);
    scene_target(play, "PWR-2021", 1, "Cut losses", 100000, CLASS_OUTCOME, CLASS_OUTCOME);
    scene_target(play, "WAT-2021", 1, "Raise levels", 100000, CLASS_OUTCOME, CLASS_OUTCOME);
    scene_lead(play, "PWR-2021", STATE_AT_PMO);
    scene_lead(play, "WAT-2021", STATE_AT_PMO);
    *state = play;
    return 0;
}

static int close_play(void **state)
{
    play_free(*state);
    return 0;
}

static enum err ask_about(struct play *play, const char *target, const char *text)
{
    struct thread_open open = {.agreement = PWR, .target = text_of(target), .text = text_of(text)};
    return play_do(play, "p.mo", "pmo", MESSAGE_thread_open, &open, 0);
}

static enum err say(
    struct play *play, const char *person, const char *office, const char *thread, const char *text)
{
    struct thread_say word = {.thread = text_of(thread), .text = text_of(text)};
    return play_do(play, person, office, MESSAGE_thread_answer, &word, 0);
}

static enum err end(
    struct play *play, const char *thread, enum thread_outcome outcome, const char *text)
{
    struct thread_close close = {
        .thread = text_of(thread), .outcome = outcome, .text = text_of(text)};
    return play_do(play, "p.mo", "pmo", MESSAGE_thread_close, &close, 0);
}

static struct thread_view *get(struct play *play, const char *thread)
{
    static struct thread_view view;
    struct thread_one one = {.thread = text_of(thread)};
    must(play_ask(play, "p.mo", "pmo", MESSAGE_thread_get, &one) == OK);
    memset(&view, 0, sizeof view);
    play_read(play, 0, thread_view_record(), &view);
    return &view;
}

static void test_a_thread(void **state)
{
    struct play *play = *state;
    assert_int_equal(ask_about(play, NULL, "What of the poor?"), OK);
    assert_int_equal(ask_about(play, "PWR-2021.1", "Why 15%?"), OK);
    assert_true(text_is(decision_thing(play->decision), "PWR-2021.f2"));
    assert_int_equal(say(play, "f.pwr", "focal.PWR", "PWR-2021.f2", "Because."), OK);
    assert_int_equal(say(play, "p.mo", "pmo", "PWR-2021.f2", "Really?"), OK);
    assert_int_equal(say(play, "s.pwr", "secretary.PWR", "PWR-2021.f2", "Yes."), OK);
    struct thread_view *view = get(play, "PWR-2021.f2");
    assert_int_equal(view->outcome, THREAD_OPEN);
    assert_true(text_is(view->thread.opened.target, "PWR-2021.1"));
    assert_true(text_is(view->thread.opened.text, "Why 15%?"));
    assert_true(text_is(view->opened_by, "p.mo"));
    assert_int_equal(view->words.head.count, 3);
    assert_true(text_is(view->words.at[0].person, "f.pwr"));
    assert_true(text_is(view->words.at[0].office, "focal.PWR"));
    assert_true(text_is(view->words.at[1].text, "Really?"));
    assert_true(view->words.at[2].at.ms > view->words.at[1].at.ms);
    assert_int_equal(end(play, "PWR-2021.f2", THREAD_ANSWERED, "Fine."), OK);
    view = get(play, "PWR-2021.f2");
    assert_int_equal(view->outcome, THREAD_ANSWERED);
    assert_true(text_is(view->words.at[3].text, "Fine."));
    assert_int_equal(play_head(play).version.value, play_version(play, "PWR-2021"));
    assert_true(text_is(play_head(play).subject, "PWR-2021"));
    assert_int_equal(end(play, "PWR-2021.f1", THREAD_ACCEPTED, NULL), OK);
    view = get(play, "PWR-2021.f1");
    assert_int_equal(view->outcome, THREAD_ACCEPTED);
    assert_false(view->words.head.given);
    assert_null(view->thread.opened.target.at);
    assert_true(play_same_again(play));
}

static void test_refusals(void **state)
{
    struct play *play = *state;
    assert_int_equal(ask_about(play, "PWR-2021.2", "?"), ERR_INVALID);
    assert_true(play_faults(play, "target"));
    assert_int_equal(ask_about(play, "WAT-2021.1", "?"), ERR_INVALID);
    must(ask_about(play, NULL, "Why?") == OK);
    assert_int_equal(say(play, "f.wat", "focal.WAT", "PWR-2021.f1", "We too"), ERR_NOT_FOUND);
    assert_int_equal(say(play, "p.mo", "pmo", "PWR-2021.f2", "So"), ERR_NOT_FOUND);
    assert_int_equal(say(play, "c.one", "committee.1", "PWR-2021.f1", "So"), ERR_FORBIDDEN);
    assert_int_equal(end(play, "PWR-2021.f1", THREAD_OPEN, NULL), ERR_INVALID);
    assert_true(play_faults(play, "outcome"));
    must(end(play, "PWR-2021.f1", THREAD_ACCEPTED, NULL) == OK);
    assert_int_equal(end(play, "PWR-2021.f1", THREAD_ACCEPTED, NULL), ERR_STATE);
    assert_true(play_faults(play, "thread") && play_says(play, "closed as accepted"));
    assert_int_equal(say(play, "f.pwr", "focal.PWR", "PWR-2021.f1", "Late"), ERR_STATE);
}

/* When a body ends, the offices of its successor answer, and its own do not any more. */
static void test_successor_answers(void **state)
{
    struct play *play = *state;
    must(ask_about(play, NULL, "Why?") == OK);
    scene_body(play, "ENE", NULL);
    scene_post(play, "f.ene", "focal.ENE");
    assert_int_equal(say(play, "f.ene", "focal.ENE", "PWR-2021.f1", "So"), ERR_NOT_FOUND);
    scene_body(play, "PWR", "ENE");
    assert_int_equal(say(play, "f.ene", "focal.ENE", "PWR-2021.f1", "So"), OK);
    assert_int_equal(say(play, "f.pwr", "focal.PWR", "PWR-2021.f1", "No"), ERR_NOT_FOUND);
}

/* A thread keeps a place for its last word, and always fits into one frame. */
static void test_full(void **state)
{
    struct play *play = *state;
    must(ask_about(play, NULL, "Why?") == OK);
    for (int i = 0; i < 39; i++)
        assert_int_equal(say(play, "f.pwr", "focal.PWR", "PWR-2021.f1", "word"), OK);
    assert_int_equal(say(play, "f.pwr", "focal.PWR", "PWR-2021.f1", "word"), ERR_STATE);
    assert_true(play_says(play, "full"));
    assert_int_equal(end(play, "PWR-2021.f1", THREAD_ANSWERED, "Enough"), OK);
    assert_int_equal(get(play, "PWR-2021.f1")->words.head.count, 40);
}

static void test_full_of_bytes(void **state)
{
    struct play *play = *state;
    char text[8001] = "";
    static const unsigned char face[] = {0xF0, 0x9F, 0x98, 0x80};
    for (size_t i = 0; i < 2000; i++)
        (void)memcpy(text + sizeof face * i, face, sizeof face);
    must(ask_about(play, NULL, text) == OK);
    int said = 0;
    while (say(play, "f.pwr", "focal.PWR", "PWR-2021.f1", text) == OK)
        said++;
    assert_in_range(said, 15, 25);
    assert_true(play_faults(play, "thread") && play_says(play, "full"));
    assert_int_equal(get(play, "PWR-2021.f1")->words.head.count, said);
    assert_true(reply_fits(play->reply));
    assert_int_equal(end(play, "PWR-2021.f1", THREAD_ANSWERED, NULL), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_thread, open_play, close_play),
        cmocka_unit_test_setup_teardown(test_refusals, open_play, close_play),
        cmocka_unit_test_setup_teardown(test_successor_answers, open_play, close_play),
        cmocka_unit_test_setup_teardown(test_full, open_play, close_play),
        cmocka_unit_test_setup_teardown(test_full_of_bytes, open_play, close_play),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
