/* What an agreement must have before the committee gets it. */
#ifndef MISAQ_TARGETS_SUBMIT_H
#define MISAQ_TARGETS_SUBMIT_H

#include "model.h"

#include "base/err.h"

/* Adds a fault for everything that is missing, "targets/PWR-2021.14/baseline_on" and the like. */
void submit_check(const struct agreement_entry *agreement, struct faults *why);
/* The part of it about one target, as it is or is to be, named below the prefix of `why`: every
 * slot, and an answer to every finding of its check. flag: of its phasing. */
void submit_target(const struct agreement_entry *agreement, const struct target_promised *promised,
    enum phasing_flag flag, struct faults *why);
void submit_weight(int64_t weight, struct faults *why);

#endif
