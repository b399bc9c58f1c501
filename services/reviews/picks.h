/* The few of many that are worth most, in order. */
#ifndef MISAQ_REVIEWS_PICKS_H
#define MISAQ_REVIEWS_PICKS_H

#include "quarter.h"

struct pick {
    int64_t worth;
    const struct report_entry *report;
    const struct line_entry *line;
    const struct need_entry *need;
    int64_t age; /* periods */
};

/* Puts one into a list of up to `most`, worth most first, if it is worth more than the last. Of
 * equals, who came first stays first. */
void picks_keep(struct pick *list, size_t *count, size_t most, struct pick pick);

#endif
