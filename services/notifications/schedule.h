/* What falls due when: a heap of duties, the earliest on top, and the things that have changed
 * since it was worked out. It holds only what can be worked out again from the model and the
 * calendar: a duty that is no longer one is dropped when its time comes. */
#ifndef MISAQ_NOTIFICATIONS_SCHEDULE_H
#define MISAQ_NOTIFICATIONS_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sort {
    SORT_OF_PROMISE = 1, /* a dependency's promised day */
    SORT_OF_REPORT,      /* of a period: the body reports */
    SORT_OF_CERTIFY,     /* of a period: the secretary certifies */
    SORT_OF_ACTION,      /* a corrective action's day */
    SORT_OF_HANDOVER,    /* a pack to acknowledge */
    SORT_OF_QUEUE,       /* an agreement that waits for the committee */
    SORT_OF_DIGEST       /* an inbox; `thing` is its number */
};

struct duty {
    int64_t at; /* business time at which it has to be thought of */
    uint32_t thing;
    int32_t due; /* day */
    uint8_t sort, period;
    bool late; /* a reminder after the day, not before it */
};

struct schedule {
    struct duty *heap;
    size_t count, room;
    struct touched {
        uint32_t number; /* of a thing, or of an inbox */
        bool inbox;
    } * touched; /* what changed */
    size_t touched_count, touched_room;
    bool stale; /* all has to be worked out again */
    uint64_t calendar;
    int32_t zone;
};

void schedule_free(struct schedule *schedule);
/* All has to be worked out again. */
void schedule_forget(struct schedule *schedule);
/* A thing changed, so that other days may count for it; an inbox got an item. */
void schedule_touch(struct schedule *schedule, uint32_t thing);
void schedule_touch_inbox(struct schedule *schedule, uint32_t inbox);
void schedule_push(struct schedule *schedule, struct duty duty);
/* NULL: nothing falls due. */
const struct duty *schedule_top(const struct schedule *schedule);
struct duty schedule_pop(struct schedule *schedule);

#endif
