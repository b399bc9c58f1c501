/* What was signed beside what had to be signed, member by member. */
#ifndef MISAQ_SIGNATURES_SAME_H
#define MISAQ_SIGNATURES_SAME_H

#include "base/err.h"
#include "schema/schema.h"

/* Adds a fault for each member of `said` that is not as in `meant` (structs of the record), saying
 * what it has to be. Members that hold texts, picks, days or whole numbers are compared; the record
 * has no others. */
void same_check(
    const struct record *record, const void *said, const void *meant, struct faults *why);

#endif
