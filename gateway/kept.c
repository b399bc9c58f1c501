#include "kept.h"

#include "base/must.h"
#include "exchange.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define KEY_ACCEPT_MAX 128 /* longer fields are rare and go the long way */

struct kept {
    struct MHD_Response *response;
    uint64_t version;
    size_t route;
};

void kept_release(void *kept_answer)
{
    struct kept *kept = kept_answer;
    MHD_destroy_response(kept->response);
    free(kept);
}

/* Office, accepted types and raw target: equal keys get equal answers. */
static struct text key_of(
    const struct exchange *exchange, char out[ID_MAX + KEY_ACCEPT_MAX + PATH_TARGET_MAX + 8])
{
    struct text accept = exchange->headers.accept, office = exchange->actor.office;
    char *at = out;
    const struct text parts[] = {office, accept, exchange_target(exchange)};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].len)
            memcpy(at, parts[i].at, parts[i].len);
        at += parts[i].len;
        *at++ = '\n';
    }
    return (struct text){out, (size_t)(at - out)};
}

static bool is_keepable(const struct exchange *exchange)
{
    const struct gateway *gateway = exchange->gateway;
    return (text_is(exchange->method, "GET") || text_is(exchange->method, "HEAD")) &&
           exchange->headers.accept.len <= KEY_ACCEPT_MAX &&
           exchange->target_len <= PATH_TARGET_MAX && !gateway->draining &&
           gateway->settings->cache && feed_trusted(gateway->feed, gateway->now_us);
}

static void add_headers(struct MHD_Response *response, uint64_t version)
{
    char etag[32];
    (void)snprintf(etag, sizeof etag, "\"%" PRIu64 "\"", version);
    must(MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, etag) == MHD_YES);
    must(MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "private, no-cache") ==
         MHD_YES);
    must(MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, EXCHANGE_VARY) == MHD_YES);
    must(MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") == MHD_YES);
}

bool kept_answer(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    char bytes[ID_MAX + KEY_ACCEPT_MAX + PATH_TARGET_MAX + 8];
    if (!is_keepable(exchange))
        return false;
    const struct kept *kept =
        answers_find(gateway->answers, key_of(exchange, bytes), gateway->least);
    if (!kept)
        return false;
    exchange->match.route = route_at(kept->route);
    exchange->match.index = kept->route;
    if (!exchange->headers.if_none_match.at ||
        !condition_none_match(exchange->headers.if_none_match, kept->version)) {
        exchange_answer_shared(exchange, 200, kept->response);
        return true;
    }
    struct buf empty = BUF(1);
    exchange_answer(exchange, 304, NULL, &empty);
    add_headers(exchange->response, kept->version);
    return true;
}

void kept_add(struct exchange *exchange, const struct answer *answer, struct text body)
{
    struct gateway *gateway = exchange->gateway;
    char bytes[ID_MAX + KEY_ACCEPT_MAX + PATH_TARGET_MAX + 8];
    if (!is_keepable(exchange) || !answer->subject.len || !answer->position.given ||
        !answer->version.given)
        return;
    struct kept *kept = malloc(sizeof *kept);
    must(kept);
    kept->version = (uint64_t)answer->version.value;
    kept->route = exchange->match.index;
    kept->response = MHD_create_response_from_buffer(
        body.len, (void *)(uintptr_t)body.at, MHD_RESPMEM_MUST_COPY);
    must(kept->response);
    add_headers(kept->response, kept->version);
    char position[24];
    (void)snprintf(position, sizeof position, "%" PRId64, answer->position.value);
    must(MHD_add_response_header(kept->response, "Misaq-Position", position) == MHD_YES);
    must(MHD_add_response_header(
             kept->response, MHD_HTTP_HEADER_CONTENT_TYPE, exchange_type(exchange)) == MHD_YES);
    answers_keep(gateway->answers, key_of(exchange, bytes), answer->subject,
        (uint64_t)answer->position.value, kept, body.len + 512);
}
