/* The life of an agreement: the whole table, every event in every state, against a table that was
 * written down apart; then random lives. */
#include "facts/life.h"

#include "support/chance.h"

#include <stdio.h>
#include <stdlib.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

enum { STATES = STATE_LAPSED + 1 };

/* A letter a state, in the order of choices.def; '-': cannot be. What the event leads to stands in
 * the column of the state in which it happens: none, draft, submitted, returned, accepted, at the
 * PMO, ready, signed by the minister (m), in force, amending (g), closed, lapsed. */
static const char letters[STATES + 1] = "NdsrapRmfgcl";
static const struct {
    const char *event, *columns;
} table[] = {
    {"agreement.opened", "d-----------"},
    {"target.drafted", "-d-r--------"},
    {"target.changed", "-d-r--------"},
    {"target.removed", "-d-r--------"},
    {"agreement.reordered", "-d-r--------"},
    {"agreement.submitted", "-s-s--------"},
    {"agreement.withdrawn", "--d---------"},
    {"target.ruled", "--s---------"},
    {"agreement.returned", "--r---------"},
    {"agreement.accepted", "--a---------"},
    {"agreement.forwarded", "----p-------"},
    {"thread.opened", "-----p------"},
    {"thread.answered", "-----p------"},
    {"thread.closed", "-----p------"},
    {"agreement.frozen", "-----R------"},
    {"document.part", "------R--g--"},
    {"agreement.reopened", "----ddd-----"},
    {"agreement.minister_signed", "------m-----"},
    {"agreement.unsigned", "-------R----"},
    {"agreement.pm_signed", "-------f----"},
    {"agreement.countersigned", "--------fg--"},
    {"agreement.adopted", "--------fg--"},
    {"agreement.withdrawn_by_pm", "--------ll--"},
    {"amendment.proposed", "--------g---"},
    {"amendment.changed", "---------g--"},
    {"amendment.frozen", "---------g--"},
    {"amendment.minister_signed", "---------g--"},
    {"amendment.dropped", "---------f--"},
    {"agreement.amended", "---------f--"},
    {"agreement.closed", "--------cc--"},
    {"agreement.lapsed", "-lllllll----"},
};
#define ROWS (sizeof table / sizeof *table)

static const char *columns_of(enum message event)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(table[i].event, message_row(event)->wire) == 0)
            return table[i].columns;
    return "------------";
}

static void every_event_in_every_state(void **state)
{
    (void)state;
    size_t concerned = 0;
    (void)printf("%26s %s\n", "", letters);
    for (enum message event = MESSAGE_UNSET + 1; event < MESSAGE_COUNT; event++) {
        const char *columns = columns_of(event);
        char real[STATES + 1] = "";
        for (int s = 0; s < STATES; s++) {
            enum agreement_state after = life_after(event, (enum agreement_state)s);
            real[s] = '-';
            if (after)
                real[s] = letters[after];
        }
        bool concerns = strspn(columns, "-") < STATES;
        concerned += concerns;
        if (concerns)
            (void)printf("%26s %s\n", message_row(event)->wire, real);
        assert_string_equal(real, columns);
        assert_int_equal(life_concerns(event), concerns);
    }
    assert_int_equal(concerned, ROWS);
}

static void a_refusal_names_state_and_way_out(void **state)
{
    (void)state;
    static struct faults why;
    for (size_t i = 0; i < ROWS; i++) {
        enum message event = message_from_wire(text_of(table[i].event));
        for (int s = STATE_DRAFT; s < STATES; s++) {
            faults_clear(&why);
            enum err err =
                life_check(event, TEXT_LITERAL("PWR-2021"), (enum agreement_state)s, &why);
            bool fine = table[i].columns[s] != '-';
            assert_int_equal(err, fine ? OK : ERR_STATE);
            assert_int_equal(why.total, !fine);
            if (fine)
                continue;
            assert_string_equal(why.kept[0].member, "agreement");
            assert_non_null(strstr(why.kept[0].detail, "PWR-2021 is "));
            assert_non_null(strstr(why.kept[0].detail, table[i].event));
            assert_non_null(strstr(why.kept[0].detail, choices_word(agreement_state_choices(), s)));
        }
    }
}

static const char *happen(struct lives *lives, const char *id, enum message event)
{
    struct happened happened = {.message = event, .subject = text_of(id)};
    return lives_apply(lives, &happened);
}

static void random_lives_follow_the_table(void **state)
{
    (void)state;
    enum { AGREEMENTS = 6, STEPS = 50000 };
    struct chance chance = chance_start("random_lives_follow_the_table");
    struct lives *lives = lives_new();
    enum agreement_state states[AGREEMENTS] = {agreement_state_UNSET};
    bool public[AGREEMENTS] = {false};
    char id[16];
    unsigned ended = 0;
    for (int step = 0; step < STEPS; step++) {
        uint32_t a = chance_below(&chance, AGREEMENTS);
        (void)snprintf(id, sizeof id, "A%u-%u", a, ended);
        const char *event = table[chance_below(&chance, ROWS)].event;
        const char *columns = columns_of(message_from_wire(text_of(event)));
        char after = columns[states[a]];
        const char *why = happen(lives, id, message_from_wire(text_of(event)));
        assert_int_equal(why == NULL, after != '-');
        if (!why)
            states[a] = (enum agreement_state)(strchr(letters, after) - letters);
        public[a] = public[a] || states[a] == STATE_IN_FORCE;
        assert_int_equal(lives_state(lives, text_of(id)), states[a]);
        assert_int_equal(lives_public(lives, text_of(id)), public[a]);
        bool over = true;
        for (int i = 0; i < AGREEMENTS; i++)
            over = over && states[i] >= STATE_CLOSED;
        if (over) { /* a new generation */
            ended++;
            memset(states, 0, sizeof states);
            memset(public, 0, sizeof public);
        }
    }
    assert_true(ended > 0);
    assert_null(happen(lives, "X", MESSAGE_body_registered));
    assert_int_equal(lives_state(lives, TEXT_LITERAL("X")), agreement_state_UNSET);
    assert_false(lives_public(lives, TEXT_LITERAL("X")));
    lives_free(lives);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_in_every_state),
        cmocka_unit_test(a_refusal_names_state_and_way_out),
        cmocka_unit_test(random_lives_follow_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
