/* Who holds what: granted by two, one holder a seat, handed over whenever somebody goes. */
#include "offices/house.h"
#include "support/chance.h"

#include "base/must.h"
#include "model.h"

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

static enum err propose(struct house *house, const char *actor, const char *office,
    const char *person, enum flag acting, int32_t from)
{
    struct posting_propose proposal = {
        .office = text_of(office), .person = text_of(person), .acting = acting, .from = from};
    return house_do(house, actor, MESSAGE_posting_propose, &proposal, 0);
}

static enum err act(
    struct house *house, const char *actor, enum message command, const char *posting)
{
    struct posting_one one = {text_of(posting), TEXT_LITERAL("because")};
    return house_do(house, actor, command, &one, 0);
}

static void open_with(struct house *house, const char *office)
{
    house_open(house);
    house_register(house, "a.khan");
    house_register(house, "b.shah");
    house_create(house, office);
}

static void proposals(void **unused)
{
    (void)unused;
    static const struct {
        const char *actor, *office, *person;
        int32_t from;
        enum err err;
    } cases[] = {
        {ONE, "secretary.EDU", "a.khan", 0, ERR_INVALID},
        {ONE, "secretary.PWR", "no.body", 0, ERR_INVALID},
        {ONE, "secretary.PWR", "a.khan", 20231116, ERR_INVALID},
        {"a.khan@person", "secretary.PWR", "a.khan", 0, ERR_FORBIDDEN},
        {"a.khan@administrator.1", "secretary.PWR", "a.khan", 0, ERR_FORBIDDEN},
        {ONE, "secretary.PWR", "a.khan", 20231115, OK}, /* today, five hours east of UTC */
        {ONE, "secretary.PWR", "a.khan", 0, ERR_EXISTS},
        {TWO, "secretary.PWR", "b.shah", 20200101, OK},
    };
    struct house house;
    open_with(&house, "secretary.PWR");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(&house,
            propose(&house, cases[i].actor, cases[i].office, cases[i].person, FLAG_UNSET,
                cases[i].from),
            cases[i].err, cases[i].person);
    assert_false(roster_holder(house.roster, TEXT_LITERAL("secretary.PWR")).len);
    house_close(&house);
}

static void it_takes_another_person(void **unused)
{
    (void)unused;
    struct house house;
    open_with(&house, "secretary.PWR");
    house_create(&house, "administrator.3");
    house_post(&house, "administrator.3", HOUSE_FIRST);
    enum message confirm = MESSAGE_posting_confirm, decline = MESSAGE_posting_decline;
    expect(&house, propose(&house, ONE, "secretary.PWR", "a.khan", 0, 0), OK, "propose");
    assert_string_equal(house.thing, "secretary.PWR.p1");
    expect(&house, act(&house, ONE, confirm, "secretary.PWR.p1"), ERR_FORBIDDEN, "the same");
    expect(&house, act(&house, "adm.one@administrator.3", confirm, "secretary.PWR.p1"),
        ERR_FORBIDDEN, "the same person in another seat");
    expect(&house, act(&house, TWO, confirm, "secretary.PWR.p9"), ERR_NOT_FOUND, "no such");
    expect(&house, act(&house, TWO, confirm, "secretary.PWR"), ERR_NOT_FOUND, "an office");
    expect(&house, act(&house, TWO, confirm, "secretary.PWR.p1"), OK, "confirm");
    expect(&house, act(&house, TWO, confirm, "secretary.PWR.p1"), ERR_STATE, "confirm twice");
    expect(&house, act(&house, TWO, decline, "secretary.PWR.p1"), ERR_STATE, "decline later");
    assert_true(text_is(roster_holder(house.roster, TEXT_LITERAL("secretary.PWR")), "a.khan"));
    expect(&house, propose(&house, ONE, "secretary.PWR", "b.shah", 0, 0), OK, "propose");
    expect(&house, act(&house, ONE, decline, "secretary.PWR.p2"), OK, "decline the own");
    expect(&house, act(&house, TWO, confirm, "secretary.PWR.p2"), ERR_STATE, "declined");
    house_close(&house);
}

/* The events of the last decision. */
static void expect_events(const struct house *house, size_t from, const char *const *wires)
{
    for (size_t i = 0; wires[i]; i++) {
        assert_true(from + i < house->log_count);
        assert_string_equal(message_row(house->log[from + i].message)->wire, wires[i]);
    }
}

static void one_goes_when_another_comes(void **unused)
{
    (void)unused;
    struct house house;
    open_with(&house, "secretary.PWR");
    house_post(&house, "secretary.PWR", "a.khan");
    size_t from = house.log_count + 1; /* behind the proposal */
    house_post(&house, "secretary.PWR", "b.shah");
    expect_events(&house, from,
        (const char *[]){
            "posting.ended", "handover.opened", "posting.began", "handover.begun", NULL});
    assert_int_equal(house.log_count, from + 4);
    struct handover_one one = {TEXT_LITERAL("secretary.PWR.h1")};
    struct handover_view view;
    expect(&house, house_ask(&house, "b.shah@person", MESSAGE_handover_get, &one), OK, "get");
    house_read(&house, 0, handover_view_record(), &view);
    assert_true(text_is(view.handover.outgoing, "a.khan") && text_is(view.incoming, "b.shah"));
    assert_int_equal(view.position.value, from + 2);

    from = house.log_count;
    expect(&house, act(&house, ONE, MESSAGE_posting_end, "secretary.PWR.p2"), OK, "end");
    expect_events(&house, from, (const char *[]){"posting.ended", "handover.opened", NULL});
    struct office_one office = {TEXT_LITERAL("secretary.PWR")};
    struct office_view vacant;
    expect(&house, house_ask(&house, "@", MESSAGE_office_get, &office), OK, "office");
    house_read(&house, 0, office_view_record(), &vacant);
    assert_false(vacant.holder.at);

    from = house.log_count + 1;
    house_post(&house, "secretary.PWR", "a.khan");
    expect_events(&house, from, (const char *[]){"posting.began", "handover.begun", NULL});
    assert_int_equal(house.log_count, from + 2);
    house_close(&house);
}

static void acting_becomes_posted_without_handing_over(void **unused)
{
    (void)unused;
    struct house house;
    open_with(&house, "secretary.PWR");
    expect(&house, propose(&house, ONE, "secretary.PWR", "a.khan", FLAG_YES, 0), OK, "acting");
    expect(&house, act(&house, TWO, MESSAGE_posting_confirm, "secretary.PWR.p1"), OK, "confirm");
    expect(&house, propose(&house, ONE, "secretary.PWR", "a.khan", FLAG_YES, 0), ERR_EXISTS,
        "acting again");
    expect(&house, propose(&house, ONE, "secretary.PWR", "a.khan", FLAG_UNSET, 0), OK, "posted");
    size_t from = house.log_count;
    expect(&house, act(&house, TWO, MESSAGE_posting_confirm, "secretary.PWR.p2"), OK, "confirm");
    assert_int_equal(house.log_count, from + 1);
    struct posting_list list = {.office = TEXT_LITERAL("secretary.PWR"), .limit = {9, true}};
    struct posting_view view;
    expect(&house, house_ask(&house, "@", MESSAGE_posting_list, &list), OK, "list");
    house_read(&house, 0, posting_view_record(), &view);
    assert_int_equal(view.state, POSTING_ENDED);
    house_read(&house, 1, posting_view_record(), &view);
    assert_int_equal(view.state, POSTING_HELD);
    house_close(&house);
}

static void two_administrators_are_left(void **unused)
{
    (void)unused;
    struct house house;
    open_with(&house, "administrator.3");
    enum message end = MESSAGE_posting_end;
    expect(&house, act(&house, ONE, end, "administrator.1.p1"), ERR_STATE, "the first");
    house_post(&house, "administrator.3", HOUSE_FIRST); /* a seat more, nobody more */
    expect(&house, act(&house, ONE, end, "administrator.2.p1"), ERR_STATE, "the second");
    expect(&house, propose(&house, ONE, "administrator.2", HOUSE_FIRST, 0, 0), OK, "propose");
    expect(&house, act(&house, TWO, MESSAGE_posting_confirm, house.thing), ERR_STATE, "all seats");
    house_post(&house, "administrator.3", "a.khan");
    expect(&house, act(&house, ONE, end, "administrator.2.p1"), OK, "one of three");
    expect(&house, act(&house, ONE, end, "administrator.3.p2"), ERR_STATE, "one of two");
    house_close(&house);
}

static void ended_bodies_post_nobody(void **unused)
{
    (void)unused;
    struct house house;
    open_with(&house, "secretary.EDU");
    expect(&house, propose(&house, ONE, "secretary.EDU", "a.khan", 0, 0), OK, "propose");
    struct body ended = {.id = TEXT_LITERAL("EDU"),
        .name = TEXT_LITERAL("E"),
        .kind = TEXT_LITERAL("k"),
        .valid_from = 20200101,
        .successors = {.head = {1, true}, .at = {TEXT_LITERAL("PWR")}}};
    house_feed(&house, MESSAGE_body_changed, "EDU", "EDU", &ended);
    expect(&house, propose(&house, ONE, "secretary.EDU", "b.shah", 0, 0), ERR_INVALID, "propose");
    expect(&house, act(&house, TWO, MESSAGE_posting_confirm, "secretary.EDU.p1"), ERR_INVALID,
        "confirm");
    house_close(&house);
}

/* ---- at random ---- */
#define PEOPLE  7
#define OFFICES 6

static const char *const offices[OFFICES] = {
    "secretary.PWR", "minister.PWR", "secretary.EDU", "pm", "committee.1", "administrator.3"};

/* What must hold whatever happened. */
static void check_all(const struct house *house)
{
    const struct model *model = house->state;
    for (size_t i = 0; i < model->offices.count; i++) {
        const struct office_entry *office = (const void *)model->offices.at[i];
        size_t held = 0, ended = 0, began = 0;
        for (size_t p = 0; p < office->posting_count; p++) {
            const struct posting_entry *posting = &office->postings[p];
            held += posting->state == POSTING_HELD;
            began += posting->began > 0;
            assert_true(posting->ended == 0 || posting->ended > posting->began);
        }
        for (size_t l = 0; l < house->log_count; l++)
            ended += house->log[l].message == MESSAGE_posting_ended &&
                     text_equal(house->log[l].subject, office->id);
        assert_true(held <= 1);
        assert_int_equal(held, office->held > 0);
        assert_int_equal(ended, office->handover_count); /* nobody goes without one */
        for (size_t h = 0; h < office->handover_count; h++) {
            const struct handover_entry *handover = &office->handovers[h];
            bool last = h + 1 == office->handover_count;
            assert_true(handover->incoming[0] || (last && !office->held));
            assert_true(!handover->came_ms || handover->came_ms >= handover->left_ms);
        }
        struct text holder = roster_holder(house->roster, office->id);
        const struct posting_entry *posting = model_held(office);
        assert_true(posting ? text_equal(holder, posting->facts.proposal.person) : !holder.len);
        assert_true(began >= held);
    }
    assert_true(model_administrators(model, (struct text){0}, (struct text){0}) == 2);
}

/* Any of those who are administrators now. */
static void some_administrator(
    struct chance *chance, const struct house *house, char out[2 * ID_MAX + 2])
{
    const struct model *model = house->state;
    const struct office_entry *seats[8];
    size_t count = 0;
    for (size_t i = 0; i < model->offices.count; i++) {
        const struct office_entry *office = (const void *)model->offices.at[i];
        if (office->is.role == ROLE_ADMINISTRATOR && office->held)
            seats[count++] = office;
    }
    const struct office_entry *seat = seats[chance_below(chance, (uint32_t)count)];
    (void)snprintf(out, 2 * ID_MAX + 2, "%.*s@%.*s",
        TEXT_ARG(model_held(seat)->facts.proposal.person), TEXT_ARG(seat->id));
}

static bool step(struct chance *chance, struct house *house)
{
    static const enum message acts[] = {MESSAGE_posting_confirm, MESSAGE_posting_confirm,
        MESSAGE_posting_decline, MESSAGE_posting_end};
    static const char *const all[] = {"secretary.PWR", "minister.PWR", "secretary.EDU", "pm",
        "committee.1", "administrator.3", "administrator.1", "administrator.2"};
    char actor[2 * ID_MAX + 2], person[16], posting[80];
    const struct model *model = house->state;
    const char *office = all[chance_below(chance, sizeof all / sizeof *all)];
    some_administrator(chance, house, actor);
    house->now_ms += chance_below(chance, 3) * HOUSE_DAY_MS;
    (void)snprintf(person, sizeof person, "p.%u", chance_below(chance, PEOPLE));
    if (chance_below(chance, 5) < 2)
        return propose(house, actor, office, person,
                   chance_below(chance, 3) ? FLAG_UNSET : FLAG_YES, 0) == OK;
    const struct office_entry *entry = model_office(model, text_of(office));
    uint32_t number = chance_below(chance, (uint32_t)entry->posting_count + 1);
    (void)snprintf(posting, sizeof posting, "%s.p%u", office, number);
    return act(house, actor, acts[chance_below(chance, sizeof acts / sizeof *acts)], posting) == OK;
}

static void whatever_happens(void **unused)
{
    (void)unused;
    struct chance chance = chance_start("test_postings");
    for (int round = 0; round < 12; round++) {
        struct house house;
        house_open(&house);
        char person[16];
        for (int i = 0; i < PEOPLE; i++) {
            (void)snprintf(person, sizeof person, "p.%d", i);
            house_register(&house, person);
        }
        for (size_t i = 0; i < OFFICES; i++)
            house_create(&house, offices[i]);
        size_t done = 0;
        for (int i = 0; i < 250; i++) {
            done += step(&chance, &house);
            if (i % 10 == 0)
                check_all(&house);
        }
        check_all(&house);
        assert_true(done > 20);
        BUF_CLEANUP struct buf now = BUF(1u << 22), again = BUF(1u << 22);
        void *state = house_fold_again(&house, NULL, UINT64_MAX);
        house_digest(&house, house.state, &now);
        house_digest(&house, state, &again);
        assert_true(text_equal(buf_as_text(&now), buf_as_text(&again)));
        house.service->state_free(state);
        house_close(&house);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proposals),
        cmocka_unit_test(it_takes_another_person),
        cmocka_unit_test(one_goes_when_another_comes),
        cmocka_unit_test(acting_becomes_posted_without_handing_over),
        cmocka_unit_test(two_administrators_are_left),
        cmocka_unit_test(ended_bodies_post_nobody),
        cmocka_unit_test(whatever_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
