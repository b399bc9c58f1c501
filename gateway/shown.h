/* Which entries of the ledger a reader may see. The gateway shows the ledger itself, no service
 * stands between: what is not public must not come out here. */
#ifndef MISAQ_GATEWAY_SHOWN_H
#define MISAQ_GATEWAY_SHOWN_H

#include "facts.h"

/* Whether an office (role_UNSET: the public) may see an event. MESSAGE_UNSET: of a kind that is not
 * known here. */
bool shown_to(const struct facts *facts, const struct office *office, enum message event,
    struct text subject);
/* Whether an access of a department may see an event: all that is public, and what is within the
 * topics that were opened to it. */
bool shown_to_department(const struct facts *facts, const struct department_access *access,
    enum message event, struct text subject);
/* Who an event could be shown to at all: everybody; those to whom it is opened; nobody but those
 * whose own it is (sign-ins, inboxes, blind scores). */
enum shown_class { SHOWN_TO_ALL = 1, SHOWN_TO_SOME, SHOWN_TO_FEW };
enum shown_class shown_class(const struct facts *facts, enum message event, struct text subject);
/* Why an entry is withheld from the public, in words; NULL when it is shown. */
const char *shown_withheld(const struct facts *facts, enum message event, struct text subject);

#endif
