/* Questions that the numbers of a closed report raise by themselves, without any language. They are
 * shown as questions and never as accusations: each has an innocent answer too, and it is kept. */
#ifndef MISAQ_REVIEWS_SCREENS_H
#define MISAQ_REVIEWS_SCREENS_H

#include "quarter.h"

#define SCREENS_QUESTION 480

struct screen_found {
    enum screen screen;
    uint32_t target; /* 0: the report as a whole */
    char question[SCREENS_QUESTION];
};

/* Tells all questions of a report: those about the whole first, then by target. zone: minutes east
 * of UTC where days begin. */
void screens_find(const struct model *model, const struct report_entry *report, int32_t zone,
    void (*on_found)(void *owner, const struct screen_found *found), void *owner);

/* Values just above what was promised, 100% to 102% of the way: more than half of all, and more
 * than 4 times as many as just below (98% to 100%) and 4. From 20 values on. */
bool screens_bunching(uint32_t values, uint32_t just_above, uint32_t just_below);
/* Last digits 0 and 5, of which a fifth is to be expected: more than 3 standard deviations above,
 * that is (5 * round - values)^2 > 36 * values. From 20 values on. */
bool screens_heaping(uint32_t values, uint32_t round);
/* More than 60% of at least 10 lines. */
bool screens_late_rush(uint32_t lines, uint32_t late);

#endif
