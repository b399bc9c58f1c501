/* Hours of business time: when an office wants to be left in peace, and when its digest comes. */
#ifndef MISAQ_NOTIFICATIONS_HOURS_H
#define MISAQ_NOTIFICATIONS_HOURS_H

#include "facts/calendar.h"

/* The moment of a full hour on a day, where days begin `zone` minutes east of UTC. */
int64_t hours_moment(int32_t day, int hour, int32_t zone);
/* Whether a moment lies in the hours from one to the other; from == to: in none. */
bool hours_quiet(int from_hour, int to_hour, int64_t at, int32_t zone);
/* The first moment later than `after` at that hour. */
int64_t hours_next(int hour, int64_t after, int32_t zone);
/* The same on a working day, or weekly on the first working day of a week (from Monday); INT64_MAX
 * when there is none within 100 days. */
int64_t hours_digest(
    const struct calendar *calendar, int hour, bool weekly, int64_t after, int32_t zone);

#endif
