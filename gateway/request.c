#include "request.h"

#include "base/random.h"
#include "body.h"
#include "events.h"
#include "exchange.h"
#include "kept.h"
#include "pages.h"
#include "relay.h"

#include <stdlib.h>

/* Finds the route, or refuses and returns false. */
static bool find_route(struct exchange *exchange)
{
    struct faults *why = &exchange->gateway->why;
    if (exchange->match.route)
        return true;
    faults_clear(why);
    enum err err = path_read(exchange_target(exchange), &exchange->path, why);
    if (err == OK)
        err = route_find(&exchange->path, exchange->method, &exchange->match);
    if (err == OK)
        return true;
    if (err == ERR_NOT_FOUND)
        faults_add(why, err, "", "no path here looks like that; /openapi.json lists them");
    if (err == ERR_METHOD)
        faults_add(why, err, "", "the header Allow names the methods of this path");
    exchange_refuse(exchange, err, PROBLEM_IN_PARAMETERS);
    return false;
}

void request_on_header(struct exchange *exchange)
{
    const struct settings *settings = exchange->gateway->settings;
    const struct headers *headers = &exchange->headers;
    if (!find_route(exchange))
        return;
    uint32_t taken = body_media(exchange->match.route);
    enum media media = media_of_content(headers->content_type);
    if (!taken) {
        exchange_refuse_with(exchange, ERR_BAD_INPUT, "this method takes no body here");
    } else if (!(taken & MEDIA_BIT(media))) {
        exchange_refuse_with(exchange, ERR_MEDIA,
            taken & MEDIA_BIT(MEDIA_CSV) ? "send text/csv in UTF-8"
                                         : "send application/json or application/vnd.msgpack");
    } else {
        exchange->body_most =
            taken & MEDIA_BIT(MEDIA_CSV) ? settings->import_max : settings->body_max;
    }
}

static bool find_actor(struct exchange *exchange)
{
    struct faults *why = &exchange->gateway->why;
    struct text field = exchange->headers.actor;
    if (!field.at)
        return true;
    enum err err;
    faults_clear(why);
    if (!exchange->gateway->settings->demo)
        err = faults_add(why, ERR_UNAUTHENTICATED, "Misaq-Actor",
            "is believed only in a demonstration, with MISAQ_DEMO=1");
    else
        err = condition_actor(field, &exchange->actor, &exchange->office, why);
    if (err != OK)
        exchange_refuse(exchange, err, PROBLEM_IN_HEADER);
    return err == OK;
}

/* "for focal, secretary only": who may, in the words of the tables. */
static void refuse_role(struct exchange *exchange, enum err err, uint32_t roles)
{
    BUF_CLEANUP struct buf detail = BUF(256);
    const char *before = "for ";
    for (enum role role = role_UNSET + 1; role <= ROLE_ADMINISTRATOR; role++)
        if (roles >> role & 1u) {
            buf_printf(&detail, "%s%s", before, choices_word(role_choices(), (int)role));
            before = ", ";
        }
    buf_str(&detail, " only");
    buf_char(&detail, '\0');
    exchange_refuse_with(exchange, err, detail.at);
}

static bool may(struct exchange *exchange)
{
    uint32_t roles = route_may(exchange->match.route);
    if (roles == UINT32_MAX)
        return true;
    if (exchange_is_public(exchange))
        refuse_role(exchange, ERR_UNAUTHENTICATED, roles);
    else if (!(roles >> exchange->office.role & 1u))
        refuse_role(exchange, ERR_FORBIDDEN, roles);
    return exchange->stage != EXCHANGE_ANSWERED;
}

/* The media type of the answer, by the parameter `format` or the field Accept. */
static bool choose_media(struct exchange *exchange)
{
    const struct route *route = exchange->match.route;
    uint32_t offered = MEDIA_BIT(MEDIA_JSON) | MEDIA_BIT(MEDIA_MSGPACK);
    if (route_many(route))
        offered |= MEDIA_BIT(MEDIA_CSV) | MEDIA_BIT(MEDIA_NDJSON);
    enum media format = exchange->manner.format;
    exchange->media = format ? format : media_accept(exchange->headers.accept, offered);
    if (offered & MEDIA_BIT(exchange->media))
        return true;
    exchange_refuse_with(exchange, ERR_NOT_ACCEPTABLE,
        route_many(route)
            ? "there are json, msgpack, csv and ndjson (Accept, or the parameter format)"
            : "there are application/json and application/vnd.msgpack");
    return false;
}

/* The fields of a write; a key of our own where none came, so that our own retries are safe. */
static bool read_conditions(struct exchange *exchange, struct question *question)
{
    const struct headers *headers = &exchange->headers;
    struct faults *why = &exchange->gateway->why;
    enum err err = OK;
    if (headers->key.at)
        err = condition_key(headers->key, why);
    if (err == OK && headers->if_match.at)
        err = condition_if_match(headers->if_match, &question->expected, why);
    if (err != OK) {
        exchange_refuse(exchange, err, PROBLEM_IN_HEADER);
        return false;
    }
    char fresh[RANDOM_ID_LEN + 1];
    random_id(fresh);
    memcpy(exchange->fresh_key, fresh, sizeof fresh);
    question->key = headers->key.at ? headers->key : text_of(exchange->fresh_key);
    return true;
}

static void keep_lines(struct exchange *exchange)
{
    const struct frames *frames = &exchange->gateway->frames;
    if (frames->count < 2)
        return;
    struct relay_lines *lines = malloc(sizeof *lines + (frames->count - 1) * sizeof(uint32_t));
    if (!lines)
        return; /* faults will name rows only */
    lines->count = frames->count - 1;
    memcpy(lines->at, frames->lines + 1, lines->count * sizeof(uint32_t));
    exchange->work = lines;
    exchange->work_free = free;
}

static void ask_command(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    struct text body = buf_as_text(&exchange->body);
    enum media media = MEDIA_NONE;
    if (exchange->body_seen)
        media = media_of_content(exchange->headers.content_type);
    struct question question = {0};
    faults_clear(&gateway->why);
    if (!read_conditions(exchange, &question))
        return;
    enum err err =
        parameters_read(&exchange->match, &exchange->path, gateway->record, &gateway->why);
    if (err != OK) {
        exchange_refuse(exchange, err, PROBLEM_IN_PARAMETERS);
        return;
    }
    err = body_read(
        exchange->match.route, media, body, gateway->record, &gateway->frames, &gateway->why);
    if (err != OK) {
        exchange_refuse(exchange, err, PROBLEM_IN_BODY);
        return;
    }
    keep_lines(exchange);
    relay_ask(exchange, &question);
}

static void read_list_or_thing(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    enum err err =
        parameters_read(&exchange->match, &exchange->path, gateway->record, &gateway->why);
    if (err == OK)
        err = pages_first(exchange, gateway->record, &gateway->why);
    if (err != OK)
        exchange_refuse(exchange, err, PROBLEM_IN_PARAMETERS);
}

static void answer_own(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    struct buf body = BUF(1u << 20);
    switch (exchange->match.route->own) {
    case OWN_OPENAPI:
        buf_text(&body, buf_as_text(&gateway->openapi));
        exchange_answer(exchange, 200, media_type(MEDIA_JSON), &body);
        return;
    case OWN_HEALTHZ:
        buf_str(&body, "{\"status\":\"alive\"}\n");
        exchange_answer(exchange, 200, media_type(MEDIA_JSON), &body);
        return;
    case OWN_PROBLEM:
        if (problem_explain(&body, exchange->match.values[0]))
            exchange_answer(exchange, 200, "text/plain; charset=utf-8", &body);
        else
            exchange_refuse_with(exchange, ERR_NOT_FOUND, "there is no problem of that name");
        return;
    case OWN_EVENTS:
        read_list_or_thing(exchange);
        return;
    case OWN_NOTHING:
        return;
    }
}

static void answer_options(struct exchange *exchange)
{
    struct buf empty = BUF(1);
    BUF_CLEANUP struct buf allow = BUF(64);
    struct faults *why = &exchange->gateway->why;
    faults_clear(why);
    enum err err = path_read(exchange_target(exchange), &exchange->path, why);
    if (err == OK && route_find(&exchange->path, exchange->method, &exchange->match) != ERR_METHOD)
        err = faults_add(why, ERR_NOT_FOUND, "", "no path here looks like that");
    if (err != OK) {
        exchange_refuse(exchange, err, PROBLEM_IN_PARAMETERS);
        return;
    }
    route_write_allow(exchange->match.allow, &allow);
    buf_char(&allow, '\0');
    exchange_answer(exchange, 204, NULL, &empty);
    exchange_header(exchange, MHD_HTTP_HEADER_ALLOW, allow.at);
}

void request_on_whole(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    if (!find_actor(exchange) || kept_answer(exchange))
        return;
    if (text_is(exchange->method, "OPTIONS")) {
        answer_options(exchange);
        return;
    }
    if (!find_route(exchange))
        return;
    const struct route *route = exchange->match.route;
    faults_clear(&gateway->why);
    enum err err = parameters_manner(route, &exchange->path, &exchange->manner, &gateway->why);
    if (err != OK) {
        exchange_refuse(exchange, err, PROBLEM_IN_PARAMETERS);
        return;
    }
    if ((route_carries(route) && !choose_media(exchange)) || !may(exchange))
        return;
    const struct record *carries = route_carries(route);
    if (carries)
        memset(gateway->record, 0, carries->size);
    frames_clear(&gateway->frames);
    if (!route->message)
        answer_own(exchange);
    else if (route->method == METHOD_GET)
        read_list_or_thing(exchange);
    else
        ask_command(exchange);
}
