/* The total of a report and its place among its peers: unequal bodies are never in one list. */
#ifndef MISAQ_REVIEWS_RANKS_H
#define MISAQ_REVIEWS_RANKS_H

#include "quarter.h"

/* Once scores are open; what was not reported is 0 at once. */
bool ranks_total(const struct report_entry *report, int64_t *ret_total);

struct rank {
    uint32_t rank, of; /* equals share the better rank */
};
/* Among the reports of the same period whose totals stand. False: the body has no peers. */
bool ranks_find(
    const struct model *model, const struct report_entry *report, struct rank *ret_rank);

#endif
