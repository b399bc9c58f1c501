/* Random samples that anybody can draw again: announced before, seeded by the root of the ledger as
 * it was at the announced moment, which nobody could choose. */
#ifndef MISAQ_SIGNATURES_DRAWS_H
#define MISAQ_SIGNATURES_DRAWS_H

#include "facts/happened.h"

#include <stddef.h>

struct draw {
    char id[ID_MAX + 1];
    struct text packed; /* owned */
    struct draw_announced facts;
    uint64_t size;    /* entries before the first one dated at the moment or later */
    bool reached;     /* that one has come */
    struct text made; /* owned: the draw_made record; at == NULL: not yet */
};

struct draws {
    struct draw *at;
    size_t count, room;
};

void draws_free(struct draws *draws);
/* Every event of the ledger, known or not, in order. */
void draws_pass(struct draws *draws, uint64_t position, int64_t at_ms);
void draws_apply(struct draws *draws, const struct happened *happened);
const struct draw *draws_find(const struct draws *draws, struct text id);

#endif
