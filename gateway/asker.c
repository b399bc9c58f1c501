#include "asker.h"

#include "base/clock.h"
#include "cookies.h"
#include "exchange.h"
#include "http.h"
#include "origin.h"
#include "proof/digest.h"

#include <utlist.h>

/* Those that wait until it is heard who is who after a write of our own. */
static struct exchange *waiting;

static bool is_safe(struct text method)
{
    return text_is(method, "GET") || text_is(method, "HEAD") || text_is(method, "OPTIONS");
}

static void refuse(struct exchange *exchange, enum err err, const char *field, const char *detail)
{
    struct faults *why = &exchange->gateway->why;
    faults_clear(why);
    faults_add(why, err, field, "%s", detail);
    exchange_refuse(exchange, err, PROBLEM_IN_HEADER);
}

/* The token of a request; absent without one. False when it is refused. */
static bool find_token(struct exchange *exchange, struct text *ret_token)
{
    const struct headers *headers = &exchange->headers;
    struct text cookie = {0}, bearer = {0};
    if (headers->cookie.at && !cookies_find(headers->cookie, COOKIE_SESSION, &cookie)) {
        refuse(exchange, ERR_BAD_INPUT, "Cookie", "has " COOKIE_SESSION " twice");
        return false;
    }
    if (headers->authorization.at) {
        bearer = condition_bearer(headers->authorization);
        if (!bearer.at) {
            refuse(exchange, ERR_UNAUTHENTICATED, "Authorization",
                "is not \"Bearer\" and a token: sign in with POST /v1/sessions");
            return false;
        }
    }
    if (cookie.at && bearer.at) {
        refuse(exchange, ERR_BAD_INPUT, "Authorization",
            "and the cookie " COOKIE_SESSION " both say who asks: send one of them");
        return false;
    }
    exchange->asker.by_cookie = cookie.at;
    *ret_token = cookie.at ? cookie : bearer;
    return true;
}

bool asker_foreign(struct exchange *exchange)
{
    const char *complaint = origin_complaint(&exchange->headers);
    if (is_safe(exchange->method) || !complaint)
        return false;
    exchange_refuse_with(exchange, ERR_FORBIDDEN, complaint);
    return true;
}

/* Whether tokens and offices can be judged now. */
static bool is_ready(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    if (tokens_complaint(gateway->tokens)) {
        exchange_refuse_with(exchange, ERR_UNAVAILABLE,
            "the key that sessions are checked with is not there yet: offices makes it");
        return false;
    }
    if (!feed_facts(gateway->feed)) {
        exchange_refuse_with(
            exchange, ERR_UNAVAILABLE, "the ledger is still being read: who is who is not known");
        return false;
    }
    if (feed_position(gateway->feed) >= gateway->least_who)
        return true;
    if (exchange->stage == EXCHANGE_BODY) { /* nothing can wait while the body arrives */
        exchange_refuse_with(
            exchange, ERR_UNAVAILABLE, "who is who has just changed and is not heard yet: again");
        return false;
    }
    if (!exchange->asker.waits) {
        exchange->asker.waits = true;
        exchange->asker.due_us = gateway->now_us + gateway->settings->request_ms * 1000;
        DL_APPEND2(waiting, exchange, asker.prev, asker.next);
    }
    return false;
}

/* Keeps a text that belongs to others as long as the exchange lasts. */
static struct text copied(char to[ID_MAX], struct text text)
{
    size_t len = text.len < ID_MAX ? text.len : ID_MAX;
    memcpy(to, text.at, len);
    return (struct text){to, len};
}

static bool find_person(struct exchange *exchange, struct text token, const struct facts *facts)
{
    struct gateway *gateway = exchange->gateway;
    struct asker *asker = &exchange->asker;
    struct faults *why = &gateway->why;
    struct tokens_holder holder;
    faults_clear(why);
    enum err err = tokens_check(gateway->tokens, token, clock_wall_ms() / 1000, &holder, why);
    if (err == OK && !roster_knows(facts->roster, holder.person))
        err = faults_add(
            why, ERR_UNAUTHENTICATED, "", "nobody is registered as %.*s", TEXT_ARG(holder.person));
    else if (err == OK && roster_session_ended(
                              facts->roster, holder.person, holder.session, holder.began * 1000))
        err = faults_add(why, ERR_UNAUTHENTICATED, "",
            "session %.*s of %.*s was ended: sign in again", TEXT_ARG(holder.session),
            TEXT_ARG(holder.person));
    if (err != OK) {
        exchange_refuse(exchange, err, PROBLEM_IN_HEADER);
        if (asker->by_cookie) /* or every page of the browser would be refused from now on */
            exchange_cookie(exchange, COOKIE_SESSION, TEXT_LITERAL(""), 0);
        return false;
    }
    exchange->actor.person = copied(exchange->person, holder.person);
    asker->session = copied(exchange->session, holder.session);
    asker->signed_in = holder.signed_in;
    asker->began = holder.began;
    asker->expires = holder.expires;
    asker->foreign = holder.foreign;
    return true;
}

/* The office that the header names. */
static bool take_named(struct exchange *exchange, const struct facts *facts)
{
    struct faults *why = &exchange->gateway->why;
    struct text field = exchange->headers.office;
    faults_clear(why);
    enum err err = condition_office(field, &exchange->office, why);
    if (err == OK && (exchange->office.role == ROLE_SETUP ||
                         !roster_holds(facts->roster, exchange->actor.person, field)))
        err = faults_add(why, ERR_FORBIDDEN, "Misaq-Office",
            "%.*s does not hold %.*s; /v1/me lists the offices held",
            TEXT_ARG(exchange->actor.person), TEXT_ARG(field));
    exchange->actor.office = field;
    if (err != OK)
        exchange_refuse(exchange, err, PROBLEM_IN_HEADER);
    return err == OK;
}

bool asker_take(struct exchange *exchange, struct text office)
{
    struct text header = exchange->headers.office;
    if (header.at && text_equal(header, office))
        return true;
    if (header.at || !exchange->actor.person.at) {
        refuse(exchange, header.at ? ERR_BAD_INPUT : ERR_UNAUTHENTICATED, "Misaq-Office",
            header.at ? "and the parameter office name different offices"
                      : "or the parameter office names an office, but nobody is signed in");
        return false;
    }
    exchange->headers.office = office;
    exchange->asker.implied = false;
    return take_named(exchange, feed_facts(exchange->gateway->feed));
}

/* Without one: the only one held, or none. */
static void take_implied(struct exchange *exchange, const struct facts *facts)
{
    struct text person = exchange->actor.person;
    struct text office = roster_office(facts->roster, person, 0);
    exchange->asker.implied = true;
    asker_as_person(exchange);
    if (!office.at || roster_office(facts->roster, person, 1).at)
        return;
    exchange->actor.office = copied(exchange->held, office);
    exchange->office = office_read(exchange->actor.office);
}

/* A department reads what it missed of its stream, and nothing else. */
static bool find_department(struct exchange *exchange, struct text token)
{
    char hex[DIGEST_HEX_SIZE];
    struct digest digest = digest_of(token);
    (void)digest_to_hex(&digest, hex);
    const struct department_access *access =
        departments_by_token(feed_facts(exchange->gateway->feed)->departments, text_of(hex));
    if (access)
        exchange->access = copied(exchange->access_id, text_of(access->id));
    else
        refuse(exchange, ERR_UNAUTHENTICATED, "Authorization",
            "is a token of no department that is let in: it may have been revoked");
    return access;
}

bool asker_find(struct exchange *exchange)
{
    struct text token = {0};
    exchange->actor = (struct actor){0};
    exchange->office = (struct office){0};
    exchange->access = (struct text){0};
    exchange->asker.implied = false;
    if (!find_token(exchange, &token))
        return false;
    if (!token.at) {
        if (!exchange->headers.office.at)
            return true;
        refuse(exchange, ERR_UNAUTHENTICATED, "Misaq-Office",
            "names an office, but nobody is signed in");
        return false;
    }
    if ((exchange->asker.by_cookie && asker_foreign(exchange)) || !is_ready(exchange))
        return false;
    if (text_starts(token, TEXT_LITERAL(DEPARTMENT_TOKEN)))
        return find_department(exchange, token);
    const struct facts *facts = feed_facts(exchange->gateway->feed);
    if (!find_person(exchange, token, facts))
        return false;
    if (exchange->headers.office.at)
        return take_named(exchange, facts);
    take_implied(exchange, facts);
    return true;
}

void asker_as_person(struct exchange *exchange)
{
    exchange->actor.office = TEXT_LITERAL("person");
    exchange->office = (struct office){.role = ROLE_PERSON};
}

/* "for focal, secretary only": who may, in the words of the tables. */
static void refuse_role(struct exchange *exchange, enum err err, uint32_t roles)
{
    BUF_CLEANUP struct buf detail = BUF(256);
    const char *before = "for ";
    for (enum role role = role_UNSET + 1; role <= ROLE_PERSON; role++)
        if (roles >> role & 1u) {
            buf_printf(&detail, "%s%s", before, choices_word(role_choices(), (int)role));
            before = ", ";
        }
    buf_str(&detail, " only");
    buf_char(&detail, '\0');
    exchange_refuse_with(exchange, err, detail.at);
}

/* Several offices are held and none was named, where one is needed. */
static void refuse_unnamed(struct exchange *exchange, const struct roster *roster)
{
    BUF_CLEANUP struct buf list = BUF(200);
    struct text office;
    buf_str(&list, "is missing; you hold ");
    for (size_t i = 0; (office = roster_office(roster, exchange->actor.person, i)).at; i++)
        if (list.len + office.len + 8 < list.max)
            buf_printf(&list, "%s%.*s", i ? ", " : "", TEXT_ARG(office));
    buf_char(&list, '\0');
    refuse(exchange, ERR_BAD_INPUT, "Misaq-Office", list.at);
}

bool asker_may(struct exchange *exchange)
{
    const struct facts *facts = feed_facts(exchange->gateway->feed);
    uint32_t roles = route_may(exchange->match.route);
    if (exchange->access.at && exchange->match.route->own != OWN_EVENTS) {
        exchange_refuse_with(
            exchange, ERR_FORBIDDEN, "a department's token is for /v1/events and nothing else");
        return false;
    }
    if (roles == UINT32_MAX)
        return true;
    if (exchange_is_public(exchange)) {
        refuse_role(exchange, ERR_UNAUTHENTICATED, roles);
        return false;
    }
    if (roles >> exchange->office.role & 1u)
        return true;
    if (exchange->asker.implied && (roles >> ROLE_PERSON & 1u)) {
        asker_as_person(exchange);
        return true;
    }
    bool several = exchange->asker.implied && facts &&
                   roster_office(facts->roster, exchange->actor.person, 1).at;
    if (several)
        refuse_unnamed(exchange, facts->roster);
    else
        refuse_role(exchange, ERR_FORBIDDEN, roles);
    return false;
}

void asker_forget(struct exchange *exchange)
{
    if (!exchange->asker.waits)
        return;
    exchange->asker.waits = false;
    DL_DELETE2(waiting, exchange, asker.prev, asker.next);
}

void asker_turn(struct gateway *gateway)
{
    bool heard = feed_position(gateway->feed) >= gateway->least_who;
    for (struct exchange *exchange = waiting, *next; exchange; exchange = next) {
        next = exchange->asker.next;
        if (!heard && exchange->asker.due_us > gateway->now_us)
            continue;
        asker_forget(exchange);
        if (heard)
            http_work(exchange);
        else
            exchange_refuse_with(
                exchange, ERR_DEADLINE, "the ledger was not heard in time: try again");
        if (exchange->stage == EXCHANGE_ANSWERED)
            exchange_wake(exchange);
    }
}
