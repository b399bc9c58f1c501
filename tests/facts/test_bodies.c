/* Who acts for what a body promised, after mergers, splits and new names; and who sees and writes
 * drafts because of it. */
#include "facts/access.h"

#include "support/chance.h"

#include <stdio.h>

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
// clang-format on

static struct bodies *bodies;

static int start(void **state)
{
    (void)state;
    bodies = bodies_new();
    return 0;
}

static int stop(void **state)
{
    (void)state;
    bodies_free(bodies);
    return 0;
}

/* Successors: ids with blanks between, or NULL. */
static const char *put(enum message message, const char *id, const char *successors)
{
    struct body body = {.id = text_of(id), .valid_from = 20210701};
    for (struct text rest = text_of(successors); rest.at; body.successors.head.given = true)
        body.successors.at[body.successors.head.count++] = text_cut(rest, ' ', &rest);
    struct happened happened = {.message = message, .subject = text_of(id), .record = &body};
    return bodies_apply(bodies, &happened);
}

static bool acts(const char *office_body, const char *body)
{
    return bodies_act_for(bodies, text_of(office_body), text_of(body));
}

static void a_body_acts_for_itself(void **state)
{
    (void)state;
    assert_false(bodies_knows(bodies, TEXT_LITERAL("PWR")));
    assert_null(put(MESSAGE_body_registered, "PWR", NULL));
    assert_null(put(MESSAGE_body_registered, "WTR", NULL));
    assert_true(bodies_knows(bodies, TEXT_LITERAL("PWR")));
    assert_true(acts("PWR", "PWR"));
    assert_false(acts("WTR", "PWR") || acts("PWR", "WTR") || acts("", "PWR") || acts("PW", "PWR"));
    assert_non_null(put(MESSAGE_body_changed, "NEW", NULL));
    assert_non_null(put(MESSAGE_body_registered, "", NULL));
    assert_non_null(put(MESSAGE_body_registered, "OLD", " "));
}

static void successors_act_and_the_ended_does_not(void **state)
{
    (void)state;
    static const char *const all[] = {"OIL", "PWR", "ENR", "GAS", "FUL"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_null(put(MESSAGE_body_registered, all[i], NULL));
    assert_null(put(MESSAGE_body_changed, "OIL", "ENR")); /* merged */
    assert_null(put(MESSAGE_body_changed, "PWR", "ENR"));
    assert_true(acts("ENR", "OIL") && acts("ENR", "PWR") && acts("ENR", "ENR"));
    assert_false(acts("OIL", "OIL") || acts("PWR", "PWR") || acts("OIL", "PWR"));
    assert_null(put(MESSAGE_body_changed, "ENR", "GAS FUL")); /* split again */
    assert_true(acts("GAS", "OIL") && acts("FUL", "PWR") && acts("GAS", "ENR"));
    assert_false(acts("ENR", "OIL") || acts("ENR", "ENR") || acts("GAS", "FUL"));
    assert_null(put(MESSAGE_body_changed, "ENR", NULL)); /* it was a mistake */
    assert_true(acts("ENR", "OIL"));
    assert_false(acts("GAS", "OIL"));
}

static void circles_end(void **state)
{
    (void)state;
    assert_null(put(MESSAGE_body_registered, "A", "B"));
    assert_null(put(MESSAGE_body_registered, "B", "C A"));
    assert_null(put(MESSAGE_body_registered, "C", "C B D"));
    assert_true(acts("D", "A") && acts("D", "B") && acts("D", "C"));
    assert_false(acts("A", "A") || acts("B", "A") || acts("C", "C") || acts("E", "A"));
}

/* Against reachability worked out the long way. */
static void chance_agrees_with_a_closure(void **state)
{
    (void)state;
    enum { BODIES = 12, ROUNDS = 300 };
    struct chance chance = chance_start("chance_agrees_with_a_closure");
    bool follows[BODIES][BODIES] = {{false}}, reach[BODIES][BODIES];
    char ids[BODIES][16];
    for (int b = 0; b < BODIES; b++) {
        (void)snprintf(ids[b], sizeof *ids, "B%d", b);
        assert_null(put(MESSAGE_body_registered, ids[b], NULL));
    }
    for (int round = 0; round < ROUNDS; round++) {
        int b = (int)chance_below(&chance, BODIES);
        char list[40] = "";
        memset(follows[b], 0, sizeof follows[b]);
        for (uint32_t n = chance_below(&chance, 4), len = 0; n > 0; n--) {
            uint32_t to = chance_below(&chance, BODIES);
            follows[b][to] = true;
            len +=
                (uint32_t)snprintf(list + len, sizeof list - len, "%s%s", len ? " " : "", ids[to]);
        }
        assert_null(put(MESSAGE_body_changed, ids[b], *list ? list : NULL));
        bool ended[BODIES] = {false};
        for (int i = 0; i < BODIES; i++)
            for (int j = 0; j < BODIES; j++) {
                reach[i][j] = i == j || follows[i][j];
                ended[i] = ended[i] || follows[i][j];
            }
        for (int k = 0; k < BODIES; k++)
            for (int i = 0; i < BODIES; i++)
                for (int j = 0; j < BODIES; j++)
                    reach[i][j] = reach[i][j] || (reach[i][k] && reach[k][j]);
        for (int i = 0; i < BODIES; i++)
            for (int j = 0; j < BODIES; j++)
                assert_int_equal(acts(ids[i], ids[j]), reach[j][i] && !ended[i]);
    }
}

static void access_is_told_role_by_role(void **state)
{
    (void)state;
    static const struct {
        const char *office;
        bool sees_own, sees_other, writes_own;
    } cases[] = {
        {"focal.PWR", true, false, true},
        {"focal.PWR.2", true, false, true},
        {"secretary.PWR", true, false, true},
        {"minister.PWR", true, false, true},
        {"committee.1", true, true, false},
        {"secretariat", true, true, false},
        {"pmo", true, true, false},
        {"pm", true, true, false},
        {"auditor", true, true, false},
        {"administrator.1", false, false, false},
        {"person", false, false, false},
        {"setup", false, false, false},
        {"clock", false, false, false},
        {"emperor", false, false, false},
    };
    bool roles[ROLE_CLOCK + 1] = {false};
    assert_null(put(MESSAGE_body_registered, "PWR", NULL));
    assert_null(put(MESSAGE_body_registered, "WTR", NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct office office = office_read(text_of(cases[i].office));
        roles[office.role] = true;
        struct text own = TEXT_LITERAL("PWR"), other = TEXT_LITERAL("WTR");
        if (access_sees_drafts(bodies, &office, own) != cases[i].sees_own ||
            access_sees_drafts(bodies, &office, other) != cases[i].sees_other ||
            access_writes_for(bodies, &office, own) != cases[i].writes_own ||
            access_writes_for(bodies, &office, other))
            fail_msg("%s", cases[i].office);
    }
    for (int role = 0; role <= ROLE_CLOCK; role++)
        assert_true(roles[role]); /* a new role needs a row here */
    assert_null(put(MESSAGE_body_changed, "WTR", "PWR"));
    struct office office = office_read(TEXT_LITERAL("focal.PWR"));
    assert_true(access_sees_drafts(bodies, &office, TEXT_LITERAL("WTR")));
    assert_true(access_writes_for(bodies, &office, TEXT_LITERAL("WTR")));
    office = office_read(TEXT_LITERAL("focal.WTR"));
    assert_false(access_sees_drafts(bodies, &office, TEXT_LITERAL("WTR")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_body_acts_for_itself, start, stop),
        cmocka_unit_test_setup_teardown(successors_act_and_the_ended_does_not, start, stop),
        cmocka_unit_test_setup_teardown(circles_end, start, stop),
        cmocka_unit_test_setup_teardown(chance_agrees_with_a_closure, start, stop),
        cmocka_unit_test_setup_teardown(access_is_told_role_by_role, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
