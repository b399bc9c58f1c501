/* Signing in, going on and out over HTTP, with a stand-in for the offices service: what the gateway
 * adds, which cookies it keeps, and that nothing of it is kept on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "gateway.h"
#include "hall.h"

#include <stdio.h>
#include <unistd.h>

#define SESSION "0123456789abcdef0123456789abcdef"
#define SIGN_IN "{\"person\":\"a.khan\",\"password\":\"correct horse\"}"

static struct hall *hall;
static char khan[700];
static union {
    struct session_start start;
    struct session_renew renew;
    struct session_end end;
    struct password_change change;
    struct password_set set;
    struct person_one person;
} asked;
static enum message message;

static const struct answer fine = {.status = {"ok", 2}};

static const struct session granted = {.token = {"the.new.token", 13},
    .expires_at = {1800000000000, true},
    .device = {"mark-of-this-browser", 20},
    .person = {.person = {.id = {"a.khan", 6}, .name = {"A. Khan", 7}}, .version = {3, true}}};

static int begin(void **state)
{
    (void)state;
    hall = hall_open(gateway_run, 1);
    hall_key(hall);
    hall_serve(hall);
    struct government_found found = {
        .first = {.id = TEXT_LITERAL("a.khan"), .name = TEXT_LITERAL("One")},
        .has_first = true,
        .second = {.id = TEXT_LITERAL("adm.two"), .name = TEXT_LITERAL("Two")},
        .has_second = true};
    hall_event(hall, MESSAGE_government_founded, "government", "government", &found, NULL);
    (void)snprintf(khan, sizeof khan, "%s",
        hall_token(hall, "a.khan", SESSION, clock_wall_ms() / 1000 + 3600));
    char head[900];
    (void)snprintf(head, sizeof head, "GET /v1/events\nAuthorization: Bearer %s\n", khan);
    for (uint64_t until_us = clock_mono_us() + 20000000;;) {
        const struct hall_answer *answer = hall_ask(hall, head, NULL);
        if (answer->status == 200)
            return 0;
        if (clock_mono_us() > until_us)
            fail_msg("the gateway does not come up: %s", answer->body);
        (void)usleep(20000);
    }
}

static int over(void **state)
{
    (void)state;
    hall_close(hall);
    return 0;
}

/* A request with the token of a.khan, as a cookie or a bearer. */
static void send_signed(const char *line, bool cookie, const char *more, const char *body)
{
    char head[1500];
    (void)snprintf(head, sizeof head, "%s\n%s%s\n%s", line,
        cookie ? "Cookie: __Host-misaq=" : "Authorization: Bearer ", khan, more);
    hall_send(hall, head, body);
}

static const struct envelope *question(enum message wanted)
{
    const struct envelope *envelope = hall_question(hall, &message, &asked);
    assert_int_equal(message, wanted);
    return envelope;
}

static void has(const struct hall_answer *answer, int status, const char *const lines[])
{
    if (answer->status != status)
        fail_msg("not %d: %s%s", status, answer->head, answer->body);
    for (size_t i = 0; lines[i]; i++)
        if (!strstr(answer->head, lines[i]))
            fail_msg("%s is missing in\n%s", lines[i], answer->head);
}

static void signing_in(void **state)
{
    (void)state;
    hall_send(hall,
        "POST /v1/sessions\nX-Forwarded-For: 6.6.6.6, 198.51.100.7\n"
        "Cookie: __Host-misaq=expired.long.ago; __Host-misaq-device=mark-1\n",
        SIGN_IN);
    const struct envelope *envelope = question(MESSAGE_session_start);
    assert_false(envelope->has_actor); /* as the public, whatever token came with it */
    assert_true(text_is(asked.start.credentials.person, "a.khan"));
    assert_true(text_is(asked.start.credentials.password, "correct horse"));
    assert_true(text_is(asked.start.address, "198.51.100.7"));
    assert_true(text_is(asked.start.device, "mark-1"));
    hall_answer(hall, &fine, session_record(), &granted);
    const struct hall_answer *answer = hall_take(hall);
    has(answer, 200,
        (const char *const[]){"Set-Cookie: __Host-misaq=the.new.token; Path=/; Secure; HttpOnly; "
                              "SameSite=Strict\r\n",
            "Set-Cookie: __Host-misaq-device=mark-of-this-browser; Path=/; Secure; HttpOnly; "
            "SameSite=Strict; Max-Age=7776000\r\n",
            "Cache-Control: no-store", NULL});
    assert_non_null(strstr(answer->body, "\"token\":\"the.new.token\""));
    assert_non_null(strstr(answer->body, "\"id\":\"a.khan\""));
}

static void marks_in_another_form_are_none(void **state)
{
    (void)state;
    char large[66] = "";
    memset(large, 'a', 65);
    const char *const cookies[] = {"a=b",
        "__Host-misaq-device=", "__Host-misaq-device=a; __Host-misaq-device=b",
        "__Host-misaq-device=\xFF\xFE", large};
    for (size_t i = 0; i < sizeof cookies / sizeof *cookies; i++) {
        char head[400];
        (void)snprintf(head, sizeof head, "POST /v1/sessions\nCookie: %s%s\n",
            cookies[i] == large ? "__Host-misaq-device=" : "", cookies[i]);
        hall_send(hall, head, SIGN_IN);
        (void)question(MESSAGE_session_start);
        assert_null(asked.start.device.at);
        assert_true(text_is(asked.start.address, "127.0.0.1")); /* no proxy has added any */
        hall_answer(hall, &fine, session_record(), &granted);
        assert_int_equal(hall_take(hall)->status, 200);
    }
}

static void refusals_pass_through(void **state)
{
    (void)state;
    static const struct {
        enum err err;
        int status;
        const char *detail;
        const char *line;
    } cases[] = {
        {ERR_UNAUTHENTICATED, 401, "person or password is wrong", "WWW-Authenticate: Bearer"},
        {ERR_TOO_MANY, 429, "wait 840 seconds", "Retry-After: 840\r\n"},
        {ERR_TOO_MANY, 429, "wait a little", "Retry-After: 1\r\n"},
        {ERR_UNAVAILABLE, 503, "64 requests wait", "Retry-After: 1\r\n"},
        {ERR_INVALID, 422, "12 characters", "no-store"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hall_send(hall, "POST /v1/sessions\n", SIGN_IN);
        (void)question(MESSAGE_session_start);
        hall_refuse(hall, cases[i].err, cases[i].detail);
        const struct hall_answer *answer = hall_take(hall);
        has(answer, cases[i].status, (const char *const[]){cases[i].line, "no-store", NULL});
        assert_null(strstr(answer->head, "Set-Cookie"));
        assert_null(strstr(answer->body, "correct horse"));
    }
    static const struct {
        const char *lines, *body;
        int status;
    } bad[] = {
        {"", NULL, 422},
        {"", "{}", 422},
        {"", "{\"person\":\"a.khan\",\"password\":\"x\",\"address\":\"1.2.3.4\"}", 422},
        {"", "{\"person\":\"a.khan\",\"password\":\"x\",\"device\":\"d\"}", 422},
        {"", "{\"person\":\"a.khan\",\"person\":\"b\",\"password\":\"x\"}", 400},
        {"", "[1]", 400},
        {"Sec-Fetch-Site: cross-site\n", SIGN_IN, 403},
        {"Origin: https://evil.example\n", SIGN_IN, 403},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char head[200];
        (void)snprintf(head, sizeof head, "POST /v1/sessions\n%s", bad[i].lines);
        const struct hall_answer *answer = hall_ask(hall, head, bad[i].body);
        if (answer->status / 100 != 4 || (bad[i].status == 403) != (answer->status == 403))
            fail_msg("case %zu: %s%s", i, answer->head, answer->body);
    }
}

static void a_session_goes_on(void **state)
{
    (void)state;
    for (int cookie = 0; cookie < 2; cookie++) {
        send_signed("POST /v1/sessions/renew", cookie, "", cookie ? "{}" : NULL);
        const struct envelope *envelope = question(MESSAGE_session_renew);
        assert_true(text_is(envelope->actor.person, "a.khan"));
        assert_true(text_is(envelope->actor.office, "person"));
        assert_true(text_is(asked.renew.session, SESSION));
        assert_true(asked.renew.began.value > 1000000000);
        assert_true(asked.renew.signed_in.value == asked.renew.began.value);
        hall_answer(hall, &fine, session_record(), &granted);
        const struct hall_answer *answer = hall_take(hall);
        has(answer, 200, (const char *const[]){"no-store", NULL});
        assert_int_equal(strstr(answer->head, "__Host-misaq=the.new.token") != NULL, cookie);
    }
    const struct hall_answer *answer = hall_ask(hall, "POST /v1/sessions/renew\n", NULL);
    assert_int_equal(answer->status, 401);
}

static void who_one_is(void **state)
{
    (void)state;
    struct person_view view = {
        .person = {.id = TEXT_LITERAL("a.khan"), .name = TEXT_LITERAL("K")}, .version = {7, true}};
    view.offices.head = (struct list_head){1, true};
    view.offices.at[0] = TEXT_LITERAL("administrator.1");
    send_signed("GET /v1/me", true, "", NULL);
    (void)question(MESSAGE_person_get);
    assert_true(text_is(asked.person.person, "a.khan"));
    hall_answer(hall, &fine, person_view_record(), &view);
    const struct hall_answer *answer = hall_take(hall);
    has(answer, 200, (const char *const[]){"no-store", NULL});
    static const char *const said[] = {"\"id\":\"a.khan\"", "\"offices\":[\"administrator.1\"]",
        "\"office\":\"administrator.1\"", SESSION, "\"expires_at\":\"20", "\"version\":7"};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (!strstr(answer->body, said[i]))
            fail_msg("%s is missing in %s", said[i], answer->body);
    assert_int_equal(hall_ask(hall, "GET /v1/me\n", NULL)->status, 401);
    send_signed("GET /v1/me?person=b", false, "", NULL);
    assert_int_equal(hall_take(hall)->status, 422);
}

static void passwords_are_changed(void **state)
{
    (void)state;
    struct password_kept kept = {.person = TEXT_LITERAL("a.khan")};
    static const char wish[] = "{\"old\":\"o\",\"password\":\"n\"}";
    send_signed("POST /v1/me/password", true, "X-Forwarded-For: 2001:db8::9\n", wish);
    const struct envelope *envelope = question(MESSAGE_password_change);
    assert_true(text_is(envelope->actor.office, "person"));
    assert_true(text_is(asked.change.old, "o"));
    assert_true(text_is(asked.change.password, "n"));
    assert_true(text_is(asked.change.address, "2001:db8::9"));
    hall_answer(hall, &fine, password_kept_record(), &kept);
    has(hall_take(hall), 200, (const char *const[]){"no-store", NULL});
    send_signed("POST /v1/me/password", true, "Sec-Fetch-Site: cross-site\n", wish);
    assert_int_equal(hall_take(hall)->status, 403);
    send_signed("POST /v1/me/password", true, "",
        "{\"old\":\"o\",\"password\":\"n\",\"address\":\"1.1.1.1\"}");
    assert_int_equal(hall_take(hall)->status, 422);
    assert_int_equal(hall_ask(hall, "POST /v1/me/password\n", wish)->status, 401);

    hall_send(hall, "POST /v1/passwords\n",
        "{\"person\":\"a.khan\",\"code\":\"AAAA-BBBB\",\"password\":\"n\"}");
    assert_false(question(MESSAGE_password_set)->has_actor);
    assert_true(text_is(asked.set.code, "AAAA-BBBB"));
    hall_answer(hall, &fine, password_kept_record(), &kept);
    has(hall_take(hall), 200, (const char *const[]){"no-store", NULL});
}

/* An answer without a subject is for this reader, now: never kept, never 304. */
static void answers_for_one_are_not_kept(void **state)
{
    (void)state;
    struct person_view view = {
        .person = {.id = TEXT_LITERAL("a.khan"), .name = TEXT_LITERAL("K")}, .version = {7, true}};
    struct answer answer = fine;
    answer.version = (struct whole){7, true};
    answer.position = (struct whole){1, true};
    for (int round = 0; round < 2; round++) {
        send_signed("GET /v1/people/a.khan", false, "If-None-Match: \"7\"\n", NULL);
        (void)question(MESSAGE_person_get);
        hall_answer(hall, &answer, person_view_record(), &view);
        has(hall_take(hall), 200, (const char *const[]){"no-store", "ETag: \"7\"", NULL});
    }
    answer.subject = TEXT_LITERAL("a.khan");
    send_signed("GET /v1/people/a.khan", false, "If-None-Match: \"7\"\n", NULL);
    (void)question(MESSAGE_person_get);
    hall_answer(hall, &answer, person_view_record(), &view);
    has(hall_take(hall), 304,
        (const char *const[]){
            "private, no-cache", "Vary: Accept, Cookie, Authorization, Misaq-Office", NULL});
}

/* The token is good no more from the moment at which the answer stands. */
static void signing_out(void **state)
{
    (void)state;
    send_signed("DELETE /v1/sessions", true, "Sec-Fetch-Site: same-origin\n", NULL);
    const struct envelope *envelope = question(MESSAGE_session_end);
    assert_true(text_is(envelope->actor.person, "a.khan"));
    assert_true(text_is(envelope->actor.office, "person"));
    assert_true(text_is(envelope->key, SESSION));
    assert_true(text_is(asked.end.session, SESSION));
    BUF_CLEANUP struct buf packed = BUF(4096);
    struct session_end end = {.session = TEXT_LITERAL(SESSION)};
    uint64_t position = hall_event(hall, MESSAGE_session_ended, "a.khan", "a.khan", &end, &packed);
    struct answer answer = fine;
    answer.position = (struct whole){(int64_t)position, true};
    struct receipt receipt = {.id = TEXT_LITERAL("a.khan"),
        .version = {1, true},
        .position = {(int64_t)position, true},
        .events = {1, true},
        .record = TEXT_LITERAL("accepted")};
    hall_answer(hall, &answer, receipt_record(), &receipt);
    has(hall_take(hall), 204,
        (const char *const[]){"Set-Cookie: __Host-misaq=; Path=/; Secure; HttpOnly; "
                              "SameSite=Strict; Max-Age=0\r\n",
            "no-store", NULL});
    send_signed("GET /v1/events", false, "", NULL); /* waits until the event is heard */
    hall_publish(hall, MESSAGE_session_ended, position, buf_as_text(&packed));
    const struct hall_answer *after = hall_take(hall);
    assert_int_equal(after->status, 401);
    assert_non_null(strstr(after->body, "was ended"));
}

/* Told that nothing is written, the gateway refuses at once; it asks nobody. */
static void a_hold_refuses_writes(void **state)
{
    (void)state;
    static const char other[] = "11111111111111111111111111111111";
    (void)snprintf(
        khan, sizeof khan, "%s", hall_token(hall, "a.khan", other, clock_wall_ms() / 1000 + 3600));
    const struct hall_answer *answer;
    uint64_t until_us = clock_mono_us() + 20000000;
    do { /* what is published may take longer than what is asked */
        hall_hold(hall, "position 12 was changed");
        send_signed("PUT /v1/people/a.khan", false, "If-Match: \"1\"\n", "{\"name\":\"K\"}");
        answer = hall_take(hall);
    } while (answer->status == 504 && clock_mono_us() < until_us);
    assert_non_null(strstr(answer->body, "position 12 was changed"));
    send_signed("DELETE /v1/sessions", false, "", NULL);
    answer = hall_take(hall);
    assert_int_equal(answer->status, 503);
    assert_non_null(strstr(answer->body, "/problems/read-only"));
    send_signed("GET /v1/events", false, "", NULL);
    assert_int_equal(hall_take(hall)->status, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signing_in),
        cmocka_unit_test(marks_in_another_form_are_none),
        cmocka_unit_test(refusals_pass_through),
        cmocka_unit_test(a_session_goes_on),
        cmocka_unit_test(who_one_is),
        cmocka_unit_test(passwords_are_changed),
        cmocka_unit_test(answers_for_one_are_not_kept),
        cmocka_unit_test(signing_out),
        cmocka_unit_test(a_hold_refuses_writes),
    };
    return cmocka_run_group_tests(tests, begin, over);
}
