/* The quality score of a target, 0 to 100, with the points of each criterion: a score with an
 * unexplained part destroys trust, so the parts are always published beside the sum. */
#ifndef MISAQ_TARGETS_QUALITY_H
#define MISAQ_TARGETS_QUALITY_H

#include "schema/schema.h"

#define QUALITY_CRITERIA (QUALITY_ASKED + 1) /* parts are indexed by criterion; 0 is not used */

struct quality {
    uint8_t points[QUALITY_CRITERIA];
    uint8_t sum;
};

/* class: what the target counts as, which need not be what its drafter says. */
struct quality quality_of(const struct target_promise *promise, enum target_class class,
    const struct cycle *cycle, enum phasing_flag flag, enum ambition_verdict verdict);
/* The same target, counting as another class. */
void quality_reclass(struct quality *quality, enum target_class class);
/* Points possible for a criterion; over all criteria 100. */
uint8_t quality_most(enum quality_criterion criterion);

#endif
