/* Least squares in whole numbers. With x in days from the first value and y in thousandths, the
 * sums stay below 2^127 for 12 values within 300 years: no rounding before the last division. */
#include "ambition.h"

#include "base/rounding.h"

#include "base/clock.h"

/* Where the line through the past values stands on `day`; false when it has no slope to speak of,
 * that is when all values are of one day.
 *   y(x) = mean_y + (n*Sxy - Sx*Sy) / (n*Sxx - Sx*Sx) * (x - mean_x) */
static bool line_at(const struct target_promise *promise, int32_t day, int64_t *ret_value)
{
    const struct past_value *past = promise->past.at;
    wide n = promise->past.head.count, sx = 0, sy = 0, sxx = 0, sxy = 0;
    int32_t origin = day_number(past[0].on);
    for (uint32_t i = 0; i < promise->past.head.count; i++) {
        wide x = day_number(past[i].on) - origin, y = past[i].value.thousandths;
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
    }
    wide spread = n * sxx - sx * sx;
    if (spread == 0)
        return false;
    wide x = day_number(day) - origin;
    *ret_value = rounding_divide(sy * spread + (n * sxy - sx * sy) * (n * x - sx), n * spread);
    return true;
}

struct ambition ambition_of(const struct target_promise *promise, const struct cycle *cycle)
{
    struct ambition found = {.verdict = AMBITION_OPEN};
    bool asks = promise->direction == DIRECTION_UP || promise->direction == DIRECTION_DOWN;
    if (!asks || !promise->baseline.given || !promise->target_value.given ||
        promise->past.head.count < AMBITION_PAST_LEAST)
        return found;
    int32_t day = promise->target_on ? promise->target_on : cycle->ends_on;
    if (!line_at(promise, day, &found.projection.thousandths))
        return found;
    found.projection.given = true;
    int64_t trend = found.projection.thousandths - promise->baseline.thousandths;
    int64_t promised = promise->target_value.thousandths - promise->baseline.thousandths;
    if (trend == 0 || (trend > 0) != (promise->direction == DIRECTION_UP)) {
        found.verdict = AMBITION_TURNS;
        return found;
    }
    found.ratio.thousandths = rounding_divide((wide)promised * DECIMAL_ONE, trend);
    found.ratio.given = true;
    found.verdict = found.ratio.thousandths <= DECIMAL_ONE ? AMBITION_ANYWAY : AMBITION_BEATS;
    return found;
}
