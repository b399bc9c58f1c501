/* What an office reads in its inbox: its own, whoever holds it, and no other's. */
#include "base/must.h"
#include "notifications/stage.h"
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int start(void **state)
{
    struct stage *stage = stage_new();
    stage_government(stage);
    *state = stage;
    return 0;
}

static int stop(void **state)
{
    assert_true(stage_same_again(*state));
    stage_free(*state);
    return 0;
}

static struct inbox_counts counts(struct stage *stage, const char *office)
{
    struct inbox_counts counts = {0};
    must(stage_ask(stage, office, MESSAGE_inbox_counts, NULL) == OK);
    stage_read(stage, 0, inbox_counts_record(), &counts);
    return counts;
}

static struct inbox_item item(struct stage *stage, const char *office, size_t frame)
{
    struct inbox_item item = {0};
    struct inbox_list list = {.limit = {50, true}};
    must(stage_ask(stage, office, MESSAGE_inbox_list, &list) == OK);
    stage_read(stage, frame, inbox_item_record(), &item);
    return item;
}

static void an_item_says_what_and_where(void **state)
{
    struct stage *stage = *state;
    stage_raise(stage, "PWR-2021.d1", "PWR", "FIN");
    struct inbox_item first = item(stage, "secretary.FIN", 0);
    assert_true(text_is(first.event, "dependency.raised"));
    assert_true(text_is(first.what,
        "PWR-2021.d1 (PWR waits for FIN: Vetting of the tariff rules (invented)): Your body is "
        "asked to act: acknowledge it and promise a day"));
    assert_true(text_is(first.path, "/v1/dependencies/PWR-2021.d1"));
    assert_true(text_is(first.about, "PWR-2021.d1"));
    assert_int_equal(first.urgency, URGENCY_TO_DO);
    assert_int_equal(first.read, FLAG_NO);
    assert_int_equal(first.at.ms, stage->now_ms);
    assert_int_equal(first.position.value, (int64_t)stage->log_count);
    stage_promise(stage, "PWR-2021.d1", 20210727);
    stage_at(stage, 20210722, 8);
    (void)stage_due(stage);
    first = item(stage, "secretary.FIN", 0);
    assert_true(text_is(first.event, "reminder.sent"));
    assert_int_equal(first.urgency, URGENCY_DUE_SOON);
    assert_int_equal(first.due, 20210727);
    assert_true(text_is(first.path, "/v1/dependencies/PWR-2021.d1"));
}

static void what_is_read_stays_read(void **state)
{
    struct stage *stage = *state;
    stage_raise(stage, "PWR-2021.d1", "PWR", "FIN");
    stage_raise(stage, "PWR-2021.d2", "PWR", "FIN");
    struct inbox_counts before = counts(stage, "secretary.FIN");
    assert_int_equal(before.unread.value, before.all.value);
    assert_int_equal(before.to_do.value, 2);
    struct inbox_read read = {.upto = {before.all.value - 1, true}};
    assert_int_equal(stage_do(stage, "secretary.FIN", MESSAGE_inbox_read, &read), OK);
    struct inbox_counts after = counts(stage, "secretary.FIN");
    assert_int_equal(after.unread.value, 1);
    assert_int_equal(after.to_do.value, 1);
    assert_int_equal(item(stage, "secretary.FIN", 0).read, FLAG_NO);
    struct inbox_item second = item(stage, "secretary.FIN", 1);
    assert_int_equal(second.read, FLAG_YES);
    assert_true(text_is(second.read_by, "p.secretary.FIN"));
    /* not twice, and not what is not there */
    assert_int_equal(stage_do(stage, "secretary.FIN", MESSAGE_inbox_read, &read), ERR_STATE);
    read.upto.value = before.all.value + 1;
    assert_int_equal(stage_do(stage, "secretary.FIN", MESSAGE_inbox_read, &read), ERR_INVALID);
    assert_true(stage_says(stage, "name the last that was read"));
    /* of the same body, and yet another office */
    assert_int_equal(counts(stage, "focal.FIN").to_do.value, 2);
    assert_int_equal(counts(stage, "secretary.WAT").to_do.value, 0);
    /* an office that was not created has none */
    assert_int_equal(stage_ask(stage, "secretary.XYZ", MESSAGE_inbox_counts, NULL), ERR_NOT_FOUND);
}

static void lists_are_filtered_and_paged(void **state)
{
    struct stage *stage = *state;
    char id[32];
    for (int i = 1; i <= 5; i++) {
        (void)snprintf(id, sizeof id, "PWR-2021.d%d", i);
        stage_raise(stage, id, "PWR", "FIN");
    }
    struct inbox_list list = {.urgency = URGENCY_TO_DO, .limit = {2, true}};
    static const char *const pages[][2] = {
        {"PWR-2021.d5", "PWR-2021.d4"}, {"PWR-2021.d3", "PWR-2021.d2"}, {"PWR-2021.d1", NULL}};
    char after[32];
    for (size_t page = 0; page < 3; page++) {
        assert_int_equal(stage_ask(stage, "focal.FIN", MESSAGE_inbox_list, &list), OK);
        assert_int_equal(reply_count(stage->reply), pages[page][1] ? 2 : 1);
        for (size_t i = 0; i < reply_count(stage->reply); i++) {
            struct inbox_item one = {0};
            stage_read(stage, i, inbox_item_record(), &one);
            assert_true(text_is(one.about, pages[page][i]));
        }
        struct answer head = stage_head(stage);
        assert_int_equal(head.total.value, 5);
        assert_int_equal(head.next.len > 0, page < 2);
        (void)snprintf(after, sizeof after, "%.*s", TEXT_ARG(head.next));
        list.after = text_of(after);
    }
    struct inbox_list read = {.read = FLAG_YES, .limit = {50, true}};
    assert_int_equal(stage_ask(stage, "focal.FIN", MESSAGE_inbox_list, &read), OK);
    assert_int_equal(reply_count(stage->reply), 0);
}

static void quiet_hours_are_daily_or_weekly(void **state)
{
    struct stage *stage = *state;
    struct quiet quiet = {
        .from_hour = {20, true}, .to_hour = {8, true}, .digest = FREQUENCY_MONTHLY};
    assert_int_equal(stage_do(stage, "pm", MESSAGE_quiet_set, &quiet), ERR_INVALID);
    assert_true(stage_says(stage, "daily or weekly, not monthly"));
    quiet.digest = frequency_UNSET;
    assert_int_equal(stage_do(stage, "pm", MESSAGE_quiet_set, &quiet), OK);
}

static void overdue_counts_what_still_is(void **state)
{
    struct stage *stage = *state;
    stage_raise(stage, "PWR-2021.d1", "PWR", "FIN");
    stage_promise(stage, "PWR-2021.d1", 20210727);
    stage_at(stage, 20210728, 12);
    (void)stage_due(stage);
    assert_int_equal(counts(stage, "focal.FIN").overdue.value, 1);
    stage_act(stage, "focal.FIN", MESSAGE_dependency_granted, "PWR-2021.d1");
    assert_int_equal(counts(stage, "focal.FIN").overdue.value, 0);
}

static void everybody_can_read_the_rules(void **state)
{
    struct stage *stage = *state;
    assert_int_equal(stage_ask(stage, "pm", MESSAGE_hearing_list, NULL), OK);
    assert_int_equal(reply_count(stage->reply), rules_count());
    for (size_t i = 0; i < rules_count(); i++) {
        struct hearing hearing = {0};
        stage_read(stage, i, hearing_record(), &hearing);
        assert_true(hearing.who.len > 0 && hearing.sentence.len > 0);
        bool seen_before = rules_first(rules_at(i)->event) < i;
        if (seen_before) /* rows of one event stand together */
            assert_int_equal(rules_at(i)->event, rules_at(i - 1)->event);
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {CASE(an_item_says_what_and_where),
        CASE(what_is_read_stays_read), CASE(lists_are_filtered_and_paged),
        CASE(quiet_hours_are_daily_or_weekly), CASE(overdue_counts_what_still_is),
        CASE(everybody_can_read_the_rules)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
