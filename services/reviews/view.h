/* A ruling as readers get it: the bytes of its event, never encoded again, and what stands beside
 * them. */
#ifndef MISAQ_REVIEWS_VIEW_H
#define MISAQ_REVIEWS_VIEW_H

#include "model.h"

#include "service/service.h"

void view_ruling(const struct model *model, const struct ruling_entry *ruling, struct reply *reply);
/* likeness: percent. */
void view_precedent(const struct model *model, const struct ruling_entry *ruling, int64_t likeness,
    struct reply *reply);

#endif
