/* What stands in the model, as readers get it: one frame of an answer each. */
#ifndef MISAQ_TARGETS_VIEW_H
#define MISAQ_TARGETS_VIEW_H

#include "model.h"

#include "service/service.h"

void view_cycle(const struct cycle_entry *cycle, struct reply *reply);
/* With its open hand-overs, whose days are counted to `now_ms`. */
void view_body(
    const struct model *model, const struct body_entry *body, int64_t now_ms, struct reply *reply);
void view_agreement(const struct agreement_entry *agreement, struct reply *reply);
void view_target(const struct agreement_entry *agreement, const struct target_entry *target,
    struct reply *reply);

void view_amendment(const struct amendment_entry *amendment, struct reply *reply);

#endif
