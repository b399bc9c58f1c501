#include "admin.h"

#include "base/must.h"
#include "exchange.h"
#include "schema/json.h"
#include "schema/pack.h"

#include <stdlib.h>

#define PAGE_MAX (4u << 20)

void admin_on_header(struct exchange *exchange)
{
    exchange_refuse_with(exchange, ERR_BAD_INPUT, "nothing here takes a body");
}

static void answer_ready(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    struct buf body = BUF(PAGE_MAX);
    BUF_CLEANUP struct buf list = BUF(PAGE_MAX);
    size_t count = watch_missing(gateway->watch, gateway->now_us, &list);
    buf_printf(&body, "{\"ready\":%s,\"missing\":[", count ? "false" : "true");
    buf_text(&body, buf_as_text(&list));
    buf_str(&body, "]}\n");
    exchange_answer(exchange, count ? 503 : 200, media_type(MEDIA_JSON), &body);
}

/* The digests of all services, as they come. */
struct digests {
    struct exchange *exchange;
    size_t waiting;
    struct buf list;
};

static void digests_free(void *work)
{
    struct digests *digests = work;
    asks_forget(digests->exchange->gateway->asks, digests);
    buf_free(&digests->list);
    free(digests);
}

static void answer_digests(struct digests *digests)
{
    struct buf body = BUF(PAGE_MAX);
    buf_str(&body, "{\"services\":[");
    buf_text(&body, buf_as_text(&digests->list));
    buf_str(&body, "]}\n");
    exchange_answer(digests->exchange, 200, media_type(MEDIA_JSON), &body);
    exchange_wake(digests->exchange);
}

static void on_digest(
    void *owner, enum err err, const struct answer *answer, const struct bus_message *message)
{
    struct digests *digests = owner;
    bool fine = err == OK && text_is(answer->status, err_word(OK)) && message->count > 1;
    size_t before = digests->list.len;
    if (fine && before)
        buf_char(&digests->list, ',');
    if (fine && !json_write(service_digest_record(), message->frames[1], &digests->list))
        digests->list.len = before; /* what cannot be read is left out, as is who is silent */
    if (--digests->waiting == 0 && digests->exchange->stage == EXCHANGE_WORKING)
        answer_digests(digests);
}

static void ask_digests(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    struct digests *digests = calloc(1, sizeof *digests);
    must(digests);
    digests->exchange = exchange;
    digests->list = BUF(PAGE_MAX);
    exchange->work = digests;
    exchange->work_free = digests_free;
    struct nothing nothing = {0};
    frames_clear(&gateway->frames);
    pack_write(nothing_record(), &nothing, &gateway->frames.bytes);
    frames_end(&gateway->frames, 0);
    struct text frame = frames_at(&gateway->frames, 0);
    for (enum service_id s = SERVICE_any + 1; s < SERVICE_COUNT; s++) {
        struct question question = {
            .service = s, .message = MESSAGE_service_digest, .frames = &frame, .frame_count = 1};
        if (asks_send(gateway->asks, &question, gateway->now_us, on_digest, digests) == OK)
            digests->waiting++;
    }
    if (digests->waiting == 0)
        exchange_refuse_with(exchange, ERR_UNAVAILABLE, "no service is there");
}

void admin_on_whole(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    struct text rest, path = text_cut(exchange_target(exchange), '?', &rest);
    bool read = text_is(exchange->method, "GET") || text_is(exchange->method, "HEAD");
    struct buf body = BUF(PAGE_MAX);
    exchange->match.allow = 1u << METHOD_GET;
    if (!read) {
        exchange_refuse_with(exchange, ERR_METHOD, "the admin address is for reading");
    } else if (text_is(path, "/healthz")) {
        buf_str(&body, "{\"status\":\"alive\"}\n");
        exchange_answer(exchange, 200, media_type(MEDIA_JSON), &body);
    } else if (text_is(path, "/readyz")) {
        answer_ready(exchange);
    } else if (text_is(path, "/metrics")) {
        metrics_write(gateway, &body);
        exchange_answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", &body);
    } else if (text_is(path, "/digest")) {
        ask_digests(exchange);
    } else {
        exchange_refuse_with(
            exchange, ERR_NOT_FOUND, "there are /healthz, /readyz, /metrics and /digest");
    }
}
