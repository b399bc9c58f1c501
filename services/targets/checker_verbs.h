/* Sentences that begin with a verb ("Reduce ...", "Completion of ..."): verb and object decide. */
#ifndef MISAQ_TARGETS_CHECKER_VERBS_H
#define MISAQ_TARGETS_CHECKER_VERBS_H

#include "checker_rules.h"

#define VERBS                                                                                      \
    (IS(PROCESS) | IS(LIGHT) | IS(SPEND) | IS(START) | IS(MAKE) | IS(DELIVER) | IS(ENACT) |        \
        IS(TRANSPARENT) | IS(UP) | IS(DOWN) | IS(KEEP) | IS(SHIFT) | IS(WEAK) | IS(RESULT) |       \
        IS(COLLECT))

/* Whether a clause begins with a verb; over adverbs and numbers. */
bool verbs_find_head(const struct pieces *pieces, struct span clause, size_t *ret_head);
/* Scores by the head and the object that the reading has. */
void verbs_score(struct reading *reading);
/* The clause behind "through" or "by ...ing" decides when the main one has no level. */
void verbs_score_weak(struct reading *reading);

#endif
