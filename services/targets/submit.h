/* What an agreement must have before the committee gets it. */
#ifndef MISAQ_TARGETS_SUBMIT_H
#define MISAQ_TARGETS_SUBMIT_H

#include "model.h"

#include "base/err.h"

#define SUBMIT_WEIGHT (100 * DECIMAL_ONE) /* what the weights sum to, exactly */

/* Adds a fault for everything that is missing, "targets/PWR-2021.14/baseline_on" and the like. */
void submit_check(const struct agreement_entry *agreement, struct faults *why);

#endif
