#include "held.h"

/* Days beyond the norm that lie after `from`, up to and with `to`, while the ball rests. */
static int32_t beyond_between(
    const struct model *model, const struct ball *ball, int32_t from, int32_t to)
{
    int32_t begin = from > ball->since ? from : ball->since;
    if (ball->court != COURT_BLOCKING || to <= begin)
        return 0;
    return ball_beyond(ball, model->calendar, to) - ball_beyond(ball, model->calendar, begin);
}

static int32_t within_period(const struct model *model, const struct ball *ball,
    const struct period_view *steps, int32_t until)
{
    int32_t end = until < steps->ends_on ? until : steps->ends_on;
    return beyond_between(model, ball, calendar_day_after(steps->starts_on, -1), end);
}

void held_count(const struct model *model, struct need_entry *need, const struct ball *before)
{
    struct text cycle = text_of(need->agreement->cycle->id);
    struct period_view steps;
    if (before->court != COURT_BLOCKING || need->ball.since <= before->since)
        return;
    for (uint32_t period = 1; calendar_period(model->calendar, cycle, period, &steps); period++)
        if (before->since <= steps.ends_on && need->ball.since >= steps.starts_on)
            need->beyond[period - 1] += within_period(model, before, &steps, need->ball.since);
}

struct held held_target(const struct model *model, const struct agreement_entry *agreement,
    const struct target_entry *target, uint32_t period)
{
    struct period_view steps;
    struct held held = {0};
    int32_t most = 0;
    if (!calendar_period(model->calendar, text_of(agreement->cycle->id), period, &steps))
        return held;
    held.working_days = calendar_working_days(
        model->calendar, calendar_day_after(steps.starts_on, -1), steps.ends_on);
    for (uint32_t i = 0; i < target->need_count; i++) {
        const struct need_entry *need = model->needs[target->needs[i]];
        int32_t days =
            need->beyond[period - 1] + within_period(model, &need->ball, &steps, steps.ends_on);
        held.days += days;
        if (days > most) {
            most = days;
            held.need = need;
        }
    }
    return held;
}
