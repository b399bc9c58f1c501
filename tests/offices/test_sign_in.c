/* Codes, passwords, what is stored of them, and sessions. */
#include "offices/porch.h"

#include "base/clock.h"
#include "base/must.h"
#include "throttle.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdio.h>

static int open_all(void **unused)
{
    (void)unused;
    porch_open(table_service());
    return 0;
}

static int close_all(void **unused)
{
    (void)unused;
    porch_close();
    return 0;
}

/* ---- codes and passwords ---- */
static void a_code_sets_one_password(void **unused)
{
    (void)unused;
    char code[48], old[48], typed[48];
    struct code read;
    porch_expect(porch_code(ONE, VICTIM, &read), ERR_STATE, "no code yet");
    porch_expect(
        porch_sign_in(VICTIM, PASSWORD, HOME, NULL, NULL), ERR_UNAUTHENTICATED, "no password yet");
    porch_invite(VICTIM, old);
    porch_invite(VICTIM, code);
    assert_string_not_equal(old, code);
    house_register(&porch.house, "c.third");
    house_create(&porch.house, "administrator.3");
    house_post(&porch.house, "administrator.3", "c.third");
    porch_expect(
        porch_code("c.third@administrator.3", VICTIM, &read), ERR_FORBIDDEN, "a third one");
    porch_expect(porch_set(VICTIM, old, PASSWORD), ERR_INVALID, "an older code");
    porch_expect(porch_set("b.shah", code, PASSWORD), ERR_INVALID, "of somebody else");
    porch_expect(porch_set("no.body", code, PASSWORD), ERR_INVALID, "of nobody");
    for (size_t i = 0; code[i]; i++) {
        memcpy(typed, code, sizeof typed);
        typed[i] = typed[i] == 'Z' ? 'Y' : 'Z';
        porch_expect(porch_set(VICTIM, typed, PASSWORD), ERR_INVALID, typed);
    }
    (void)snprintf(typed, sizeof typed, "%.14s", code);
    porch_expect(porch_set(VICTIM, typed, PASSWORD), ERR_INVALID, "one half");
    size_t len = 0; /* as a hurried hand types it */
    for (size_t i = 0; code[i]; i++)
        if (code[i] != '-')
            typed[len++] = (char)(code[i] >= 'A' ? code[i] | 0x20 : code[i]);
    typed[len] = '\0';
    porch_expect(porch_set(VICTIM, typed, PASSWORD), OK, "set");
    porch_expect(porch_set(VICTIM, code, PASSWORD), OK, "the same once more");
    porch_expect(porch_set(VICTIM, code, PASSWORD "."), ERR_INVALID, "used");
    porch_expect(porch_code(ONE, VICTIM, &read), ERR_GONE, "read after it was used");
    porch_expect(porch_sign_in(VICTIM, PASSWORD, HOME, NULL, NULL), OK, "sign in");
    porch_expect(
        porch_sign_in("A.KHAN", PASSWORD, HOME, NULL, NULL), ERR_UNAUTHENTICATED, "other letters");
}

static void codes_grow_old(void **unused)
{
    (void)unused;
    char code[48];
    struct code read;
    porch.house.now_ms -= (int64_t)porch.settings.code_s * 1000 - 500000;
    porch_invite(VICTIM, code);
    struct person_one who = {TEXT_LITERAL("b.shah")};
    porch.house.now_ms -= 1000000;
    must(house_do(&porch.house, ONE, MESSAGE_invitation_propose, &who, 0) == OK);
    must(house_do(&porch.house, TWO, MESSAGE_invitation_confirm, &who, 0) == OK);
    porch.house.now_ms = clock_wall_ms();
    porch_expect(porch_set(VICTIM, code, PASSWORD), OK, "just in time");
    porch_expect(porch_code(ONE, "b.shah", &read), ERR_GONE, "too old");
}

static void founders_have_codes(void **unused)
{
    (void)unused;
    struct code code, own;
    char whole[48];
    must(house_do(&porch.house, ONE, MESSAGE_invitation_propose,
             &(struct person_one){TEXT_LITERAL("b.shah")}, 0) == OK);
    porch_expect(porch_code("operator@setup", "b.shah", &code), ERR_STATE, "not confirmed");
    porch_expect(porch_code("operator@setup", VICTIM, &code), ERR_STATE, "no founder");
    porch_expect(
        porch_code(ONE, HOUSE_FIRST, &own), ERR_FORBIDDEN, "a founder reads no whole code");
    /* the house was founded long ago by its own clock */
    house_close(&porch.house);
    house_open_empty(&porch.house);
    porch.house.now_ms = clock_wall_ms();
    struct government_found found = {.first = {TEXT_LITERAL(HOUSE_FIRST), TEXT_LITERAL("One"), {0}},
        .second = {TEXT_LITERAL(HOUSE_SECOND), TEXT_LITERAL("Two"), {0}},
        .has_first = true,
        .has_second = true};
    must(house_do(&porch.house, "operator@setup", MESSAGE_government_found, &found, 0) == OK);
    porch_expect(porch_code("operator@setup", HOUSE_SECOND, &code), OK, "both halves");
    (void)snprintf(whole, sizeof whole, "%.*s-%.*s", TEXT_ARG(code.first), TEXT_ARG(code.second));
    porch_expect(porch_set(HOUSE_SECOND, whole, PASSWORD), OK, "set");
    porch_expect(porch_code("operator@setup", HOUSE_SECOND, &code), ERR_GONE, "used");
    porch_expect(porch_sign_in(HOUSE_SECOND, PASSWORD, HOME, NULL, NULL), OK, "sign in");
}

static void weak_passwords(void **unused)
{
    (void)unused;
    static const char *const weak[] = {"short", "elevenchars", "n.ame.twelve.x", "N.AME.TWELVE.X",
        "Name Of Somebody", "name of somebody", "\xd9\x85\xdb\x8c\xd8\xab\xd8\xa7\xd9\x82\xd9\x85"};
    char code[48];
    struct person person = {
        .id = TEXT_LITERAL("n.ame.twelve.x"), .name = TEXT_LITERAL("Name Of Somebody")};
    must(house_do(&porch.house, ONE, MESSAGE_person_register, &person, 0) == OK);
    porch_invite("n.ame.twelve.x", code);
    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) {
        porch_expect(porch_set("n.ame.twelve.x", code, weak[i]), ERR_INVALID, weak[i]);
        assert_true(house_faults(&porch.house, "password", ""));
    }
    porch_expect(porch_set("n.ame.twelve.x", code, "twelve chars"), OK, "twelve");
}

static void a_password_is_changed_with_the_old_one(void **unused)
{
    (void)unused;
    struct password_change change = {
        TEXT_LITERAL("not it at all"), TEXT_LITERAL("another sentence"), TEXT_LITERAL(HOME)};
    enum message message = MESSAGE_password_change;
    porch_give(VICTIM);
    porch_expect(porch_errand("a.khan@person", message, &change), ERR_INVALID, "wrong");
    assert_true(house_faults(&porch.house, "old", ""));
    change.old = TEXT_LITERAL(PASSWORD);
    porch_expect(porch_errand("a.khan@person", message, &change), OK, "change");
    porch_expect(
        porch_sign_in(VICTIM, PASSWORD, HOME, NULL, NULL), ERR_UNAUTHENTICATED, "the old one");
    porch_expect(porch_sign_in(VICTIM, "another sentence", HOME, NULL, NULL), OK, "the new one");
    for (int i = 0; i < THROTTLE_PLACE_MOST; i++)
        porch_expect(porch_errand("a.khan@person", message, &change), ERR_INVALID, "guess");
    porch_expect(porch_errand("a.khan@person", message, &change), ERR_TOO_MANY, "guesses");
}

/* ---- what is stored ---- */
/* Says a line about the stored password of a person. */
static void stored(
    const char *verb, const char *person, const char *value, char *reply, size_t size)
{
    char line[900];
    (void)snprintf(line, sizeof line, "%s misaq:{%s}:secret:password:%s %s", verb,
        porch.settings.government, person, value);
    redis_say(porch.redis, line, reply, size);
}

static void edited_records_are_noticed(void **unused)
{
    (void)unused;
    char reply[64], right[600], changed[600], address[24], code[48];
    porch_give(VICTIM);
    porch_give("b.shah");
    stored("GET", "b.shah", "", right, sizeof right);
    assert_non_null(strstr(right, "$argon2id$"));
    assert_null(strstr(right, PASSWORD));
    (void)snprintf(changed, sizeof changed, "\"%.590s\"", right);
    stored("SET", VICTIM, changed, reply, sizeof reply);
    porch_expect(
        porch_sign_in(VICTIM, PASSWORD, HOME, NULL, NULL), ERR_INTERNAL, "copied from another");
    for (size_t i = 0; right[i]; i += 3) {
        (void)snprintf(changed, sizeof changed, "\"%.590s\"", right);
        changed[i + 1] = changed[i + 1] == '1' ? '2' : '1';
        stored("SET", "b.shah", changed, reply, sizeof reply);
        (void)snprintf(address, sizeof address, "10.9.%zu.1", i % 250);
        porch_expect(porch_sign_in("b.shah", PASSWORD, address, NULL, NULL),
            i / 3 < THROTTLE_PERSON_MOST ? ERR_INTERNAL : ERR_TOO_MANY, changed);
    }
    porch_invite("b.shah", code);
    porch_expect(porch_set("b.shah", code, PASSWORD), OK, "a new one");
    stored("DEL", VICTIM, "", reply, sizeof reply);
    porch_expect(porch_sign_in(VICTIM, PASSWORD, HOME, NULL, NULL), ERR_UNAUTHENTICATED, "removed");
}

static void redis_may_be_away(void **unused)
{
    (void)unused;
    porch_give(VICTIM);
    redis_restart(porch.redis);
    porch_expect(porch_sign_in(VICTIM, PASSWORD, HOME, NULL, NULL), OK, "after a restart");
    redis_kill(porch.redis);
    porch_expect(porch_sign_in(VICTIM, PASSWORD, HOME, NULL, NULL), ERR_UNAVAILABLE, "away");
    redis_restart(porch.redis);
    porch_expect(porch_sign_in(VICTIM, PASSWORD, HOME, NULL, NULL), OK, "back");
    redis_pause(porch.redis);
    porch_expect(porch_sign_in(VICTIM, PASSWORD, HOME, NULL, NULL), ERR_UNAVAILABLE, "silent");
    redis_continue(porch.redis);
    porch_expect(porch_sign_in(VICTIM, PASSWORD, HOME, NULL, NULL), OK, "again");
}

/* ---- sessions ---- */
static struct token token_of(const struct session *session, struct buf *arena)
{
    struct faults why = {0};
    struct token token;
    must(token_read(session->token, porch.tools->secret, text_of(porch.settings.government),
             clock_wall_ms() / 1000, arena, &token, &why) == OK);
    return token;
}

static struct session_renew renewal(const char *session, int64_t began, int64_t signed_in)
{
    return (struct session_renew){text_of(session), {began, true}, {signed_in, true}};
}

static void sessions_go_on(void **unused)
{
    (void)unused;
    struct session session;
    BUF_CLEANUP struct buf arena = BUF(1024);
    porch_give(VICTIM);
    porch_expect(porch_sign_in(VICTIM, PASSWORD, HOME, NULL, &session), OK, "sign in");
    struct token token = token_of(&session, &arena);
    assert_true(text_is(token.person, VICTIM) && token.session.len == 32);
    assert_int_equal(session.expires_at.ms, token.expires * 1000);
    assert_true(token.expires - token.began <= (int64_t)porch.settings.session_s);
    char id[40];
    (void)snprintf(id, sizeof id, "%.*s", TEXT_ARG(token.session));
    struct session_renew renew = renewal(id, token.began, token.signed_in);
    enum message message = MESSAGE_session_renew;
    porch_expect(porch_errand("a.khan@person", message, &renew), OK, "renew");
    house_read(&porch.house, 0, session_record(), &session);
    struct token again = token_of(&session, &arena);
    assert_true(text_is(again.session, id) && again.began == token.began);

    int64_t day = token.began - (int64_t)porch.settings.session_max_s;
    struct session_renew old = renewal(id, day, day);
    porch_expect(porch_errand("a.khan@person", message, &old), ERR_UNAUTHENTICATED, "old");
    struct session_renew early = renewal(id, token.began + 3600, token.began + 3600);
    porch_expect(porch_errand("a.khan@person", message, &early), ERR_INVALID, "early");
    struct session_renew before = renewal(id, token.began - 10, token.began - 10);
    porch_expect(porch_errand("a.khan@person", message, &before), ERR_UNAUTHENTICATED,
        "began before the password was set");
    struct session_end end = {text_of(id)};
    must(house_do(&porch.house, "a.khan@person", MESSAGE_session_end, &end, 0) == OK);
    porch_expect(porch_errand("a.khan@person", message, &renew), ERR_UNAUTHENTICATED, "signed out");
    /* a session that begins after all were ended is not one of those */
    porch.house.now_ms = clock_wall_ms();
    struct sessions_end all = {TEXT_LITERAL(VICTIM)};
    must(house_do(&porch.house, ONE, MESSAGE_sessions_end, &all, 0) == OK);
    porch_expect(porch_sign_in(VICTIM, PASSWORD, HOME, NULL, &session), OK, "sign in again");
    again = token_of(&session, &arena);
    assert_false(
        roster_session_ended(porch.house.roster, again.person, again.session, again.began * 1000));
}

/* Business time is two years ahead: passwords, tokens and throttles live by the wall all the same,
 * and who is signed out everywhere may come back. */
static void a_demonstration_is_ahead(void **unused)
{
    (void)unused;
    const int64_t ahead_s = 730 * 86400;
    struct session session;
    char id[40], code[48];
    BUF_CLEANUP struct buf arena = BUF(2048);
    porch_give(VICTIM);
    porch_expect(porch_sign_in(VICTIM, PASSWORD, HOME, NULL, &session), OK, "before the leap");
    struct token token = token_of(&session, &arena);
    assert_true(token.began == token.signed_in);
    (void)snprintf(id, sizeof id, "%.*s", TEXT_ARG(token.session));
    porch.house.ahead_ms = ahead_s * 1000;
    porch.house.now_ms = clock_wall_ms() + porch.house.ahead_ms;
    struct session_renew renew = renewal(id, token.began, token.signed_in);
    porch_expect(
        porch_errand("a.khan@person", MESSAGE_session_renew, &renew), OK, "goes on after it");
    house_read(&porch.house, 0, session_record(), &session);
    token = token_of(&session, &arena);
    assert_true(token.began == renew.began.value && token.signed_in == renew.signed_in.value);

    struct sessions_end all = {TEXT_LITERAL(VICTIM)};
    must(house_do(&porch.house, ONE, MESSAGE_sessions_end, &all, 0) == OK);
    porch_expect(porch_errand("a.khan@person", MESSAGE_session_renew, &renew), ERR_UNAUTHENTICATED,
        "signed out everywhere");
    porch_expect(porch_sign_in(VICTIM, PASSWORD, HOME, NULL, &session), OK, "comes back");
    token = token_of(&session, &arena); /* has not expired by the wall */
    assert_true(token.began > token.signed_in + ahead_s - 2);
    assert_true(token.began < token.signed_in + ahead_s + 2);
    assert_true(token.expires <= token.signed_in + (int64_t)porch.settings.session_s);
    assert_false(
        roster_session_ended(porch.house.roster, token.person, token.session, token.began * 1000));
    (void)snprintf(id, sizeof id, "%.*s", TEXT_ARG(token.session));
    renew = renewal(id, token.began, token.signed_in);
    porch_expect(porch_errand("a.khan@person", MESSAGE_session_renew, &renew), OK, "and goes on");
    renew.signed_in.value -= (int64_t)porch.settings.session_max_s;
    porch_expect(porch_errand("a.khan@person", MESSAGE_session_renew, &renew), ERR_UNAUTHENTICATED,
        "as long as one may, by the wall");

    /* A code confirmed now is good now, and is too old when business time has gone on. */
    porch_invite(VICTIM, code);
    porch.house.ahead_ms += ((int64_t)porch.settings.code_s + 5) * 1000;
    porch.house.now_ms = clock_wall_ms() + porch.house.ahead_ms;
    porch_expect(porch_set(VICTIM, code, "another long sentence"), ERR_INVALID, "too old");
    porch_invite(VICTIM, code);
    porch_expect(porch_set(VICTIM, code, "another long sentence"), OK, "good");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, open_all, close_all)
        WITH(a_code_sets_one_password),
        WITH(codes_grow_old),
        WITH(founders_have_codes),
        WITH(weak_passwords),
        WITH(a_password_is_changed_with_the_old_one),
        WITH(edited_records_are_noticed),
        WITH(redis_may_be_away),
        WITH(sessions_go_on),
        WITH(a_demonstration_is_ahead),
    };
    porch_begin();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    porch_end();
    return failed;
}
