/* What a phrase around a noun is about: of "the number of trained customs officers from ..." the
 * head is counted, the kind is people, and somebody has delivered something to them. */
#ifndef MISAQ_TARGETS_CHECKER_NOUNS_H
#define MISAQ_TARGETS_CHECKER_NOUNS_H

#include "checker_clauses.h"

struct noun {
    uint64_t kind;  /* one class, IS(...); 0: nothing that is known */
    size_t at;      /* the piece of the head */
    size_t end;     /* where the phrase ends */
    bool counted;   /* number of ... */
    bool shared;    /* share of ..., 75% of ..., four out of five ... */
    bool delivered; /* "trained", "planted": a participle of delivery colours it */
    bool inside;    /* the body's own files, posts, staff */
};

/* The verb classes that make a noun of themselves (construction, preparation). */
struct noun noun_read(const struct pieces *pieces, struct span within);
/* Whether a clause names the body's own affairs and nobody outside it. */
bool noun_inside(const struct pieces *pieces, struct span within, size_t *ret_at);

#endif
