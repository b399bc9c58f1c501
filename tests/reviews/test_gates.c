/* The gates at their edges, each thing in the way by name, and what the queue says of them. */
#include "table.h"

#include "base/must.h"
#include "reviews/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define PWR TEXT_LITERAL("PWR-2021")

/* A letter a target: O outcome, U output, P process accepted; u and p the same as enabler of the
 * first target; R returned, - not ruled on. */
static const struct {
    const char *rulings;
    int64_t weights[5]; /* thousandths */
    const char *member; /* of a fault; NULL: accepted */
    const char *words;
    uint32_t faults;
} rows[] = {
    {"O", {100000}, NULL, NULL, 0},
    {"OU", {60000, 40000}, NULL, NULL, 0},
    {"OU", {59999, 40001}, "outcome_weight", "59.999% of the weight; at least 60%", 1},
    {"OP", {90000, 10000}, NULL, NULL, 0},
    {"OP", {89999, 10001}, "process_weight", "10.001% of the weight; at most 10%", 1},
    {"OUP", {60000, 30000, 10000}, NULL, NULL, 0},
    {"OUP", {59000, 30000, 11000}, "process_weight", "11%", 2},
    {"OUP", {59000, 30000, 11000}, "outcome_weight", "59%", 2},
    {"OO", {30000, 30000}, NULL, NULL, 0}, /* of the weight that there is */
    {"Ou", {60000, 40000}, NULL, NULL, 0},
    {"Oup", {60000, 30000, 10000}, NULL, NULL, 0},
    {"Oup", {60000, 29000, 11000}, "process_weight", "11%", 1},
    {"O-", {60000, 40000}, "targets/PWR-2021.2", "no ruling", 1},
    {"OR", {60000, 40000}, "targets/PWR-2021.2", "is returned", 1},
    {"-R", {60000, 40000}, "targets/PWR-2021.1", "no ruling", 3},
    {"-R", {60000, 40000}, "outcome_weight", "carry 0%", 3},
    {"UuO", {20000, 20000, 60000}, "targets/PWR-2021.2", "enables PWR-2021.1", 1},
    {"RuO", {20000, 20000, 60000}, "targets/PWR-2021.2", "not accepted as an outcome", 2},
    {"-uO", {20000, 20000, 60000}, "targets/PWR-2021.2", "enables PWR-2021.1", 2},
    {"", {0}, "targets", "no targets", 1},
};

static void rule_all(struct play *play, const char *rulings)
{
    for (unsigned n = 1; n <= strlen(rulings); n++) {
        char c = rulings[n - 1];
        bool enabler = c == 'u' || c == 'p';
        enum target_class class = c == 'U' || c == 'u'   ? CLASS_OUTPUT
                                  : c == 'P' || c == 'p' ? CLASS_PROCESS
                                                         : CLASS_OUTCOME;
        enum verdict verdict = c == 'R'  ? VERDICT_RETURN
                               : enabler ? VERDICT_ENABLER
                                         : VERDICT_ACCEPT;
        if (c != '-')
            scene_rule(play, "PWR-2021", n, verdict, class, enabler ? "PWR-2021.1" : NULL);
    }
}

static struct play *submitted(size_t row)
{
    struct play *play = play_new(table_service());
    scene_government(play);
    for (unsigned n = 1; n <= strlen(rows[row].rulings); n++)
        scene_target(
            play, "PWR-2021", n, "A line", rows[row].weights[n - 1], CLASS_OUTCOME, CLASS_OUTCOME);
    scene_lead(play, "PWR-2021", STATE_SUBMITTED);
    rule_all(play, rows[row].rulings);
    return play;
}

/* What gates.get and the queue say must be what accepting does. */
static void check_shown(struct play *play, size_t row)
{
    struct agreement_one one = {.agreement = PWR};
    struct queue_list all = {0};
    struct gates_view view = {0};
    struct queue_item item = {0};
    bool pass = !rows[row].member;
    must(play_ask(play, "f.pwr", "focal.PWR", MESSAGE_gates_get, &one) == OK);
    play_read(play, 0, gates_view_record(), &view);
    assert_int_equal(view.gates.pass, pass ? FLAG_YES : FLAG_NO);
    assert_int_equal(view.gates.targets.value, strlen(rows[row].rulings));
    assert_int_equal(view.gates.why.len > 0, !pass);
    assert_int_equal(view.state, STATE_SUBMITTED);
    assert_int_equal(view.gates.outcome_least.thousandths, 60000);
    assert_int_equal(view.gates.process_most.thousandths, 10000);
    assert_int_equal(play_head(play).version.value, play_version(play, "PWR-2021"));
    must(play_ask(play, "c.one", "committee.1", MESSAGE_queue_list, &all) == OK);
    play_read(play, 0, queue_item_record(), &item);
    assert_int_equal(item.gates.pass, view.gates.pass);
    assert_int_equal(item.gates.outcome_weight.thousandths, view.gates.outcome_weight.thousandths);
}

static void test_edges(void **unused)
{
    (void)unused;
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        struct play *play = submitted(row);
        struct agreement_judge judge = {.agreement = PWR};
        check_shown(play, row);
        enum err err = play_do(play, "d.unit", "secretariat", MESSAGE_agreement_accept, &judge,
            play_version(play, "PWR-2021"));
        if (err != (rows[row].member ? ERR_INVALID : OK)) {
            print_message("row %zu\n", row);
            play_print(play);
        }
        assert_int_equal(err, rows[row].member ? ERR_INVALID : OK);
        if (err) {
            assert_true(play_faults(play, rows[row].member));
            assert_true(play_says(play, rows[row].words));
            assert_int_equal(play->why.total, rows[row].faults);
        }
        play_free(play);
    }
}

static void test_parameters_of_the_cycle(void **unused)
{
    (void)unused;
    struct play *play = play_new(table_service());
    struct cycle cycle = {.id = TEXT_LITERAL("2023"),
        .title = TEXT_LITERAL("invented"),
        .starts_on = 20230701,
        .ends_on = 20250630,
        .outcome_least = {50500, true},
        .process_most = {0, true}};
    struct agreement_opened opened = {.id = TEXT_LITERAL("PWR-2023"),
        .opened = {.body = TEXT_LITERAL("PWR"), .cycle = TEXT_LITERAL("2023")}};
    scene_government(play);
    play_tell(play, MESSAGE_cycle_created, "2023", "2023", &cycle);
    play_tell(play, MESSAGE_agreement_opened, "PWR-2023", "PWR-2023", &opened);
    scene_target(play, "PWR-2023", 1, "A line", 50400, CLASS_OUTCOME, 0);
    scene_target(play, "PWR-2023", 2, "A line", 49600, CLASS_PROCESS, 0);
    scene_lead(play, "PWR-2023", STATE_SUBMITTED);
    scene_rule(play, "PWR-2023", 1, VERDICT_ACCEPT, CLASS_OUTCOME, NULL);
    scene_rule(play, "PWR-2023", 2, VERDICT_ACCEPT, CLASS_PROCESS, NULL);
    struct agreement_judge judge = {.agreement = opened.id};
    assert_int_equal(play_do(play, "c.one", "committee.1", MESSAGE_agreement_accept, &judge,
                         play_version(play, "PWR-2023")),
        ERR_INVALID);
    assert_true(play_says(play, "50.4% of the weight; at least 50.5%"));
    assert_true(play_says(play, "49.6% of the weight; at most 0%"));
    play_free(play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_parameters_of_the_cycle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
