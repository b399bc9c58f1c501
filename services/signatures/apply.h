/* The fold: what each event changes in what is remembered. The only place that changes it. */
#ifndef MISAQ_SIGNATURES_APPLY_H
#define MISAQ_SIGNATURES_APPLY_H

#include "model.h"

#include "service/service.h"

/* `state` is a struct model. NULL when done, else why the event cannot follow what was folded. */
const char *apply_event(void *state, const struct happened *happened);

/* Every entry of the ledger becomes a leaf of the tree, also of a type that nobody here knows. */
void apply_entry(void *state, const struct happened *happened);

/* By noun, called by apply_event() when the agreement is there and its state allows the event. */
const char *apply_text(struct agreement_entry *agreement, const struct happened *happened);
const char *apply_paper(
    struct model *model, struct agreement_entry *agreement, const struct happened *happened);
/* The amendment that was signed becomes the text. */
void apply_amendment(struct agreement_entry *agreement);
/* Nothing is under way any more. */
void apply_forget(struct amendment_entry *amendment);

#endif
