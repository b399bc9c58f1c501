/* Pages of the ledger itself, read by the gateway: no service is asked, because all events of all
 * services are wanted. As events, where a reader gets those that he may see; or as entries, which
 * anybody can check against the record: each with its hash, and in full where it is public. */
#ifndef MISAQ_GATEWAY_EVENTS_H
#define MISAQ_GATEWAY_EVENTS_H

#include "exchange.h"

/* The rules of an event_list or entry_list that its rows do not say. */
enum err events_check(const struct route *route, const void *record, struct faults *why) MUST_CHECK;
/* Asks for the page that the list names; false when too many wait already. */
bool events_ask(struct exchange *exchange, const void *record);
/* The exchange is over. */
void events_forget(const struct exchange *exchange);
/* Gives up what is late. */
void events_expire(uint64_t now_us);

#endif
