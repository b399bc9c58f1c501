/* What stands in the model, as readers get it: one frame of an answer each. */
#ifndef MISAQ_TARGETS_VIEW_H
#define MISAQ_TARGETS_VIEW_H

#include "model.h"

#include "service/service.h"

void view_cycle(const struct cycle_entry *cycle, struct reply *reply);
void view_body(const struct body_entry *body, struct reply *reply);
void view_agreement(const struct agreement_entry *agreement, struct reply *reply);
void view_target(const struct agreement_entry *agreement, const struct target_entry *target,
    struct reply *reply);

#endif
