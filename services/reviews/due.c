/* The day that comes next is looked for again only after something happened that can change it. */
#include "due.h"

#include "opening.h"

#include "base/clock.h"
#include "base/must.h"

#include <stdlib.h>

#define EVENTS_MOST 90 /* of one decision */
#define MINUTE_MS   INT64_C(60000)
#define DAY_MS      INT64_C(86400000)
#define WEEK        7

/* In the order in which they are decided on one day. */
enum due_kind { DUE_MISSED = 1, DUE_SCORES, DUE_RELEASE, DUE_ACTION };

struct due_item {
    int32_t day; /* it falls due when this day begins */
    enum due_kind kind;
    size_t index; /* orders what falls due together */
    uint32_t period;
    const struct agreement_entry *agreement;
    const struct report_entry *report;
    const struct action_entry *action;
};

struct due_list {
    int32_t until; /* only what is due by this day */
    int32_t first; /* the earliest of all; 0: none */
    struct due_item *items;
    size_t count, room;
};

static void add(struct due_list *list, struct due_item item)
{
    if (!list->first || item.day < list->first)
        list->first = item.day;
    if (item.day > list->until)
        return;
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 64;
        must(list->items = realloc(list->items, list->room * sizeof *list->items));
    }
    list->items[list->count++] = item;
}

/* The first period of an agreement that it was in force for and that is not closed. */
static void add_agreement(const struct model *model, const struct agreement_entry *agreement,
    int32_t zone, struct due_list *list)
{
    struct text cycle = text_of(agreement->cycle->id);
    struct period_view steps;
    for (uint32_t period = 1; period <= PERIODS_MOST && agreement->was_in_force; period++) {
        const struct report_entry *report = agreement->reports[period - 1];
        if (report && quarter_is_closed(report))
            continue;
        if (!calendar_period(model->calendar, cycle, period, &steps))
            return;
        if (!quarter_concerns(agreement, steps.ends_on, zone))
            continue;
        add(list, (struct due_item){.day = calendar_day_after(steps.certify_by, 1),
                      .kind = DUE_MISSED,
                      .index = agreement->index,
                      .period = period,
                      .agreement = agreement});
        return;
    }
}

static void add_report(
    const struct model *model, const struct report_entry *report, struct due_list *list)
{
    struct due_item item = {
        .index = report->index, .period = report->period, .agreement = report->agreement};
    item.report = report;
    item.day = opening_due(model, report);
    item.kind = DUE_SCORES;
    if (item.day)
        add(list, item);
    if (!quarter_is_closed(report) || quarter_is_released(report))
        return;
    item.day = quarter_steps(model, report).release_on;
    item.kind = DUE_RELEASE;
    add(list, item);
}

static void add_action(const struct action_entry *action, struct due_list *list)
{
    if (action->state != ACTION_OPEN && action->state != ACTION_DONE)
        return;
    int32_t days = 1 + WEEK * (int32_t)action->times_overdue;
    add(list, (struct due_item){.day = calendar_day_after(action->facts.opened.due, days),
                  .kind = DUE_ACTION,
                  .index = action->index,
                  .action = action});
}

static void look(const struct model *model, int32_t zone, struct due_list *list)
{
    const struct agreement_entry *one = model->agreement_table;
    for (; one; one = one->hh.next)
        add_agreement(model, one, zone, list);
    for (size_t i = 0; i < model->report_count; i++)
        add_report(model, model->reports[i], list);
    for (size_t i = 0; i < model->action_count; i++)
        add_action(model->actions[i], list);
}

static int64_t next(void *state, const struct calendar *calendar, int32_t zone)
{
    struct model *model = state;
    (void)calendar;
    if (!model->due_is_old && model->due_calendar == calendar_version(model->calendar) &&
        model->due_next)
        return model->due_next;
    struct due_list list = {0};
    look(model, zone, &list);
    model->due_is_old = false;
    model->due_calendar = calendar_version(model->calendar);
    model->due_next = list.first ? day_number(list.first) * DAY_MS - zone * MINUTE_MS : INT64_MAX;
    return model->due_next;
}

static int by_day(const void *a, const void *b)
{
    const struct due_item *one = a, *other = b;
    if (one->day != other->day)
        return one->day < other->day ? -1 : 1;
    if (one->kind != other->kind)
        return one->kind < other->kind ? -1 : 1;
    return (one->index > other->index) - (one->index < other->index);
}

static void miss(const struct model *model, const struct due_item *item, struct decision *decision)
{
    char id[ID_MAX + 1];
    struct period_view steps;
    must(calendar_period(
        model->calendar, text_of(item->agreement->cycle->id), item->period, &steps));
    const struct report_missed missed = {.id = quarter_report_id(item->agreement, item->period, id),
        .agreement = text_of(item->agreement->id),
        .period = {item->period, true},
        .due = steps.certify_by};
    decision_expect(decision, missed.agreement);
    decision_add(decision, MESSAGE_report_missed, missed.id, missed.id, &missed);
}

/* Once for a period, however many reports there are of it. */
static bool release(const struct due_list *list, size_t at, struct decision *decision)
{
    const struct due_item *item = &list->items[at];
    const struct cycle_entry *cycle = item->agreement->cycle;
    for (size_t i = 0; i < at; i++)
        if (list->items[i].kind == DUE_RELEASE && list->items[i].period == item->period &&
            list->items[i].agreement->cycle == cycle)
            return false;
    BUF_CLEANUP struct buf id = BUF(ID_MAX + 8);
    buf_printf(&id, "%s.q%u", cycle->id, item->period);
    const struct period_released released = {
        .cycle = text_of(cycle->id), .period = {item->period, true}, .due = item->day};
    decision_add(decision, MESSAGE_period_released, buf_as_text(&id), buf_as_text(&id), &released);
    return true;
}

static void tell_overdue(
    const struct action_entry *action, int32_t today, struct decision *decision)
{
    const struct action_overdue overdue = {.action = text_of(action->id),
        .due = action->facts.opened.due,
        .times = {action->times_overdue + 1, true},
        .on = today};
    decision_add(decision, MESSAGE_action_overdue, overdue.action, overdue.action, &overdue);
}

static size_t decide_item(const struct model *model, const struct due_list *list, size_t at,
    int32_t today, struct decision *decision)
{
    const struct due_item *item = &list->items[at];
    switch (item->kind) {
    case DUE_MISSED:
        miss(model, item, decision);
        return 1;
    case DUE_SCORES:
        opening_add(item->report, NULL, today, decision);
        return 1;
    case DUE_RELEASE:
        return release(list, at, decision);
    default:
        tell_overdue(item->action, today, decision);
        return 1;
    }
}

static void name_item(const struct due_item *item, struct buf *out)
{
    if (item->action)
        buf_printf(out, "%s/%u", item->action->id, item->action->times_overdue);
    else
        buf_printf(out, "%s.q%u/%d/%u", item->agreement->id, item->period, (int)item->kind,
            item->report ? item->report->round : 0);
}

/* Scores open after what was missed is known and before the release: what is due on an earlier day
 * is decided alone first, because it may change what comes later. */
static enum err decide(void *state, const struct request *request, struct decision *ret_decision,
    struct buf *ret_key, struct faults *why)
{
    struct model *model = state;
    struct due_list list = {.until = request->today};
    size_t events = 0;
    (void)why;
    look(model, request->zone, &list);
    if (list.count) {
        qsort(list.items, list.count, sizeof *list.items, by_day);
        name_item(&list.items[0], ret_key);
    }
    for (size_t i = 0; i < list.count && events < EVENTS_MOST; i++) {
        if (list.items[i].day != list.items[0].day || list.items[i].kind != list.items[0].kind)
            break;
        events += decide_item(model, &list, i, request->today, ret_decision);
    }
    free(list.items);
    return OK;
}

const struct service_due due_quarter = {next, decide};
