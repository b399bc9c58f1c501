/* The fold of a target: what is promised, what the committee ruled on it, and all that follows for
 * filters and sums. */
#ifndef MISAQ_TARGETS_PROMISED_H
#define MISAQ_TARGETS_PROMISED_H

#include "model.h"

/* Each is NULL when done, else why the event cannot follow what was folded. */
const char *promised_put(struct agreement_entry *agreement, const struct happened *happened);
const char *promised_drop(struct agreement_entry *agreement, const struct happened *happened);
/* A ruling counts for the class, and teaches the checker. */
const char *promised_rule(
    struct model *model, struct agreement_entry *agreement, const struct happened *happened);
/* The target reads as an amendment says, from the event that put it in force. */
const char *promised_amend(struct agreement_entry *agreement, const struct amendment_text *text,
    const struct happened *happened);

#endif
