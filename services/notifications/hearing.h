/* An event comes into the inboxes of those who must hear of it. */
#ifndef MISAQ_NOTIFICATIONS_HEARING_H
#define MISAQ_NOTIFICATIONS_HEARING_H

#include "resolve.h"

/* After the event has changed what is remembered. */
void hearing_spread(struct model *model, const struct happened *happened);
/* Who a thing is about: an agreement, a dependency, a corrective action, a hand-over; nobody for
 * others. */
struct scene hearing_scene(const struct thing *thing);

#endif
