/* A dependency as readers get it. */
#ifndef MISAQ_DEPENDENCIES_VIEW_H
#define MISAQ_DEPENDENCIES_VIEW_H

#include "model.h"

#include "service/service.h"

void view_dependency(const struct model *model, const struct dependency_entry *dependency,
    int32_t today, struct reply *reply);
/* A step of a chain: `target` may be absent. */
struct chain_link view_link(const struct model *model, const struct dependency_entry *dependency,
    struct text target, int32_t today);
/* Days beyond the norm, and days charged to who has to act, as of a day. */
int64_t view_blocking_days(
    const struct model *model, const struct dependency_entry *dependency, int32_t today);

#endif
