/* Working days are counted by arithmetic on whole weeks and a search among the holidays, never day
 * by day: the clocks of sixty thousand dependencies are read at once. A week counts from its day
 * on, so that what was counted before a change stays what it was. */
#include "facts/calendar.h"

#include "base/clock.h"
#include "base/must.h"

#include <stdlib.h>
#include <string.h>

#define WEEK_PRESET 0x1Fu /* Monday to Friday; bit 0 is Monday */
#define MONTHS      12

struct holiday_entry {
    int32_t number; /* of the day: day_number() */
    char *name;     /* owned */
};

struct week_entry {
    int32_t from; /* number of its first day */
    uint32_t mask;
};

struct cycle_entry {
    char id[ID_MAX + 1];
    struct cycle facts; /* numbers and days only: its texts are not kept */
};

struct calendar {
    int64_t ahead_ms;
    uint64_t version;
    struct holiday_entry *holidays; /* by day */
    size_t holiday_count;
    struct week_entry *weeks; /* by day; the first counts from the beginning of time */
    size_t week_count;
    struct cycle_entry *cycles; /* in order of creation */
    size_t cycle_count;
};

struct calendar *calendar_new(void)
{
    struct calendar *calendar = calloc(1, sizeof *calendar);
    must(calendar);
    calendar->weeks = malloc(sizeof *calendar->weeks);
    must(calendar->weeks);
    calendar->weeks[calendar->week_count++] = (struct week_entry){INT32_MIN, WEEK_PRESET};
    return calendar;
}

void calendar_free(struct calendar *calendar)
{
    if (!calendar)
        return;
    for (size_t i = 0; i < calendar->holiday_count; i++)
        free(calendar->holidays[i].name);
    free(calendar->holidays);
    free(calendar->weeks);
    free(calendar->cycles);
    free(calendar);
}

/* ---- folding ---- */

/* Where the holiday of a day stands, or would stand. */
static size_t holiday_place(const struct calendar *calendar, int32_t number)
{
    size_t low = 0, high = calendar->holiday_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (calendar->holidays[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_holiday(const struct calendar *calendar, int32_t number)
{
    size_t place = holiday_place(calendar, number);
    return place < calendar->holiday_count && calendar->holidays[place].number == number;
}

static const char *declare(struct calendar *calendar, const struct holiday *holiday)
{
    int32_t number = day_number(holiday->on);
    size_t place = holiday_place(calendar, number);
    if (is_holiday(calendar, number))
        return "a holiday declared twice";
    calendar->holidays =
        realloc(calendar->holidays, (calendar->holiday_count + 1) * sizeof *calendar->holidays);
    must(calendar->holidays);
    memmove(&calendar->holidays[place + 1], &calendar->holidays[place],
        (calendar->holiday_count - place) * sizeof *calendar->holidays);
    char *name = malloc(holiday->name.len + 1);
    must(name);
    memcpy(name, holiday->name.at, holiday->name.len);
    name[holiday->name.len] = '\0';
    calendar->holidays[place].number = number;
    calendar->holidays[place].name = name;
    calendar->holiday_count++;
    calendar->version++;
    return NULL;
}

static const char *cancel(struct calendar *calendar, int32_t day)
{
    int32_t number = day_number(day);
    size_t place = holiday_place(calendar, number);
    if (!is_holiday(calendar, number))
        return "a holiday cancelled that was never declared";
    free(calendar->holidays[place].name);
    calendar->holiday_count--;
    memmove(&calendar->holidays[place], &calendar->holidays[place + 1],
        (calendar->holiday_count - place) * sizeof *calendar->holidays);
    calendar->version++;
    return NULL;
}

static const char *set_week(struct calendar *calendar, const struct week *week)
{
    static const char *const words[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    int32_t from = day_number(week->from);
    uint32_t mask = 0;
    for (uint32_t i = 0; i < week->working.head.count; i++)
        for (unsigned day = 0; day < sizeof words / sizeof *words; day++)
            mask |= (uint32_t)text_is(week->working.at[i], words[day]) << day;
    if (!mask)
        return "a week without a working day";
    /* What was to come from that day on is replaced. */
    while (calendar->week_count > 1 && calendar->weeks[calendar->week_count - 1].from >= from)
        calendar->week_count--;
    calendar->weeks =
        realloc(calendar->weeks, (calendar->week_count + 1) * sizeof *calendar->weeks);
    must(calendar->weeks);
    calendar->weeks[calendar->week_count++] = (struct week_entry){from, mask};
    calendar->version++;
    return NULL;
}

static void add_cycle(struct calendar *calendar, const struct cycle *cycle)
{
    calendar->cycles =
        realloc(calendar->cycles, (calendar->cycle_count + 1) * sizeof *calendar->cycles);
    must(calendar->cycles && cycle->id.len <= ID_MAX);
    struct cycle_entry *entry = &calendar->cycles[calendar->cycle_count++];
    *entry = (struct cycle_entry){.facts = *cycle};
    memcpy(entry->id, cycle->id.at, cycle->id.len);
    entry->facts.id = entry->facts.title = (struct text){0};
    calendar->version++;
}

const char *calendar_apply(struct calendar *calendar, const struct happened *happened)
{
    switch ((int)happened->message) {
    case MESSAGE_clock_moved: {
        const struct clock_move *move = happened->record;
        if (move->to.ms < happened->at_ms)
            return "business time was moved back";
        calendar->ahead_ms += move->to.ms - happened->at_ms;
        return NULL;
    }
    case MESSAGE_holiday_declared:
        return declare(calendar, happened->record);
    case MESSAGE_holiday_cancelled:
        return cancel(calendar, ((const struct holiday_one *)happened->record)->on);
    case MESSAGE_week_was_set:
        return set_week(calendar, happened->record);
    case MESSAGE_cycle_created:
        add_cycle(calendar, happened->record);
        return NULL;
    default:
        return NULL;
    }
}

int64_t calendar_ahead_ms(const struct calendar *calendar)
{
    return calendar->ahead_ms;
}

uint64_t calendar_version(const struct calendar *calendar)
{
    return calendar->version;
}

/* ---- days ---- */

int32_t calendar_day_after(int32_t day, int32_t days)
{
    return day_from_number(day_number(day) + days);
}

int32_t calendar_days(int32_t from, int32_t to)
{
    return day_number(to) - day_number(from);
}

/* 0 is Monday; 1970-01-01 was a Thursday. */
static unsigned weekday(int32_t number)
{
    int32_t rest = (number + 3) % 7;
    return (unsigned)(rest < 0 ? rest + 7 : rest);
}

static uint32_t mask_on(const struct calendar *calendar, int32_t number)
{
    size_t i = calendar->week_count;
    while (calendar->weeks[i - 1].from > number)
        i--;
    return calendar->weeks[i - 1].mask;
}

static bool works(const struct calendar *calendar, int32_t number)
{
    return mask_on(calendar, number) >> weekday(number) & 1u && !is_holiday(calendar, number);
}

bool calendar_works(const struct calendar *calendar, int32_t day)
{
    return works(calendar, day_number(day));
}

/* Days of one week's mask after `from`, up to and with `to`; holidays are not looked at. */
static int32_t in_weeks(uint32_t mask, int32_t from, int32_t to)
{
    int32_t weeks = (to - from) / 7, count = weeks * __builtin_popcount(mask);
    for (int32_t day = from + weeks * 7 + 1; day <= to; day++)
        count += (int32_t)(mask >> weekday(day) & 1u);
    return count;
}

static int32_t count_between(const struct calendar *calendar, int32_t from, int32_t to)
{
    int32_t count = 0;
    for (size_t i = 0; i < calendar->week_count; i++) {
        const struct week_entry *week = &calendar->weeks[i];
        bool last = i + 1 == calendar->week_count;
        int32_t first = week->from == INT32_MIN || week->from - 1 < from ? from : week->from - 1;
        int32_t end =
            last || calendar->weeks[i + 1].from - 1 > to ? to : calendar->weeks[i + 1].from - 1;
        if (end > first)
            count += in_weeks(week->mask, first, end);
    }
    for (size_t i = holiday_place(calendar, from + 1);
         i < calendar->holiday_count && calendar->holidays[i].number <= to; i++) {
        int32_t number = calendar->holidays[i].number;
        count -= (int32_t)(mask_on(calendar, number) >> weekday(number) & 1u);
    }
    return count;
}

int32_t calendar_working_days(const struct calendar *calendar, int32_t from, int32_t to)
{
    return to > from ? count_between(calendar, day_number(from), day_number(to)) : 0;
}

int32_t calendar_working_after(const struct calendar *calendar, int32_t from, int32_t days)
{
    int32_t number = day_number(from);
    while (days > 0) {
        /* Never too far: a week has at most seven working days. */
        int32_t leap = days > 7 ? days / 7 * 7 : 1;
        days -= count_between(calendar, number, number + leap);
        number += leap;
    }
    return day_from_number(number);
}

struct text calendar_holiday(const struct calendar *calendar, int32_t day)
{
    int32_t number = day_number(day);
    return is_holiday(calendar, number)
               ? text_of(calendar->holidays[holiday_place(calendar, number)].name)
               : (struct text){0};
}

int32_t calendar_next_holiday(const struct calendar *calendar, int32_t day)
{
    size_t place = holiday_place(calendar, day_number(day) + 1);
    return place < calendar->holiday_count ? day_from_number(calendar->holidays[place].number) : 0;
}

/* ---- cycles and periods ---- */

static const struct cycle_entry *find(const struct calendar *calendar, struct text cycle)
{
    for (size_t i = 0; i < calendar->cycle_count; i++)
        if (text_is(cycle, calendar->cycles[i].id))
            return &calendar->cycles[i];
    return NULL;
}

/* The first day of the month that lies so many months later: cycles begin on the first of one, or
 * on a day that every month has. */
static int32_t month_after(int32_t day, int32_t months)
{
    int32_t month = day / 100 % 100 - 1 + months;
    return (day / 10000 + month / MONTHS) * 10000 + (month % MONTHS + 1) * 100 + day % 100;
}

static int32_t period_start(const struct cycle *cycle, uint32_t period)
{
    return month_after(
        cycle->starts_on, (int32_t)(period - 1) * MONTHS / (int32_t)cycle->periods_a_year.value);
}

bool calendar_period(const struct calendar *calendar, struct text cycle, uint32_t period,
    struct period_view *ret_period)
{
    const struct cycle_entry *entry = find(calendar, cycle);
    if (!entry || period < 1 || period > (uint32_t)entry->facts.periods.value)
        return false;
    const struct cycle *facts = &entry->facts;
    bool last = period == (uint32_t)facts->periods.value;
    int32_t end = last ? facts->ends_on : calendar_day_after(period_start(facts, period + 1), -1);
#define AFTER(days) calendar_day_after(end, (int32_t)facts->days.value)
    int32_t scores = AFTER(scores_days);
    *ret_period = (struct period_view){.cycle = text_of(entry->id),
        .period = {period, true},
        .starts_on = period_start(facts, period),
        .ends_on = end,
        .report_by = AFTER(report_days),
        .certify_by = AFTER(certify_days),
        .grade_by = AFTER(grade_days),
        .preread_by = AFTER(preread_days),
        .sessions_from = AFTER(sessions_first_days),
        .sessions_to = AFTER(sessions_last_days),
        .scores_on = scores,
        .appeal_by = calendar_day_after(scores, (int32_t)facts->appeal_days.value),
        .summary_on = AFTER(summary_days),
        .decisions_by = AFTER(decisions_days),
        .release_on = AFTER(release_days)};
#undef AFTER
    return true;
}

struct text calendar_cycle(const struct calendar *calendar, size_t index)
{
    return index < calendar->cycle_count ? text_of(calendar->cycles[index].id) : (struct text){0};
}

uint32_t calendar_periods(const struct calendar *calendar, struct text cycle)
{
    const struct cycle_entry *entry = find(calendar, cycle);
    return entry ? (uint32_t)entry->facts.periods.value : 0;
}

uint32_t calendar_begun(const struct calendar *calendar, struct text cycle, int32_t day)
{
    const struct cycle_entry *entry = find(calendar, cycle);
    uint32_t begun = 0;
    while (entry && begun < (uint32_t)entry->facts.periods.value &&
           period_start(&entry->facts, begun + 1) <= day)
        begun++;
    return begun;
}
