/* Values around those of the table, rounded as people round them. Each runs in its direction only,
 * and is a whole number where the unit counts things: an import refuses everything else. */
#include "sample_values.h"

#include "base/clock.h"

#define PERCENT_MOST  (98 * DECIMAL_ONE)
#define DAYS_A_YEAR   365
#define VERY_LATE     60 /* percent of a year's change in its last quarter: a reason is demanded */
#define PAST_MOST     5
#define PAST_LAST_DAY 20200630

static bool is_percent(const struct measure *measure)
{
    return measure->unit.len && measure->unit.at[0] == '%';
}

/* In what steps a measure is told: 1, 0.1 or 0.01. */
static int64_t step_of(const struct measure *measure)
{
    if (is_percent(measure))
        return DECIMAL_ONE / 10;
    if (measure->baseline % DECIMAL_ONE == 0 && measure->target % DECIMAL_ONE == 0)
        return DECIMAL_ONE;
    int64_t change = measure->target - measure->baseline;
    return change > -2 * DECIMAL_ONE && change < 2 * DECIMAL_ONE ? DECIMAL_ONE / 100
                                                                 : DECIMAL_ONE / 10;
}

static int64_t rounded(int64_t value, int64_t step)
{
    return value <= 0 ? 0 : (value + step / 2) / step * step;
}

static int64_t scaled(int64_t value, int64_t permille)
{
    return value * permille / 1000;
}

static int64_t between(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

/* Where the body stands and what it promises. A percentage varies with the room that it has. */
static void make_ends(struct dice *dice, const struct measure *measure, int64_t step,
    int64_t *ret_from, int64_t *ret_to)
{
    int64_t full = 100 * DECIMAL_ONE, spread = dice_between(dice, 720, 1280);
    int64_t from = scaled(measure->baseline, spread);
    int64_t change = scaled(measure->target - measure->baseline, dice_between(dice, 700, 1300));
    if (is_percent(measure) && measure->baseline > full / 2)
        from = full - scaled(full - measure->baseline, spread);
    else if (measure->baseline)
        change = scaled(change, spread);
    if (is_percent(measure) && dice_percent(dice, 60))
        step = DECIMAL_ONE;
    bool up = measure->direction == DIRECTION_UP;
    int64_t most = is_percent(measure) ? PERCENT_MOST : DECIMAL_MAX;
    from = rounded(from, step);
    from = up ? between(from, 0, most - step) : between(from, 2 * step, most);
    int64_t to = rounded(from + change, step);
    *ret_from = from;
    *ret_to = up ? between(to, from + step, most) : between(to, step, from - step);
    if (measure->direction == DIRECTION_KEEP)
        *ret_to = from;
}

/* Permille of a year's change that is reached after each of the first three quarters. */
static void make_curve(struct dice *dice, enum profile profile, int64_t curve[3])
{
    static const int64_t curves[][3] = {
        [PROFILE_EVEN] = {250, 500, 750},
        [PROFILE_FRONT] = {400, 700, 900},
        [PROFILE_BACK] = {100, 300, 600},
        [PROFILE_SEASON] = {150, 450, 850},
    };
    int64_t play = 20;
    for (int i = 0; i < 3; i++)
        curve[i] = curves[profile][i] + dice_between(dice, -play, play);
    if (profile == PROFILE_BACK && dice_percent(dice, 60)) /* later than the plain curve */
        for (int i = 0; i < 3; i++)
            curve[i] -= dice_between(dice, 15, 30) * (i + 1);
    if (profile == PROFILE_BACK && dice_percent(dice, 12)) /* nearly all at the end */
        for (int i = 0; i < 3; i++)
            curve[i] = scaled(curve[i], 500);
    if (profile == PROFILE_SEASON && dice_percent(dice, 40)) /* the season closes the year */
        for (int i = 0; i < 3; i++)
            curve[i] = scaled(curve[i], 480);
}

static void make_milestones(
    struct dice *dice, const struct measure *measure, int64_t step, struct target_promise *promise)
{
    int64_t from = promise->baseline.thousandths, to = promise->target_value.thousandths;
    int64_t *at = promise->milestones.at;
    promise->milestones.head = (struct list_head){VALUES_PERIODS, true};
    int64_t middle = rounded(from + scaled(to - from, dice_between(dice, 350, 600)), step);
    for (int year = 0; year < 2; year++) {
        int64_t begin = year ? middle : from, end = year ? to : middle;
        int64_t curve[3];
        make_curve(dice, measure->profile, curve);
        for (int quarter = 0; quarter < 3; quarter++)
            at[year * 4 + quarter] = rounded(begin + scaled(end - begin, curve[quarter]), step);
        at[year * 4 + 3] = end;
    }
}

/* Some promises are due a quarter or two before the cycle ends. */
static void make_days(struct dice *dice, struct target_promise *promise)
{
    static const int32_t baseline_days[] = {20201231, 20210331, 20210630};
    promise->baseline_on = baseline_days[dice_below(dice, 3)];
    promise->target_on = VALUES_CYCLE_END;
    int64_t *at = promise->milestones.at;
    if (dice_percent(dice, 15)) {
        promise->target_on = 20230331;
        at[6] = at[7];
    }
    if (promise->target_on != VALUES_CYCLE_END && dice_percent(dice, 30)) {
        promise->target_on = 20221231;
        at[5] = at[7];
    }
}

static bool is_very_late(const struct target_promise *promise)
{
    const int64_t *at = promise->milestones.at;
    for (int year = 0; year < 2; year++) {
        int64_t begin = year ? at[3] : promise->baseline.thousandths, end = at[year * 4 + 3];
        int64_t change = end - begin, last = end - at[year * 4 + 2];
        if (change != 0 && last * 100 / change >= VERY_LATE)
            return true;
    }
    return false;
}

static void make_reason(
    struct dice *dice, const struct measure *measure, bool reasons, struct target_promise *promise)
{
    static const char *const answers[] = {
        "Procurement takes three quarters; the deliveries fall into the last one",
        "Staff are recruited and trained first; the effect shows in the fourth quarter",
        "The works begin after the releases of the second quarter and are handed over in June",
        "The new rules take effect at the end of the fiscal year",
        "The measure is taken once a year, at the end of it",
    };
    if (measure->season.len) {
        promise->season = measure->season;
        return;
    }
    bool asked =
        is_very_late(promise) || (measure->profile == PROFILE_BACK && dice_percent(dice, 20));
    uint32_t which = dice_below(dice, sizeof answers / sizeof *answers);
    if (asked && reasons)
        promise->phasing_reason = text_of(answers[which]);
}

/* What a year changed before the baseline, in thousandths: enough to get there anyway, less, or the
 * other way. Never so much that the values before would have been nothing. */
static int64_t trend_a_year(struct dice *dice, int64_t from, int64_t change)
{
    uint32_t roll = dice_below(dice, 100);
    int64_t trend = roll < 18   ? scaled(change, dice_between(dice, 460, 700))
                    : roll < 72 ? scaled(change, dice_between(dice, 40, 300))
                                : scaled(change, -dice_between(dice, 20, 160));
    return between(trend, -(roll < 18 ? from / 2 : from / 8), from / 6);
}

/* Yearly values up to June 2020, on a line with some noise. Not everybody has measured before. */
static void make_past(
    struct dice *dice, const struct measure *measure, int64_t step, struct target_promise *promise)
{
    static const uint32_t often[] = {
        [CLASS_PROCESS] = 0, [CLASS_OUTPUT] = 30, [CLASS_OUTCOME] = 80};
    if (!dice_percent(dice, often[measure->class]))
        return;
    uint32_t count = dice_percent(dice, 6) ? 2 : (uint32_t)dice_between(dice, 3, PAST_MOST);
    int64_t from = promise->baseline.thousandths;
    int64_t change = promise->target_value.thousandths - from;
    int64_t trend = trend_a_year(dice, from, change ? change : from / 20);
    int64_t noise = between((change < 0 ? -change : change) / 40, 0, from / 20);
    int64_t most = is_percent(measure) ? 100 * DECIMAL_ONE : DECIMAL_MAX;
    promise->past.head = (struct list_head){count, true};
    for (uint32_t i = 0; i < count; i++) {
        int32_t day = PAST_LAST_DAY - (int32_t)(count - 1 - i) * 10000;
        int64_t days = day_number(promise->baseline_on) - day_number(day);
        int64_t value = from - trend * days / DAYS_A_YEAR + dice_between(dice, -noise, noise);
        promise->past.at[i].on = day;
        promise->past.at[i].value = (struct decimal){between(rounded(value, step), 0, most), true};
    }
}

void values_make(
    struct dice *dice, const struct measure *measure, bool reasons, struct target_promise *promise)
{
    int64_t step = step_of(measure), from, to;
    make_ends(dice, measure, step, &from, &to);
    promise->baseline = (struct decimal){from, true};
    promise->target_value = (struct decimal){to, true};
    make_milestones(dice, measure, step, promise);
    make_days(dice, promise);
    make_reason(dice, measure, reasons, promise);
    make_past(dice, measure, step, promise);
}
