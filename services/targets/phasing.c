/* Shares, centroid and flag, year by year. The milestones are levels, so a period's part is the
 * step from the level before; the first step starts from the baseline. */
#include "phasing.h"

#include "base/rounding.h"

#define PERCENT (100 * DECIMAL_ONE)

/* Fills in shares and centroid from the steps of one year; false when nothing changes in it. */
static bool year_spread(
    int64_t before, const int64_t *levels, uint32_t periods, struct phasing_year *year)
{
    wide change = (wide)levels[periods - 1] - before, moment = 0;
    year->shares.head = (struct list_head){.count = periods, .given = true};
    year->centroid = (struct decimal){.given = true};
    for (uint32_t i = 0; i < periods; i++) {
        wide step = (wide)levels[i] - before;
        before = levels[i];
        year->shares.at[i] = change ? rounding_divide(step * PERCENT, change) : 0;
        moment += step * (i + 1);
    }
    if (change)
        year->centroid.thousandths = rounding_divide(moment * DECIMAL_ONE, change);
    return change != 0;
}

static enum phasing_flag year_flag(const struct phasing_year *year,
    const struct target_promise *promise, const struct cycle *cycle)
{
    int64_t last = year->shares.at[year->shares.head.count - 1];
    bool very_late = last > cycle->very_late_share.thousandths;
    bool late = last > cycle->late_share.thousandths ||
                year->centroid.thousandths > cycle->late_centroid.thousandths;
    if (!late && !very_late)
        return PHASING_FINE;
    if (promise->season.len || promise->phasing_reason.len)
        return PHASING_DECLARED;
    return very_late ? PHASING_VERY_LATE : PHASING_LATE;
}

uint32_t phasing_spread(const struct target_promise *promise, const struct cycle *cycle,
    struct phasing_year ret_years[PHASING_YEARS], enum phasing_flag *ret_worst)
{
    uint32_t periods = (uint32_t)cycle->periods_a_year.value;
    uint32_t complete = promise->milestones.head.count / periods, rows = 0;
    *ret_worst = PHASING_OPEN;
    if (promise->direction == direction_UNSET)
        return 0;
    for (uint32_t y = 0; y < complete; y++) {
        if (y == 0 && !promise->baseline.given)
            continue;
        const int64_t *levels = promise->milestones.at + y * periods;
        struct phasing_year *year = &ret_years[rows++];
        year->year = (struct whole){.value = y + 1, .given = true};
        bool changes =
            year_spread(y ? levels[-1] : promise->baseline.thousandths, levels, periods, year);
        year->flag = changes ? year_flag(year, promise, cycle) : PHASING_OPEN;
        if (year->flag > *ret_worst)
            *ret_worst = year->flag;
    }
    return rows;
}
