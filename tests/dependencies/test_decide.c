/* Acts on dependencies, refused by what is wrong with them: whose act it is, in which state, on
 * which day; and the rungs that fall due, each once. */
#include "table.h"

#include "dependencies/court.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static int open_court(void **state)
{
    (void)state;
    return court_open(table_service());
}

#define D1 TEXT_LITERAL("PWR-2021.d1")

static enum err act(const char *office, enum message command, const char *remark)
{
    struct dependency_act record = {.dependency = D1, .remark = text_of(remark)};
    return world_do(court_world, office, command, &record, court_version(D1));
}

static void what_is_raised_is_checked_by_name(void **state)
{
    (void)state;
    struct dependency_raise raise = court_request("PWR-2021.9");
    assert_int_equal(court_raise("focal.PWR", raise), ERR_INVALID);
    assert_true(world_faults(court_world, "targets/0"));
    assert_int_equal(court_raise("focal.PWR", court_request("FIN-2021.1")), ERR_FORBIDDEN);
    assert_int_equal(court_raise("focal.LAW", court_request("LAW-2021.1")), ERR_NOT_FOUND);
    raise = court_request("PWR-2021.1");
    raise.targets.at[raise.targets.head.count++] = TEXT_LITERAL("PWR-2021.1");
    assert_int_equal(court_raise("focal.PWR", raise), ERR_INVALID);
    assert_true(world_faults(court_world, "targets/1"));
    static const char *const blockers[] = {"PWR", "XYZ"};
    for (size_t i = 0; i < 2; i++) {
        raise = court_request("PWR-2021.1");
        raise.blocking_body = text_of(blockers[i]);
        assert_int_equal(court_raise("focal.PWR", raise), ERR_INVALID);
        assert_true(world_faults(court_world, "blocking_body"));
    }
    raise = court_request("PWR-2021.1");
    raise.type = TEXT_LITERAL("NO");
    assert_int_equal(court_raise("focal.PWR", raise), ERR_INVALID);
    assert_true(world_faults(court_world, "type"));
    raise = court_request("PWR-2021.1");
    raise.needed_by = 20210701;
    assert_int_equal(court_raise("focal.PWR", raise), ERR_INVALID);
    assert_true(world_faults(court_world, "needed_by"));
    raise = court_request("PWR-2021.1");
    raise.through = TEXT_LITERAL("LAW-2021.1"); /* not in force */
    assert_int_equal(court_raise("focal.PWR", raise), ERR_INVALID);
    assert_true(world_faults(court_world, "through"));
    assert_int_equal(court_raise("auditor", court_request("PWR-2021.1")), ERR_FORBIDDEN);
    assert_int_equal(court_version(D1), 0);
}

static void what_is_raised_keeps_norm_and_weight(void **state)
{
    (void)state;
    struct dependency_raise raise = court_request("PWR-2021.1");
    raise.targets.at[raise.targets.head.count++] = TEXT_LITERAL("PWR-2021.3");
    assert_int_equal(court_raise("secretary.PWR", raise), OK);
    struct norm norm = {.type = TEXT_LITERAL("VETTING"),
        .label = TEXT_LITERAL("Vetting"),
        .needed = TEXT_LITERAL("Vetted text"),
        .norm_days = {99, true}};
    assert_int_equal(
        world_do(court_world, "secretariat", MESSAGE_norm_set, &norm, 0), ERR_UNCONDITIONAL);
    assert_int_equal(world_do(court_world, "secretariat", MESSAGE_norm_set, &norm, 1), OK);
    struct dependency view = court_read(D1);
    assert_int_equal(view.dependency.norm_days.value, 10);
    assert_int_equal(view.dependency.weight.thousandths, 40000);
    assert_int_equal(view.downstream.thousandths, 40000);
    assert_int_equal(view.dependency.on, 20210702);
    assert_int_equal(view.court, COURT_BLOCKING);
}

/* Whose act each is: everybody else is refused by name, and nothing happens. */
static void every_act_is_of_one_side(void **state)
{
    static const struct {
        enum message command;
        const char *mine, *other, *remark;
    } acts[] = {
        {MESSAGE_dependency_acknowledge, "focal.LAW", "focal.PWR", NULL},
        {MESSAGE_dependency_explain, "secretary.LAW", "secretary.PWR", "Holidays"},
        {MESSAGE_dependency_externalise, "secretary.LAW", "secretary.FIN", "A court"},
        {MESSAGE_dependency_resume, "secretary.LAW", "secretary.PWR", NULL},
        {MESSAGE_dependency_refuse, "secretary.LAW", "secretary.PWR", "No"},
        {MESSAGE_dependency_reopen, "secretary.PWR", "secretary.LAW", "It is needed"},
        {MESSAGE_dependency_grant, "focal.LAW", "focal.FIN", NULL},
        {MESSAGE_dependency_reopen, "secretary.PWR", "secretary.LAW", "Once more"},
        {MESSAGE_dependency_withdraw, "focal.PWR", "focal.LAW", NULL},
    };
    (void)state;
    assert_int_equal(court_raise("focal.PWR", court_request("PWR-2021.1")), OK);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        uint64_t version = court_version(D1);
        assert_int_equal(act(acts[i].other, acts[i].command, acts[i].remark), ERR_FORBIDDEN);
        if (acts[i].remark) {
            assert_int_equal(act(acts[i].mine, acts[i].command, NULL), ERR_INVALID);
            assert_true(world_faults(court_world, "remark"));
        }
        struct dependency_act stale = {.dependency = D1, .remark = text_of(acts[i].remark)};
        assert_int_equal(
            world_do(court_world, acts[i].mine, acts[i].command, &stale, version + 1), ERR_STALE);
        assert_int_equal(court_version(D1), version);
        assert_int_equal(act(acts[i].mine, acts[i].command, acts[i].remark), OK);
        assert_int_equal(court_version(D1), version + 1);
    }
    assert_int_equal(act("focal.LAW", MESSAGE_dependency_grant, NULL), ERR_STATE);
}

static void days_are_today(void **state)
{
    (void)state;
    assert_int_equal(court_raise("focal.PWR", court_request("PWR-2021.1")), OK);
    struct dependency_act early = {.dependency = D1, .on = 20210701};
    assert_int_equal(world_do(court_world, "focal.LAW", MESSAGE_dependency_acknowledge, &early,
                         court_version(D1)),
        ERR_INVALID);
    assert_true(world_faults(court_world, "on"));
    struct dependency_promise past = {.dependency = D1, .promised = 20210701};
    assert_int_equal(world_do(court_world, "secretary.LAW", MESSAGE_dependency_promise, &past,
                         court_version(D1)),
        ERR_INVALID);
    assert_true(world_faults(court_world, "promised"));
    past.promised = 20210702;
    assert_int_equal(world_do(court_world, "secretary.LAW", MESSAGE_dependency_promise, &past,
                         court_version(D1)),
        OK);
}

/* A circle of bodies is raised with the request that closes it. */
static void a_circle_is_told_at_once(void **state)
{
    (void)state;
    struct dependency_raise raise = court_request("PWR-2021.1");
    raise.blocking_body = TEXT_LITERAL("FIN");
    raise.through = TEXT_LITERAL("FIN-2021.2");
    assert_int_equal(court_raise("focal.PWR", raise), OK);
    raise = court_request("FIN-2021.2");
    raise.blocking_body = TEXT_LITERAL("PWR");
    raise.through = TEXT_LITERAL("PWR-2021.1");
    assert_int_equal(court_raise("focal.FIN", raise), OK);
    assert_int_equal(court_read(D1).dependency.circle.head.count, 0);
    struct dependency closing = court_read(TEXT_LITERAL("FIN-2021.d1"));
    assert_int_equal(closing.dependency.circle.head.count, 2);
    assert_true(text_is(closing.dependency.circle.at[0], "PWR"));
    assert_true(text_is(closing.dependency.circle.at[1], "FIN"));
    struct circle_list list = {0};
    struct circle circle;
    assert_int_equal(world_ask(court_world, "", MESSAGE_circle_list, &list), OK);
    assert_int_equal(world_head(court_world).total.value, 1);
    world_read(court_world, 0, circle_record(), &circle);
    assert_int_equal(circle.targets.head.count, 2);
    assert_int_equal(circle.dependencies.head.count, 2);
    assert_int_equal(circle.weight.thousandths, 30000);
}

/* ---- rungs ---- */

static void every_rung_once_however_late(void **state)
{
    (void)state;
    assert_int_equal(court_raise("focal.PWR", court_request("PWR-2021.1")), OK);
    assert_int_equal(court_fall_due(), 0);
    court_world->now_ms += 4 * WORLD_DAY; /* Tuesday: Monday and Tuesday have passed */
    assert_int_equal(court_fall_due(), 0);
    court_world->now_ms += WORLD_DAY;
    assert_int_equal(court_fall_due(), 1);
    assert_int_equal(court_fall_due(), 0);
    court_world->now_ms += 60 * WORLD_DAY; /* the service was down all the time */
    assert_int_equal(court_fall_due(), 7);
    assert_int_equal(court_fall_due(), 0);
    struct dependency view = court_read(D1);
    assert_int_equal(view.rungs.head.count, 8);
    assert_int_equal(view.rungs.at[0].due, 20210707);
    assert_true(view.assumed == FLAG_YES);
    assert_int_equal(court_version(D1), 9);
}

/* Many at once, in batches; the day of a new holiday moves what is to come. */
static void many_and_a_holiday(void **state)
{
    (void)state;
    enum { MANY = 250 };
    for (int i = 0; i < MANY; i++)
        assert_int_equal(court_raise("focal.PWR", court_request("PWR-2021.2")), OK);
    struct holiday holiday = {.on = 20210707, .name = TEXT_LITERAL("Eid (invented)")};
    world_happen(court_world, MESSAGE_holiday_declared, "calendar", "calendar", &holiday);
    court_world->now_ms += 5 * WORLD_DAY; /* the 7th, on which nobody works */
    assert_int_equal(court_fall_due(), 0);
    court_world->now_ms += WORLD_DAY;
    assert_int_equal(court_fall_due(), MANY);
    struct holdup_list list = {0};
    struct holdup holdup;
    assert_int_equal(world_ask(court_world, "", MESSAGE_holdup_list, &list), OK);
    world_read(court_world, 0, holdup_record(), &holdup);
    assert_true(text_is(holdup.body, "LAW"));
    assert_int_equal(holdup.open.value, MANY);
    assert_int_equal(holdup.stuck.thousandths, MANY * INT64_C(20000) * 3); /* 20% for 3 days */
}

static void it_is_put_off_once(void **state)
{
    (void)state;
    assert_int_equal(court_raise("focal.PWR", court_request("PWR-2021.1")), OK);
    struct dependency_put_off put_off = {
        .dependency = D1, .days = {5, true}, .reason = TEXT_LITERAL("A session")};
    assert_int_equal(
        world_do(court_world, "focal.PWR", MESSAGE_dependency_put_off, &put_off, 1), ERR_FORBIDDEN);
    assert_int_equal(
        world_do(court_world, "committee.1", MESSAGE_dependency_put_off, &put_off, 1), OK);
    assert_int_equal(
        world_do(court_world, "committee.1", MESSAGE_dependency_put_off, &put_off, 2), ERR_STATE);
    put_off.days.value = 11;
    assert_int_equal(
        world_do(court_world, "committee.1", MESSAGE_dependency_put_off, &put_off, 2), ERR_INVALID);
}

static void folded_again_it_is_the_same(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf one = BUF(1u << 20), other = BUF(1u << 20);
    every_act_is_of_one_side(state);
    court_world->now_ms += 30 * WORLD_DAY;
    assert_int_equal(court_raise("focal.FIN", court_request("FIN-2021.1")), OK);
    court_world->now_ms += 30 * WORLD_DAY;
    assert_true(court_fall_due() > 0);
    void *again = world_fold_again(court_world, NULL);
    world_digest(court_world, court_world->state, &one);
    world_digest(court_world, again, &other);
    assert_true(text_equal(buf_as_text(&one), buf_as_text(&other)));
    court_world->service->state_free(again);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_court, court_close)
    const struct CMUnitTest tests[] = {CASE(what_is_raised_is_checked_by_name),
        CASE(what_is_raised_keeps_norm_and_weight), CASE(every_act_is_of_one_side),
        CASE(days_are_today), CASE(a_circle_is_told_at_once), CASE(every_rung_once_however_late),
        CASE(many_and_a_holiday), CASE(it_is_put_off_once), CASE(folded_again_it_is_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
