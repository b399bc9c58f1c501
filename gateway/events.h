/* Pages of the ledger itself, read by the gateway: no service is asked, because all events of all
 * services are wanted, as they lie there. */
#ifndef MISAQ_GATEWAY_EVENTS_H
#define MISAQ_GATEWAY_EVENTS_H

#include "exchange.h"

/* The rules of an event_list that its rows do not say. */
enum err events_check(const void *record, struct faults *why) MUST_CHECK;
/* Asks for the page that the event_list names; false when too many wait already. */
bool events_ask(struct exchange *exchange, const void *record);
/* The exchange is over. */
void events_forget(const struct exchange *exchange);
/* Gives up what is late. */
void events_expire(uint64_t now_us);

#endif
