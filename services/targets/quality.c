/* Ten criteria, each a line or two. They ask whether a slot is answered well, never whether the
 * answer is true: that is the committee's work. */
#include "quality.h"

static const uint8_t most[QUALITY_CRITERIA] = {
    [QUALITY_OUTCOME] = 25,
    [QUALITY_NUMBER] = 10,
    [QUALITY_BASELINE] = 15,
    [QUALITY_TREND] = 10,
    [QUALITY_PHASED] = 10,
    [QUALITY_SOURCE] = 10,
    [QUALITY_WHERE] = 5,
    [QUALITY_ONE] = 5,
    [QUALITY_OWNER] = 5,
    [QUALITY_ASKED] = 5,
};

uint8_t quality_most(enum quality_criterion criterion)
{
    return most[criterion];
}

/* " and ", ";" or "&" make two measures of one, and a target that is half reached. */
static bool measures_one_thing(struct text measure)
{
    static const char joins[] = " and ";
    size_t width = sizeof joins - 1;
    for (size_t i = 0; i < measure.len; i++) {
        if (measure.at[i] == ';' || measure.at[i] == '&')
            return false;
        size_t same = 0;
        while (
            same < width && i + same < measure.len && (measure.at[i + same] | 0x20) == joins[same])
            same++;
        if (same == width)
            return false;
    }
    return measure.len > 0;
}

/* 5 for the value, and 5 each for its date and source, which say nothing without it. */
static uint8_t baseline_points(const struct target_promise *promise)
{
    if (!promise->baseline.given)
        return 0;
    return (uint8_t)(5 + (promise->baseline_on ? 5 : 0) + (promise->baseline_source.len ? 5 : 0));
}

/* A value that is to be kept has no change to spread, so its milestones need only be complete. */
static uint8_t phased_points(
    const struct target_promise *promise, const struct cycle *cycle, enum phasing_flag flag)
{
    if (promise->milestones.head.count != cycle->periods.value)
        return 0;
    bool phased =
        flag == PHASING_FINE || flag == PHASING_DECLARED || promise->direction == DIRECTION_KEEP;
    return phased ? 10 : 5;
}

static uint8_t source_points(const struct target_promise *promise)
{
    if (!promise->source.len)
        return 0;
    if (promise->source_kind == SOURCE_INDEPENDENT)
        return 10;
    return promise->source_kind == SOURCE_SYSTEM ? 5 : 0;
}

static void add_up(struct quality *quality)
{
    quality->sum = 0;
    for (int i = 1; i < QUALITY_CRITERIA; i++)
        quality->sum = (uint8_t)(quality->sum + quality->points[i]);
}

void quality_reclass(struct quality *quality, enum target_class class)
{
    quality->points[QUALITY_OUTCOME] = class == CLASS_OUTCOME ? most[QUALITY_OUTCOME] : 0;
    add_up(quality);
}

struct quality quality_of(const struct target_promise *promise, enum target_class class,
    const struct cycle *cycle, enum phasing_flag flag, enum ambition_verdict verdict)
{
    struct quality quality = {0};
    uint8_t *points = quality.points;
#define GIVE(criterion, when) points[criterion] = (when) ? most[criterion] : 0
    GIVE(QUALITY_OUTCOME, class == CLASS_OUTCOME);
    GIVE(QUALITY_NUMBER, promise->target_value.given && promise->unit.len);
    points[QUALITY_BASELINE] = baseline_points(promise);
    GIVE(QUALITY_TREND, verdict == AMBITION_BEATS || verdict == AMBITION_TURNS);
    points[QUALITY_PHASED] = phased_points(promise, cycle, flag);
    points[QUALITY_SOURCE] = source_points(promise);
    GIVE(QUALITY_WHERE, promise->place.len && promise->beneficiary.len);
    GIVE(QUALITY_ONE, measures_one_thing(promise->measure));
    GIVE(QUALITY_OWNER, promise->owner.len);
    GIVE(QUALITY_ASKED, promise->dependencies.head.count || promise->depends_on_nobody == FLAG_YES);
#undef GIVE
    add_up(&quality);
    return quality;
}
