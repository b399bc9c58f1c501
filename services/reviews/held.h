/* Who held a target up: working days beyond the norm that lie within a period. */
#ifndef MISAQ_REVIEWS_HELD_H
#define MISAQ_REVIEWS_HELD_H

#include "quarter.h"

/* Counts what has ended since `before`, the ball as it was, into the periods of the cycle. */
void held_count(const struct model *model, struct need_entry *need, const struct ball *before);

struct held {
    int32_t days;                  /* of all that the target waited for, beyond their norms */
    int32_t working_days;          /* of the period */
    const struct need_entry *need; /* with most of the days, the older of equals; NULL: none */
};
struct held held_target(const struct model *model, const struct agreement_entry *agreement,
    const struct target_entry *target, uint32_t period);

#endif
