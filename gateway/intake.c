#include "intake.h"

#include "asker.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "events.h"

#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#define BODY_KEPT (size_t)(64 * 1024) /* memory that an exchange takes back to the pool */
/* A body that nobody wants is read all the same, up to here: cut off while it still sends, the
 * client would hear of a broken connection instead of what is wrong. */
#define DISCARD_MAX (uint64_t)(64 * 1024 * 1024)

/* Called with the raw target before the library touches it: here a request begins. */
void *intake_on_target(void *owner, const char *target, struct MHD_Connection *connection)
{
    struct http *http = owner;
    struct exchange *exchange = http->pool;
    struct buf body = {0};
    if (exchange) {
        http->pool = exchange->next;
        body = exchange->body;
    } else {
        exchange = malloc(sizeof *exchange);
        must(exchange);
    }
    memset(exchange, 0, offsetof(struct exchange, path));
    exchange->body = body;
    buf_clear(&exchange->body);
    exchange->gateway = http->gateway;
    exchange->http = http;
    exchange->connection = connection;
    exchange->stage = EXCHANGE_HEADER;
    exchange->began_us = http->gateway->now_us;
    exchange->target_len = strnlen(target, PATH_TARGET_MAX + 1);
    memcpy(exchange->target, target, exchange->target_len);
    exchange->line =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    line_set(http->lines, exchange->line, LINE_ARRIVING, http->gateway->now_us);
    http->under_way++;
    DL_APPEND(http->all, exchange);
    return exchange;
}

static enum MHD_Result on_field(void *owner, enum MHD_ValueKind kind, const char *name,
    size_t name_len, const char *value, size_t value_len)
{
    (void)kind;
    headers_add(owner, (struct text){name, name_len}, (struct text){value, value_len});
    return MHD_YES;
}

static void tell_metrics(const struct exchange *exchange)
{
    const struct route *route = exchange->match.route;
    metrics_request(exchange->gateway->metrics, route ? exchange->match.index : METRICS_NO_ROUTE,
        exchange->status, clock_mono_us() - exchange->began_us);
}

static enum MHD_Result queue(struct exchange *exchange)
{
    struct MHD_Response *response = exchange->response;
    if (exchange->passed_on) { /* the library closes its descriptor; the connection stays open */
        tell_metrics(exchange);
        return MHD_NO;
    }
    enum MHD_Result result =
        MHD_queue_response(exchange->connection, (unsigned)exchange->status, response);
    if (!exchange->in_cache)
        MHD_destroy_response(response);
    exchange->response = NULL;
    tell_metrics(exchange);
    line_set(exchange->http->lines, exchange->line,
        exchange->streaming || exchange->is_file ? LINE_STREAMING : LINE_LEAVING,
        exchange->gateway->now_us);
    return result;
}

static void refuse_size(struct exchange *exchange)
{
    char detail[96];
    (void)snprintf(detail, sizeof detail,
        "at most %zu bytes are taken here; send less, or in parts", exchange->body_most);
    exchange_refuse_with(exchange, ERR_TOO_LARGE, detail);
}

/* The bytes of the header behind the version, as the library has left them. */
static struct text raw_fields(
    const struct exchange *exchange, const char *method, const char *version)
{
    size_t size =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)
            ->header_size;
    size_t before = (size_t)(version - method) + strlen(version);
    return (struct text){method + before, size > before ? size - before : 0};
}

/* The header has arrived. What is refused here is answered before any body is read. */
static enum MHD_Result on_header(struct exchange *exchange, const char *method, const char *version)
{
    struct gateway *gateway = exchange->gateway;
    struct headers *headers = &exchange->headers;
    struct http *http = exchange->http;
    exchange->stage = EXCHANGE_BODY;
    exchange->method = text_of(method);
    exchange->closing = gateway->draining;
    (void)MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, on_field, headers);
    faults_clear(&gateway->why);
    bool newer = strcmp(version, "HTTP/1.1") == 0;
    /* "GET target HTTP/1.1" lies there as it came: a NUL within the target would cut it short. */
    size_t line_len = exchange->method.len + 1 + exchange->target_len + 1;
    bool cut = exchange->target_len <= PATH_TARGET_MAX && version != method + line_len;
    enum err err = OK;
    if (http->bare && cut)
        err = faults_add(&gateway->why, ERR_BAD_INPUT, "", "the request line has a NUL or blanks");
    else if (!newer && strcmp(version, "HTTP/1.0") != 0)
        err = faults_add(&gateway->why, ERR_BAD_INPUT, "", "HTTP/1.1 is spoken here");
    else if (http->bare && !headers_plain(raw_fields(exchange, method, version), headers->count))
        err = faults_add(&gateway->why, ERR_BAD_INPUT, "",
            "the header has folded lines, lines that do not end in CR LF, or a NUL");
    else
        err = headers_judge(headers, newer, &gateway->why);
    if (err == OK && line_is_too_many(http->lines, exchange->line))
        err = faults_add(&gateway->why, ERR_TOO_MANY, "", "close some connections first");
    if (err != OK) {
        exchange->closing = true;
        exchange_refuse(exchange, err, PROBLEM_IN_BODY);
        return queue(exchange);
    }
    if (!headers->length && !headers->chunked)
        return MHD_YES;
    bool unread = headers->expect.at || headers->length > DISCARD_MAX;
    exchange->closing |= unread;
    http->on_header(exchange);
    if (exchange->stage != EXCHANGE_ANSWERED && headers->length > exchange->body_most)
        refuse_size(exchange);
    if (exchange->stage != EXCHANGE_ANSWERED)
        exchange->closing = gateway->draining;
    return exchange->stage == EXCHANGE_ANSWERED && unread ? queue(exchange) : MHD_YES;
}

/* Takes in a part of the body, or drops it when the answer stands already. */
static enum MHD_Result on_body(struct exchange *exchange, const char *bytes, size_t *len)
{
    exchange->body_seen += *len;
    exchange->body.max = exchange->body_most;
    if (exchange->stage == EXCHANGE_BODY && exchange->body_seen > exchange->body_most)
        refuse_size(exchange);
    if (exchange->stage == EXCHANGE_BODY && exchange->take)
        exchange->take(exchange, (struct text){bytes, *len});
    else if (exchange->stage == EXCHANGE_BODY)
        buf_add(&exchange->body, bytes, *len);
    *len = 0;
    if (exchange->body_seen <= DISCARD_MAX)
        return MHD_YES;
    line_refuse(exchange->line, ERR_TOO_LARGE);
    return MHD_NO;
}

static enum MHD_Result on_whole(struct exchange *exchange)
{
    exchange->stage = EXCHANGE_WORKING;
    line_set(exchange->http->lines, exchange->line, LINE_WORKING, exchange->gateway->now_us);
    exchange->http->on_request(exchange);
    if (exchange->stage == EXCHANGE_ANSWERED)
        return queue(exchange);
    exchange->suspended = true;
    MHD_suspend_connection(exchange->connection);
    return MHD_YES;
}

enum MHD_Result intake_on_request(void *owner, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *bytes, size_t *len, void **context)
{
    (void)owner;
    (void)connection;
    (void)url; /* decoded by the library and cut at %00: never looked at */
    struct exchange *exchange = *context;
    must(exchange);
    switch (exchange->stage) {
    case EXCHANGE_HEADER:
        return on_header(exchange, method, version);
    case EXCHANGE_BODY:
        return *len ? on_body(exchange, bytes, len) : on_whole(exchange);
    case EXCHANGE_WORKING:
        return MHD_NO;
    case EXCHANGE_ANSWERED:
        return *len ? on_body(exchange, bytes, len) : queue(exchange);
    }
    return MHD_NO;
}

static void log_exchange(struct exchange *exchange, uint64_t took_us)
{
    /* What was written stands in the ledger, with who and when. */
    bool quiet = exchange->status < 400 && took_us < 1000000;
    enum log_level level = quiet ? LOG_DEBUG : LOG_INFO;
    if (!log_wants(level))
        return;
    log_begin(level, "request");
    log_text("method", exchange->method);
    log_text("target", exchange_target(exchange));
    log_whole("status", exchange->status);
    log_whole("microseconds", (int64_t)took_us);
    log_text("office", exchange->actor.office);
    log_text("person", exchange->actor.person);
    if (*exchange->trace.id)
        log_str("trace", exchange->trace.id);
    log_end();
}

void intake_on_completed(void *owner, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode code)
{
    (void)connection;
    (void)code;
    struct http *http = owner;
    struct exchange *exchange = *context;
    if (!exchange)
        return;
    *context = NULL;
    uint64_t took_us = clock_mono_us() - exchange->began_us;
    if (!exchange->status)
        tell_metrics(exchange);
    if (exchange->method.at)
        log_exchange(exchange, took_us);
    if (exchange->response && !exchange->in_cache)
        MHD_destroy_response(exchange->response);
    if (exchange->stage == EXCHANGE_WORKING || exchange->streaming) { /* nobody waits any more */
        asks_forget(http->gateway->asks, exchange);
        events_forget(exchange);
        asker_forget(exchange);
    }
    if (exchange->work)
        exchange->work_free(exchange->work);
    if (exchange->body.room > BODY_KEPT)
        buf_free(&exchange->body);
    line_set(http->lines, exchange->line, LINE_IDLE, http->gateway->now_us);
    http->under_way--;
    DL_DELETE(http->all, exchange);
    exchange->next = http->pool;
    http->pool = exchange;
}
