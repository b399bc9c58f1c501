/* Answers that are lists: one page as JSON or MessagePack with the way to the next, or all pages
 * one after the other as CSV or NDJSON. An export that cannot be finished is broken off, so that
 * nobody takes a part for the whole. */
#ifndef MISAQ_GATEWAY_PAGES_H
#define MISAQ_GATEWAY_PAGES_H

#include "exchange.h"

struct page {
    const struct text *items; /* packed records */
    size_t count;
    struct text next; /* absent on the last page */
    struct whole total;
    struct whole position; /* of the ledger */
};

/* Asks for what `record` (filled, of the route's kind) names: a thing, or the first page. Faults
 * are about parameters. */
enum err pages_first(struct exchange *exchange, void *record, struct faults *why) MUST_CHECK;
/* Asks for one page by the frames of gateway->frames; false when nobody can be asked. */
bool pages_send(struct exchange *exchange);
/* The same by a record. */
bool pages_ask(struct exchange *exchange, const void *record);
/* A page has come. */
void pages_deliver(struct exchange *exchange, const struct page *page);
/* None will come: refuses, or breaks off the export. */
void pages_fail(struct exchange *exchange, enum err err, const struct answer *answer,
    const struct bus_message *message);

#endif
