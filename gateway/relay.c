#include "relay.h"

#include "body.h"
#include "kept.h"
#include "pages.h"
#include "schema/json.h"
#include "schema/pack.h"

#include <inttypes.h>
#include <stdio.h>

#define THING_MAX (4u << 20)

bool relay_send(struct exchange *exchange, struct question *question, asks_on_answer *done)
{
    struct gateway *gateway = exchange->gateway;
    const struct frames *frames = &gateway->frames;
    static struct text texts[BUS_FRAMES_MAX];
    for (size_t i = 0; i < frames->count; i++)
        texts[i] = frames_at(frames, i);
    if (!question->message)
        question->message = exchange->match.route->message;
    exchange->asked = question->message;
    question->service = message_row(question->message)->service;
    question->actor = exchange_is_public(exchange) ? NULL : &exchange->actor;
    question->traceparent = text_of(exchange_trace(exchange)->parent);
    question->frames = texts;
    question->frame_count = frames->count;
    /* A key makes a command safe to repeat, as does reading. */
    question->again = question->key.len || exchange->match.route->method == METHOD_GET;
    return asks_send(gateway->asks, question, gateway->now_us, done, exchange) == OK;
}

/* Why a question got no answer, in a sentence. */
static const char *detail_of(enum err err)
{
    return err == ERR_DEADLINE ? "the service did not answer in time" : "the service is not there";
}

bool relay_refused(struct exchange *exchange, enum err err, const struct answer *answer,
    const struct bus_message *message)
{
    struct faults *why = &exchange->gateway->why;
    if (err != OK) {
        exchange_refuse_with(exchange, err, detail_of(err));
        return true;
    }
    enum err status = err_from_word(answer->status.at, answer->status.len);
    if (status == OK)
        return false;
    envelope_read_faults(message, status, why);
    const struct relay_lines *lines = exchange->work; /* where there was a body; else an export's */
    if (lines && exchange->body_seen)
        body_place_faults(buf_as_text(&exchange->body), lines->at, lines->count, why);
    exchange_refuse(
        exchange, status, exchange->body_seen ? PROBLEM_IN_BODY : PROBLEM_IN_PARAMETERS);
    return true;
}

void relay_broken(struct exchange *exchange)
{
    exchange_refuse_with(
        exchange, ERR_INTERNAL, "the service answered in another form than agreed");
}

void relay_position(struct exchange *exchange, const struct answer *answer)
{
    char text[24];
    if (!answer->position.given)
        return;
    (void)snprintf(text, sizeof text, "%" PRId64, answer->position.value);
    exchange_header(exchange, "Misaq-Position", text);
}

bool relay_render(struct exchange *exchange, struct text frame, struct buf *out)
{
    if (exchange->media == MEDIA_MSGPACK) {
        buf_text(out, frame);
        return !out->full;
    }
    bool fine = json_write(route_answers(exchange->match.route), frame, out);
    buf_char(out, '\n');
    return fine && !out->full;
}

static void add_location(struct exchange *exchange, struct text id)
{
    const struct route *route = route_of_thing(exchange->match.route);
    if (!route)
        return;
    BUF_CLEANUP struct buf location = BUF(1024);
    buf_text(&location, (struct text){route->pattern, text_find(text_of(route->pattern), '{')});
    path_encode(&location, id);
    buf_char(&location, '\0');
    exchange_header(exchange, MHD_HTTP_HEADER_LOCATION, location.at);
}

static void answer_receipt(
    struct exchange *exchange, const struct answer *answer, struct text frame)
{
    struct gateway *gateway = exchange->gateway;
    struct receipt receipt;
    struct buf body = BUF(THING_MAX);
    faults_clear(&gateway->why);
    if (pack_read_trusted(receipt_record(), frame, &receipt, &gateway->why) != OK ||
        !relay_render(exchange, frame, &body)) {
        buf_free(&body);
        relay_broken(exchange);
        return;
    }
    gateway_wrote(gateway, exchange->asked, (uint64_t)receipt.position.value);
    int status = exchange->match.route->status;
    exchange_answer(exchange, status, media_type(exchange->media), &body);
    exchange_header(exchange, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (answer->version.given)
        exchange_etag(exchange, (uint64_t)answer->version.value);
    relay_position(exchange, answer);
    if (status == 201)
        add_location(exchange, receipt.id);
}

/* The bytes of a document, which came in as many frames as they needed. */
static bool write_raw(const struct bus_message *message, struct buf *out)
{
    for (size_t i = 1; i < message->count; i++)
        buf_text(out, message->frames[i]);
    return !out->full;
}

static void answer_thing(
    struct exchange *exchange, const struct answer *answer, const struct bus_message *message)
{
    const struct route *route = exchange->match.route;
    struct buf body = BUF(THING_MAX);
    bool fine =
        route->raw ? write_raw(message, &body) : relay_render(exchange, message->frames[1], &body);
    if (!fine) {
        buf_free(&body);
        relay_broken(exchange);
        return;
    }
    /* Without a subject nobody can tell when it becomes stale, or it is for this reader alone. */
    bool keepable = answer->subject.len && route->method == METHOD_GET;
    kept_add(exchange, answer, buf_as_text(&body));
    uint64_t version = (uint64_t)answer->version.value;
    struct text seen = exchange->headers.if_none_match;
    if (keepable && answer->version.given && seen.at && condition_none_match(seen, version)) {
        buf_clear(&body);
        exchange_answer(exchange, 304, NULL, &body);
    } else {
        exchange_answer(exchange, 200, exchange_type(exchange), &body);
    }
    if (answer->version.given)
        exchange_etag(exchange, version);
    exchange_header(
        exchange, MHD_HTTP_HEADER_CACHE_CONTROL, keepable ? "private, no-cache" : "no-store");
    exchange_header(exchange, MHD_HTTP_HEADER_VARY, EXCHANGE_VARY);
    if (route->raw) /* a page for print has a style of its own, and nothing else */
        exchange_header(exchange, "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox");
    relay_position(exchange, answer);
}

static void show_answer(
    struct exchange *exchange, const struct answer *answer, const struct bus_message *message)
{
    if (message->count < 2)
        relay_broken(exchange);
    else if (message_row(exchange->asked)->kind == MESSAGE_COMMAND)
        answer_receipt(exchange, answer, message->frames[1]);
    else
        answer_thing(exchange, answer, message);
}

static void on_answer(
    void *owner, enum err err, const struct answer *answer, const struct bus_message *message)
{
    struct exchange *exchange = owner;
    if (!relay_refused(exchange, err, answer, message))
        show_answer(exchange, answer, message);
    exchange_wake(exchange);
}

void relay_ask(struct exchange *exchange, struct question *question)
{
    if (!relay_send(exchange, question, on_answer))
        exchange_refuse_with(exchange, ERR_UNAVAILABLE, "the service is not there, or too busy");
}
