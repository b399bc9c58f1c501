/* The numbers of one promise: baseline, target, milestones, past values, days. */
#ifndef MISAQ_CLI_SAMPLE_VALUES_H
#define MISAQ_CLI_SAMPLE_VALUES_H

#include "dice.h"
#include "sample_tables.h"

#define VALUES_PERIODS     8
#define VALUES_CYCLE_START 20210701
#define VALUES_CYCLE_END   20230630

/* Fills in values, days, season and, where `reasons`, the reasons for a late phasing. */
void values_make(
    struct dice *dice, const struct measure *measure, bool reasons, struct target_promise *promise);

#endif
