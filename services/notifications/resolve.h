/* Which offices are meant: from what an event or a duty is about to inboxes. */
#ifndef MISAQ_NOTIFICATIONS_RESOLVE_H
#define MISAQ_NOTIFICATIONS_RESOLVE_H

#include "model.h"

/* NULL where there is none: then nobody is meant by it. */
struct scene {
    const struct body_entry *own, *other; /* the body that it is of, the one that has to act */
    struct inbox *self, *owner, *verifier, *opener;
};

/* Visits the inboxes of all those in `who` (bits 1 << enum who); one may be visited twice. */
void resolve(const struct model *model, uint32_t who, const struct scene *scene,
    void (*visit)(void *context, struct inbox *inbox), void *context);

#endif
