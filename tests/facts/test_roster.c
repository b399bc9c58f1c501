/* Who is who: who holds which office after any sequence of events, and which events cannot be. */
#include "facts/roster.h"

#include "support/chance.h"

#include <stdio.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

static struct roster *roster;
static uint64_t position;
static int64_t now_ms;

static int start(void **state)
{
    (void)state;
    roster = roster_new();
    position = 0;
    now_ms = 1000000;
    return 0;
}

static int stop(void **state)
{
    (void)state;
    roster_free(roster);
    return 0;
}

static const char *happen(enum message message, const char *subject, const void *record)
{
    struct happened happened = {.message = message,
        .position = ++position,
        .at_ms = now_ms,
        .subject = text_of(subject),
        .about = text_of(subject),
        .record = record};
    return roster_apply(roster, &happened);
}

static const char *found(void)
{
    struct government_found begun = {
        .first = {TEXT_LITERAL("a.khan"), TEXT_LITERAL("A. Khan"), {0}},
        .second = {TEXT_LITERAL("b.malik"), TEXT_LITERAL("B. Malik"), {0}},
        .has_first = true,
        .has_second = true};
    return happen(MESSAGE_government_founded, "government", &begun);
}

static const char *add_person(const char *id, const char *body)
{
    struct person person = {text_of(id), TEXT_LITERAL("Somebody"), text_of(body)};
    return happen(MESSAGE_person_registered, id, &person);
}

static const char *add_office(const char *id)
{
    struct office_new office = {text_of(id), TEXT_LITERAL("An office")};
    return happen(MESSAGE_office_created, id, &office);
}

static const char *begin(const char *posting, const char *office, const char *person)
{
    struct posting record = {
        .id = text_of(posting), .proposal = {.office = text_of(office), .person = text_of(person)}};
    return happen(MESSAGE_posting_began, office, &record);
}

static const char *end(const char *posting, const char *office)
{
    struct posting_one one = {.posting = text_of(posting)};
    return happen(MESSAGE_posting_ended, office, &one);
}

static bool holds(const char *person, const char *office)
{
    return roster_holds(roster, text_of(person), text_of(office));
}

static bool belongs(const char *person, const char *body)
{
    return roster_belongs(roster, text_of(person), text_of(body));
}

static void setup_ends_with_the_founding(void **state)
{
    (void)state;
    assert_false(roster_founded(roster));
    assert_true(holds("whoever", "setup"));
    assert_false(holds("a.khan", "person"));
    assert_false(holds("a.khan", "administrator.1"));
    assert_null(found());
    assert_true(roster_founded(roster));
    assert_false(holds("a.khan", "setup"));
    assert_true(holds("a.khan", "person"));
    assert_true(holds("a.khan", "administrator.1"));
    assert_true(holds("b.malik", "administrator.2"));
    assert_false(holds("a.khan", "administrator.2"));
    assert_false(holds("a.khan", "administrator"));
    assert_int_equal(roster_since(roster, TEXT_LITERAL("administrator.1")), 1);
    assert_true(text_is(roster_name(roster, TEXT_LITERAL("b.malik")), "B. Malik"));
    assert_string_equal(found(), "the government was founded twice");
}

static void an_office_changes_hands(void **state)
{
    (void)state;
    assert_null(add_person("c.aziz", NULL));
    assert_null(add_person("d.shah", NULL));
    assert_null(add_office("secretary.PWR"));
    assert_null(roster_holder(roster, TEXT_LITERAL("secretary.PWR")).at);
    assert_null(begin("secretary.PWR.p1", "secretary.PWR", "c.aziz"));
    uint64_t since = position;
    assert_true(holds("c.aziz", "secretary.PWR"));
    assert_int_equal(roster_since(roster, TEXT_LITERAL("secretary.PWR")), since);
    assert_null(end("secretary.PWR.p1", "secretary.PWR"));
    assert_false(holds("c.aziz", "secretary.PWR"));
    assert_int_equal(roster_since(roster, TEXT_LITERAL("secretary.PWR")), 0);
    assert_null(roster_office(roster, TEXT_LITERAL("c.aziz"), 0).at);
    assert_null(begin("secretary.PWR.p2", "secretary.PWR", "d.shah"));
    assert_true(text_is(roster_holder(roster, TEXT_LITERAL("secretary.PWR")), "d.shah"));
    assert_true(text_is(roster_office(roster, TEXT_LITERAL("d.shah"), 0), "secretary.PWR"));
    assert_true(belongs("c.aziz", "PWR") && belongs("d.shah", "PWR")); /* held it once */
    assert_false(belongs("c.aziz", "WTR") || belongs("nobody", "PWR"));
}

static void who_comes_from_a_body_belongs_to_it(void **state)
{
    (void)state;
    assert_null(add_person("c.aziz", "PWR"));
    assert_true(belongs("c.aziz", "PWR"));
    struct person person = {TEXT_LITERAL("c.aziz"), TEXT_LITERAL("C. \"<Aziz>\""), {0}};
    assert_null(happen(MESSAGE_person_changed, "c.aziz", &person));
    assert_false(belongs("c.aziz", "PWR") || belongs("c.aziz", ""));
    assert_true(text_is(roster_name(roster, TEXT_LITERAL("c.aziz")), "C. \"<Aziz>\""));
    assert_null(roster_name(roster, TEXT_LITERAL("nobody")).at);
}

static void what_cannot_be_is_named(void **state)
{
    (void)state;
    char long_id[ID_MAX + 2];
    memset(long_id, 'x', sizeof long_id - 1);
    long_id[sizeof long_id - 1] = '\0';
    assert_null(add_person("c.aziz", NULL));
    assert_null(add_person("d.shah", NULL));
    assert_null(add_office("pm"));
    assert_non_null(begin("pmo.p1", "pmo", "c.aziz"));
    assert_non_null(begin("pm.p1", "pm", "nobody"));
    assert_non_null(begin(NULL, "pm", "c.aziz"));
    assert_non_null(end("pm.p1", "pm"));
    assert_null(begin("pm.p1", "pm", "c.aziz"));
    assert_non_null(begin("pm.p2", "pm", "d.shah"));
    assert_non_null(end("pm.p2", "pm"));
    assert_non_null(end("pm.p1", "pmo"));
    assert_non_null(end(NULL, "pm"));
    assert_non_null(add_person(long_id, NULL));
    assert_non_null(add_person(NULL, NULL));
    assert_non_null(add_person("e.rana", long_id));
    assert_non_null(add_office(long_id));
    assert_non_null(add_office(NULL));
    struct sessions_end all = {TEXT_LITERAL("nobody")};
    assert_non_null(happen(MESSAGE_sessions_ended, "nobody", &all));
    assert_true(holds("c.aziz", "pm")); /* none of it left a trace */
    assert_false(roster_knows(roster, TEXT_LITERAL("e.rana")));
}

static bool is_over(const char *person, const char *session, int64_t began_ms)
{
    return roster_session_ended(roster, text_of(person), text_of(session), began_ms);
}

static void sessions_end_alone_or_together(void **state)
{
    (void)state;
    assert_null(add_person("c.aziz", NULL));
    assert_null(add_person("d.shah", NULL));
    struct session_end one = {TEXT_LITERAL("s1")};
    assert_null(happen(MESSAGE_session_ended, "c.aziz", &one));
    assert_null(happen(MESSAGE_session_ended, "c.aziz", &one));
    assert_true(is_over("c.aziz", "s1", 5000));
    assert_false(is_over("c.aziz", "s2", 5000) || is_over("d.shah", "s1", 5000));
    assert_false(is_over("c.aziz", "", 5000) || is_over("", "s1", 5000) || is_over("c", "s", 1));
    now_ms = 6000;
    struct sessions_end all = {TEXT_LITERAL("c.aziz")};
    assert_null(happen(MESSAGE_sessions_ended, "c.aziz", &all));
    assert_true(is_over("c.aziz", "s2", 5000) && is_over("c.aziz", "s2", 6000));
    assert_false(is_over("c.aziz", "s3", 6001) || is_over("d.shah", "s2", 5000));
    now_ms = 5500; /* a clock that went back revives nothing */
    assert_null(happen(MESSAGE_sessions_ended, "c.aziz", &all));
    assert_true(is_over("c.aziz", "s2", 6000));
}

static void what_does_not_concern_it_is_passed_over(void **state)
{
    (void)state;
    for (enum message m = MESSAGE_UNSET; m < MESSAGE_COUNT; m++) {
        bool offices = m != MESSAGE_UNSET && message_row(m)->service == SERVICE_offices;
        struct happened happened = {.message = m, .position = ++position};
        if (!offices)
            assert_null(roster_apply(roster, &happened));
    }
}

/* ---- against a model that is a table of who holds what ---- */
enum { PEOPLE = 9, OFFICES = 7, STEPS = 20000 };
static const char *const people[PEOPLE] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
static const char *const offices[OFFICES] = {
    "focal.PWR", "focal.PWR.2", "secretary.PWR", "minister.WTR", "pm", "committee.1", "auditor"};

static void compare(const int holder[OFFICES], const uint64_t since[OFFICES])
{
    for (int o = 0; o < OFFICES; o++) {
        struct text held = roster_holder(roster, text_of(offices[o]));
        assert_int_equal(held.at != NULL, holder[o] >= 0);
        assert_true(holder[o] < 0 || text_is(held, people[holder[o]]));
        assert_int_equal(roster_since(roster, text_of(offices[o])), since[o]);
        for (int p = 0; p < PEOPLE; p++)
            assert_int_equal(holds(people[p], offices[o]), holder[o] == p);
    }
    for (int p = 0; p < PEOPLE; p++) {
        size_t mine = 0, told = 0;
        for (int o = 0; o < OFFICES; o++)
            mine += holder[o] == p;
        while (roster_office(roster, text_of(people[p]), told).at)
            assert_true(holds(people[p], roster_office(roster, text_of(people[p]), told++).at));
        assert_int_equal(told, mine);
    }
}

static void chance_agrees_with_a_model(void **state)
{
    (void)state;
    struct chance chance = chance_start("chance_agrees_with_a_model");
    int holder[OFFICES], number[OFFICES] = {0};
    uint64_t since[OFFICES] = {0};
    char posting[64];
    for (int p = 0; p < PEOPLE; p++)
        assert_null(add_person(people[p], NULL));
    for (int o = 0; o < OFFICES; o++) {
        assert_null(add_office(offices[o]));
        holder[o] = -1;
    }
    for (int step = 0; step < STEPS; step++) {
        int o = (int)chance_below(&chance, OFFICES), p = (int)chance_below(&chance, PEOPLE);
        int off = (int)chance_below(&chance, 10) == 0; /* a posting that is not the present one */
        if (chance_below(&chance, 2)) {
            (void)snprintf(posting, sizeof posting, "%s.p%d", offices[o], number[o] + off);
            bool fine = holder[o] >= 0 && !off;
            assert_int_equal(end(posting, offices[o]) == NULL, fine);
            if (fine) {
                holder[o] = -1;
                since[o] = 0;
            }
        } else {
            bool fine = holder[o] < 0 || holder[o] == p;
            (void)snprintf(posting, sizeof posting, "%s.p%d", offices[o], number[o] + 1);
            assert_int_equal(begin(posting, offices[o], people[p]) == NULL, fine);
            if (fine) {
                number[o]++;
                holder[o] = p;
                since[o] = position;
            }
        }
        if (step % 50 == 0)
            compare(holder, since);
    }
    compare(holder, since);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(setup_ends_with_the_founding, start, stop),
        cmocka_unit_test_setup_teardown(an_office_changes_hands, start, stop),
        cmocka_unit_test_setup_teardown(who_comes_from_a_body_belongs_to_it, start, stop),
        cmocka_unit_test_setup_teardown(what_cannot_be_is_named, start, stop),
        cmocka_unit_test_setup_teardown(sessions_end_alone_or_together, start, stop),
        cmocka_unit_test_setup_teardown(what_does_not_concern_it_is_passed_over, start, stop),
        cmocka_unit_test_setup_teardown(chance_agrees_with_a_model, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
