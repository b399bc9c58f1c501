/* The rules of one promise: what a target may not say even in a draft, because no reader could make
 * sense of it. What may still be missing in a draft is demanded at submission, in submit.c. */
#ifndef MISAQ_TARGETS_PROMISE_H
#define MISAQ_TARGETS_PROMISE_H

#include "model.h"

#include "base/err.h"

/* Adds a fault for each rule that is broken, named by its member below the prefix of `why`. The
 * record has passed record_check(). number: the one that the target has or will get. */
void promise_check(const struct model *model, const struct agreement_entry *agreement,
    uint32_t number, const struct target_promise *promise, struct faults *why);

#endif
