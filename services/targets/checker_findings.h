/* What a drafter should know of a statement, each with the words that gave it away. */
#ifndef MISAQ_TARGETS_CHECKER_FINDINGS_H
#define MISAQ_TARGETS_CHECKER_FINDINGS_H

#include "checker_rules.h"

/* The most serious first, as many as a check holds. */
void findings_read(const struct reading *reading, struct check *check);

#endif
