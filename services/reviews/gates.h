/* The gates before `accepted`: every target ruled on and none returned, enough weight on outcomes,
 * little on process. Percentages are of the weight of all targets, by the classes ruled. */
#ifndef MISAQ_REVIEWS_GATES_H
#define MISAQ_REVIEWS_GATES_H

#include "model.h"

#include "base/err.h"

/* Fills in all but `why`, and adds a fault for everything that is in the way. */
void gates_count(const struct model *model, const struct agreement_entry *agreement,
    struct gates *ret_gates, struct faults *why);

#define GATES_WHY_SIZE 300
/* The same with `why` in one sentence, which is written to `out`. */
void gates_show(const struct model *model, const struct agreement_entry *agreement,
    struct gates *ret_gates, char out[GATES_WHY_SIZE]);

#endif
