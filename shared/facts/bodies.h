/* Bodies and what follows them: after a merger, split or new name an agreement goes on, and the
 * offices of the successors act for it. */
#ifndef MISAQ_FACTS_BODIES_H
#define MISAQ_FACTS_BODIES_H

#include "facts/happened.h"

struct bodies;
struct bodies *bodies_new(void);
void bodies_free(struct bodies *bodies);
const char *bodies_apply(struct bodies *bodies, const struct happened *happened);
bool bodies_knows(const struct bodies *bodies, struct text body);
/* Calls `each` with every body, in the order in which they were registered. */
void bodies_each(
    const struct bodies *bodies, void (*each)(void *owner, struct text body), void *owner);
/* Whether offices of `office_body` act for what `body` promised: it is the body itself while that
 * has no successors, else any of its successors, directly or through others. A body that has ended
 * acts for nothing any more. */
bool bodies_act_for(const struct bodies *bodies, struct text office_body, struct text body);

#endif
