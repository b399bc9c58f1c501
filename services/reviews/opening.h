/* The opening of a report's scores, by the last member or by the day. */
#ifndef MISAQ_REVIEWS_OPENING_H
#define MISAQ_REVIEWS_OPENING_H

#include "quarter.h"

#include "service/service.h"

/* 0 to 15. */
int64_t opening_sum(const struct score_give *score);
/* Median of sums in thousandths of a point, of an even number the mean of the middle two. Sorts
 * them. Not given when there is none. */
struct decimal opening_median(int64_t *sums, size_t count);
/* Adds scores.opened over the scores of this round and `last`, when one comes with it (or NULL). */
void opening_add(const struct report_entry *report, const struct score_give *last, int32_t today,
    struct decision *decision);
/* The day on which the scores open by themselves; 0: they do not. */
int32_t opening_due(const struct model *model, const struct report_entry *report);

#endif
