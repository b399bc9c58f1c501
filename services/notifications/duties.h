/* Which days a thing gives its offices to think of, and whether it still does. Days come from the
 * calendar, so a duty is worked out anew whenever that changes. */
#ifndef MISAQ_NOTIFICATIONS_DUTIES_H
#define MISAQ_NOTIFICATIONS_DUTIES_H

#include "facts/calendar.h"
#include "model.h"

/* What days are counted by. */
struct world {
    const struct calendar *calendar;
    int32_t zone;
};

#define DUTIES_SOON  3  /* working days before a day on which it is told */
#define DUTIES_QUEUE 10 /* working days that the committee may take */

/* Puts the duties of a thing into the schedule, also those of days that have passed. */
void duties_arm(struct model *model, const struct thing *thing, const struct world *world);
/* Whether there is something to do for a day: of a digest never asked. `period` of reports. */
bool duties_stand(enum sort sort, const struct thing *thing, unsigned period, int32_t due,
    const struct world *world);

#endif
