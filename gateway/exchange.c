#include "exchange.h"

#include "base/must.h"
#include "cookies.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct text exchange_target(const struct exchange *exchange)
{
    return (struct text){exchange->target, exchange->target_len};
}

bool exchange_is_public(const struct exchange *exchange)
{
    return exchange->office.role == role_UNSET;
}

const char *exchange_type(const struct exchange *exchange)
{
    const char *raw = exchange->match.route->raw;
    return raw ? raw : media_type(exchange->media);
}

const struct trace *exchange_trace(struct exchange *exchange)
{
    if (!*exchange->trace.id)
        condition_trace(exchange->headers.traceparent, &exchange->trace);
    return &exchange->trace;
}

void exchange_header(struct exchange *exchange, const char *name, const char *value)
{
    must(MHD_add_response_header(exchange->response, name, value) == MHD_YES);
}

void exchange_etag(struct exchange *exchange, uint64_t version)
{
    char etag[32];
    (void)snprintf(etag, sizeof etag, "\"%" PRIu64 "\"", version);
    exchange_header(exchange, MHD_HTTP_HEADER_ETAG, etag);
}

void exchange_cookie(struct exchange *exchange, const char *name, struct text value, int64_t age_s)
{
    BUF_CLEANUP struct buf field = BUF(8192);
    cookies_write(&field, name, value, age_s);
    must(!field.full);
    exchange_header(exchange, MHD_HTTP_HEADER_SET_COOKIE, field.at);
}

void exchange_client(const struct exchange *exchange, char out[ORIGIN_ADDRESS_SIZE])
{
    char peer[ORIGIN_ADDRESS_SIZE];
    origin_peer(MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
                    ->client_addr,
        peer);
    origin_client(&exchange->headers, exchange->gateway->settings->proxies, peer, out);
    if (!*out)
        (void)snprintf(out, ORIGIN_ADDRESS_SIZE, "unknown");
}

void exchange_passed_on(struct exchange *exchange)
{
    must(exchange->stage != EXCHANGE_ANSWERED);
    exchange->stage = EXCHANGE_ANSWERED;
    exchange->status = 200;
    exchange->passed_on = true;
}

static void answered(struct exchange *exchange, int status, struct MHD_Response *response)
{
    must(response && exchange->stage != EXCHANGE_ANSWERED);
    exchange->stage = EXCHANGE_ANSWERED;
    exchange->status = status;
    exchange->response = response;
    exchange->closing |= exchange->gateway->draining;
}

static void add_common(struct exchange *exchange)
{
    exchange_header(exchange, "Misaq-Trace", exchange_trace(exchange)->id);
    exchange_header(exchange, "X-Content-Type-Options", "nosniff");
    if (exchange->closing)
        exchange_header(exchange, MHD_HTTP_HEADER_CONNECTION, "close");
}

void exchange_answer_response(struct exchange *exchange, int status, struct MHD_Response *response)
{
    answered(exchange, status, response);
    add_common(exchange);
}

void exchange_answer(struct exchange *exchange, int status, const char *type, struct buf *body)
{
    size_t len;
    char *bytes = buf_take(body, &len);
    exchange_answer_response(exchange, status,
        MHD_create_response_from_buffer(
            len, bytes, bytes ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT));
    if (type)
        exchange_header(exchange, MHD_HTTP_HEADER_CONTENT_TYPE, type);
}

void exchange_answer_shared(struct exchange *exchange, int status, struct MHD_Response *response)
{
    answered(exchange, status, response);
    exchange->in_cache = true;
}

void exchange_answer_stream(struct exchange *exchange, struct MHD_Response *response)
{
    exchange_answer_response(exchange, 200, response);
    exchange->streaming = true;
}

/* The seconds that the detail of a refusal names, where it names any. */
static void add_retry_after(struct exchange *exchange)
{
    const struct faults *why = &exchange->gateway->why;
    const char *digits = why->total ? strpbrk(why->kept[0].detail, "123456789") : NULL;
    char seconds[8] = "1";
    size_t len = digits ? strspn(digits, "0123456789") : 0;
    if (len > 0 && len < sizeof seconds && why->kept[0].err == ERR_TOO_MANY) {
        memcpy(seconds, digits, len);
        seconds[len] = '\0';
    }
    exchange_header(exchange, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
}

void exchange_refuse(struct exchange *exchange, enum err err, enum problem_place place)
{
    struct buf body = BUF(PROBLEM_MAX);
    problem_write(&body, err, &exchange->gateway->why, place, exchange_trace(exchange)->id);
    exchange_answer(exchange, err_http(err), PROBLEM_TYPE, &body);
    exchange_header(exchange, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (err == ERR_UNAVAILABLE || err == ERR_TOO_MANY)
        add_retry_after(exchange);
    if (err == ERR_UNAUTHENTICATED)
        exchange_header(exchange, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer realm=\"misaq\"");
    if (err == ERR_METHOD) {
        BUF_CLEANUP struct buf allow = BUF(64);
        route_write_allow(exchange->match.allow, &allow);
        buf_char(&allow, '\0');
        exchange_header(exchange, MHD_HTTP_HEADER_ALLOW, allow.at);
    }
    metrics_refusal(exchange->gateway->metrics, err);
}

void exchange_refuse_with(struct exchange *exchange, enum err err, const char *detail)
{
    faults_clear(&exchange->gateway->why);
    faults_add(&exchange->gateway->why, err, "", "%s", detail);
    exchange_refuse(exchange, err, PROBLEM_IN_BODY);
}

void exchange_wake(struct exchange *exchange)
{
    if (!exchange->suspended)
        return;
    exchange->suspended = false;
    MHD_resume_connection(exchange->connection);
}
