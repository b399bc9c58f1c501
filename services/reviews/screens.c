#include "screens.h"

#include "results.h"

#include "base/clock.h"
#include "base/decimal.h"
#include "base/must.h"
#include "base/rounding.h"

#include <stdio.h>

#define VALUES_LEAST  20
#define LINES_LEAST   10
#define RUSH_PERCENT  60
#define RUSH_MS       (INT64_C(48) * 3600 * 1000)
#define DAY_MS        INT64_C(86400000)
#define MINUTE_MS     INT64_C(60000)
#define SHIFT_LEAST   DECIMAL_ONE /* weight, thousandths of a percent */
#define RATCHET_PARTS 100         /* of the last value: less than that is no difference */
#define PER_MILLE     1000
#define JUST_BY       20 /* per mille of the way */

struct looking {
    const struct model *model;
    const struct report_entry *report, *before; /* before: the period before, when it is closed */
    void (*on_found)(void *owner, const struct screen_found *found);
    void *owner;
};

bool screens_bunching(uint32_t values, uint32_t just_above, uint32_t just_below)
{
    return values >= VALUES_LEAST && 2 * just_above > values && just_above > 4 * (just_below + 1);
}

bool screens_heaping(uint32_t values, uint32_t round)
{
    int64_t over = 5 * (int64_t)round - values;
    return values >= VALUES_LEAST && over > 0 && over * over > 36 * (int64_t)values;
}

bool screens_late_rush(uint32_t lines, uint32_t late)
{
    return lines >= LINES_LEAST && 100 * (uint64_t)late > RUSH_PERCENT * (uint64_t)lines;
}

PRINTF(4, 5)
static void ask(
    const struct looking *looking, enum screen screen, uint32_t target, const char *format, ...)
{
    struct screen_found found = {.screen = screen, .target = target};
    va_list args;
    va_start(args, format);
    (void)vsnprintf(found.question, sizeof found.question, format, args);
    va_end(args);
    looking->on_found(looking->owner, &found);
}

/* ---- about the whole ---- */

/* Thousandths, hundredths, tenths or ones: the finest place that the promise uses. */
static int64_t resolution(const struct line_entry *line)
{
    int64_t step = DECIMAL_ONE;
    while (step > 1 && (line->milestone % step || line->baseline % step))
        step /= 10;
    return step;
}

static bool ends_round(const struct line_entry *line)
{
    int64_t value = line->value < 0 ? -line->value : line->value;
    return value / resolution(line) % 5 == 0;
}

/* How far the way was gone, per mille; false where there is no way to go. */
static bool way_gone(const struct line_entry *line, int64_t *ret_per_mille)
{
    enum direction direction = (enum direction)line->direction;
    int64_t way = results_beyond(direction, line->baseline, line->milestone);
    if (direction == DIRECTION_KEEP || way <= 0)
        return false;
    int64_t gone = results_beyond(direction, line->baseline, line->value);
    *ret_per_mille = rounding_divide((wide)gone * PER_MILLE, way);
    return true;
}

static void ask_bunching(const struct looking *looking)
{
    uint32_t values = 0, above = 0, below = 0;
    for (size_t i = 0; i < looking->report->line_count; i++) {
        const struct line_entry *line = &looking->report->lines[i];
        int64_t gone;
        if (!line->reported || !way_gone(line, &gone))
            continue;
        values++;
        above += gone >= PER_MILLE && gone < PER_MILLE + JUST_BY;
        below += gone >= PER_MILLE - JUST_BY && gone < PER_MILLE;
    }
    if (screens_bunching(values, above, below))
        ask(looking, SCREEN_BUNCHING, 0,
            "%u of %u values lie just above what was promised and %u just below: where do the "
            "numbers come from?",
            above, values, below);
}

static void ask_heaping(const struct looking *looking)
{
    uint32_t values = 0, round = 0;
    for (size_t i = 0; i < looking->report->line_count; i++) {
        const struct line_entry *line = &looking->report->lines[i];
        if (!line->reported || line->value == line->milestone)
            continue; /* what was promised is often round */
        values++;
        round += ends_round(line);
    }
    if (screens_heaping(values, round))
        ask(looking, SCREEN_HEAPING, 0,
            "%u of %u values end in 0 or 5, a fifth is to be expected: were they measured or "
            "estimated?",
            round, values);
}

static void ask_rush(const struct looking *looking, int32_t zone)
{
    const struct report_entry *report = looking->report;
    uint32_t late = 0, lines = 0;
    int32_t due = quarter_steps(looking->model, report).report_by;
    int64_t end = (day_number(due) + 1) * DAY_MS - zone * MINUTE_MS;
    for (size_t i = 0; i < report->line_count; i++) {
        lines += report->lines[i].reported;
        late += report->lines[i].reported && report->lines[i].filed_at >= end - RUSH_MS;
    }
    if (screens_late_rush(lines, late))
        ask(looking, SCREEN_LATE_RUSH, 0,
            "%u of %u lines came in the last 48 hours: what kept them until then?", late, lines);
}

static void ask_shift(const struct looking *looking)
{
    int64_t shifted = 0;
    char points[DECIMAL_TEXT_SIZE];
    for (size_t i = 0; looking->before && i < looking->report->line_count; i++) {
        const struct line_entry *line = &looking->report->lines[i];
        const struct line_entry *last = quarter_line(looking->before, line->number);
        if (last && last->status != STATUS_ON_TRACK && line->weight < last->weight)
            shifted += last->weight - line->weight;
    }
    if (shifted >= SHIFT_LEAST)
        ask(looking, SCREEN_WEIGHT_SHIFT, 0,
            "An amendment moved %s points of weight away from targets that were behind: why "
            "those?",
            decimal_to_text(shifted, points));
}

/* ---- about one target ---- */

static void ask_ratchet(const struct looking *looking, const struct line_entry *line,
    const struct line_entry *last, const struct target_entry *target)
{
    enum direction direction = (enum direction)line->direction;
    char reached[DECIMAL_TEXT_SIZE], then[DECIMAL_TEXT_SIZE], now[DECIMAL_TEXT_SIZE];
    int64_t size = last->value < 0 ? -last->value : last->value;
    if (direction == DIRECTION_KEEP || (target && target->measure.in_season) ||
        results_beyond(direction, last->milestone, last->value) <= 0 ||
        -results_beyond(direction, last->value, line->milestone) <= size / RATCHET_PARTS)
        return;
    ask(looking, SCREEN_RATCHET, line->number,
        "A period ago %s was promised and %s was reached; now %s is promised: why less than was "
        "there?",
        decimal_to_text(last->milestone, then), decimal_to_text(last->value, reached),
        decimal_to_text(line->milestone, now));
}

static void ask_copies(
    const struct looking *looking, const struct line_entry *line, const struct line_entry *last)
{
    char value[DECIMAL_TEXT_SIZE];
    if (last && last->reported && line->value == last->value &&
        line->milestone != last->milestone && line->direction != DIRECTION_KEEP)
        ask(looking, SCREEN_COPY_VALUE, line->number,
            "%s was reported a period ago as well, though more was promised now: was it measured "
            "again?",
            decimal_to_text(line->value, value));
    for (size_t i = 0; line->evidence && i < line->evidence->report_count; i++) {
        const struct report_entry *other = line->evidence->reports[i];
        if (other->position >= looking->report->position)
            continue;
        ask(looking, SCREEN_COPY_EVIDENCE, line->number,
            "The same file was evidence in %s already: what in it is new?", other->id);
        return;
    }
}

void screens_find(const struct model *model, const struct report_entry *report, int32_t zone,
    void (*on_found)(void *owner, const struct screen_found *found), void *owner)
{
    struct looking looking = {
        .model = model, .report = report, .on_found = on_found, .owner = owner};
    const struct report_entry *before =
        report->period > 1 ? report->agreement->reports[report->period - 2] : NULL;
    if (!report->certified)
        return;
    if (before && quarter_is_closed(before))
        looking.before = before;
    ask_bunching(&looking);
    ask_heaping(&looking);
    ask_rush(&looking, zone);
    ask_shift(&looking);
    for (size_t i = 0; i < report->line_count; i++) {
        const struct line_entry *line = &report->lines[i];
        const struct line_entry *last =
            looking.before ? quarter_line(looking.before, line->number) : NULL;
        if (!line->reported)
            continue;
        if (last && last->reported)
            ask_ratchet(&looking, line, last, model_target(report->agreement, line->number));
        ask_copies(&looking, line, last);
    }
}
