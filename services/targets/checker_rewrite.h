/* A suggestion of how to say it: the drafter's own words in a better order, with brackets where
 * something is missing. Never a number that the drafter did not write. */
#ifndef MISAQ_TARGETS_CHECKER_REWRITE_H
#define MISAQ_TARGETS_CHECKER_REWRITE_H

#include "base/buf.h"
#include "checker_rules.h"

/* Adds to the buffer; false, and nothing added, when there is nothing to suggest. */
bool rewrite_add(const struct reading *reading, const struct check *check, struct buf *arena);

#endif
