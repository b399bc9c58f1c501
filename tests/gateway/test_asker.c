/* Who asks, over HTTP: every way of saying it that is not good is refused for its own reason, and
 * what is signed in sees what its office may see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "gateway.h"
#include "hall.h"
#include "proof/base64.h"
#include "proof/merkle.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define SESSION "0123456789abcdef0123456789abcdef"
#define ENDED   "ffffffffffffffffffffffffffffffff"

static struct hall *hall;
static char khan[700], admin[700], nobody[700], expired[700], ended[700], shah[700];
static struct buf founded = {.max = 4096};

static void copy(char to[700], const char *person, const char *session, int64_t expires)
{
    (void)snprintf(to, 700, "%s", hall_token(hall, person, session, expires));
}

static void post(const char *person, const char *office)
{
    char id[100];
    (void)snprintf(id, sizeof id, "%s.p1", office);
    struct person somebody = {.id = text_of(person), .name = text_of(person)};
    struct office_new seat = {.id = text_of(office), .title = text_of(office)};
    struct posting posting = {
        .id = text_of(id), .proposal = {.office = text_of(office), .person = text_of(person)}};
    if (person[0] != 'a')
        hall_event(hall, MESSAGE_person_registered, person, person, &somebody, NULL);
    hall_event(hall, MESSAGE_office_created, office, office, &seat, NULL);
    hall_event(hall, MESSAGE_posting_began, office, id, &posting, NULL);
}

/* adm.one holds administrator.1, a.khan two offices, n.shah one. */
static int begin(void **state)
{
    (void)state;
    int64_t later = clock_wall_ms() / 1000 + 3600;
    hall = hall_open(gateway_run, 0);
    const struct hall_answer *answer =
        hall_ask(hall, "GET /v1/me\nAuthorization: Bearer a.b.c\n", NULL);
    assert_int_equal(answer->status, 503); /* no key yet: nobody can be judged */
    assert_non_null(strstr(answer->head, "Retry-After: 1"));
    hall_key(hall);
    struct government_found found = {
        .first = {.id = TEXT_LITERAL("adm.one"), .name = TEXT_LITERAL("One")},
        .has_first = true,
        .second = {.id = TEXT_LITERAL("adm.two"), .name = TEXT_LITERAL("Two")},
        .has_second = true};
    hall_event(hall, MESSAGE_government_founded, "government", "government", &found, &founded);
    struct person person = {.id = TEXT_LITERAL("a.khan"), .name = TEXT_LITERAL("A. Khan")};
    hall_event(hall, MESSAGE_person_registered, "a.khan", "a.khan", &person, NULL);
    post("a.khan", "focal.PWR");
    post("a.khan", "committee.3");
    post("n.shah", "auditor");
    struct session_end end = {.session = TEXT_LITERAL(ENDED)};
    hall_event(hall, MESSAGE_session_ended, "a.khan", "a.khan", &end, NULL);
    copy(khan, "a.khan", SESSION, later);
    copy(ended, "a.khan", ENDED, later);
    copy(admin, "adm.one", SESSION, later);
    copy(shah, "n.shah", SESSION, later);
    copy(nobody, "who.ever", SESSION, later);
    copy(expired, "a.khan", SESSION, clock_wall_ms() / 1000 - 1);
    char head[900];
    (void)snprintf(head, sizeof head, "GET /v1/events\nAuthorization: Bearer %s\n", ended);
    for (uint64_t until_us = clock_mono_us() + 20000000;;) { /* the last event is folded */
        answer = hall_ask(hall, head, NULL);
        if (answer->status == 401 && strstr(answer->body, "was ended"))
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
    buf_free(&founded);
    return 0;
}

static void every_way_of_asking(void **state)
{
    (void)state;
    static const struct {
        const char *name, *head, *token; /* the token stands where % is */
        int status;
        const char *said; /* in the body or header */
    } cases[] = {
        {"the public", "GET /v1/events\n", NULL, 200, "government.founded"},
        {"a bearer", "GET /v1/events\nAuthorization: Bearer %\n", khan, 200, NULL},
        {"a cookie", "GET /v1/events\nCookie: a=b; __Host-misaq=%; c=d\n", khan, 200, NULL},
        {"other cookies", "GET /v1/events\nCookie: a=b; c=d\n", NULL, 200, NULL},
        {"both", "GET /v1/events\nAuthorization: Bearer x\nCookie: __Host-misaq=%\n", khan, 400,
            "both say who asks"},
        {"a cookie twice", "GET /v1/events\nCookie: __Host-misaq=x; __Host-misaq=%\n", khan, 400,
            "twice"},
        {"another scheme", "GET /v1/events\nAuthorization: Basic %\n", khan, 401, "Bearer"},
        {"no scheme", "GET /v1/events\nAuthorization: %\n", khan, 401, "Bearer"},
        {"two tokens", "GET /v1/events\nAuthorization: Bearer x, Bearer %\n", khan, 401, NULL},
        {"garbage", "GET /v1/events\nAuthorization: Bearer abc\n", NULL, 401, "sign in again"},
        {"an empty cookie", "GET /v1/events\nCookie: __Host-misaq=\n", NULL, 401, NULL},
        {"expired", "GET /v1/events\nAuthorization: Bearer %\n", expired, 401, "expired"},
        {"expired, as a cookie: the browser drops it", "GET /v1/events\nCookie: __Host-misaq=%\n",
            expired, 401,
            "Set-Cookie: __Host-misaq=; Path=/; Secure; HttpOnly; SameSite=Strict; "
            "Max-Age=0"},
        {"ended", "GET /v1/events\nAuthorization: Bearer %\n", ended, 401, ENDED},
        {"not registered", "GET /v1/events\nAuthorization: Bearer %\n", nobody, 401, "who.ever"},
        {"cut", "GET /v1/events\nAuthorization: Bearer %x\n", khan, 401, NULL},
        {"an office held", "GET /v1/events\nAuthorization: Bearer %\nMisaq-Office: focal.PWR\n",
            khan, 200, NULL},
        {"in no office", "GET /v1/events\nAuthorization: Bearer %\nMisaq-Office: person\n", khan,
            200, NULL},
        {"an office not held", "GET /v1/events\nAuthorization: Bearer %\nMisaq-Office: pm\n", khan,
            403, "a.khan does not hold pm"},
        {"of another body", "GET /v1/events\nAuthorization: Bearer %\nMisaq-Office: focal.FIN\n",
            khan, 403, "a.khan does not hold focal.FIN"},
        {"another's", "GET /v1/events\nAuthorization: Bearer %\nMisaq-Office: administrator.1\n",
            khan, 403, "does not hold"},
        {"who installs", "GET /v1/events\nAuthorization: Bearer %\nMisaq-Office: setup\n", admin,
            403, "does not hold"},
        {"no office", "GET /v1/events\nAuthorization: Bearer %\nMisaq-Office: king\n", khan, 400,
            "Misaq-Office"},
        {"an empty office", "GET /v1/events\nAuthorization: Bearer %\nMisaq-Office:\n", khan, 400,
            "Misaq-Office"},
        {"an office of nobody", "GET /v1/events\nMisaq-Office: pm\n", NULL, 401, "nobody"},
        {"several, none named, where one is needed", "GET /v1/rulings\nAuthorization: Bearer %\n",
            khan, 400, "focal.PWR, committee.3"},
        {"several, none named, where anybody may",
            "GET /v1/record/entries\nAuthorization: Bearer "
            "%\n",
            khan, 200, NULL},
        {"the only one, that may not", "GET /v1/rulings\nAuthorization: Bearer %\n", admin, 403,
            "for focal"},
        {"the public, that may not", "GET /v1/rulings\n", NULL, 401, "for focal"},
        {"the only one, that may", "GET /v1/rulings\nAuthorization: Bearer %\n", shah, 503, NULL},
        {"what the gateway believed once", "GET /v1/events\nMisaq-Actor: x@pm\n", NULL, 200, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_CLEANUP struct buf head = BUF(2000);
        for (const char *c = cases[i].head; *c; c++)
            if (*c == '%')
                buf_str(&head, cases[i].token);
            else
                buf_char(&head, *c);
        buf_char(&head, '\0');
        const struct hall_answer *answer = hall_ask(hall, head.at, NULL);
        bool said = !cases[i].said || strstr(answer->body, cases[i].said) ||
                    strstr(answer->head, cases[i].said);
        if (answer->status != cases[i].status || !said)
            fail_msg("%s: %s%s", cases[i].name, answer->head, answer->body);
        if (answer->status == 401)
            assert_non_null(strstr(answer->head, "WWW-Authenticate: Bearer"));
    }
}

static void another_site_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        int status;
    } cases[] = {
        {"", 503}, /* there is no service: as far as a good one comes */
        {"Sec-Fetch-Site: same-origin\nOrigin: http://hall\n", 503},
        {"Sec-Fetch-Site: none\n", 503},
        {"Sec-Fetch-Site: cross-site\n", 403},
        {"Sec-Fetch-Site: same-site\n", 403},
        {"Origin: http://evil.example\n", 403},
        {"Origin: null\n", 403},
    };
    static const char named[] = "{\"id\":\"PWR\",\"name\":\"P\",\"kind\":\"k\",\"valid_from\":"
                                "\"2020-01-01\"}";
    static const char other[] = "{\"name\":\"P\",\"kind\":\"k\",\"valid_from\":\"2020-01-01\"}";
    static const struct {
        const char *line, *body;
    } writes[] = {{"POST /v1/ministries", named}, {"PUT /v1/ministries/PWR", other}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t w = 0; w < 2; w++) {
            char head[1200];
            (void)snprintf(head, sizeof head, "%s\nCookie: __Host-misaq=%s\nIf-Match: \"1\"\n%s",
                writes[w].line, admin, cases[i].lines);
            const struct hall_answer *answer = hall_ask(hall, head, writes[w].body);
            if (answer->status != cases[i].status)
                fail_msg("%s %s: %s", writes[w].line, cases[i].lines, answer->body);
            (void)snprintf(head, sizeof head, "%s\nAuthorization: Bearer %s\nIf-Match: \"1\"\n%s",
                writes[w].line, admin, cases[i].lines); /* no browser adds this by itself */
            assert_int_equal(hall_ask(hall, head, writes[w].body)->status, 503);
            (void)snprintf(head, sizeof head, "GET /v1/events\nCookie: __Host-misaq=%s\n%s", admin,
                cases[i].lines);
            assert_int_equal(hall_ask(hall, head, NULL)->status, 200);
        }
}

static size_t times(const char *text, const char *word)
{
    size_t count = 0;
    for (; (text = strstr(text, word)); text++)
        count++;
    return count;
}

/* What each sees of the ledger: a session was ended, an agreement is being drafted. */
static void events_by_reader(void **state)
{
    (void)state;
    struct agreement_opened opened = {.id = TEXT_LITERAL("PWR-2021"),
        .opened = {.body = TEXT_LITERAL("PWR"), .cycle = TEXT_LITERAL("2021")}};
    BUF_CLEANUP struct buf packed = BUF(4096);
    uint64_t position =
        hall_event(hall, MESSAGE_agreement_opened, "PWR-2021", "PWR-2021", &opened, &packed);
    hall_publish(hall, MESSAGE_agreement_opened, position, buf_as_text(&packed));
    static const struct {
        const char *token, *office;
        bool draft, sessions;
    } cases[] = {
        {NULL, NULL, false, false},
        {khan, "person", false, false},
        {khan, NULL, false, false},
        {khan, "focal.PWR", true, false},
        {khan, "committee.3", true, false},
        {admin, "administrator.1", false, true},
        {shah, "auditor", true, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char head[1200] = "GET /v1/events?limit=200\n";
        size_t len = strlen(head);
        if (cases[i].token)
            len += (size_t)snprintf(
                head + len, sizeof head - len, "Authorization: Bearer %s\n", cases[i].token);
        if (cases[i].office)
            (void)snprintf(head + len, sizeof head - len, "Misaq-Office: %s\n", cases[i].office);
        const struct hall_answer *answer = hall_ask(hall, head, NULL);
        assert_int_equal(answer->status, 200);
        if ((times(answer->body, "agreement.opened") == 1) != cases[i].draft ||
            (times(answer->body, "session.ended") == 1) != cases[i].sessions ||
            times(answer->body, "government.founded") != 1)
            fail_msg("case %zu: %s", i, answer->body);
    }
    static const char pages[] = "GET /v1/events?limit=1&after=1\n";
    const struct hall_answer *answer = hall_ask(hall, pages, NULL);
    assert_int_equal(times(answer->body, "\"position\":2,"), 1);
    assert_non_null(strstr(answer->body, "\"next\":\"2\""));
    assert_int_equal(hall_ask(hall, "GET /v1/events?types=session.ended\n", NULL)->status, 200);
    assert_null(strstr(hall_ask(hall, "GET /v1/events?types=session.ended\n", NULL)->body, ENDED));
}

static void entries_prove_themselves(void **state)
{
    (void)state;
    char leaf[DIGEST_HEX_SIZE];
    struct digest digest = merkle_leaf(buf_as_text(&founded));
    const struct hall_answer *answer = hall_ask(hall, "GET /v1/record/entries\n", NULL);
    assert_int_equal(answer->status, 200);
    (void)digest_to_hex(&digest, leaf);
    assert_non_null(strstr(answer->body, leaf));
    BUF_CLEANUP struct buf text = BUF(8192);
    base64_write(&text, BASE64_PADDED, buf_as_text(&founded));
    buf_char(&text, '\0');
    assert_non_null(strstr(answer->body, text.at));
    assert_int_equal(times(answer->body, "\"withheld\":\"sign-in is not public\""), 1);
    assert_int_equal(times(answer->body, "\"withheld\":\"drafting is not public\""), 1);
    assert_int_equal(times(answer->body, "\"packed\":") + times(answer->body, "\"withheld\":"),
        times(answer->body, "\"leaf\":"));
    assert_int_equal(times(answer->body, "\"position\":"), times(answer->body, "\"leaf\":"));
    answer = hall_ask(hall, "GET /v1/record/entries?after=2&limit=2\n", NULL);
    assert_int_equal(times(answer->body, "\"leaf\":"), 2);
    assert_non_null(strstr(answer->body, "\"position\":3,"));
    assert_non_null(strstr(answer->body, "\"next\":\"4\""));
    assert_int_equal(hall_ask(hall, "GET /v1/record/entries?after=x\n", NULL)->status, 422);
    assert_int_equal(hall_ask(hall, "GET /v1/record/entries?limit=201\n", NULL)->status, 422);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_of_asking),
        cmocka_unit_test(another_site_changes_nothing),
        cmocka_unit_test(events_by_reader),
        cmocka_unit_test(entries_prove_themselves),
    };
    return cmocka_run_group_tests(tests, begin, over);
}
