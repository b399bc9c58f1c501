/* Keys: two administrators, proof of possession, and what becomes of a key afterwards. */
#include "signatures/cabinet.h"

#include "base/must.h"
#include "proof/base64.h"
#include "schema/jcs.h"
#include "table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define T(literal) TEXT_LITERAL(literal)

static void propose_refused(struct chancery *chancery, const struct key_propose *propose,
    const char *member, const char *words)
{
    enum err err =
        chancery_would(chancery, "first", "administrator.1", MESSAGE_key_propose, propose, 0);
    if (err == OK || !chancery_says(chancery, member, words)) {
        chancery_print(chancery);
        fail_msg("%s for \"%s\" at %s", err_word(err), words, member);
    }
}

/* A payload signed by that key, as a proof in `arena`. */
static struct text proof_of(struct buf *arena, const char *payload, const struct key_secret *secret)
{
    size_t at = arena->len;
    jws_write(arena, text_of(payload), NULL, secret);
    return (struct text){arena->at + at, arena->len - at};
}

static void what_is_proposed_is_proved(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_open(table_service());
    struct chancery *chancery = cabinet.chancery;
    BUF_CLEANUP struct buf arena = BUF(1u << 16), more = BUF(1u << 16);
    struct signer signer = {.person = "s.pwr", .office = "secretary.PWR"};
    struct key_secret stranger;
    char key[KEY_TEXT_SIZE];
    assert_non_null(buf_reserve(&more, 1u << 15));
    key_generate(&signer.secret);
    key_generate(&stranger);
    const struct key_propose good = cabinet_proposal(&signer, &arena);
    struct key_propose bad;
    struct key_public public = key_public_of(&stranger);
    assert_int_equal(
        chancery_would(chancery, "first", "administrator.1", MESSAGE_key_propose, &good, 0), OK);

#define REFUSED(change, member, words)                                                             \
    bad = good;                                                                                    \
    bad.change;                                                                                    \
    propose_refused(chancery, &bad, member, words)
    REFUSED(office = T("secretary.WAT"), "person", "does not hold secretary.WAT");
    REFUSED(office = T("secretary.WAT"), "proof/office", "has to say \"secretary.WAT\"");
    REFUSED(office = T("secretary.ABC"), "person", "does not hold");
    REFUSED(office = T("person"), "office", "is no office");
    REFUSED(office = T("setup"), "office", "is no office");
    REFUSED(office = T("nothing"), "office", "is no office");
    REFUSED(person = T("m.pwr"), "person", "does not hold secretary.PWR");
    REFUSED(person = T("n.obody"), "person", "does not hold");
    REFUSED(until = 20210630, "until", "lies before from");
    REFUSED(from = 20210702, "proof/from", "says 2021-07-01, and has to say 2021-07-02");
    REFUSED(until = 20230629, "proof/until", "has to say 2023-06-29");
    REFUSED(until = 20260702, "proof/until", "says 2023-06-30");
    REFUSED(until = 20260704, "until", "more than five years");
    REFUSED(key = text_of(key_to_text(&public, key)), "proof/header/kid", "names another key");
    REFUSED(key = T("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "key", "");
    REFUSED(key = T("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "key", "");
    REFUSED(key = T("7P///////////////////////////////////////38"), "key", "");
    REFUSED(key = T("7P_______________________________________38"), "key", "");
    REFUSED(proof = T("a.b"), "proof/", "");
    bad = good;
    bad.from = 20190701, bad.until = 20210731;
    propose_refused(chancery, &bad, "until", "lies in the past");

    /* somebody else's signature under the own name; and one spelling only */
    bad = good;
    bad.proof = proof_of(&more, "{}", &signer.secret);
    propose_refused(chancery, &bad, "proof/office", "is missing");
    bad.proof = proof_of(&more, "no json", &signer.secret);
    propose_refused(chancery, &bad, "proof/", "");
    bad.proof = proof_of(&more, "{}", &stranger);
    propose_refused(chancery, &bad, "proof/header/kid", "names another key");
    char payload[600];
    static const char *const forms[][2] = {
        {"{\"type\":\"misaq.key.v1\",\"from\":\"2021-07-01\",\"key\":\"%.43s\",\"office\":"
         "\"secretary.PWR\",\"origin\":\"misaq/TEST\",\"person\":\"s.pwr\",\"until\":\"2023-06-30"
         "\"}",
            "not in its canonical form"},
        {"{ \"from\":\"2021-07-01\",\"key\":\"%.43s\",\"office\":\"secretary.PWR\",\"origin\":"
         "\"misaq/TEST\",\"person\":\"s.pwr\",\"type\":\"misaq.key.v1\",\"until\":\"2023-06-30\"}",
            "not in its canonical form"},
        {"{\"from\":\"2021-07-01\",\"key\":\"%.43s\",\"office\":\"secretary.PWR\",\"origin\":"
         "\"misaq/OTHER\",\"person\":\"s.pwr\",\"type\":\"misaq.key.v1\",\"until\":\"2023-06-30\"}",
            "says \"misaq/OTHER\", and has to say \"misaq/TEST\""},
        {"{\"from\":\"2021-07-01\",\"key\":\"%.43s\",\"office\":\"secretary.PWR\",\"origin\":"
         "\"misaq/TEST\",\"person\":\"s.pwr\",\"type\":\"misaq.statement.v1\",\"until\":"
         "\"2023-06-30\"}",
            "has to say \"misaq.key.v1\""},
        {"{\"act\":\"sign\",\"from\":\"2021-07-01\",\"key\":\"%.43s\",\"office\":\"secretary.PWR\","
         "\"origin\":\"misaq/TEST\",\"person\":\"s.pwr\",\"type\":\"misaq.key.v1\",\"until\":"
         "\"2023-06-30\"}",
            ""},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        (void)snprintf(payload, sizeof payload, forms[i][0], good.key.at);
#pragma GCC diagnostic pop
        bad.proof = proof_of(&more, payload, &signer.secret);
        propose_refused(chancery, &bad, NULL, forms[i][1]);
    }
    cabinet_close(&cabinet);
}

static void one_key_one_office(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_open(table_service());
    struct chancery *chancery = cabinet.chancery;
    BUF_CLEANUP struct buf arena = BUF(1u << 15);
    struct signer again = cabinet.minister;
    struct key_propose propose = cabinet_proposal(&again, &arena);
    propose_refused(chancery, &propose, "key", "was proposed before, for m.pwr of minister.PWR");
    again = (struct signer){.person = "p.m", .office = "pm", .secret = cabinet.minister.secret};
    buf_clear(&arena);
    propose = cabinet_proposal(&again, &arena);
    propose_refused(chancery, &propose, "key", "was proposed before, for m.pwr of minister.PWR");
    /* also when it was revoked */
    char id[KEY_TEXT_SIZE];
    struct key_public public = key_public_of(&cabinet.minister.secret);
    struct key_one one = {.key_id = text_of(key_id(&public, id))};
    must(!chancery_do(chancery, "first", "administrator.1", MESSAGE_key_revoke, &one, 0));
    propose_refused(chancery, &propose, "key", "was proposed before");
    cabinet_close(&cabinet);
}

static void two_administrators_are_two_people(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_open(table_service());
    struct chancery *chancery = cabinet.chancery;
    BUF_CLEANUP struct buf arena = BUF(1u << 14);
    struct signer signer = {.person = "s.pwr", .office = "secretary.PWR"};
    char id[KEY_TEXT_SIZE];
    key_generate(&signer.secret);
    struct key_public public = key_public_of(&signer.secret);
    struct key_propose propose = cabinet_proposal(&signer, &arena);
    struct key_one one = {.key_id = text_of(key_id(&public, id))};
    assert_int_equal(
        chancery_do(chancery, "second", "administrator.2", MESSAGE_key_confirm, &one, 0),
        ERR_NOT_FOUND);
    must(!chancery_do(chancery, "first", "administrator.1", MESSAGE_key_propose, &propose, 0));
    /* the same person in another administrator's office is the same person */
    cabinet_post(chancery, "first", "administrator.3");
    static const char *const offices[] = {"administrator.1", "administrator.3"};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(
            chancery_would(chancery, "first", offices[i], MESSAGE_key_confirm, &one, 0),
            ERR_FORBIDDEN);
        assert_true(chancery_says(chancery, "", "another administrator"));
    }
    static const char *const others[][2] = {{"m.pwr", "minister.PWR"}, {"s.pwr", "secretary.PWR"},
        {"p.m", "pm"}, {"a.udit", "auditor"}, {"p.mo", "pmo"}, {"c.one", "committee.1"},
        {"f.pwr", "focal.PWR"}, {"d.unit", "secretariat"}, {"s.pwr", "person"}};
    static const enum message acts[] = {
        MESSAGE_key_propose, MESSAGE_key_confirm, MESSAGE_key_decline, MESSAGE_key_revoke};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        for (int k = 0; k < 3; k++)
            assert_int_equal(chancery_would(chancery, others[i][0], others[i][1], acts[k],
                                 k ? (const void *)&one : &propose, 0),
                ERR_FORBIDDEN);
    uint64_t version = chancery_version(chancery, "secretary.PWR");
    assert_int_equal(chancery_would(chancery, "second", "administrator.2", MESSAGE_key_confirm,
                         &one, version - 1),
        ERR_STALE);
    must(!chancery_do(chancery, "second", "administrator.2", MESSAGE_key_confirm, &one, version));
    /* each act once */
    for (int k = 1; k < 3; k++)
        assert_int_equal(
            chancery_would(chancery, "second", "administrator.2", acts[k], &one, 0), ERR_STATE);
    /* only the holder and administrators revoke */
    assert_int_equal(chancery_would(chancery, "m.pwr", "minister.PWR", MESSAGE_key_revoke, &one, 0),
        ERR_FORBIDDEN);
    assert_int_equal(
        chancery_would(chancery, "first", "administrator.1", MESSAGE_key_revoke, &one, 0), OK);
    one.reason = T("the card was lost");
    must(!chancery_do(chancery, "s.pwr", "secretary.PWR", MESSAGE_key_revoke, &one, 0));
    assert_int_equal(
        chancery_would(chancery, "s.pwr", "secretary.PWR", MESSAGE_key_revoke, &one, 0), ERR_STATE);

    struct key_view view;
    struct key_one asked = {.key_id = one.key_id};
    must(!chancery_ask(chancery, NULL, NULL, MESSAGE_key_get, &asked));
    chancery_read(chancery, 0, key_view_record(), &view);
    assert_true(view.state == KEY_REVOKED && text_is(view.proposed_by, "first") &&
                text_is(view.confirmed_by, "second") && text_is(view.reason, "the card was lost"));
    assert_int_equal(view.version.value, chancery_version(chancery, "secretary.PWR"));
    assert_int_equal(chancery_head(chancery).version.value, view.version.value);
    assert_int_equal(view.revoked.value, chancery->log_count);
    cabinet_close(&cabinet);
}

static void a_declined_key_may_come_again(void **state)
{
    (void)state;
    struct cabinet cabinet = cabinet_open(table_service());
    struct chancery *chancery = cabinet.chancery;
    BUF_CLEANUP struct buf arena = BUF(1u << 14);
    struct signer signer = {.person = "s.pwr", .office = "secretary.PWR"};
    char id[KEY_TEXT_SIZE];
    key_generate(&signer.secret);
    struct key_public public = key_public_of(&signer.secret);
    struct key_propose propose = cabinet_proposal(&signer, &arena);
    struct key_one one = {.key_id = text_of(key_id(&public, id))};
    must(!chancery_do(chancery, "first", "administrator.1", MESSAGE_key_propose, &propose, 0));
    must(!chancery_do(chancery, "first", "administrator.1", MESSAGE_key_decline, &one, 0));
    must(!chancery_do(chancery, "second", "administrator.2", MESSAGE_key_propose, &propose, 0));
    /* too late: its last day is over */
    chancery->today = 20230701;
    assert_int_equal(
        chancery_would(chancery, "first", "administrator.1", MESSAGE_key_confirm, &one, 0),
        ERR_STATE);
    chancery->today = 20230630;
    must(!chancery_do(chancery, "first", "administrator.1", MESSAGE_key_confirm, &one, 0));

    struct key_list list = {.office = T("secretary.PWR")};
    must(!chancery_ask(chancery, NULL, NULL, MESSAGE_key_list, &list));
    assert_int_equal(chancery_head(chancery).total.value, 1);
    list = (struct key_list){.state = KEY_ENROLLED, .limit = {3, true}};
    must(!chancery_ask(chancery, NULL, NULL, MESSAGE_key_list, &list));
    assert_int_equal(chancery_head(chancery).total.value, 4);
    assert_int_equal(reply_count(chancery->reply), 3);
    list = (struct key_list){.person = T("n.obody")};
    must(!chancery_ask(chancery, NULL, NULL, MESSAGE_key_list, &list));
    assert_int_equal(reply_count(chancery->reply), 0);
    struct key_one none = {.key_id = T("none")};
    assert_int_equal(chancery_ask(chancery, NULL, NULL, MESSAGE_key_get, &none), ERR_NOT_FOUND);
    cabinet_close(&cabinet);
}

/* Thumbprints are base64url: two in thirty-two begin with - or _. */
static void every_thumbprint_is_an_id(void **state)
{
    (void)state;
    int odd = 0;
    for (int i = 0; i < 2000; i++) {
        struct key_secret secret;
        char id[KEY_TEXT_SIZE];
        key_generate(&secret);
        struct key_public public = key_public_of(&secret);
        key_id(&public, id);
        odd += id[0] == '-' || id[0] == '_';
        assert_null(id_complaint(text_of(id)));
    }
    assert_true(odd > 0);
    assert_non_null(id_complaint(T("..")));
    assert_non_null(id_complaint(T(".x")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_proposed_is_proved),
        cmocka_unit_test(one_key_one_office),
        cmocka_unit_test(two_administrators_are_two_people),
        cmocka_unit_test(a_declined_key_may_come_again),
        cmocka_unit_test(every_thumbprint_is_an_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
