/* Sums over targets that can be added to and taken from, so that totals over the whole government
 * are the sums of its agreements and no scan. */
#ifndef MISAQ_TARGETS_SUMS_H
#define MISAQ_TARGETS_SUMS_H

#include "schema/schema.h"

struct target_entry;

#define SUMS_CLASSES (CLASS_OUTCOME + 1)

struct sums {
    int64_t targets, late, anyway;
    int64_t weight;           /* thousandths */
    int64_t weighted_quality; /* weight times quality */
    int64_t class_weight[SUMS_CLASSES], class_count[SUMS_CLASSES];
};

/* times: 1 puts a target in, -1 takes it out. */
void sums_count(struct sums *sums, const struct target_entry *target, int times);
void sums_add(struct sums *sums, const struct sums *more);
/* The record of sums over so many agreements. */
struct totals sums_totals(const struct sums *sums, int64_t agreements);

#endif
