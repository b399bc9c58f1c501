/* The promise beside what would happen anyway: the least-squares line through the past values,
 * drawn on to the promised day. Left alone, a ministry promises what comes by itself. */
#ifndef MISAQ_TARGETS_AMBITION_H
#define MISAQ_TARGETS_AMBITION_H

#include "schema/schema.h"

#define AMBITION_PAST_LEAST 3 /* fewer points draw any line one likes */

/* `open` without baseline, target value, direction up or down, or three past values. The ratio is
 * taken from the projection as it is published, so that a reader can divide it again; 1 or less
 * would happen anyway. A trend that stands still or runs the other way gives no ratio. */
struct ambition ambition_of(const struct target_promise *promise, const struct cycle *cycle);

#endif
