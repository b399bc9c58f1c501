/* From a question to a service to the response of the exchange: receipts, single things, lists,
 * refusals. */
#ifndef MISAQ_GATEWAY_RELAY_H
#define MISAQ_GATEWAY_RELAY_H

#include "exchange.h"

/* Lines of a file that the rows of an import came from: the work of its exchange. */
struct relay_lines {
    size_t count;
    uint32_t at[];
};

/* Sends the frames of gateway->frames and answers, at once or later. A question without a message
 * is the route's. */
void relay_ask(struct exchange *exchange, struct question *question);
/* Asks; what comes goes to `done`. False when it could not be sent. */
bool relay_send(struct exchange *exchange, struct question *question, asks_on_answer *done);
/* For a question that ended without an answer, or with a refusal; false when it was answered well.
 */
bool relay_refused(struct exchange *exchange, enum err err, const struct answer *answer,
    const struct bus_message *message);
/* The frame of a single thing or receipt in the media type of the answer; false when it is not in
 * the form of the route. */
bool relay_render(struct exchange *exchange, struct text frame, struct buf *out);
/* The service answered in another form than agreed. */
void relay_broken(struct exchange *exchange);
void relay_position(struct exchange *exchange, const struct answer *answer);

#endif
