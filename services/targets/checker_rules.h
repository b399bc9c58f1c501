/* The first opinion: what a sentence promises, by its grammar. Knows nothing of rulings. */
#ifndef MISAQ_TARGETS_CHECKER_RULES_H
#define MISAQ_TARGETS_CHECKER_RULES_H

#include "checker_measure.h"
#include "checker_nouns.h"
#include "schema/schema.h"

#define CLASSES 4 /* and the unset one */

/* What the rules saw, for findings and rewrites. */
struct reading {
    const struct pieces *pieces;
    struct span main;       /* what is promised, without what stands in front */
    struct measure measure; /* of what is promised */
    bool headed;            /* begins with a verb, or a noun made of one: */
    size_t head;            /* this one */
    uint64_t verb;          /* its classes */
    struct noun noun;       /* its object, or else the subject of the sentence */
    uint8_t depth;          /* of clauses inside clauses */
    bool weak;              /* a verb of change without a level */
    bool moved;             /* the clause that decided was not the main one */
    int score[CLASSES];     /* by enum target_class */
};

void rules_read(const struct pieces *pieces, struct reading *ret_reading);
enum target_class rules_class(const struct reading *reading);
/* How far the first stands before the second, 0 to 100. */
unsigned rules_margin(const struct reading *reading);

#endif
