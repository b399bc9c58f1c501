/* Which rung falls due next is kept as a heap over the days, because it is asked in every turn of
 * the loop. When a holiday is declared or the week changes, every day is computed anew. */
#include "due.h"

#include "base/clock.h"
#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

#define EVENTS_MOST 90 /* of one decision, and those of the dependency that comes to it */
#define MINUTE_MS   INT64_C(60000)
#define DAY_MS      INT64_C(86400000)

static void put(struct model *model, size_t place, struct dependency_entry *dependency)
{
    model->due_heap[place] = dependency;
    dependency->heap_place = place;
}

/* Of one day, the older one first. */
static bool before(const struct dependency_entry *a, const struct dependency_entry *b)
{
    return a->due != b->due ? a->due < b->due : a->index < b->index;
}

static void settle(struct model *model, size_t place)
{
    struct dependency_entry *moving = model->due_heap[place];
    for (; place > 0 && before(moving, model->due_heap[(place - 1) / 2]); place = (place - 1) / 2)
        put(model, place, model->due_heap[(place - 1) / 2]);
    for (;;) {
        size_t child = 2 * place + 1;
        if (child + 1 < model->due_count &&
            before(model->due_heap[child + 1], model->due_heap[child]))
            child++;
        if (child >= model->due_count || !before(model->due_heap[child], moving))
            break;
        put(model, place, model->due_heap[child]);
        place = child;
    }
    put(model, place, moving);
}

static void take_out(struct model *model, size_t place)
{
    struct dependency_entry *last = model->due_heap[--model->due_count];
    if (place == model->due_count)
        return;
    put(model, place, last);
    settle(model, place);
}

static void put_in(struct model *model, struct dependency_entry *dependency)
{
    if (model->due_count == model->due_room) {
        model->due_room = model->due_room ? 2 * model->due_room : 256;
        model->due_heap = realloc(model->due_heap, model->due_room * sizeof(void *));
        must(model->due_heap);
    }
    put(model, model->due_count++, dependency);
    settle(model, dependency->heap_place);
}

void due_touch(struct model *model, struct dependency_entry *dependency)
{
    bool was = dependency->due != 0;
    enum rung rung = rung_UNSET;
    int32_t due = ball_next_rung(&dependency->ball, model->calendar, &rung);
    dependency->due = due;
    dependency->due_rung = rung;
    if (was && due)
        settle(model, dependency->heap_place);
    else if (was)
        take_out(model, dependency->heap_place);
    else if (due)
        put_in(model, dependency);
}

static void renew(struct model *model)
{
    if (model->due_version == calendar_version(model->calendar))
        return;
    model->due_version = calendar_version(model->calendar);
    for (size_t i = 0; i < model->count; i++)
        if (model->at[i]->due)
            due_touch(model, model->at[i]);
}

/* A rung falls due when its day begins. */
static int64_t next(void *state, const struct calendar *calendar, int32_t zone)
{
    struct model *model = state;
    (void)calendar;
    renew(model);
    return model->due_count ? day_number(model->due_heap[0]->due) * DAY_MS - zone * MINUTE_MS
                            : INT64_MAX;
}

static void escalate(struct model *model, const struct dependency_entry *dependency,
    const struct ball *ball, int32_t due, enum rung rung, int32_t today, struct decision *decision)
{
    struct dependency_rung record = {.dependency = dependency->facts.id,
        .rung = rung,
        .round = {ball->rounds, true},
        .due = due,
        .on = today};
    if (rung == RUNG_PROMISE) /* the norm counts as promised from the day that this fell due */
        record.promised = calendar_working_after(model->calendar, ball->since,
            ball->norm_days + ball->blocking_before > ball->blocking
                ? ball->norm_days + ball->blocking_before - ball->blocking
                : 0);
    decision_add(decision, MESSAGE_dependency_escalated, dependency->facts.id, dependency->facts.id,
        &record);
}

/* All rungs of one dependency that are due, the earliest first: each changes what comes next. */
static size_t climb(struct model *model, const struct dependency_entry *dependency, int32_t today,
    struct decision *decision)
{
    struct ball ball = dependency->ball;
    enum rung rung = dependency->due_rung;
    size_t count = 0;
    for (int32_t due = dependency->due; due && due <= today;
         due = ball_next_rung(&ball, model->calendar, &rung)) {
        escalate(model, dependency, &ball, due, rung, today, decision);
        ball.rungs |= 1u << rung;
        if (rung == RUNG_PROMISE) {
            ball.promised = today; /* some day: it is not asked again */
            ball.state = DEPENDENCY_PROMISED;
        }
        count++;
    }
    return count;
}

static int by_due(const void *a, const void *b)
{
    const struct dependency_entry *const *one = a, *const *other = b;
    return before(*one, *other) ? -1 : before(*other, *one);
}

/* Those of the heap that are due: found from the top, because nothing below what is not due is. */
static size_t collect(const struct model *model, size_t place, int32_t today,
    const struct dependency_entry **found, size_t count)
{
    if (place >= model->due_count || model->due_heap[place]->due > today || count == EVENTS_MOST)
        return count;
    found[count++] = model->due_heap[place];
    count = collect(model, 2 * place + 1, today, found, count);
    return collect(model, 2 * place + 2, today, found, count);
}

static enum err decide(void *state, const struct request *request, struct decision *ret_decision,
    struct buf *ret_key, struct faults *why)
{
    struct model *model = state;
    const struct dependency_entry *found[EVENTS_MOST];
    size_t events = 0, count = collect(model, 0, request->today, found, 0);
    (void)why;
    qsort(found, count, sizeof *found, by_due);
    for (size_t i = 0; i < count && events < EVENTS_MOST; i++)
        events += climb(model, found[i], request->today, ret_decision);
    if (count)
        buf_printf(ret_key, "%.*s/%u/%d", TEXT_ARG(found[0]->facts.id), found[0]->ball.rounds,
            (int)found[0]->due_rung);
    return OK;
}

const struct service_due due_rungs = {next, decide};
