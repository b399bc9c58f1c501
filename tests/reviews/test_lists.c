/* Pages, order, and who sees what: what somebody may not see is not there, not even counted. */
#include "table.h"

#include "base/must.h"
#include "reviews/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define RULINGS 23

/* Rulings 1 to 23 on PWR and WAT in turn, and a thread on each. */
static int open_play(void **state)
{
    struct play *play = play_new(table_service());
    scene_government(play);
    for (unsigned n = 1; n <= RULINGS; n++) {
        scene_target(play, "PWR-2021", n, "A line", 4000, CLASS_OUTCOME, CLASS_OUTCOME);
        scene_target(play, "WAT-2021", n, "A line", 4000, CLASS_OUTCOME, CLASS_OUTCOME);
    }
    scene_lead(play, "WAT-2021", STATE_SUBMITTED);
    scene_lead(play, "PWR-2021", STATE_SUBMITTED);
    for (unsigned n = 1; n <= RULINGS; n++)
        scene_rule(play, n % 2 ? "PWR-2021" : "WAT-2021", n,
            n % 3 ? VERDICT_ACCEPT : VERDICT_RETURN, CLASS_OUTCOME, NULL);
    *state = play;
    return 0;
}

static int close_play(void **state)
{
    play_free(*state);
    return 0;
}

/* Walks all pages; returns how many items came, each later in the ledger than the next. */
static size_t walk(struct play *play, const char *person, const char *office,
    struct ruling_list asked, uint64_t *ret_total)
{
    char after[401];
    size_t items = 0;
    int64_t last = WHOLE_MAX;
    for (;;) {
        must(play_ask(play, person, office, MESSAGE_ruling_list, &asked) == OK);
        for (size_t i = 0; i < reply_count(play->reply); i++, items++) {
            struct ruling_view view = {0};
            play_read(play, i, ruling_view_record(), &view);
            assert_true(view.position.value < last);
            last = view.position.value;
            if (asked.agreement.at)
                assert_true(text_equal(view.agreement, asked.agreement));
            if (asked.verdict)
                assert_int_equal(view.ruling.made.verdict, asked.verdict);
        }
        struct answer head = play_head(play);
        *ret_total = (uint64_t)head.total.value;
        if (!head.next.at)
            return items;
        assert_int_equal(reply_count(play->reply), asked.limit.value);
        (void)snprintf(after, sizeof after, "%.*s", TEXT_ARG(head.next));
        asked.after = text_of(after);
    }
}

static const struct {
    const char *person, *office, *agreement;
    enum verdict verdict;
    size_t items;
} lists[] = {
    {"a.udit", "auditor", NULL, 0, RULINGS},
    {"c.one", "committee.1", NULL, 0, RULINGS},
    {"p.mo", "pmo", "WAT-2021", 0, 11},
    {"d.unit", "secretariat", NULL, VERDICT_RETURN, 7},
    {"f.pwr", "focal.PWR", NULL, 0, 12},
    {"s.wat", "secretary.WAT", NULL, 0, 11},
    {"s.wat", "secretary.WAT", "PWR-2021", 0, 0},
    {"f.fin", "focal.FIN", NULL, 0, 0},
    {"a.udit", "auditor", "NOT-2021", 0, 0},
};

static void test_rulings(void **state)
{
    struct play *play = *state;
    for (size_t row = 0; row < sizeof lists / sizeof *lists; row++)
        for (int64_t limit = 1; limit <= 30; limit++) {
            struct ruling_list asked = {.agreement = text_of(lists[row].agreement),
                .verdict = lists[row].verdict,
                .limit = {limit, true}};
            uint64_t total;
            size_t items = walk(play, lists[row].person, lists[row].office, asked, &total);
            assert_int_equal(items, lists[row].items);
            assert_int_equal(total, lists[row].items);
        }
}

static void test_bad_pages(void **state)
{
    struct play *play = *state;
    static const char *const bad[] = {"x", "-1", "01", "1 ", "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct ruling_list rulings = {.after = text_of(bad[i])};
        struct queue_list queue = {.after = text_of(bad[i])};
        struct thread_list threads = {.after = text_of(bad[i])};
        assert_int_not_equal(
            play_ask(play, "a.udit", "auditor", MESSAGE_ruling_list, &rulings), OK);
        assert_true(play_faults(play, "after"));
        assert_int_not_equal(play_ask(play, "a.udit", "auditor", MESSAGE_queue_list, &queue), OK);
        assert_int_not_equal(
            play_ask(play, "a.udit", "auditor", MESSAGE_thread_list, &threads), OK);
    }
}

static void test_queue(void **state)
{
    struct play *play = *state;
    struct queue_list asked = {.limit = {1, true}};
    struct queue_item item = {0};
    char after[401];
    must(play_ask(play, "d.unit", "secretariat", MESSAGE_queue_list, &asked) == OK);
    assert_int_equal(reply_count(play->reply), 1);
    assert_int_equal(play_head(play).total.value, 2);
    play_read(play, 0, queue_item_record(), &item);
    assert_true(text_is(item.agreement, "WAT-2021")); /* was submitted first */
    assert_int_equal(item.gates.ruled.value, 11);
    (void)snprintf(after, sizeof after, "%.*s", TEXT_ARG(play_head(play).next));
    asked.after = text_of(after);
    must(play_ask(play, "d.unit", "secretariat", MESSAGE_queue_list, &asked) == OK);
    play_read(play, 0, queue_item_record(), &item);
    assert_true(text_is(item.agreement, "PWR-2021"));
    assert_null(play_head(play).next.at);
    /* withdrawn and submitted anew: it waits from then on */
    play_tell(play, MESSAGE_agreement_withdrawn, "WAT-2021", "WAT-2021", NULL);
    asked = (struct queue_list){0};
    must(play_ask(play, "d.unit", "secretariat", MESSAGE_queue_list, &asked) == OK);
    assert_int_equal(reply_count(play->reply), 1);
    play_tell(play, MESSAGE_agreement_submitted, "WAT-2021", "WAT-2021", NULL);
    must(play_ask(play, "d.unit", "secretariat", MESSAGE_queue_list, &asked) == OK);
    play_read(play, 1, queue_item_record(), &item);
    assert_true(text_is(item.agreement, "WAT-2021"));
    assert_int_equal(play_ask(play, "p.mo", "pmo", MESSAGE_queue_list, &asked), ERR_FORBIDDEN);
}

/* ---- threads ---- */
static void open_threads(struct play *play)
{
    static const char *const ids[] = {"PWR-2021", "WAT-2021"};
    for (size_t a = 0; a < 2; a++) {
        play_tell(play, MESSAGE_agreement_accepted, ids[a], ids[a], NULL);
        play_tell(play, MESSAGE_agreement_forwarded, ids[a], ids[a], NULL);
    }
    for (unsigned n = 0; n < 6; n++) {
        struct thread_open open = {.agreement = text_of(ids[n % 2]), .text = TEXT_LITERAL("?")};
        must(play_do(play, "p.mo", "pmo", MESSAGE_thread_open, &open, 0) == OK);
    }
    struct thread_close close = {.thread = TEXT_LITERAL("WAT-2021.f2"), .outcome = THREAD_ANSWERED};
    must(play_do(play, "p.mo", "pmo", MESSAGE_thread_close, &close, 0) == OK);
}

static const struct {
    const char *person, *office, *agreement, *body;
    enum thread_outcome outcome;
    const char *shown[7];
} threads[] = {
    {"p.mo", "pmo", NULL, NULL, 0,
        {"WAT-2021.f3", "PWR-2021.f3", "WAT-2021.f2", "PWR-2021.f2", "WAT-2021.f1", "PWR-2021.f1"}},
    {"f.pwr", "focal.PWR", NULL, NULL, 0, {"PWR-2021.f3", "PWR-2021.f2", "PWR-2021.f1"}},
    {"f.pwr", "focal.PWR", "WAT-2021", NULL, 0, {NULL}},
    {"p.mo", "pmo", NULL, "WAT", THREAD_OPEN, {"WAT-2021.f3", "WAT-2021.f1"}},
    {"p.mo", "pmo", "WAT-2021", NULL, THREAD_ANSWERED, {"WAT-2021.f2"}},
    {"f.fin", "focal.FIN", NULL, NULL, 0, {NULL}},
};

static void check_threads(struct play *play, size_t row, int64_t limit)
{
    char after[401];
    size_t items = 0;
    struct thread_list asked = {.agreement = text_of(threads[row].agreement),
        .body = text_of(threads[row].body),
        .outcome = threads[row].outcome,
        .limit = {limit, true}};
    for (;;) {
        must(play_ask(play, threads[row].person, threads[row].office, MESSAGE_thread_list,
                 &asked) == OK);
        for (size_t i = 0; i < reply_count(play->reply); i++, items++) {
            struct thread_view view = {0};
            play_read(play, i, thread_view_record(), &view);
            assert_non_null(threads[row].shown[items]);
            assert_true(text_is(view.thread.id, threads[row].shown[items]));
        }
        struct text next = play_head(play).next;
        if (!next.at)
            break;
        (void)snprintf(after, sizeof after, "%.*s", TEXT_ARG(next));
        asked.after = text_of(after);
    }
    assert_null(threads[row].shown[items]);
    assert_int_equal(play_head(play).total.value, items);
}

static void test_threads(void **state)
{
    struct play *play = *state;
    struct thread_list none = {0};
    must(play_ask(play, "p.mo", "pmo", MESSAGE_thread_list, &none) == OK);
    assert_int_equal(play_head(play).total.value, 0);
    open_threads(play);
    for (size_t row = 0; row < sizeof threads / sizeof *threads; row++)
        for (int64_t limit = 1; limit < 8; limit++)
            check_threads(play, row, limit);
    struct thread_one one = {.thread = TEXT_LITERAL("PWR-2021.f1")};
    assert_int_equal(play_ask(play, "f.wat", "focal.WAT", MESSAGE_thread_get, &one), ERR_NOT_FOUND);
    assert_int_equal(play_ask(play, "s.pwr", "secretary.PWR", MESSAGE_thread_get, &one), OK);
}

static void test_gates_of_others(void **state)
{
    struct play *play = *state;
    struct agreement_one one = {.agreement = TEXT_LITERAL("PWR-2021")};
    assert_int_equal(play_ask(play, "s.pwr", "secretary.PWR", MESSAGE_gates_get, &one), OK);
    assert_int_equal(
        play_ask(play, "s.wat", "secretary.WAT", MESSAGE_gates_get, &one), ERR_NOT_FOUND);
    one.agreement = TEXT_LITERAL("PWR-2023");
    assert_int_equal(play_ask(play, "a.udit", "auditor", MESSAGE_gates_get, &one), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rulings, open_play, close_play),
        cmocka_unit_test_setup_teardown(test_bad_pages, open_play, close_play),
        cmocka_unit_test_setup_teardown(test_queue, open_play, close_play),
        cmocka_unit_test_setup_teardown(test_threads, open_play, close_play),
        cmocka_unit_test_setup_teardown(test_gates_of_others, open_play, close_play),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
