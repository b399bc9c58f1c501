/* The fold: what each event changes in what is remembered. The only place that changes it. */
#ifndef MISAQ_REVIEWS_APPLY_H
#define MISAQ_REVIEWS_APPLY_H

#include "model.h"

/* `state` is a struct model. NULL when done, else why the event cannot follow what was folded. */
const char *apply_event(void *state, const struct happened *happened);

/* Its parts. The agreement of the last three is that of the event's subject. */
const char *apply_world(struct model *model, const struct happened *happened);
const char *apply_promise(struct agreement_entry *agreement, const struct happened *happened);
const char *apply_ruling(
    struct model *model, struct agreement_entry *agreement, const struct happened *happened);
const char *apply_thread(
    struct model *model, struct agreement_entry *agreement, const struct happened *happened);

/* Of a quarter: reports, what targets wait for, scores and appeals, corrective actions. */
const char *apply_report(struct model *model, const struct happened *happened);
const char *apply_need(struct model *model, const struct happened *happened);
const char *apply_score(struct model *model, const struct happened *happened);
const char *apply_action(struct model *model, const struct happened *happened);

/* Copies that the model owns. */
struct text apply_own(struct text text);
#define APPLY_ID(entry, text) apply_id((entry)->id, text)
void apply_id(char out[ID_MAX + 1], struct text id);

#endif
