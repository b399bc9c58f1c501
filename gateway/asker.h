/* Who asks, and in which office: a token as a cookie or a bearer says the person, the ledger says
 * which offices the person holds. A request with a token that is not good is refused: taken for the
 * public's it would get another answer than was asked for. */
#ifndef MISAQ_GATEWAY_ASKER_H
#define MISAQ_GATEWAY_ASKER_H

#include "base/text.h"

struct exchange;
struct gateway;

/* Fills in who asks; nobody is the public. False when it was refused, or when it has to wait for
 * what the gateway wrote itself to be heard again: then the request is worked on later from the
 * beginning. */
bool asker_find(struct exchange *exchange);
/* Whether who asks may use the route of the exchange, else it is refused. An office that was not
 * named gives way to "person" where only that may. */
bool asker_may(struct exchange *exchange);
/* The same with an office that a parameter names rather than the header: where a browser cannot
 * send one. False when it was refused. */
bool asker_take(struct exchange *exchange, struct text office);
/* From here on the request is asked as "person", in no office. */
void asker_as_person(struct exchange *exchange);
/* Whether this is refused because a page of another site has sent it. */
bool asker_foreign(struct exchange *exchange);

/* Goes on with what has waited, or gives it up. */
void asker_turn(struct gateway *gateway);
/* The exchange is over. */
void asker_forget(struct exchange *exchange);

#endif
