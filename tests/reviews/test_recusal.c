/* Who must not judge an agreement: every way to belong to its body, or to one that came from it or
 * from which it came; and that nobody else is kept away. */
#include "table.h"

#include "base/must.h"
#include "reviews/scene.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define PWR TEXT_LITERAL("PWR-2021")

static void nothing(struct play *play)
{
    (void)play;
}

static void holds_now(struct play *play)
{
    scene_post(play, "c.two", "focal.PWR.2");
}

static void held_before(struct play *play)
{
    scene_post(play, "c.two", "focal.PWR.2");
    scene_unpost(play, "focal.PWR.2");
}

static void comes_from(struct play *play)
{
    scene_person(play, "c.two", "PWR");
}

static void came_from_once(struct play *play)
{
    scene_person(play, "c.two", "PWR");
    scene_person(play, "c.two", "WAT");
}

static void other_body(struct play *play)
{
    scene_post(play, "c.two", "focal.WAT.2");
    scene_person(play, "c.two", "FIN");
}

static void successor(struct play *play) /* PWR ends, ENE follows it */
{
    scene_body(play, "ENE", NULL);
    scene_body(play, "PWR", "ENE");
    scene_post(play, "c.two", "focal.ENE");
}

static void second_successor(struct play *play)
{
    scene_body(play, "GRD", NULL);
    scene_body(play, "ENE", "GRD");
    scene_body(play, "PWR", "ENE");
    scene_person(play, "c.two", "GRD");
}

static void ended_between(struct play *play) /* held an office of the body in the middle */
{
    scene_body(play, "ENE", NULL);
    scene_body(play, "GRD", NULL);
    scene_body(play, "PWR", "ENE");
    scene_post(play, "c.two", "focal.ENE");
    scene_unpost(play, "focal.ENE");
    scene_body(play, "ENE", "GRD");
}

static void predecessor(struct play *play) /* PWR follows OLD */
{
    scene_body(play, "OLD", "PWR");
    scene_person(play, "c.two", "OLD");
}

static void sister(struct play *play) /* both PWR and SIS became ENE */
{
    scene_body(play, "ENE", NULL);
    scene_body(play, "SIS", "ENE");
    scene_body(play, "PWR", "ENE");
    scene_person(play, "c.two", "SIS");
}

static void circle(struct play *play) /* two bodies that name each other */
{
    scene_body(play, "ENE", "PWR");
    scene_body(play, "PWR", "ENE");
    scene_person(play, "c.two", "WAT");
}

static const struct {
    const char *name;
    void (*before)(struct play *play);
    const char *body; /* for whose sake; NULL: may judge */
} ways[] = {
    {"nothing to do with it", nothing, NULL},
    {"holds an office now", holds_now, "PWR"},
    {"held an office before", held_before, "PWR"},
    {"comes from there", comes_from, "PWR"},
    {"was registered there by mistake", came_from_once, NULL},
    {"belongs to other bodies", other_body, NULL},
    {"holds an office of the successor", successor, "ENE"},
    {"comes from the successor's successor", second_successor, "GRD"},
    {"held an office of an ended successor", ended_between, "ENE"},
    {"comes from the predecessor", predecessor, "OLD"},
    {"comes from a body that shares the successor", sister, NULL},
    {"bodies in a circle", circle, NULL},
};

static struct play *submitted(size_t way)
{
    struct play *play = play_new(table_service());
    scene_government(play);
    scene_post(play, "c.two", "secretariat.2");
    scene_target(play, "PWR-2021", 1, "Cut losses", 100000, CLASS_OUTCOME, CLASS_OUTCOME);
    scene_lead(play, "PWR-2021", STATE_SUBMITTED);
    ways[way].before(play);
    return play;
}

static void check(
    struct play *play, size_t way, const char *office, enum message command, const void *body)
{
    enum err expected = ways[way].body ? ERR_FORBIDDEN : OK;
    size_t before = play->log_count;
    enum err err = play_do(play, "c.two", office, command, body, play_version(play, "PWR-2021"));
    if (err != expected) {
        print_message("%s: %s\n", ways[way].name, message_row(command)->wire);
        play_print(play);
    }
    assert_int_equal(err, expected);
    if (err) {
        assert_true(play_says(play, "c.two") && play_says(play, ways[way].body));
        assert_int_equal(play->log_count, before);
    }
}

static void check_queue(struct play *play, size_t way)
{
    struct queue_list asked = {0};
    struct queue_item item = {0};
    must(play_ask(play, "c.two", "committee.2", MESSAGE_queue_list, &asked) == OK);
    assert_int_equal(reply_count(play->reply), 1);
    play_read(play, 0, queue_item_record(), &item);
    assert_int_equal(item.recused, ways[way].body ? FLAG_YES : FLAG_NO);
    must(play_ask(play, "c.one", "committee.1", MESSAGE_queue_list, &asked) == OK);
    play_read(play, 0, queue_item_record(), &item);
    assert_int_equal(item.recused, FLAG_NO);
}

static void test_ways_to_belong(void **unused)
{
    (void)unused;
    struct ruling_make make = {
        .target = TEXT_LITERAL("PWR-2021.1"), .verdict = VERDICT_ACCEPT, .class = CLASS_OUTCOME};
    struct agreement_judge judge = {.agreement = PWR, .reason = TEXT_LITERAL("whole")};
    static const enum message acts[] = {MESSAGE_agreement_accept, MESSAGE_agreement_return};
    static const char *const offices[] = {"committee.2", "secretariat.2"};
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++)
        for (size_t a = 0; a < 2; a++)
            for (size_t o = 0; o < 2; o++) {
                struct play *play = submitted(way);
                check_queue(play, way);
                check(play, way, "committee.2", MESSAGE_ruling_make, &make);
                must(play_do(play, "c.one", "committee.1", MESSAGE_ruling_make, &make, 0) == OK);
                check(play, way, offices[o], acts[a], &judge);
                assert_true(play_same_again(play));
                play_free(play);
            }
}

/* What was found from must not change before it is written. */
static void test_what_it_relies_on(void **unused)
{
    (void)unused;
    static const char *const relied[] = {
        "c.six", "PWR", "ENE", "focal.PWR", "secretary.PWR", "focal.ENE"};
    struct play *play = play_new(table_service());
    scene_government(play);
    scene_target(play, "PWR-2021", 1, "Cut losses", 100000, CLASS_OUTCOME, CLASS_OUTCOME);
    scene_lead(play, "PWR-2021", STATE_SUBMITTED);
    successor(play);
    scene_unpost(play, "focal.ENE");
    struct ruling_make make = {
        .target = TEXT_LITERAL("PWR-2021.1"), .verdict = VERDICT_ACCEPT, .class = CLASS_OUTCOME};
    scene_post(play, "c.six", "committee.6");
    must(play_do(play, "c.six", "committee.6", MESSAGE_ruling_make, &make, 0) == OK);
    for (size_t r = 0; r < sizeof relied / sizeof *relied; r++) {
        bool found = false;
        for (size_t i = 0; i < decision_relied_count(play->decision); i++)
            found = found || text_is(decision_relied(play->decision, i), relied[r]);
        assert_true(found);
    }
    for (size_t i = 0; i < decision_relied_count(play->decision); i++)
        assert_false(text_is(decision_relied(play->decision, i), "focal.WAT"));
    play_free(play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ways_to_belong),
        cmocka_unit_test(test_what_it_relies_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
