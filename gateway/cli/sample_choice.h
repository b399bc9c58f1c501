/* Which measures a body promises where: no promise comes twice, and outcomes, outputs and process
 * lines stand in a plausible proportion. */
#ifndef MISAQ_CLI_SAMPLE_CHOICE_H
#define MISAQ_CLI_SAMPLE_CHOICE_H

#include "dice.h"
#include "sample_tables.h"

struct place {
    struct text preposition, pattern, name; /* "in", "{} district", "Attock" */
};

struct pick {
    const struct measure *measure;
    struct text variant; /* where the measure has none, the name of the body */
    struct place place;
};

/* Fills in `count` picks in the order in which they are promised: outcomes, outputs, process. */
void choice_make(struct dice *dice, size_t body, uint32_t count, struct pick *ret_picks);

#endif
