/* The way to misaq-streams: a connection whose request asks for a stream of events is passed on
 * over a local socket, with who asks and for what. From then on this process has nothing to do with
 * it: ten thousand open streams are no work here. */
#ifndef MISAQ_GATEWAY_JUNCTION_H
#define MISAQ_GATEWAY_JUNCTION_H

#include "base/settings.h"
#include "schema/messages.h"

struct exchange;
struct junction;

/* Borrows the settings. Nobody needs to be there yet. */
struct junction *junction_new(const struct settings *settings);
void junction_free(struct junction *junction);
/* Connects when it is time, and takes in what misaq-streams says of itself. */
void junction_turn(struct junction *junction, uint64_t now_us);

int junction_wait_ms(const struct junction *junction);

/* Passes the connection of an exchange on, for the events that `list` names, or refuses. */
void junction_stream(struct exchange *exchange, const struct event_list *list);
/* What misaq-streams said last; NULL when it is not there. */
const struct stream_status *junction_status(const struct junction *junction);

#endif
