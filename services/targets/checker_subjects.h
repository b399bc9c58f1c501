/* Sentences with a subject ("Farmers receive ...", "Average price of ... falls"): who or what it
 * is, and what is said of it. */
#ifndef MISAQ_TARGETS_CHECKER_SUBJECTS_H
#define MISAQ_TARGETS_CHECKER_SUBJECTS_H

#include "checker_rules.h"

/* Scores by the subject that the reading has and what follows it. */
void subjects_score(struct reading *reading);

#endif
