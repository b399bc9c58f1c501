/* A reminder comes 3 working days before a day, and on the first working day after it. */
#include "duties.h"

#include "hours.h"

#include "base/clock.h"
#include "facts/life.h"

#define ACKNOWLEDGE_DAYS                                                                           \
    7 /* plain days to acknowledge a pack: reminded after 5, overdue after 8                       \
       */
#define ACKNOWLEDGE_SOON 5
#define BACK_MOST        100 /* days to look back for a working day */

/* The last working day with that many working days behind it up to a day: on it there are still so
 * many to work. */
static int32_t working_before(const struct calendar *calendar, int32_t day, int working)
{
    for (int looked = 0; looked < BACK_MOST; looked++) {
        bool works = calendar_works(calendar, day);
        if (works && working == 0)
            return day;
        working -= works && working > 0;
        day = calendar_day_after(day, -1);
    }
    return day;
}

struct arming {
    struct model *model;
    const struct world *world;
    struct duty duty; /* but for its moment */
};

static void push(const struct arming *arming, bool late, int32_t day)
{
    struct duty duty = arming->duty;
    duty.late = late;
    duty.at = hours_moment(day, 0, arming->world->zone);
    schedule_push(&arming->model->schedule, duty);
}

static void push_both(struct arming *arming, enum sort sort, int32_t due)
{
    const struct calendar *calendar = arming->world->calendar;
    arming->duty.sort = (uint8_t)sort;
    arming->duty.due = due;
    push(arming, false, working_before(calendar, due, DUTIES_SOON));
    push(arming, true, calendar_working_after(calendar, due, 1));
}

static int32_t queue_due(const struct thing *thing, const struct world *world)
{
    int32_t since = day_of_moment(thing->agreement.submitted_at, world->zone);
    return calendar_working_after(world->calendar, since, DUTIES_QUEUE);
}

static void arm_reports(struct arming *arming, const struct thing *thing)
{
    const struct calendar *calendar = arming->world->calendar;
    struct text cycle = model_id(model_at(arming->model, thing->agreement.cycle));
    int32_t signed_on = day_of_moment(thing->agreement.signed_at, arming->world->zone);
    struct period_view view;
    for (unsigned period = 1; calendar_period(calendar, cycle, period, &view); period++) {
        if (view.ends_on < signed_on || thing->agreement.ended & 1u << period)
            continue;
        arming->duty.period = (uint8_t)period;
        push_both(arming, SORT_OF_REPORT, view.report_by);
        push_both(arming, SORT_OF_CERTIFY, view.certify_by);
    }
}

static void arm_agreement(struct arming *arming, const struct thing *thing)
{
    if (life_is_in_force(thing->agreement.state))
        arm_reports(arming, thing);
    if (thing->agreement.state != STATE_SUBMITTED)
        return;
    arming->duty.sort = SORT_OF_QUEUE;
    arming->duty.due = queue_due(thing, arming->world);
    push(arming, true, calendar_working_after(arming->world->calendar, arming->duty.due, 1));
}

static int32_t acknowledge_day(const struct thing *thing, int32_t days, const struct world *world)
{
    return calendar_day_after(day_of_moment(thing->handover.begun_at, world->zone), days);
}

static void arm_handover(struct arming *arming, const struct thing *thing)
{
    if (!thing->handover.begun_at || thing->handover.inbox->handover != thing)
        return;
    arming->duty.sort = SORT_OF_HANDOVER;
    arming->duty.due = acknowledge_day(thing, ACKNOWLEDGE_DAYS, arming->world);
    push(arming, false, acknowledge_day(thing, ACKNOWLEDGE_SOON, arming->world));
    push(arming, true, acknowledge_day(thing, ACKNOWLEDGE_DAYS + 1, arming->world));
}

void duties_arm(struct model *model, const struct thing *thing, const struct world *world)
{
    struct arming arming = {model, world, {.thing = thing->number}};
    switch (thing->kind) {
    case KIND_AGREEMENT:
        arm_agreement(&arming, thing);
        return;
    case KIND_DEPENDENCY:
        if (thing->dependency.court == COURT_BLOCKING && thing->dependency.promised)
            push_both(&arming, SORT_OF_PROMISE, thing->dependency.promised);
        return;
    case KIND_ACTION: /* that it is overdue is an event of its own */
        arming.duty.sort = SORT_OF_ACTION;
        arming.duty.due = thing->action.due;
        if (thing->action.state == ACTION_OPEN)
            push(&arming, false, working_before(world->calendar, thing->action.due, DUTIES_SOON));
        return;
    case KIND_HANDOVER:
        arm_handover(&arming, thing);
        return;
    case KIND_PLAIN:
        return;
    }
}

bool duties_stand(enum sort sort, const struct thing *thing, unsigned period, int32_t due,
    const struct world *world)
{
    switch (sort) {
    case SORT_OF_PROMISE:
        return thing->dependency.court == COURT_BLOCKING && thing->dependency.promised == due;
    case SORT_OF_REPORT:
        return life_is_in_force(thing->agreement.state) &&
               !((thing->agreement.begun | thing->agreement.ended) & 1u << period);
    case SORT_OF_CERTIFY:
        return life_is_in_force(thing->agreement.state) && !(thing->agreement.ended & 1u << period);
    case SORT_OF_ACTION:
        return thing->action.state == ACTION_OPEN;
    case SORT_OF_HANDOVER:
        return thing->handover.inbox->handover == thing;
    case SORT_OF_QUEUE: /* submitted again, it waits anew */
        return thing->agreement.state == STATE_SUBMITTED && queue_due(thing, world) == due;
    case SORT_OF_DIGEST:
        break;
    }
    return false;
}
