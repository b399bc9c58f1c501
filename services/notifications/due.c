/* A duty stays in the schedule until its events are folded: only what the ledger holds counts as
 * sent, so that whoever dies between deciding and appending decides the same again. A duty whose
 * offices want to be left in peace is put off to the hour at which they do not. */
#include "due.h"

#include "duties.h"
#include "hearing.h"
#include "hours.h"
#include "inbox.h"
#include "rules.h"

#include "base/clock.h"
#include "base/must.h"

#include <stdio.h>

#define BATCH_MOST 100 /* events of one decision */
#define WHAT_SIZE  400

struct batch {
    struct model *model;
    const struct request *request;
    struct decision *decision;
    struct world world;
    struct buf keys;
    size_t count;
    uint64_t mark; /* FNV-1a of all keys */
    struct told {
        uint32_t inbox;
        struct duty duty;
    } told[BATCH_MOST]; /* the reminders of the batch */
    struct duty duty;
    const struct thing *thing;
    struct text about;
    bool waits;    /* this duty has events in the batch, or found no more room there */
    int64_t later; /* else when it has to be thought of again; INT64_MAX: never */
};

/* ---- the schedule, worked out from the model where that has changed ---- */
static void arm_inbox(struct model *model, struct inbox *inbox, const struct world *world)
{
    uint32_t first = inbox_undigested(inbox);
    if (inbox->armed || !first)
        return;
    inbox->armed = true;
    schedule_push(
        &model->schedule, (struct duty){.at = hours_digest(world->calendar, inbox->to_hour,
                                            inbox->weekly, inbox->items[first - 1].at, world->zone),
                              .thing = inbox->number,
                              .sort = SORT_OF_DIGEST});
}

static void refresh(struct model *model, const struct world *world)
{
    struct schedule *schedule = &model->schedule;
    uint64_t calendar = calendar_version(world->calendar);
    if (!schedule->stale && schedule->calendar == calendar && schedule->zone == world->zone) {
        for (size_t i = 0; i < schedule->touched_count; i++) {
            struct touched touched = schedule->touched[i];
            if (touched.inbox)
                arm_inbox(model, model->inboxes[touched.number - 1], world);
            else
                duties_arm(model, model_at(model, touched.number), world);
        }
        schedule->touched_count = 0;
        return;
    }
    schedule_forget(schedule);
    for (size_t i = 0; i < model->thing_count; i++)
        duties_arm(model, model->things[i], world);
    for (struct inbox *inbox = model->inbox_table; inbox; inbox = inbox->hh.next) {
        inbox->armed = false;
        arm_inbox(model, inbox, world);
    }
    schedule->stale = false;
    schedule->calendar = calendar;
    schedule->zone = world->zone;
}

int64_t due_next(void *state, const struct calendar *calendar, int32_t zone)
{
    struct model *model = state;
    refresh(model, &(struct world){calendar, zone});
    const struct duty *top = schedule_top(&model->schedule);
    return top ? top->at : INT64_MAX;
}

/* ---- events of the batch ---- */
static void batch_add(struct batch *batch, enum message event, const struct inbox *inbox,
    struct text about, const void *record)
{
    char subject[ID_MAX + 1], day[DAY_TEXT_SIZE];
    size_t from = batch->keys.len;
    day_to_text(batch->duty.sort == SORT_OF_DIGEST ? batch->request->today : batch->duty.due, day);
    decision_add(batch->decision, event, inbox_subject(inbox, subject), about, record);
    buf_printf(
        &batch->keys, "%s/%.*s/%d/%s ", inbox->office_id, TEXT_ARG(about), batch->duty.late, day);
    for (size_t i = from; i < batch->keys.len; i++)
        batch->mark = (batch->mark ^ (unsigned char)batch->keys.at[i]) * UINT64_C(0x100000001b3);
    if (batch->count++ > 0) /* only the first is written out, the others are in the mark */
        batch->keys.len = from;
    batch->waits = true;
}

static void put_off(struct batch *batch, int64_t at)
{
    if (at < batch->later)
        batch->later = at;
}

/* ---- reminders ---- */
static const struct {
    uint32_t who;
    const char *soon, *late;
} words[] = {
    [SORT_OF_PROMISE] = {1u << WHO_OTHER_FOCAL | 1u << WHO_OTHER_SECRETARY,
        "The day that was promised is near", "The day that was promised has passed"},
    [SORT_OF_REPORT] = {1u << WHO_OWN_FOCAL, "Report what was reached in the period",
        "Nothing was reported yet on the period"},
    [SORT_OF_CERTIFY] = {1u << WHO_OWN_SECRETARY, "The report waits for your certificate",
        "The report is not certified: it counts as not reported"},
    [SORT_OF_ACTION] = {1u << WHO_OWNER, "The day of the corrective action is near", ""},
    [SORT_OF_HANDOVER] = {1u << WHO_SELF, "Acknowledge the pack with your own key",
        "The pack is not acknowledged, and the page of the body says so"},
    [SORT_OF_QUEUE] = {1u << WHO_COMMITTEE, "", "It has waited for rulings for too long"},
};

/* The same duty can stand in the schedule twice: a thing that changes twice is worked out twice. */
static bool batch_has(const struct batch *batch, const struct inbox *inbox)
{
    const struct duty *duty = &batch->duty;
    for (size_t i = 0; i < batch->count; i++) {
        const struct told *told = &batch->told[i];
        if (told->inbox == inbox->number && told->duty.thing == duty->thing &&
            told->duty.sort == duty->sort && told->duty.period == duty->period &&
            told->duty.due == duty->due && told->duty.late == duty->late)
            return true;
    }
    return false;
}

static bool was_sent(const struct batch *batch, const struct inbox *inbox)
{
    const struct thing *known = model_thing(batch->model, batch->about);
    if (!known)
        return false;
    struct sent_key key = {.inbox = inbox->number,
        .about = known->number,
        .due = batch->duty.due,
        .urgency = batch->duty.late ? URGENCY_OVERDUE : URGENCY_DUE_SOON};
    return model_was_sent(batch->model, &key);
}

static void add_reminder(struct batch *batch, const struct inbox *inbox)
{
    const struct duty *duty = &batch->duty;
    char what[WHAT_SIZE], day[DAY_TEXT_SIZE];
    const char *detail = batch->thing->detail;
    day_to_text(duty->due, day);
    (void)snprintf(what, sizeof what, "%.*s%s%s%s: %s (%s)", TEXT_ARG(batch->about),
        detail ? " (" : "", detail ? detail : "", detail ? ")" : "",
        duty->late ? words[duty->sort].late : words[duty->sort].soon, day);
    struct reminder reminder = {.office = text_of(inbox->office_id),
        .about = batch->about,
        .urgency = duty->late ? URGENCY_OVERDUE : URGENCY_DUE_SOON,
        .what = text_of(what),
        .due = duty->due};
    batch->told[batch->count] = (struct told){inbox->number, *duty};
    batch_add(batch, MESSAGE_reminder_sent, inbox, batch->about, &reminder);
}

static void remind(void *context, struct inbox *inbox)
{
    struct batch *batch = context;
    int64_t now = batch->request->now_ms;
    int32_t zone = batch->world.zone;
    if (was_sent(batch, inbox) || batch_has(batch, inbox))
        return;
    int64_t at = hours_moment(day_of_moment(batch->duty.at, zone), inbox->to_hour, zone);
    if (now < at)
        put_off(batch, at);
    else if (hours_quiet(inbox->from_hour, inbox->to_hour, now, zone))
        put_off(batch, hours_next(inbox->to_hour, now, zone));
    else if (batch->count == BATCH_MOST)
        batch->waits = true;
    else
        add_reminder(batch, inbox);
}

static void think_of_thing(struct batch *batch)
{
    const struct duty *duty = &batch->duty;
    const struct thing *thing = model_at(batch->model, duty->thing);
    enum sort sort = (enum sort)duty->sort;
    char about[ID_MAX + 1];
    if (!duties_stand(sort, thing, duty->period, duty->due, &batch->world))
        return;
    if (!duty->late && batch->request->today > duty->due)
        return; /* it is not soon any more */
    batch->thing = thing;
    batch->about = model_id(thing);
    if (sort == SORT_OF_REPORT || sort == SORT_OF_CERTIFY) {
        int len = snprintf(about, sizeof about, "%s.q%u", thing->id, duty->period);
        must(len > 0 && (size_t)len < sizeof about);
        batch->about = (struct text){about, (size_t)len};
    }
    struct scene scene = hearing_scene(thing);
    resolve(batch->model, words[sort].who, &scene, remind, batch);
}

/* ---- digests ---- */
static void add_digest(struct batch *batch, const struct inbox *inbox, uint32_t first)
{
    uint32_t from = model_digested(inbox) + 1, upto = (uint32_t)inbox->count;
    struct digest_made made = {.office = text_of(inbox->office_id),
        .from = {from, true},
        .upto = {upto, true},
        .unread = {upto - first + 1, true},
        .on = batch->request->today};
    char about[ID_MAX + 1];
    batch->told[batch->count] = (struct told){inbox->number, batch->duty};
    batch_add(batch, MESSAGE_digest_made, inbox, inbox_subject(inbox, about), &made);
}

static void think_of_digest(struct batch *batch)
{
    struct inbox *inbox = batch->model->inboxes[batch->duty.thing - 1];
    const struct calendar *calendar = batch->world.calendar;
    int32_t zone = batch->world.zone, today = batch->request->today;
    int64_t now = batch->request->now_ms;
    uint32_t first = inbox_undigested(inbox);
    inbox->armed = first > 0;
    if (!first)
        return;
    int64_t at =
        hours_digest(calendar, inbox->to_hour, inbox->weekly, inbox->items[first - 1].at, zone);
    bool made_today = inbox->letter_count && inbox->letters[inbox->letter_count - 1].on >= today;
    if (at <= now && (made_today || hours_quiet(inbox->from_hour, inbox->to_hour, now, zone)))
        at = hours_digest(calendar, inbox->to_hour, inbox->weekly, now, zone);
    if (at > now)
        put_off(batch, at);
    else if (batch->count == BATCH_MOST)
        batch->waits = true;
    else
        add_digest(batch, inbox, first);
}

enum err due_decide(void *state, const struct request *request, struct decision *ret_decision,
    struct buf *ret_key, struct faults *why)
{
    struct model *model = state;
    struct schedule *schedule = &model->schedule;
    struct batch batch = {.model = model,
        .request = request,
        .decision = ret_decision,
        .world = {request->calendar, request->zone},
        .keys = BUF(1 << 16),
        .mark = UINT64_C(0xcbf29ce484222325)};
    struct duty waiting[BATCH_MOST + 1]; /* each with an event, and the one without room */
    size_t waiting_count = 0;
    (void)why; /* there is nothing to refuse */
    refresh(model, &batch.world);
    const struct duty *top = schedule_top(schedule);
    for (; top && top->at <= request->now_ms; top = schedule_top(schedule)) {
        batch.duty = schedule_pop(schedule);
        batch.waits = false;
        batch.later = INT64_MAX;
        if (batch.duty.sort == SORT_OF_DIGEST)
            think_of_digest(&batch);
        else
            think_of_thing(&batch);
        if (batch.waits) {
            waiting[waiting_count++] = batch.duty;
            if (batch.count == BATCH_MOST)
                break;
        } else if (batch.later < INT64_MAX) {
            batch.duty.at = batch.later;
            schedule_push(schedule, batch.duty);
        }
    }
    for (size_t i = 0; i < waiting_count; i++)
        schedule_push(schedule, waiting[i]);
    if (batch.count)
        buf_printf(
            ret_key, "%.*s%zu %lx", TEXT_ARG(buf_as_text(&batch.keys)), batch.count, batch.mark);
    buf_free(&batch.keys);
    return OK;
}
