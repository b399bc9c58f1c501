/* The fold of amendments: a new text waits beside the one in force until both have signed it, and
 * only then takes its place. */
#ifndef MISAQ_TARGETS_AMENDING_H
#define MISAQ_TARGETS_AMENDING_H

#include "model.h"

/* Each is NULL when done, else why the event cannot follow what was folded. */
const char *amending_propose(struct agreement_entry *agreement, const struct happened *happened);
const char *amending_change(struct agreement_entry *agreement, const struct happened *happened);
/* Both signed: the pending texts are the targets' from now on. */
const char *amending_enter(struct agreement_entry *agreement, const struct happened *happened);
/* The pending one will never be signed; nothing when there is none. */
void amending_drop(struct agreement_entry *agreement);
void amending_free(struct agreement_entry *agreement);

#endif
