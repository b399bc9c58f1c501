/* Two clocks that must not be mixed: the monotonic one measures timeouts, the wall one dates
 * events. Pure code gets both as arguments. */
#ifndef MISAQ_BASE_CLOCK_H
#define MISAQ_BASE_CLOCK_H

#include "base/text.h"

/* Microseconds since some moment in the past; never goes back. */
uint64_t clock_mono_us(void);
/* Milliseconds since 1970-01-01 UTC. */
int64_t clock_wall_ms(void);

/* A day of the calendar as the number yyyymmdd (20210701); 0 is no day. */
int32_t day_from_text(
    struct text text); /* "2021-07-01"; 0 when it is not a day from 1900 to 2199 */
#define DAY_TEXT_SIZE 11
void day_to_text(int32_t day, char out[DAY_TEXT_SIZE]);
/* Days since 1970-01-01 and back (proleptic Gregorian; Howard Hinnant, chrono-compatible
 * low-level date algorithms). */
int32_t day_number(int32_t day);
int32_t day_from_number(int32_t number);
/* The day on which a moment falls in the zone that is `offset_minutes` east of UTC. */
int32_t day_of_moment(int64_t wall_ms, int32_t offset_minutes);

/* Moments that are dated here: the years 1900 to 2199, as for days. */
#define MOMENT_LEAST INT64_C(-2208988800000)
#define MOMENT_MOST  INT64_C(7258118399999)

/* RFC 3339 with milliseconds, UTC: "2026-11-23T18:41:53.123Z". */
#define MOMENT_TEXT_SIZE 25
void moment_to_text(int64_t wall_ms, char out[MOMENT_TEXT_SIZE]);
/* The same form back; false when it is not one. */
bool moment_from_text(struct text text, int64_t *ret_wall_ms);

#endif
