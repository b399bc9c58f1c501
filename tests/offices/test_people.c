/* People, offices, codes and sessions: who may, and what cannot be. */
#include "offices/house.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdio.h>

#define ONE "adm.one@administrator.1"
#define TWO "adm.two@administrator.2"

static void expect(struct house *house, enum err is, enum err wanted, const char *what)
{
    if (is != wanted) {
        (void)fprintf(stderr, "%s: %s, not %s\n", what, err_word(is), err_word(wanted));
        house_print(house);
    }
    assert_int_equal(is, wanted);
}

static struct government_found founders(const char *first, const char *second)
{
    return (struct government_found){.first = {text_of(first), TEXT_LITERAL("A"), {0}},
        .second = {text_of(second), TEXT_LITERAL("B"), {0}},
        .has_first = true,
        .has_second = true};
}

static void is_founded_once_by_two(void **unused)
{
    (void)unused;
    struct house house;
    house_open_empty(&house);
    struct government_found same = founders("a.one", "a.one"), fine = founders("a.one", "b.two"),
                            role = founders("pm", "b.two");
    enum message found = MESSAGE_government_found;
    expect(&house, house_do(&house, "x@setup", found, &same, 0), ERR_INVALID, "twice the same");
    assert_true(house_faults(&house, "second/id", "two people"));
    expect(&house, house_do(&house, "x@setup", found, &role, 0), ERR_INVALID, "a role as a name");
    expect(&house, house_do(&house, "x@setup", found, &fine, 0), OK, "found");
    fine.first.id = TEXT_LITERAL("c.three");
    expect(&house, house_do(&house, "x@setup", found, &fine, 0), ERR_STATE, "found again");
    assert_true(roster_holds(house.roster, TEXT_LITERAL("a.one"), TEXT_LITERAL("administrator.1")));
    assert_true(roster_holds(house.roster, TEXT_LITERAL("b.two"), TEXT_LITERAL("administrator.2")));
    assert_int_equal(house_version(&house, "a.one"), 1);
    struct person_one who = {TEXT_LITERAL("b.two")};
    expect(&house, house_ask(&house, "a.one@administrator.1", MESSAGE_person_get, &who), OK, "get");
    struct person_view view;
    house_read(&house, 0, person_view_record(), &view);
    assert_int_equal(view.offices.head.count, 1);
    assert_true(text_is(view.offices.at[0], "administrator.2"));
    house_close(&house);
}

static void names_of_people(void **unused)
{
    (void)unused;
    static const struct {
        const char *id;
        enum err err;
    } cases[] = {{"a.khan", OK}, {"a-khan_2", OK}, {"secretaryship", OK}, {"pmx.one", OK},
        {"A.khan", ERR_INVALID}, {"2.khan", ERR_INVALID}, {".khan", ERR_INVALID},
        {"pm", ERR_INVALID}, {"secretary.x", ERR_INVALID}, {"administrator.3", ERR_INVALID},
        {"person", ERR_INVALID}, {"setup.a", ERR_INVALID}, {"government", ERR_INVALID},
        {"draw-1", ERR_INVALID}, {"operator", ERR_INVALID}, {"a khan", ERR_INVALID},
        {"a\"b", ERR_INVALID}, {"a.khan", ERR_EXISTS}, {"adm.one", ERR_EXISTS}};
    struct house house;
    house_open(&house);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct person person = {.id = text_of(cases[i].id),
            .name = TEXT_LITERAL("O'Neil \"<b>\" \xd9\x85\xdb\x8c\xd8\xab\xd8\xa7\xd9\x82")};
        expect(&house, house_do(&house, ONE, MESSAGE_person_register, &person, 0), cases[i].err,
            cases[i].id);
    }
    struct person lines = {.id = TEXT_LITERAL("n.l"), .name = TEXT_LITERAL("two\nlines")};
    expect(&house, house_do(&house, ONE, MESSAGE_person_register, &lines, 0), ERR_INVALID, "lines");
    struct person nowhere = {
        .id = TEXT_LITERAL("n.b"), .name = TEXT_LITERAL("N"), .body = TEXT_LITERAL("XYZ")};
    expect(&house, house_do(&house, ONE, MESSAGE_person_register, &nowhere, 0), ERR_INVALID, "XYZ");
    assert_true(house_faults(&house, "body", "XYZ"));
    house_close(&house);
}

static void a_change_names_its_version(void **unused)
{
    (void)unused;
    struct house house;
    house_open(&house);
    house_register(&house, "a.khan");
    struct person person = {
        .id = TEXT_LITERAL("a.khan"), .name = TEXT_LITERAL("New"), .body = TEXT_LITERAL("PWR")};
    enum message change = MESSAGE_person_change;
    expect(&house, house_do(&house, ONE, change, &person, 0), ERR_UNCONDITIONAL, "no version");
    expect(&house, house_do(&house, ONE, change, &person, 7), ERR_STALE, "another version");
    expect(&house, house_do(&house, "a.khan@person", change, &person, 1), ERR_FORBIDDEN, "oneself");
    expect(&house, house_do(&house, ONE, change, &person, 1), OK, "change");
    assert_true(roster_belongs(house.roster, person.id, TEXT_LITERAL("PWR")));
    person.id = TEXT_LITERAL("no.body");
    expect(&house, house_do(&house, ONE, change, &person, 1), ERR_NOT_FOUND, "nobody");
    house_close(&house);
}

static void names_of_offices(void **unused)
{
    (void)unused;
    static const struct {
        const char *id;
        enum err err;
    } cases[] = {{"secretary.PWR", OK}, {"focal.PWR.2", OK}, {"committee.3", OK}, {"pm", OK},
        {"auditor", OK}, {"administrator.3", OK}, {"secretary", ERR_INVALID},
        {"secretary.PWR.2", ERR_INVALID}, {"pm.2", ERR_INVALID}, {"committee.03", ERR_INVALID},
        {"person", ERR_INVALID}, {"setup", ERR_INVALID}, {"chief.PWR", ERR_INVALID},
        {"secretary.XYZ", ERR_INVALID}, {"secretary.PWR", ERR_EXISTS}};
    struct house house;
    house_open(&house);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct office_new office = {text_of(cases[i].id), TEXT_LITERAL("T")};
        expect(&house, house_do(&house, ONE, MESSAGE_office_create, &office, 0), cases[i].err,
            cases[i].id);
    }
    struct body ended = {.id = TEXT_LITERAL("EDU"),
        .name = TEXT_LITERAL("E"),
        .kind = TEXT_LITERAL("k"),
        .valid_from = 20200101,
        .valid_to = 20230101,
        .successors = {.head = {1, true}, .at = {TEXT_LITERAL("PWR")}}};
    house_feed(&house, MESSAGE_body_changed, "EDU", "EDU", &ended);
    struct office_new late = {TEXT_LITERAL("secretary.EDU"), TEXT_LITERAL("T")};
    expect(&house, house_do(&house, ONE, MESSAGE_office_create, &late, 0), ERR_INVALID, "ended");
    assert_true(house_faults(&house, "id", "successors"));
    late.id = TEXT_LITERAL("pm");
    expect(&house, house_do(&house, ONE, MESSAGE_office_change, &late, 1), OK, "another title");
    expect(&house, house_do(&house, ONE, MESSAGE_office_change, &late, 1), ERR_STALE, "stale");
    house_close(&house);
}

static void a_code_takes_two(void **unused)
{
    (void)unused;
    struct house house;
    house_open(&house);
    house_register(&house, "a.khan");
    struct person_one who = {TEXT_LITERAL("a.khan")}, nobody = {TEXT_LITERAL("no.body")};
    enum message ask = MESSAGE_invitation_propose, confirm = MESSAGE_invitation_confirm;
    expect(&house, house_do(&house, ONE, ask, &nobody, 0), ERR_NOT_FOUND, "nobody");
    expect(&house, house_do(&house, TWO, confirm, &who, 0), ERR_STATE, "not asked for");
    expect(&house, house_do(&house, ONE, ask, &who, 0), OK, "ask");
    expect(&house, house_do(&house, ONE, confirm, &who, 0), ERR_FORBIDDEN, "the same");
    /* a second seat does not make a second person */
    house_create(&house, "administrator.3");
    house_post(&house, "administrator.3", HOUSE_FIRST);
    expect(&house, house_do(&house, "adm.one@administrator.3", confirm, &who, 0), ERR_FORBIDDEN,
        "the same in another seat");
    expect(&house, house_do(&house, TWO, confirm, &who, 0), OK, "confirm");
    expect(&house, house_do(&house, TWO, confirm, &who, 0), ERR_STATE, "confirm twice");
    house_close(&house);
}

static void sessions_end(void **unused)
{
    (void)unused;
    struct house house;
    house_open(&house);
    house_register(&house, "a.khan");
    struct session_end end = {TEXT_LITERAL("0123456789abcdef0123456789abcdef")},
                       odd = {TEXT_LITERAL("0123456789ABCDEF0123456789abcdef")};
    enum message out = MESSAGE_session_end, all = MESSAGE_sessions_end;
    struct text khan = TEXT_LITERAL("a.khan");
    expect(&house, house_do(&house, "a.khan@person", out, &odd, 0), ERR_INVALID, "odd");
    expect(&house, house_do(&house, "a.khan@person", out, &end, 0), OK, "sign out");
    expect(&house, house_do(&house, "a.khan@person", out, &end, 0), ERR_STATE, "twice");
    assert_true(roster_session_ended(house.roster, khan, end.session, house.now_ms));
    assert_false(
        roster_session_ended(house.roster, TEXT_LITERAL("adm.one"), end.session, house.now_ms));
    struct sessions_end mine = {khan}, others = {TEXT_LITERAL("adm.one")},
                        nobody = {TEXT_LITERAL("no.body")};
    expect(&house, house_do(&house, "a.khan@person", all, &others, 0), ERR_FORBIDDEN, "of others");
    expect(&house, house_do(&house, ONE, all, &nobody, 0), ERR_NOT_FOUND, "nobody");
    expect(&house, house_do(&house, "a.khan@person", all, &mine, 0), OK, "all of mine");
    expect(&house, house_do(&house, ONE, all, &mine, 0), OK, "by an administrator");
    assert_true(roster_session_ended(house.roster, khan, TEXT_LITERAL("any"), house.now_ms));
    house_close(&house);
}

static void people_are_found(void **unused)
{
    (void)unused;
    struct house house;
    house_open(&house);
    char id[16];
    for (int i = 0; i < 120; i++) {
        (void)snprintf(id, sizeof id, "p.%03d", i);
        house_register(&house, id);
    }
    struct person_list list = {.limit = {50, true}};
    size_t seen = 0;
    char after[ID_MAX + 24] = "";
    do {
        struct answer head = {0};
        list.after = after[0] ? text_of(after) : (struct text){0};
        expect(&house, house_ask(&house, "p.001@person", MESSAGE_person_list, &list), OK, "list");
        reply_head(house.reply, &head);
        assert_int_equal(head.total.value, 122);
        seen += house_frames(&house);
        (void)snprintf(after, sizeof after, "%.*s", TEXT_ARG(head.next));
    } while (after[0]);
    assert_int_equal(seen, 122);
    struct person_list text = {.text = TEXT_LITERAL("P.11"), .limit = {50, true}};
    expect(&house, house_ask(&house, ONE, MESSAGE_person_list, &text), OK, "by text");
    assert_int_equal(house_frames(&house), 10);
    struct person_list wrong = {.after = TEXT_LITERAL("nonsense"), .limit = {5, true}};
    expect(&house, house_ask(&house, ONE, MESSAGE_person_list, &wrong), ERR_INVALID, "after");
    list.after = (struct text){0};
    expect(&house, house_ask(&house, "@", MESSAGE_person_list, &list), ERR_FORBIDDEN, "public");
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_founded_once_by_two),
        cmocka_unit_test(names_of_people),
        cmocka_unit_test(a_change_names_its_version),
        cmocka_unit_test(names_of_offices),
        cmocka_unit_test(a_code_takes_two),
        cmocka_unit_test(sessions_end),
        cmocka_unit_test(people_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
