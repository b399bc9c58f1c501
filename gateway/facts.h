/* What the gateway knows of the ledger besides its length: who holds which office, which agreements
 * are public, which body follows which. Folded from the beginning, like every service does. */
#ifndef MISAQ_GATEWAY_FACTS_H
#define MISAQ_GATEWAY_FACTS_H

#include "facts/bodies.h"
#include "facts/life.h"
#include "facts/roster.h"

struct facts {
    struct roster *roster;
    struct lives *lives;
    struct bodies *bodies;
    void *record; /* scratch */
};

void facts_open(struct facts *facts);
void facts_close(struct facts *facts);
/* Folds an entry of the ledger; its subject into *ret_subject. NULL, or why it cannot be. */
const char *facts_apply(
    struct facts *facts, uint64_t position, struct text packed, struct text *ret_subject);

#endif
