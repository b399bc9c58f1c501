/* Which part of a sentence a piece stands in: what is promised, what for, what follows from it, by
 * what means, or aside (dates and places in front, who measures). The number counts where it is. */
#ifndef MISAQ_TARGETS_CHECKER_CLAUSES_H
#define MISAQ_TARGETS_CHECKER_CLAUSES_H

#include "checker_words.h"

/* Gives every piece its role. */
void clauses_split(struct pieces *pieces);

/* A run of pieces of one role. */
struct span {
    size_t from, to; /* to: the one behind the last */
};

/* The first run of a role at or behind a place; false when there is none. */
bool clause_find(
    const struct pieces *pieces, enum piece_role role, size_t at, struct span *ret_span);

#endif
