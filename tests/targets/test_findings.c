/* What the checker says where it counts: kept with every text, answered before submission, and its
 * class as that of the target where both opinions agree. */
#include "table.h"

#include "model.h"

#include "targets/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define PWR TEXT_LITERAL("PWR-2021")

static int open_world(void **state)
{
    *state = samples_world(table_service());
    return 0;
}

/* A target of the whole weight, drafted with a check that a test makes up. */
static struct target_promised drafted(struct check check)
{
    struct target_promised promised = {.id = TEXT_LITERAL("PWR-2021.1"),
        .promise = samples_promise(),
        .check = check,
        .has_check = true};
    return promised;
}

static struct check check_of(enum target_class class, bool agreed)
{
    return (struct check){.class = class,
        .confidence = {80, true},
        .agreed = agreed ? FLAG_YES : FLAG_NO,
        .rules = class,
        .bayes = agreed ? class : CLASS_OUTPUT,
        .verdict = TEXT_LITERAL("made up")};
}

static void find(struct check *check, enum finding_code code, const char *words)
{
    struct check_finding *finding = &check->findings.at[check->findings.head.count++];
    check->findings.head.given = true;
    *finding = (struct check_finding){
        .code = code, .words = text_of(words), .advice = TEXT_LITERAL("made up")};
}

static void answer(struct target_promise *promise, enum finding_code code)
{
    struct finding_answer *one = &promise->answers.at[promise->answers.head.count++];
    promise->answers.head.given = true;
    *one = (struct finding_answer){.code = code, .answer = TEXT_LITERAL("it is so")};
}

static enum err submit(struct world *world)
{
    struct agreement_submit body = {.agreement = PWR};
    return world_do(world, "secretary.PWR", MESSAGE_agreement_submit, &body,
        model_agreement(world->state, PWR)->version);
}

static void put(struct world *world, enum message event, const struct target_promised *promised)
{
    world_happen(world, event, "PWR-2021", "PWR-2021.1", promised);
}

/* Every finding is answered or gone, and the refusal names target, finding and words. */
static void test_unanswered(void **state)
{
    struct world *world = *state;
    struct check check = check_of(CLASS_OUTCOME, true);
    find(&check, FINDING_HEDGE, "efforts");
    find(&check, FINDING_WEAK_VERB, "improve");
    find(&check, FINDING_HEDGE, "top priority"); /* one answer is for both */
    struct target_promised promised = drafted(check);
    put(world, MESSAGE_target_drafted, &promised);
    assert_int_equal(submit(world), ERR_INVALID);
    assert_int_equal(world->why.total, 2);
    assert_true(world_faults(world, "targets/PWR-2021.1/answers"));
    assert_non_null(strstr(world->why.kept[0].detail, "hedge"));
    assert_non_null(strstr(world->why.kept[0].detail, "efforts"));
    assert_non_null(strstr(world->why.kept[1].detail, "weak_verb"));
    answer(&promised.promise, FINDING_WEAK_VERB);
    answer(&promised.promise, FINDING_NO_DATE); /* to what nobody found */
    put(world, MESSAGE_target_changed, &promised);
    assert_int_equal(submit(world), ERR_INVALID);
    assert_int_equal(world->why.total, 1);
    answer(&promised.promise, FINDING_HEDGE);
    put(world, MESSAGE_target_changed, &promised);
    assert_int_equal(submit(world), OK);
}

static void test_gone(void **state)
{
    struct world *world = *state;
    struct check check = check_of(CLASS_OUTCOME, false);
    find(&check, FINDING_NO_NUMBER, "");
    struct target_promised promised = drafted(check);
    put(world, MESSAGE_target_drafted, &promised);
    assert_int_equal(submit(world), ERR_INVALID);
    promised.check.findings.head = (struct list_head){0};
    put(world, MESSAGE_target_changed, &promised);
    assert_int_equal(submit(world), OK);
}

/* Every code there is can be found, and can be answered. */
static void test_every_code(void **unused)
{
    (void)unused;
    for (uint32_t code = 1; code <= finding_code_choices()->count; code++) {
        void *fresh;
        open_world(&fresh);
        struct check check = check_of(CLASS_OUTCOME, true);
        find(&check, (enum finding_code)code, "words");
        struct target_promised promised = drafted(check);
        put(fresh, MESSAGE_target_drafted, &promised);
        assert_int_equal(submit(fresh), ERR_INVALID);
        assert_non_null(strstr(((struct world *)fresh)->why.kept[0].detail,
            choices_word(finding_code_choices(), (int)code)));
        answer(&promised.promise, (enum finding_code)code);
        put(fresh, MESSAGE_target_changed, &promised);
        assert_int_equal(submit(fresh), OK);
        samples_close(&fresh);
    }
}

/* ---- the class that counts ---- */
static void test_class(void **unused)
{
    (void)unused;
    static const struct {
        enum target_class drafter, checker;
        bool agreed;
        enum target_class counts, ruled;
    } rows[] = {
        {CLASS_OUTCOME, CLASS_PROCESS, true, CLASS_PROCESS, CLASS_OUTPUT},
        {CLASS_OUTCOME, CLASS_PROCESS, false, CLASS_OUTCOME, CLASS_PROCESS},
        {CLASS_PROCESS, CLASS_OUTCOME, true, CLASS_OUTCOME, CLASS_OUTCOME},
        {target_class_UNSET, CLASS_OUTCOME, true, CLASS_OUTCOME, CLASS_PROCESS},
        {target_class_UNSET, CLASS_OUTCOME, false, target_class_UNSET, CLASS_OUTCOME},
        {CLASS_OUTPUT, CLASS_OUTPUT, true, CLASS_OUTPUT, CLASS_OUTCOME},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        void *fresh;
        open_world(&fresh);
        struct world *world = fresh;
        struct target_promised promised = drafted(check_of(rows[i].checker, rows[i].agreed));
        promised.promise.class = rows[i].drafter;
        put(world, MESSAGE_target_drafted, &promised);
        const struct agreement_entry *agreement = model_agreement(world->state, PWR);
        assert_int_equal(agreement->targets[0].class, rows[i].counts);
        assert_int_equal(agreement->sums.class_weight[rows[i].counts], 100000);
        assert_int_equal(agreement->targets[0].quality, rows[i].counts == CLASS_OUTCOME ? 90 : 65);
        assert_null(samples_try(world, MESSAGE_agreement_submitted));
        samples_rule(world, VERDICT_ACCEPT, rows[i].ruled);
        assert_int_equal(agreement->targets[0].class, rows[i].ruled);
        assert_int_equal(agreement->sums.class_weight[rows[i].ruled], 100000);
        assert_int_equal(agreement->targets[0].quality, rows[i].ruled == CLASS_OUTCOME ? 90 : 65);
        assert_null(samples_try(world, MESSAGE_agreement_returned));
        put(world, MESSAGE_target_changed, &promised); /* other words: the ruling is gone */
        assert_int_equal(agreement->targets[0].class, rows[i].counts);
        samples_close(&fresh);
    }
}

/* ---- with the checker itself ---- */
static void ask_check(struct world *world, const char *statement, struct check *ret_check)
{
    struct check_statement asked = {.statement = text_of(statement)};
    assert_int_equal(world_ask(world, "", MESSAGE_check_get, &asked), OK);
    assert_int_equal(reply_count(world->reply), 1);
    assert_null(world_head(world).subject.at); /* rulings change it: it is never kept */
    world_read(world, 0, check_record(), ret_check);
}

static bool has_finding(const struct check *check, enum finding_code code)
{
    for (uint32_t i = 0; i < check->findings.head.count; i++)
        if (check->findings.at[i].code == code)
            return true;
    return false;
}

/* What is drafted, changed, imported or amended is checked, and shown with what was said of it. */
static void test_checked(void **state)
{
    struct world *world = *state;
    struct check check;
    struct target view;
    struct target_promise promise = samples_promise();
    struct target_one one = {.target = TEXT_LITERAL("PWR-2021.1")};
    promise.statement = TEXT_LITERAL("Efforts will be made to hold meetings of the committee");
    samples_draft(world, "PWR-2021", &promise);
    assert_int_equal(world_ask(world, "focal.PWR", MESSAGE_target_get, &one), OK);
    world_read(world, 0, target_record(), &view);
    assert_true(view.promised.has_check);
    assert_true(has_finding(&view.promised.check, FINDING_HEDGE));
    enum target_class class = view.promised.check.class;
    uint32_t findings = view.promised.check.findings.head.count;
    assert_int_equal(class, CLASS_PROCESS);
    ask_check(world, "Efforts will be made to hold meetings of the committee", &check);
    assert_int_equal(check.class, class);
    assert_int_equal(check.findings.head.count, findings);
    assert_int_equal(submit(world), ERR_INVALID);
    assert_true(world_faults(world, "targets/PWR-2021.1/answers"));
    struct target_change change = {.target = one.target, .promise = samples_promise()};
    assert_int_equal(world_do(world, "focal.PWR", MESSAGE_target_change, &change, 2), OK);
    assert_int_equal(submit(world), OK);
    assert_null(samples_try(world, MESSAGE_agreement_accepted));
    assert_null(samples_try(world, MESSAGE_agreement_forwarded));
    assert_null(samples_try(world, MESSAGE_agreement_frozen));
    assert_null(samples_try(world, MESSAGE_agreement_minister_signed));
    assert_null(samples_try(world, MESSAGE_agreement_pm_signed));
    struct amendment_propose propose = {.agreement = PWR, .reason = TEXT_LITERAL("a flood")};
    struct amendment_change amend = {.target = one.target,
        .why = propose.reason,
        .effect = propose.reason,
        .promise = samples_promise()};
    amend.promise.statement = promise.statement;
    BUF_CLEANUP struct buf packed = BUF(65536);
    pack_write(amendment_change_record(), &amend, &packed);
    struct text row = buf_as_text(&packed);
    assert_int_equal(world_do_rows(world, "secretary.PWR", MESSAGE_amendment_propose, &propose,
                         model_agreement(world->state, PWR)->version, (struct world_rows){&row, 1}),
        ERR_INVALID);
    assert_true(world_faults(world, "rows/0/answers"));
}

static void test_many(void **state)
{
    struct world *world = *state;
    struct check check;
    struct check_list asked = {.statements = {.head = {100, true}}};
    char statements[100][80];
    for (uint32_t i = 0; i < 100; i++) {
        (void)snprintf(statements[i], sizeof statements[i],
            i % 2 ? "Hold %u meetings of the board" : "صحت 'and' <b>%u</b>", i);
        asked.statements.at[i].statement = text_of(statements[i]);
    }
    assert_int_equal(world_ask(world, "person", MESSAGE_check_many, &asked), OK);
    assert_int_equal(reply_count(world->reply), 100);
    assert_int_equal(world_head(world).total.value, 100);
    for (uint32_t i = 1; i < 100; i += 2) {
        world_read(world, i, check_record(), &check);
        assert_int_equal(check.class, CLASS_PROCESS);
    }
    world_read(world, 0, check_record(), &check);
}

/* Before anything was registered, a statement can be checked. */
static void test_empty_government(void **unused)
{
    (void)unused;
    struct world world;
    struct check check;
    world_open(&world, table_service());
    ask_check(&world, "Hold 12 meetings of the board", &check);
    assert_int_equal(check.class, CLASS_PROCESS);
    world_close(&world);
}

/* Rulings teach: what the committee says often enough of a word is what the words say. */
static void test_learns(void **state)
{
    struct world *world = *state;
    struct check before, after;
    static const char line[] = "Zibbling of quorxes in the frumious wabe";
    ask_check(world, line, &before);
    enum target_class taught = before.bayes == CLASS_OUTPUT ? CLASS_PROCESS : CLASS_OUTPUT;
    struct target_promise promise = samples_promise();
    samples_draft(world, "PWR-2021", &promise);
    assert_null(samples_try(world, MESSAGE_agreement_submitted));
    struct ruling ruling = {
        .made = {.target = TEXT_LITERAL("PWR-2021.1"), .verdict = VERDICT_ACCEPT, .class = taught},
        .statement = text_of(line)};
    for (int i = 0; i < 20; i++)
        world_happen(world, MESSAGE_target_ruled, "PWR-2021", "PWR-2021.1", &ruling);
    ask_check(world, line, &after);
    assert_int_equal(after.bayes, taught);
}

int main(void)
{
#define PLAYED(test) cmocka_unit_test_setup_teardown(test, open_world, samples_close)
    const struct CMUnitTest tests[] = {
        PLAYED(test_unanswered),
        PLAYED(test_gone),
        cmocka_unit_test(test_every_code),
        cmocka_unit_test(test_class),
        PLAYED(test_checked),
        PLAYED(test_many),
        cmocka_unit_test(test_empty_government),
        PLAYED(test_learns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
