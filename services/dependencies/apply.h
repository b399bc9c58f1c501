/* The fold: what each event changes in what is remembered. The only place that changes it. */
#ifndef MISAQ_DEPENDENCIES_APPLY_H
#define MISAQ_DEPENDENCIES_APPLY_H

#include "facts/happened.h"

/* `state` is a struct model. NULL when done, else why the event cannot follow what was folded. */
const char *apply_event(void *state, const struct happened *happened);

#endif
