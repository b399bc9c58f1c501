/* Answers in their shapes: the bytes of a document as they are, and questions that come in a body.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway.h"
#include "hall.h"
#include "schema/pack.h"

static struct hall *hall;
static union {
    struct check_statement statement;
    struct check_list list;
    struct document_one document;
    struct nothing nothing;
} asked;

static int begin(void **state)
{
    (void)state;
    hall = hall_open(gateway_run, 0);
    hall_serve(hall);
    return 0;
}

static int over(void **state)
{
    (void)state;
    hall_close(hall);
    return 0;
}

static const struct envelope *question(enum message wanted)
{
    enum message message;
    const struct envelope *envelope = hall_question(hall, &message, &asked);
    assert_int_equal(message, wanted);
    return envelope;
}

static void bytes_come_as_they_are(void **state)
{
    (void)state;
    const struct text parts[] = {
        TEXT_LITERAL("{\"a\":1,"), TEXT_LITERAL("\"b\":\"\xC3\xA9\"}"), TEXT_LITERAL(" no map")};
    struct answer answer = {.status = TEXT_LITERAL("ok"),
        .version = {4, true},
        .position = {9, true},
        .subject = TEXT_LITERAL("PWR-2021")};
    static const struct {
        const char *line, *type;
        enum message message;
    } cases[] = {
        {"GET /v1/documents/PWR-2021.d1/bytes\n", "Content-Type: application/json\r\n",
            MESSAGE_document_bytes},
        {"GET /v1/documents/PWR-2021.d1/text\nAccept: image/png\n",
            "Content-Type: text/plain; charset=utf-8\r\n", MESSAGE_document_text},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hall_send(hall, cases[i].line, NULL);
        (void)question(cases[i].message);
        assert_true(text_is(asked.document.document, "PWR-2021.d1"));
        hall_answer_frames(hall, &answer, parts, 3);
        const struct hall_answer *got = hall_take(hall);
        assert_int_equal(got->status, 200);
        assert_string_equal(got->body, "{\"a\":1,\"b\":\"\xC3\xA9\"} no map");
        assert_non_null(strstr(got->head, cases[i].type));
        assert_non_null(strstr(got->head, "ETag: \"4\"\r\n"));
    }
    hall_send(hall, "GET /v1/documents/PWR-2021.d1/bytes\nIf-None-Match: \"4\"\n", NULL);
    (void)question(MESSAGE_document_bytes);
    hall_answer_frames(hall, &answer, parts, 1);
    assert_int_equal(hall_take(hall)->status, 304);

    hall_send(hall, "GET /v1/record/checkpoint\nIf-None-Match: \"4\"\n", NULL);
    (void)question(MESSAGE_record_checkpoint);
    answer.subject = (struct text){0};
    hall_answer_frames(hall, &answer, parts, 2);
    const struct hall_answer *got = hall_take(hall);
    assert_int_equal(got->status, 200); /* nobody can tell whether it is still that one */
    assert_non_null(strstr(got->head, "no-store"));
    got = hall_ask(hall, "GET /v1/record/checkpoint?format=json\n", NULL);
    assert_int_equal(got->status, 422);
    hall_send(hall, "GET /v1/documents/X/bytes\n", NULL);
    (void)question(MESSAGE_document_bytes);
    hall_refuse(hall, ERR_NOT_FOUND, "there is no document X");
    assert_int_equal(hall_take(hall)->status, 404);
}

static void questions_come_in_a_body(void **state)
{
    (void)state;
    struct answer answer = {.status = TEXT_LITERAL("ok")};
    struct check check = {.class = CLASS_OUTCOME,
        .confidence = {90, true},
        .agreed = FLAG_YES,
        .rules = CLASS_OUTCOME,
        .bayes = CLASS_OUTCOME,
        .verdict = TEXT_LITERAL("an outcome")};
    hall_send(hall, "POST /v1/check\nIdempotency-Key: k\n", "{\"statement\":\"Halve it\"}");
    const struct envelope *envelope = question(MESSAGE_check_get);
    assert_true(text_is(asked.statement.statement, "Halve it"));
    assert_false(envelope->key.at); /* nothing is written */
    hall_answer(hall, &answer, check_record(), &check);
    const struct hall_answer *got = hall_take(hall);
    assert_int_equal(got->status, 200);
    assert_non_null(strstr(got->body, "\"class\":\"outcome\""));
    assert_non_null(strstr(got->head, "no-store"));

    hall_send(hall, "POST /v1/check/batch\n",
        "{\"statements\":[{\"statement\":\"Halve it\"},{\"statement\":\"Meet often\"}]}");
    (void)question(MESSAGE_check_many);
    assert_int_equal(asked.list.statements.head.count, 2);
    BUF_CLEANUP struct buf packed = BUF(4096);
    pack_write(check_record(), &check, &packed);
    const struct text two[] = {buf_as_text(&packed), buf_as_text(&packed)};
    hall_answer_frames(hall, &answer, two, 2);
    got = hall_take(hall);
    assert_int_equal(got->status, 200);
    assert_memory_equal(got->body, "{\"items\":[{", 11);
    assert_non_null(strstr(got->body, "},{"));
}

static void bad_bodies_are_refused_here(void **state)
{
    (void)state;
    static const struct {
        const char *head, *body;
        int status;
    } cases[] = {
        {"POST /v1/check\n", "{}", 422},
        {"POST /v1/check\n", NULL, 422},
        {"POST /v1/check\n", "{\"statement\":\"x\",\"office\":\"pm\"}", 422},
        {"POST /v1/check\n", "{\"statement\":", 400},
        {"POST /v1/check?statement=x\n", "{\"statement\":\"x\"}", 422},
        {"POST /v1/check\nAccept: text/csv\n", "{\"statement\":\"x\"}", 406},
        {"POST /v1/check/batch?format=csv\n", "{\"statements\":[]}", 406},
        {"GET /v1/check\n", NULL, 405},
        {"PUT /v1/check\n", "{\"statement\":\"x\"}", 405},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct hall_answer *got = hall_ask(hall, cases[i].head, cases[i].body);
        if (got->status != cases[i].status)
            fail_msg("case %zu: %s%s", i, got->head, got->body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_as_they_are),
        cmocka_unit_test(questions_come_in_a_body),
        cmocka_unit_test(bad_bodies_are_refused_here),
    };
    return cmocka_run_group_tests(tests, begin, over);
}
