/* How the promised change is spread over each year: work that is rushed into the last quarter shows
 * here before it happens. Asked as a question, never an accusation: a declared season or a written
 * reason answers it. */
#ifndef MISAQ_TARGETS_PHASING_H
#define MISAQ_TARGETS_PHASING_H

#include "schema/schema.h"

#define PHASING_YEARS 24

/* Writes a row for each year whose milestones are complete and returns how many. Shares are percent
 * of the year's change, rounded to thousandths one by one, so they may miss 100 by a few
 * thousandths; they are 0 in a year without change, which is `open`. *ret_worst: the worst flag of
 * all years, in the order open, fine, declared, late, very late. */
uint32_t phasing_spread(const struct target_promise *promise, const struct cycle *cycle,
    struct phasing_year ret_years[PHASING_YEARS], enum phasing_flag *ret_worst);

#endif
