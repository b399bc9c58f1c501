/* Whose court the ball of a dependency is in, and the working days that each side has had it: the
 * same count in every service. The day of an act is charged to who held the ball before it, so the
 * three clocks always sum to the age. */
#ifndef MISAQ_FACTS_BALL_H
#define MISAQ_FACTS_BALL_H

#include "base/err.h"
#include "facts/calendar.h"

struct ball {
    enum dependency_state state;
    enum court court;
    bool outside;                        /* who has to act is not of this government */
    int32_t raised_on, ended_on;         /* days; ended_on 0: open */
    int32_t since;                       /* the day up to which the clocks below are counted */
    int32_t waiting, blocking, external; /* working days charged, up to `since` */
    int32_t blocking_before;             /* of `blocking`, what was charged in earlier rounds */
    int32_t norm_days;
    int32_t promised; /* day; 0: none */
    bool assumed;     /* nobody promised it: the norm counts */
    int32_t complete_since;
    bool acknowledged; /* who has to act has said something */
    bool was_put_off;
    bool was_returned; /* in this round: incompleteness may be claimed once */
    uint32_t returns, rounds, put_off_days;
    uint32_t rungs; /* bits 1 << rung, of this round */
};

/* The state after an event of a dependency; dependency_state_UNSET: it cannot happen then. From
 * dependency_state_UNSET only dependency.raised leads anywhere. */
enum dependency_state ball_after(enum message event, const struct ball *ball);
/* OK when it can happen; else ERR_STATE under the member "dependency" naming it, its state and
 * what can be done now. */
enum err ball_check(enum message event, struct text dependency, const struct ball *ball,
    struct faults *why) MUST_CHECK;
/* Folds an event of this dependency (zeroed before dependency.raised); NULL, or why not. */
const char *ball_apply(
    struct ball *ball, const struct calendar *calendar, const struct happened *happened);
/* Working days charged to a side until `today` (or the end); COURT_NOBODY: the age, their sum. */
int32_t ball_days(
    const struct ball *ball, const struct calendar *calendar, enum court court, int32_t today);
/* Of those charged to who has to act in this round, how many are beyond the norm. */
int32_t ball_beyond(const struct ball *ball, const struct calendar *calendar, int32_t today);
/* The next rung that was not reached yet, and the day on which it falls due if nothing happens;
 * 0: none (it has ended, or the ball is not in the court of who has to act). Lowest day first; of
 * one day, the lowest rung. */
int32_t ball_next_rung(
    const struct ball *ball, const struct calendar *calendar, enum rung *ret_rung);

#endif
