/* What a request on the public address goes through: who asks, is the answer there already, which
 * route, which media type, which parameters and body, whom to ask. */
#ifndef MISAQ_GATEWAY_REQUEST_H
#define MISAQ_GATEWAY_REQUEST_H

#include <stdbool.h>

struct exchange;
struct question;

/* The header of a request with a body: how large the body may be, or a refusal. */
void request_on_header(struct exchange *exchange);
/* The request as a whole. */
void request_on_whole(struct exchange *exchange);

/* Path, query and body into gateway->frames, by the record that the route carries; false when they
 * were refused. */
bool request_frames(struct exchange *exchange);
/* The fields of a write: If-Match and the key; false when they were refused. */
bool request_conditions(struct exchange *exchange, struct question *question);
/* Whether it is refused because nobody may write now. */
bool request_on_hold(struct exchange *exchange);

#endif
