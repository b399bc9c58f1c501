/* The fold: what each event changes in what is remembered, and whose inbox it comes into. */
#ifndef MISAQ_NOTIFICATIONS_APPLY_H
#define MISAQ_NOTIFICATIONS_APPLY_H

#include "model.h"

/* `state` is a struct model. NULL when done, else why the event cannot follow what was folded. */
const char *apply_event(void *state, const struct happened *happened);

/* Its parts: offices and bodies; what falls due; the own events of the inboxes. */
const char *apply_world(struct model *model, const struct happened *happened);
const char *apply_things(struct model *model, const struct happened *happened);
const char *apply_inbox(struct model *model, const struct happened *happened);

/* The thing of an id, made known where it is new. */
struct thing *apply_thing(struct model *model, struct text id);
/* What people should read beside its id, put together from texts and cut at a character. */
#define DETAIL_MAX 160 /* bytes */
void apply_detail(struct thing *thing, const char *form, ...) PRINTF(2, 3);

#endif
