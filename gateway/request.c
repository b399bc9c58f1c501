#include "request.h"

#include "asker.h"
#include "asyncapi.h"
#include "base/must.h"
#include "base/random.h"
#include "body.h"
#include "events.h"
#include "evidence.h"
#include "exchange.h"
#include "kept.h"
#include "pages.h"
#include "relay.h"
#include "sessions.h"

#include <stdlib.h>

#define DESCRIPTION_MAX (8u << 20)

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
    if (exchange->match.route->own == OWN_EVIDENCE_PUT) {
        evidence_on_header(exchange);
        return;
    }
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

/* The media type of the answer, by the parameter `format` or the field Accept. */
static bool choose_media(struct exchange *exchange)
{
    const struct route *route = exchange->match.route;
    uint32_t offered = MEDIA_BIT(MEDIA_JSON) | MEDIA_BIT(MEDIA_MSGPACK);
    bool lines = route_many(route) && route->method == METHOD_GET;
    if (!route_answers(route)) /* bytes in the one form that they have, or nothing */
        return true;
    if (lines)
        offered |= MEDIA_BIT(MEDIA_CSV) | MEDIA_BIT(MEDIA_NDJSON);
    enum media format = exchange->manner.format;
    if (route->own == OWN_EVENTS)
        offered |= MEDIA_BIT(MEDIA_EVENTS);
    exchange->media = format ? format : media_accept(exchange->headers.accept, offered);
    if (offered & MEDIA_BIT(exchange->media))
        return true;
    exchange_refuse_with(exchange, ERR_NOT_ACCEPTABLE,
        lines ? "there are json, msgpack, csv and ndjson (Accept, or the parameter format)"
              : "there are application/json and application/vnd.msgpack");
    return false;
}

/* A key of our own where none came, so that our own retries are safe. */
bool request_conditions(struct exchange *exchange, struct question *question)
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

/* Path, query and body into the frames of the message; refuses what is wrong with them. */
bool request_frames(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    enum media media = MEDIA_NONE;
    if (exchange->body_seen)
        media = media_of_content(exchange->headers.content_type);
    enum err err =
        parameters_read(&exchange->match, &exchange->path, gateway->record, &gateway->why);
    if (err != OK) {
        exchange_refuse(exchange, err, PROBLEM_IN_PARAMETERS);
        return false;
    }
    if (!route_carries(exchange->match.route))
        return true;
    err = body_read(exchange->match.route, media, buf_as_text(&exchange->body), gateway->record,
        &gateway->frames, &gateway->why);
    if (err != OK)
        exchange_refuse(exchange, err, PROBLEM_IN_BODY);
    return err == OK;
}

bool request_on_hold(struct exchange *exchange)
{
    const struct gateway *gateway = exchange->gateway;
    const char *hold = feed_hold(gateway->feed, gateway->now_us);
    if (hold)
        exchange_refuse_with(exchange, ERR_READ_ONLY, hold);
    return hold;
}

static void ask_command(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    struct question question = {.least = {(int64_t)gateway->least, gateway->least > 0}};
    if (request_on_hold(exchange) || !request_conditions(exchange, &question) ||
        !request_frames(exchange))
        return;
    keep_lines(exchange);
    relay_ask(exchange, &question);
}

/* A query that is too long or too private for the target. */
static void ask_by_body(struct exchange *exchange)
{
    if (request_frames(exchange) && !pages_send(exchange))
        exchange_refuse_with(exchange, ERR_UNAVAILABLE, "the service is not there, or too busy");
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

/* Pages, or the events as they come. */
static void read_events(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    struct event_list *list = gateway->record;
    enum err err = parameters_read(&exchange->match, &exchange->path, list, &gateway->why);
    bool stream = exchange->media == MEDIA_EVENTS;
    if (err == OK && stream && list->limit.given)
        err = faults_add(
            &gateway->why, ERR_INVALID, "limit", "is not a parameter of a stream: it does not end");
    if (err == OK && stream)
        err = record_check(event_list_record(), list, &gateway->why);
    if (err != OK) {
        exchange_refuse(exchange, err, PROBLEM_IN_PARAMETERS);
    } else if (list->office.at && !asker_take(exchange, list->office)) {
        return;
    } else if (!stream) {
        memset(list, 0, sizeof *list);
        read_list_or_thing(exchange);
    } else if (text_is(exchange->method, "HEAD")) {
        exchange_refuse_with(exchange, ERR_NOT_ACCEPTABLE, "a stream has no head: ask for json");
    } else {
        junction_stream(exchange, list);
    }
}

/* Where the stream is, misaq-streams tells. */
static void answer_asyncapi(struct exchange *exchange)
{
    const struct gateway *gateway = exchange->gateway;
    const struct stream_status *status = junction_status(gateway->junction);
    struct buf body = BUF(DESCRIPTION_MAX);
    asyncapi_write(
        &body, gateway->settings->departments_public, status ? status->key : (struct text){0});
    must(!body.full);
    exchange_answer(exchange, 200, media_type(MEDIA_JSON), &body);
}

static void answer_own(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    struct buf body = BUF(gateway->openapi.len + PROBLEM_MAX);
    switch (exchange->match.route->own) {
    case OWN_OPENAPI:
        buf_text(&body, buf_as_text(&gateway->openapi));
        exchange_answer(exchange, 200, media_type(MEDIA_JSON), &body);
        return;
    case OWN_ASYNCAPI:
        answer_asyncapi(exchange);
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
        read_events(exchange);
        return;
    case OWN_ENTRIES:
        read_list_or_thing(exchange);
        return;
    case OWN_SIGN_IN:
    case OWN_RENEW:
    case OWN_SIGN_OUT:
    case OWN_ME:
    case OWN_PASSWORD:
        sessions_answer(exchange);
        return;
    case OWN_EVIDENCE_PUT:
    case OWN_EVIDENCE_FILE:
        evidence_answer(exchange);
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

/* Signing in asks for no token: a browser sends the one that has expired. */
static bool find_asker(struct exchange *exchange)
{
    const struct route *route = exchange->match.route;
    if (route && route->own == OWN_SIGN_IN)
        return !asker_foreign(exchange);
    return asker_find(exchange);
}

void request_on_whole(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    if (!find_asker(exchange) || kept_answer(exchange))
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
    if (!choose_media(exchange) || !asker_may(exchange))
        return;
    const struct record *carries = route_carries(route);
    if (carries)
        memset(gateway->record, 0, carries->size);
    faults_clear(&gateway->why);
    frames_clear(&gateway->frames);
    if (!route->message)
        answer_own(exchange);
    else if (route->method == METHOD_GET)
        read_list_or_thing(exchange);
    else if (message_row(route->message)->kind == MESSAGE_QUERY)
        ask_by_body(exchange);
    else
        ask_command(exchange);
}
