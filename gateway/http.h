/* A listening address with its connections, run by libmicrohttpd inside our loop. The library's own
 * limits do not stop a client that sends a byte every few seconds; ours do (line.h). */
#ifndef MISAQ_GATEWAY_HTTP_H
#define MISAQ_GATEWAY_HTTP_H

#include "line.h"

struct gateway;
struct http;
struct exchange;

typedef void http_on_request(struct exchange *exchange);

/* address: host:port or [IPv6]:port; port 0 finds one. on_header: a well-framed header has come and
 * a body will follow: it sets body_most or refuses. on_request: the request is there as a whole: it
 * is answered at once or later, always exactly once. */
enum err http_open(struct gateway *gateway, const char *address, http_on_request *on_header,
    http_on_request *on_request, struct http **ret_http, struct faults *why) MUST_CHECK;
/* Ends all connections. Every exchange that was suspended has been answered before. */
void http_free(struct http *http);

/* Works on a request that has arrived once more, from the beginning. */
void http_work(struct exchange *exchange);

int http_fd(const struct http *http);
int http_wait_ms(const struct http *http);
void http_turn(struct http *http);
/* Cuts off connections that are late; while draining also those that wait for nothing. */
void http_reap(struct http *http);
/* Answers what is suspended with a refusal and ends streams as broken. */
void http_abandon(struct http *http);
/* Takes no new connections. */
void http_quiesce(struct http *http);
/* Exchanges that are not finished. */
size_t http_under_way(const struct http *http);
const struct lines_counts *http_lines(const struct http *http);
const char *http_address(const struct http *http); /* as bound */

#endif
