/* The pack of a body: what stands in it, as it was, and for whom it is there. */
#include "offices/estate.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#define PACT "PWR-2021"

static void expect(struct house *house, enum err is, enum err wanted, const char *what)
{
    if (is != wanted) {
        (void)fprintf(stderr, "%s: %s, not %s\n", what, err_word(is), err_word(wanted));
        house_print(house);
    }
    assert_int_equal(is, wanted);
}

static void feed_target(struct house *house, enum message event, const char *id, const char *text)
{
    struct target_promised target = {
        .id = text_of(id), .promise = {.statement = text_of(text), .weight = {40000, true}}};
    house_feed(house, event, PACT, id, &target);
}

static void feed_plain(struct house *house, enum message event)
{
    struct agreement_submit record = {.agreement = TEXT_LITERAL(PACT)};
    struct agreement_judge judged = {.agreement = TEXT_LITERAL(PACT)};
    house_feed(house, event, PACT, PACT,
        message_row(event)->carries() == agreement_judge_record() ? (const void *)&judged
                                                                  : (const void *)&record);
}

static void feed_document(struct house *house, const char *id, int64_t version)
{
    struct document_frozen document = {.id = text_of(id),
        .agreement = TEXT_LITERAL(PACT),
        .version = {version, true},
        .sha256 = TEXT_LITERAL("ab"),
        .bytes = {1, true},
        .parts = {1, true}};
    house_feed(house, MESSAGE_agreement_frozen, PACT, id, &document);
}

static void feed_signature(
    struct house *house, enum message event, const char *id, const char *office)
{
    struct signature signature = {.id = text_of(id),
        .agreement = TEXT_LITERAL(PACT),
        .document = TEXT_LITERAL(PACT ".d1"),
        .sha256 = TEXT_LITERAL("ab"),
        .act = SIGNING_SIGN,
        .office = text_of(office),
        .person = TEXT_LITERAL("a.khan"),
        .key_id = TEXT_LITERAL("k"),
        .jws = TEXT_LITERAL("x")};
    house_feed(house, event, PACT, id, &signature);
}

static void open_with_agreement(struct house *house)
{
    house_open(house);
    static const char *const holders[][2] = {
        {"secretary.PWR", "s.pwr"}, {"secretary.EDU", "s.edu"}, {"auditor", "a.uditor"}};
    for (size_t i = 0; i < sizeof holders / sizeof *holders; i++) {
        house_register(house, holders[i][1]);
        house_create(house, holders[i][0]);
        house_post(house, holders[i][0], holders[i][1]);
    }
    struct agreement_opened opened = {.id = TEXT_LITERAL(PACT),
        .opened = {.body = TEXT_LITERAL("PWR"), .cycle = TEXT_LITERAL("2021")}};
    house_feed(house, MESSAGE_agreement_opened, PACT, PACT, &opened);
    feed_target(house, MESSAGE_target_drafted, PACT ".1", "Cut losses from 18 to 15 percent");
    feed_target(house, MESSAGE_target_drafted, PACT ".2", "Hold meetings");
}

struct seen {
    size_t count, of_kind[8];
    char text[8192]; /* "kind id state what" a line */
};

static struct seen seen_in(struct house *house)
{
    static const char *const kinds[] = {
        "agreement", "target", "ruling", "thread", "document", "signature"};
    struct seen seen = {.count = house_frames(house)};
    size_t len = 0;
    for (size_t i = 0; i < seen.count; i++) {
        struct pack_item item;
        house_read(house, i, pack_item_record(), &item);
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            seen.of_kind[k] += text_is(item.kind, kinds[k]);
        len += (size_t)snprintf(seen.text + len, sizeof seen.text - len, "%.*s %.*s %.*s %.*s\n",
            TEXT_ARG(item.kind), TEXT_ARG(item.id), TEXT_ARG(item.state), TEXT_ARG(item.what));
    }
    return seen;
}

static struct seen ask(struct house *house, const char *actor, const char *body)
{
    struct pack_one asked = {.body = text_of(body), .limit = {200, true}};
    expect(house, house_ask(house, actor, MESSAGE_pack_list, &asked), OK, actor);
    return seen_in(house);
}

static void until_in_force(struct house *house)
{
    struct ruling ruling = {.made = {.target = TEXT_LITERAL(PACT ".1"),
                                .verdict = VERDICT_ACCEPT,
                                .class = CLASS_OUTCOME,
                                .reason = TEXT_LITERAL("people feel it")},
        .statement = TEXT_LITERAL("Cut losses"),
        .weight = {1, true}};
    struct thread_opened thread = {.id = TEXT_LITERAL(PACT ".f1"),
        .opened = {.agreement = TEXT_LITERAL(PACT), .text = TEXT_LITERAL("why so little?")}};
    struct thread_close closed = {TEXT_LITERAL(PACT ".f1"), THREAD_ANSWERED, {0}};
    feed_plain(house, MESSAGE_agreement_submitted);
    house_feed(house, MESSAGE_target_ruled, PACT, PACT ".1", &ruling);
    feed_plain(house, MESSAGE_agreement_accepted);
    feed_plain(house, MESSAGE_agreement_forwarded);
    house_feed(house, MESSAGE_thread_opened, PACT, PACT ".f1", &thread);
    house_feed(house, MESSAGE_thread_closed, PACT, PACT ".f1", &closed);
    feed_document(house, PACT ".d1", 1);
    feed_plain(house, MESSAGE_agreement_reopened); /* an edit */
    feed_target(house, MESSAGE_target_changed, PACT ".2", "Halve the waiting time");
    feed_plain(house, MESSAGE_agreement_submitted);
    feed_plain(house, MESSAGE_agreement_accepted);
    feed_plain(house, MESSAGE_agreement_forwarded);
    feed_document(house, PACT ".d2", 2);
    feed_signature(house, MESSAGE_agreement_minister_signed, PACT ".s1", "minister.PWR");
    feed_signature(house, MESSAGE_agreement_pm_signed, PACT ".s2", "pm");
}

static void what_stands_in_it(void **unused)
{
    (void)unused;
    struct house house;
    open_with_agreement(&house);
    until_in_force(&house);
    struct seen seen = ask(&house, "s.pwr@secretary.PWR", "PWR");
    assert_string_equal(seen.text, "agreement PWR-2021 in_force PWR-2021\n"
                                   "target PWR-2021.1  Cut losses from 18 to 15 percent\n"
                                   "target PWR-2021.2  Halve the waiting time\n"
                                   "ruling PWR-2021.1 accept people feel it\n"
                                   "thread PWR-2021.f1 answered why so little?\n"
                                   "document PWR-2021.d1 void ab\n"
                                   "document PWR-2021.d2 in force ab\n"
                                   "signature PWR-2021.s1 sign a.khan, minister.PWR\n"
                                   "signature PWR-2021.s2 sign a.khan, pm\n");
    /* page by page it is the same */
    struct pack_one page = {.body = TEXT_LITERAL("PWR"), .limit = {2, true}};
    char after[96] = "";
    size_t count = 0;
    do {
        struct answer head = {0};
        page.after = after[0] ? text_of(after) : (struct text){0};
        expect(&house, house_ask(&house, "a.uditor@auditor", MESSAGE_pack_list, &page), OK, "page");
        reply_head(house.reply, &head);
        count += house_frames(&house);
        (void)snprintf(after, sizeof after, "%.*s", TEXT_ARG(head.next));
    } while (after[0]);
    assert_int_equal(count, seen.count);
    house_close(&house);
}

static void amendments_wait_for_their_signature(void **unused)
{
    (void)unused;
    struct house house;
    open_with_agreement(&house);
    until_in_force(&house);
    struct amendment_proposed proposed = {.id = TEXT_LITERAL(PACT ".a1"),
        .proposal = {TEXT_LITERAL(PACT), TEXT_LITERAL("war")},
        .changes = {1, true},
        .weight = {1, true}};
    struct amendment_changed changed = {.amendment = TEXT_LITERAL(PACT ".a1"),
        .change = {.target = TEXT_LITERAL(PACT ".1"),
            .why = TEXT_LITERAL("w"),
            .effect = TEXT_LITERAL("e"),
            .promise = {.statement = TEXT_LITERAL("Cut losses to 16"), .weight = {1000, true}}}};
    house_feed(&house, MESSAGE_amendment_proposed, PACT, PACT ".a1", &proposed);
    house_feed(&house, MESSAGE_amendment_changed, PACT, PACT ".1", &changed);
    assert_non_null(strstr(ask(&house, "a.uditor@auditor", "PWR").text, "from 18 to 15"));
    feed_signature(&house, MESSAGE_amendment_minister_signed, PACT ".s3", "minister.PWR");
    feed_signature(&house, MESSAGE_agreement_amended, PACT ".s4", "pm");
    struct seen seen = ask(&house, "a.uditor@auditor", "PWR");
    assert_non_null(strstr(seen.text, "target PWR-2021.1  Cut losses to 16\n"));
    assert_int_equal(seen.of_kind[2], 0); /* the ruling was on the old text */
    assert_int_equal(seen.of_kind[5], 4);
    house_close(&house);
}

static void for_whom_it_is_there(void **unused)
{
    (void)unused;
    static const struct {
        const char *actor;
        size_t before, after; /* lines, before and after it is in force */
    } cases[] = {{"s.pwr@secretary.PWR", 3, 9}, {"a.uditor@auditor", 3, 9},
        {"s.edu@secretary.EDU", 0, 6}, {"adm.one@administrator.1", 0, 6}, {"s.edu@person", 0, 6}};
    struct house house;
    open_with_agreement(&house);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(ask(&house, cases[i].actor, "PWR").count, cases[i].before);
    until_in_force(&house);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct seen seen = ask(&house, cases[i].actor, "PWR");
        assert_int_equal(seen.count, cases[i].after);
        if (seen.count == 6)
            assert_null(strstr(seen.text, "thread"));
    }
    struct pack_one nowhere = {.body = TEXT_LITERAL("XYZ"), .limit = {9, true}};
    expect(&house, house_ask(&house, "a.uditor@auditor", MESSAGE_pack_list, &nowhere),
        ERR_NOT_FOUND, "XYZ");
    expect(&house, house_scope(&house, "a.uditor@auditor", MESSAGE_pack_list, &nowhere),
        ERR_NOT_FOUND, "XYZ then");
    struct pack_one power = {.body = TEXT_LITERAL("PWR"), .limit = {9, true}};
    expect(&house, house_scope(&house, "s.edu@secretary.EDU", MESSAGE_pack_list, &power),
        ERR_FORBIDDEN, "of others, then");
    house_close(&house);
}

/* Asked of the past as the runtime does it: the events that the scope names, folded from empty. */
static struct seen ask_then(struct house *house, const char *actor, uint64_t position)
{
    struct pack_one asked = {.body = TEXT_LITERAL("PWR"), .limit = {200, true}};
    expect(house, house_scope(house, actor, MESSAGE_pack_list, &asked), OK, actor);
    struct scope scope = house->scope;
    void *now = house->state;
    house->state = house_fold_again(house, &scope, position);
    expect(house, house_ask(house, actor, MESSAGE_pack_list, &asked), OK, actor);
    struct seen seen = seen_in(house);
    house->service->state_free(house->state);
    house->state = now;
    return seen;
}

static void as_it_was_at_the_hand_over(void **unused)
{
    (void)unused;
    struct house house;
    open_with_agreement(&house);
    uint64_t before = house.log_count;
    struct seen then = ask(&house, "s.pwr@secretary.PWR", "PWR");
    house_register(&house, "n.ew");
    house_post(&house, "secretary.PWR", "n.ew");
    until_in_force(&house);
    struct handover_one one = {TEXT_LITERAL("secretary.PWR.h1")};
    struct handover_view view;
    expect(&house, house_ask(&house, "n.ew@secretary.PWR", MESSAGE_handover_get, &one), OK, "get");
    house_read(&house, 0, handover_view_record(), &view);
    struct seen again = ask_then(&house, "n.ew@secretary.PWR", (uint64_t)view.position.value);
    assert_string_equal(again.text, then.text);
    assert_int_equal(ask_then(&house, "n.ew@secretary.PWR", 3).count, 0); /* before there was any */
    assert_true(before < (uint64_t)view.position.value);

    /* after a merger the successor's secretary reads it */
    struct body merged = {.id = TEXT_LITERAL("PWR"),
        .name = TEXT_LITERAL("P"),
        .kind = TEXT_LITERAL("k"),
        .valid_from = 20200101,
        .successors = {.head = {1, true}, .at = {TEXT_LITERAL("EDU")}}};
    house_feed(&house, MESSAGE_body_changed, "PWR", "PWR", &merged);
    again = ask_then(&house, "s.edu@secretary.EDU", (uint64_t)view.position.value);
    assert_string_equal(again.text, then.text);
    house_close(&house);
}

/* ---- what two years leave behind ---- */

static void all_that_a_successor_takes_over(void **unused)
{
    (void)unused;
    struct house house;
    struct period_released released = {.cycle = TEXT_LITERAL("2021"), .period = {1, true}};
    open_with_agreement(&house);
    estate_cycle(&house);
    until_in_force(&house);
    estate_report(&house);
    estate_request(&house, PACT ".d1", "PWR", "EDU", false);
    estate_request(&house, "EDU-2021.d1", "EDU", "PWR", true);
    estate_centre(&house);
    house_feed(&house, MESSAGE_period_released, "2021.q1", "2021.q1", &released);
    static const char all[] = "report PWR-2021.q1 released What was reached in period 1\n"
                              "result PWR-2021.1 E3 q1 17\n"
                              "dependency PWR-2021.d1 promised from EDU: vetted text\n"
                              "request EDU-2021.d1 granted for EDU: vetted text\n"
                              "commitment EDU-2021.d1 late for EDU: vetted text\n"
                              "action action-1 open read the meters\n"
                              "idea idea-1 proposed solar pumps\n"
                              "order order-1  light the avenue\n"
                              "ahead 2021.q2  The period ends\n"
                              "ahead 2021.q2  The body has reported\n"
                              "ahead 2021.q2  The secretary has certified\n"
                              "ahead 2021.q2  The sessions begin\n"
                              "ahead 2021.q2  The scores open\n"
                              "ahead 2021.q2  The last day to appeal\n";
    struct seen seen = ask(&house, "s.pwr@secretary.PWR", "PWR");
    const char *from = strstr(seen.text, "report PWR-2021.q1");
    assert_non_null(from);
    from = strncmp(from, all, strlen(all)) == 0 ? all : from;
    assert_string_equal(from, all);
    /* with a report that nobody has certified and a public that sees no more than is public */
    struct seen others = ask(&house, "s.edu@secretary.EDU", "PWR");
    assert_null(strstr(others.text, "action"));
    assert_null(strstr(others.text, "result"));
    assert_null(strstr(others.text, "order"));
    assert_non_null(strstr(others.text, "request EDU-2021.d1"));
    assert_non_null(strstr(others.text, "report PWR-2021.q1 released"));
    /* as it was then, it was all there */
    struct seen then = ask_then(&house, "s.pwr@secretary.PWR", house.log_count);
    assert_string_equal(then.text, seen.text);
    house_close(&house);
}

/* A day promised before the hand-over is the successor's to keep; one that was past is not. */
static void what_was_promised_is_remembered(void **unused)
{
    (void)unused;
    struct house house;
    struct handover_one one = {TEXT_LITERAL("secretary.PWR.h1")};
    struct handover_view view;
    open_with_agreement(&house);
    estate_promise(&house, "EDU-2021.d1", 20231110); /* before 15 November, when it changes hands */
    estate_promise(&house, "EDU-2021.d2", 20231120);
    estate_promise(&house, "EDU-2021.d3", 20231120);
    estate_promise(&house, "EDU-2021.d4", 20231201);
    house_register(&house, "n.ew");
    house_post(&house, "secretary.PWR", "n.ew");
    estate_promise(&house, "EDU-2021.d5", 20231120); /* the successor's own word */
    estate_grant(&house, "EDU-2021.d3", 20231119);
    house.now_ms += 7 * HOUSE_DAY_MS; /* 22 November */
    expect(&house, house_ask(&house, "n.ew@secretary.PWR", MESSAGE_handover_get, &one), OK, "get");
    house_read(&house, 0, handover_view_record(), &view);
    assert_int_equal(view.promised.value, 3);
    assert_int_equal(view.dropped.value, 1); /* the second: past without an answer */
    estate_grant(&house, "EDU-2021.d4", 20231202);
    expect(&house, house_ask(&house, "n.ew@secretary.PWR", MESSAGE_handover_get, &one), OK, "get");
    house_read(&house, 0, handover_view_record(), &view);
    assert_int_equal(view.dropped.value, 2); /* and the fourth came a day late */
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stands_in_it),
        cmocka_unit_test(amendments_wait_for_their_signature),
        cmocka_unit_test(for_whom_it_is_there),
        cmocka_unit_test(as_it_was_at_the_hand_over),
        cmocka_unit_test(all_that_a_successor_takes_over),
        cmocka_unit_test(what_was_promised_is_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
