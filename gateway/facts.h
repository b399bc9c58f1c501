/* What the gateway knows of the ledger besides its length: who holds which office, which agreements
 * are public, which body follows which. Folded from the beginning, like every service does. */
#ifndef MISAQ_GATEWAY_FACTS_H
#define MISAQ_GATEWAY_FACTS_H

#include "facts/bodies.h"
#include "facts/departments.h"
#include "facts/life.h"
#include "facts/roster.h"

struct facts {
    struct roster *roster;
    struct lives *lives;
    struct bodies *bodies;
    struct departments *departments;
    struct released *released; /* the periods about which everything is public */
    void *record;              /* scratch */
};

/* Whether the period at the end of a subject ("PWR-2021.q3") was released. */
bool facts_released(const struct facts *facts, struct text subject);

void facts_open(struct facts *facts);
void facts_close(struct facts *facts);
/* Folds an entry of the ledger; what it says into *ret_event, borrowed from it, and which kind of
 * event it is into *ret_message (MESSAGE_UNSET: not known here). NULL, or why it cannot be. */
const char *facts_apply(struct facts *facts, uint64_t position, struct text packed,
    struct event *ret_event, enum message *ret_message);
/* The body that a subject belongs to ("COM" of "COM-2021.d2"); absent when it is of none. */
struct text facts_body(const struct facts *facts, struct text subject);

#endif
