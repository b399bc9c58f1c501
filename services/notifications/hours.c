/* A day is a span of 24 hours here: zones have no summer time. */
#include "hours.h"

#include "base/clock.h"

#define HOUR_MS   INT64_C(3600000)
#define DAY_MS    (24 * HOUR_MS)
#define MINUTE_MS INT64_C(60000)
#define LOOK_DAYS 100

int64_t hours_moment(int32_t day, int hour, int32_t zone)
{
    return day_number(day) * DAY_MS + hour * HOUR_MS - zone * MINUTE_MS;
}

bool hours_quiet(int from_hour, int to_hour, int64_t at, int32_t zone)
{
    int64_t midnight = hours_moment(day_of_moment(at, zone), 0, zone);
    int hour = (int)((at - midnight) / HOUR_MS);
    return from_hour <= to_hour ? hour >= from_hour && hour < to_hour
                                : hour >= from_hour || hour < to_hour;
}

int64_t hours_next(int hour, int64_t after, int32_t zone)
{
    int64_t today = hours_moment(day_of_moment(after, zone), hour, zone);
    return today > after ? today : today + DAY_MS;
}

/* The first of its week: no day before it, back to Monday, is worked on. 1970-01-01 was a Thursday.
 */
static bool opens_week(const struct calendar *calendar, int32_t day)
{
    int32_t since_monday = (day_number(day) + 3) % 7;
    for (int32_t back = 1; back <= since_monday; back++)
        if (calendar_works(calendar, calendar_day_after(day, -back)))
            return false;
    return true;
}

int64_t hours_digest(
    const struct calendar *calendar, int hour, bool weekly, int64_t after, int32_t zone)
{
    int64_t at = hours_next(hour, after, zone);
    for (int looked = 0; looked < LOOK_DAYS; looked++, at += DAY_MS) {
        int32_t day = day_of_moment(at, zone);
        if (calendar_works(calendar, day) && (!weekly || opens_week(calendar, day)))
            return at;
    }
    return INT64_MAX;
}
