/* Whether a clause says how much: a number that is a level or a change, not one that merely counts
 * places or things. */
#ifndef MISAQ_TARGETS_CHECKER_MEASURE_H
#define MISAQ_TARGETS_CHECKER_MEASURE_H

#include "checker_clauses.h"

struct measure {
    bool number;  /* any amount at all, "no" and "half" among them */
    bool amount;  /* a level or a change: from A to B, by N, a percentage, at most N */
    bool percent; /* among them */
    bool range;   /* from A to B */
    bool bound;   /* at most, under, within */
    bool timed;   /* the amount is a time */
    bool beside;  /* another value stands beside it: against, up from, now */
    bool per;     /* for each of something */
    bool all;     /* every, all, no */
    size_t at;    /* the piece of the first amount or else number */
};

struct measure measure_read(const struct pieces *pieces, enum piece_role role, struct span within);

#endif
