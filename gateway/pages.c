#include "pages.h"

#include "base/json_text.h"
#include "base/must.h"
#include "events.h"
#include "export.h"
#include "relay.h"
#include "schema/json.h"
#include "schema/pack.h"

#include <inttypes.h>
#include <stdio.h>

#define PAGE_MAX (32u << 20)

static bool is_export(const struct exchange *exchange)
{
    return exchange->media == MEDIA_CSV || exchange->media == MEDIA_NDJSON;
}

static void on_page(
    void *owner, enum err err, const struct answer *answer, const struct bus_message *message)
{
    struct exchange *exchange = owner;
    if (err != OK || !text_is(answer->status, err_word(OK))) {
        pages_fail(exchange, err, answer, message);
        return;
    }
    struct page page = {
        message->frames + 1, message->count - 1, answer->next, answer->total, answer->position};
    pages_deliver(exchange, &page);
}

bool pages_send(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    struct question question = {
        .at = exchange->manner.at, .least = {(int64_t)gateway->least, gateway->least > 0}};
    if (route_many(exchange->match.route))
        return relay_send(exchange, &question, on_page);
    relay_ask(exchange, &question);
    return true;
}

bool pages_ask(struct exchange *exchange, const void *record)
{
    struct gateway *gateway = exchange->gateway;
    const struct route *route = exchange->match.route;
    if (!route->message)
        return events_ask(exchange, record);
    frames_clear(&gateway->frames);
    pack_write(route_carries(route), record, &gateway->frames.bytes);
    frames_end(&gateway->frames, 0);
    return pages_send(exchange);
}

/* A member of a record of paging: `limit` or `after`. */
static void *member_of(const struct record *record, const char *name, void *value)
{
    size_t hint = 0;
    const struct slot *slot = record_find(record, text_of(name), &hint);
    return slot ? slot_at(slot, value) : NULL;
}

/* An export has no pages for the reader: ours are as large as they can be. */
static enum err prepare_export(struct exchange *exchange, void *record, struct faults *why)
{
    const struct record *carries = route_carries(exchange->match.route);
    struct whole *limit = member_of(carries, "limit", record);
    struct text *after = member_of(carries, "after", record);
    if (!limit || !after)
        return OK;
    if (limit->given || after->at)
        return faults_add(why, ERR_INVALID, limit->given ? "limit" : "after",
            "is not a parameter of an export: it holds all rows");
    *limit = (struct whole){200, true};
    return OK;
}

enum err pages_first(struct exchange *exchange, void *record, struct faults *why)
{
    const struct record *carries = route_carries(exchange->match.route);
    enum err err = OK;
    if (is_export(exchange))
        err = prepare_export(exchange, record, why);
    if (err == OK)
        err = record_check(carries, record, why);
    if (err == OK && !exchange->match.route->message)
        err = events_check(exchange->match.route, record, why);
    if (err != OK)
        return err;
    if (is_export(exchange))
        export_begin(exchange, record);
    if (!pages_ask(exchange, record))
        exchange_refuse_with(exchange, ERR_UNAVAILABLE, "the service is not there, or too busy");
    return OK;
}

static bool write_json(struct exchange *exchange, const struct page *page, struct buf *out)
{
    const struct record *record = route_answers(exchange->match.route);
    buf_str(out, "{\"items\":[");
    for (size_t i = 0; i < page->count; i++) {
        if (i)
            buf_char(out, ',');
        if (!json_write(record, page->items[i], out))
            return false;
    }
    buf_char(out, ']');
    if (page->total.given)
        buf_printf(out, ",\"total\":%" PRId64, page->total.value);
    if (page->next.at) {
        buf_str(out, ",\"next\":");
        json_text_write(out, page->next);
    }
    buf_str(out, "}\n");
    return !out->full;
}

static bool write_msgpack(const struct page *page, struct buf *out)
{
    pack_map(out, 1u + page->total.given + (page->next.at != NULL));
    pack_text(out, TEXT_LITERAL("items"));
    pack_array(out, (uint32_t)page->count);
    for (size_t i = 0; i < page->count; i++)
        buf_text(out, page->items[i]);
    if (page->total.given) {
        pack_text(out, TEXT_LITERAL("total"));
        pack_whole(out, page->total.value);
    }
    if (page->next.at) {
        pack_text(out, TEXT_LITERAL("next"));
        pack_text(out, page->next);
    }
    return !out->full;
}

static void add_link(struct exchange *exchange, struct text next)
{
    BUF_CLEANUP struct buf link = BUF(3 * PATH_TARGET_MAX);
    buf_char(&link, '<');
    parameters_next(&link, exchange_target(exchange), next);
    buf_str(&link, ">; rel=\"next\"");
    buf_char(&link, '\0');
    if (!link.full)
        exchange_header(exchange, MHD_HTTP_HEADER_LINK, link.at);
}

static void answer_page(struct exchange *exchange, const struct page *page)
{
    struct buf body = BUF(PAGE_MAX);
    bool fine = exchange->media == MEDIA_MSGPACK ? write_msgpack(page, &body)
                                                 : write_json(exchange, page, &body);
    if (!fine) {
        buf_free(&body);
        exchange_refuse_with(
            exchange, ERR_INTERNAL, "the service answered in another form than agreed");
        return;
    }
    exchange_answer(exchange, 200, media_type(exchange->media), &body);
    exchange_header(exchange, MHD_HTTP_HEADER_CACHE_CONTROL,
        exchange->match.route->method == METHOD_GET ? "private, no-cache" : "no-store");
    exchange_header(exchange, MHD_HTTP_HEADER_VARY, EXCHANGE_VARY);
    if (page->next.at)
        add_link(exchange, page->next);
    struct answer answer = {.position = page->position};
    relay_position(exchange, &answer);
}

void pages_deliver(struct exchange *exchange, const struct page *page)
{
    if (is_export(exchange))
        export_deliver(exchange, page);
    else
        answer_page(exchange, page);
    exchange_wake(exchange);
}

void pages_fail(struct exchange *exchange, enum err err, const struct answer *answer,
    const struct bus_message *message)
{
    if (exchange->streaming)
        exchange->aborted = true;
    else
        must(relay_refused(exchange, err, answer, message));
    exchange_wake(exchange);
}
