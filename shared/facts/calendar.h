/* Business time: the clock that deadlines run by, which days are worked on, and the periods of each
 * cycle with their steps. In earnest business time is the wall's; in a demonstration clock.moved
 * sets it ahead for everybody at once. Working days are counted from the day after a day, to a day:
 * what happens within one day costs nothing, and neighbouring spans sum without a gap. */
#ifndef MISAQ_FACTS_CALENDAR_H
#define MISAQ_FACTS_CALENDAR_H

#include "facts/happened.h"

struct calendar;
struct calendar *calendar_new(void);
void calendar_free(struct calendar *calendar);
/* Folds clock.moved, holidays, the week and cycles; NULL, or why the event cannot be. */
const char *calendar_apply(struct calendar *calendar, const struct happened *happened);

/* How far business time was moved ahead of the wall's, in milliseconds. */
int64_t calendar_ahead_ms(const struct calendar *calendar);
/* Grows with every event that changes which days are worked on: what was computed is old then. */
uint64_t calendar_version(const struct calendar *calendar);

/* Days are yyyymmdd, as everywhere. */
int32_t calendar_day_after(int32_t day, int32_t days); /* plain days; negative: before */
int32_t calendar_days(int32_t from, int32_t to);       /* plain days from one to the other */
bool calendar_works(const struct calendar *calendar, int32_t day);
/* Working days after `from`, up to and with `to`; 0 when `to` is not later. */
int32_t calendar_working_days(const struct calendar *calendar, int32_t from, int32_t to);
/* The day with which `days` working days after `from` are full; `from` itself for 0. */
int32_t calendar_working_after(const struct calendar *calendar, int32_t from, int32_t days);

/* The name of a holiday; text.at is NULL when the day is none. Borrowed. */
struct text calendar_holiday(const struct calendar *calendar, int32_t day);
/* The first holiday later than a day; 0 when there is none. */
int32_t calendar_next_holiday(const struct calendar *calendar, int32_t day);

/* A period of a cycle with its steps; false when there is none. Texts are borrowed. */
bool calendar_period(const struct calendar *calendar, struct text cycle, uint32_t period,
    struct period_view *ret_period);
/* The cycles, `index` from 0 in order of creation; text.at is NULL behind the last. */
struct text calendar_cycle(const struct calendar *calendar, size_t index);
uint32_t calendar_periods(const struct calendar *calendar, struct text cycle); /* 0: no cycle */
/* The periods that began in a cycle by a day: 0 before it, and all when it is over. */
uint32_t calendar_begun(const struct calendar *calendar, struct text cycle, int32_t day);

#endif
