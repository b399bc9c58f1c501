/* The whole ledger read again from Redis, page by page within a given time, and compared with the
 * leaves of the tree. It never ends: behind the last page it begins anew. */
#ifndef MISAQ_SIGNATURES_RECHECK_H
#define MISAQ_SIGNATURES_RECHECK_H

#include "ledger/ledger.h"
#include "proof/merkle.h"

#define RECHECK_WHY_SIZE 240

struct recheck {
    const struct merkle *tree;
    uint64_t round_us; /* for the whole ledger */
    uint64_t next;     /* position that is read next, from 1 */
    uint64_t due_us;
    uint64_t asked;               /* entries of the page that is under way; 0: none */
    unsigned failures;            /* in a row, of the same page */
    uint64_t rounds;              /* finished */
    char found[RECHECK_WHY_SIZE]; /* "" while everything is as it was */
};

/* Reads on when it is time. Returns the milliseconds until then. */
int recheck_turn(struct recheck *recheck, struct ledger *ledger, uint64_t now_us);
/* What an entry that lies at a position now says of itself: "event 12 (target.drafted of
 * PWR-2021.3)". */
void recheck_name(uint64_t position, struct text packed, char *out, size_t size);

#endif
