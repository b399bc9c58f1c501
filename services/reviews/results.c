#include "results.h"

#include "base/rounding.h"

#define BAND_PARTS    100 /* the band around a milestone without a way to it: a hundredth of it */
#define BANDS_TO_ZERO 5
#define CAN_BE_FREED  3

int64_t results_beyond(enum direction direction, int64_t milestone, int64_t value)
{
    int64_t over = value - milestone;
    if (direction == DIRECTION_KEEP)
        return over > 0 ? -over : over;
    return direction == DIRECTION_DOWN ? -over : over;
}

static int64_t within(wide score)
{
    return score < 0 ? 0 : score > RESULTS_FULL ? RESULTS_FULL : (int64_t)score;
}

/* Full within one band, nothing from five on. Of a milestone of 0 the band is the smallest step. */
static int64_t by_band(int64_t milestone, int64_t short_by)
{
    int64_t size = milestone < 0 ? -milestone : milestone;
    int64_t band = size / BAND_PARTS > 0 ? size / BAND_PARTS : 1;
    if (short_by <= band)
        return RESULTS_FULL;
    return within(rounding_divide(
        (wide)RESULTS_FULL * (BANDS_TO_ZERO * band - short_by), (wide)(BANDS_TO_ZERO - 1) * band));
}

int64_t results_claimed(
    enum direction direction, int64_t baseline, int64_t milestone, int64_t value)
{
    int64_t way = results_beyond(direction, baseline, milestone);
    int64_t beyond = results_beyond(direction, milestone, value);
    if (beyond >= 0)
        return RESULTS_FULL;
    if (direction == DIRECTION_KEEP || way <= 0)
        return by_band(milestone, -beyond);
    /* 100 * (progress - 0.6) / 0.4, where progress = (way + beyond) / way */
    wide above = (wide)RESULTS_FULL * (10 * ((wide)way + beyond) - 6 * (wide)way);
    return above <= 0 ? 0 : within(rounding_divide(above, (wide)4 * way));
}

enum status results_status(int64_t claimed)
{
    return claimed >= RESULTS_FULL ? STATUS_ON_TRACK
           : claimed > 0           ? STATUS_LAGGING
                                   : STATUS_OFF_TRACK;
}

int64_t results_supported(int64_t claimed, enum evidence_grade grade)
{
    static const int64_t tenths[] = {
        [GRADE_E0] = 0, [GRADE_E1] = 6, [GRADE_E2] = 8, [GRADE_E3] = 10, [GRADE_E4] = 10};
    return rounding_divide((wide)claimed * tenths[grade], 10);
}

int64_t results_withheld(int64_t claimed, int32_t days_beyond, int32_t working_days)
{
    if (days_beyond <= 0 || working_days <= 0)
        return 0;
    int32_t days = days_beyond < working_days ? days_beyond : working_days;
    return rounding_divide((wide)(RESULTS_FULL - claimed) * days, working_days);
}

int64_t results_total(int64_t supported, int64_t withheld, int64_t committee)
{
    return rounding_divide((wide)within((wide)supported + withheld) * 85, 100) + committee;
}

int64_t results_attention(int64_t weight, int64_t claimed, int64_t periods, bool can_be_freed)
{
    return rounding_divide(
        (wide)weight * (RESULTS_FULL - claimed) * periods * (can_be_freed ? CAN_BE_FREED : 1),
        RESULTS_FULL);
}
