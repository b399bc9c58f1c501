/* Sums over all dependencies, body by body. */
#ifndef MISAQ_DEPENDENCIES_SUMS_H
#define MISAQ_DEPENDENCIES_SUMS_H

#include "model.h"

struct body_sum {
    struct text body; /* borrowed */
    struct holdup holdup;
    int64_t within_weight, answered_weight; /* thousandths, of what the indicator counts */
};

/* Those that hold something up or have answered something, by weight times days, most first; equal
 * ones by code. The caller frees the array. */
struct body_sum *sums_of_bodies(const struct model *model, int32_t today, size_t *ret_count);

#endif
