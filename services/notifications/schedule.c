/* A binary heap in an array. Among duties of one moment the order is by what they are, so that two
 * that worked it out in different orders decide alike. */
#include "schedule.h"

#include "base/must.h"

#include <stdlib.h>

void schedule_free(struct schedule *schedule)
{
    free(schedule->heap);
    free(schedule->touched);
}

void schedule_forget(struct schedule *schedule)
{
    schedule->stale = true;
    schedule->count = schedule->touched_count = 0;
}

static void touch(struct schedule *schedule, struct touched touched)
{
    if (schedule->stale)
        return;
    if (schedule->touched_count == schedule->touched_room) {
        schedule->touched_room = 2 * schedule->touched_room + 64;
        schedule->touched =
            realloc(schedule->touched, schedule->touched_room * sizeof *schedule->touched);
        must(schedule->touched);
    }
    schedule->touched[schedule->touched_count++] = touched;
}

void schedule_touch(struct schedule *schedule, uint32_t thing)
{
    touch(schedule, (struct touched){thing, false});
}

void schedule_touch_inbox(struct schedule *schedule, uint32_t inbox)
{
    touch(schedule, (struct touched){inbox, true});
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static bool before(const struct duty *a, const struct duty *b)
{
    int order = compare(a->at, b->at);
    order = order ? order : compare(a->sort, b->sort);
    order = order ? order : compare(a->thing, b->thing);
    order = order ? order : compare(a->period, b->period);
    order = order ? order : compare(a->due, b->due);
    order = order ? order : compare(a->late, b->late);
    return order < 0;
}

static void swap(struct duty *a, struct duty *b)
{
    struct duty kept = *a;
    *a = *b;
    *b = kept;
}

void schedule_push(struct schedule *schedule, struct duty duty)
{
    if (schedule->count == schedule->room) {
        schedule->room = 2 * schedule->room + 64;
        must(schedule->heap = realloc(schedule->heap, schedule->room * sizeof *schedule->heap));
    }
    struct duty *heap = schedule->heap;
    size_t at = schedule->count++;
    heap[at] = duty;
    for (; at > 0 && before(&heap[at], &heap[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&heap[at], &heap[(at - 1) / 2]);
}

const struct duty *schedule_top(const struct schedule *schedule)
{
    return schedule->count ? schedule->heap : NULL;
}

struct duty schedule_pop(struct schedule *schedule)
{
    must(schedule->count > 0);
    struct duty *heap = schedule->heap, top = heap[0];
    size_t count = --schedule->count;
    heap[0] = heap[count];
    for (size_t at = 0;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++)
            if (before(&heap[child], &heap[least]))
                least = child;
        if (least == at)
            return top;
        swap(&heap[at], &heap[least]);
        at = least;
    }
}
