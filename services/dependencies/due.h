/* The rungs of the escalation: each falls due on the day that facts/ball.h names, and is written
 * once. */
#ifndef MISAQ_DEPENDENCIES_DUE_H
#define MISAQ_DEPENDENCIES_DUE_H

#include "model.h"

#include "service/service.h"

extern const struct service_due due_rungs;

/* Keeps the order of what falls due next, after a dependency has changed. */
void due_touch(struct model *model, struct dependency_entry *dependency);

#endif
