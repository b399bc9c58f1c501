/* The fold: what each event changes in what is remembered. The only place that changes it. */
#ifndef MISAQ_OFFICES_APPLY_H
#define MISAQ_OFFICES_APPLY_H

#include "model.h"

/* `state` is a struct model. NULL when done, else why the event cannot follow what was folded. */
const char *apply_event(void *state, const struct happened *happened);

/* Its parts: people and invitations; offices, postings and hand-overs; the lines of packs.
 * Each passes over the events of the others. */
const char *apply_people(struct model *model, const struct happened *happened);
const char *apply_offices(struct model *model, const struct happened *happened);
const char *apply_pacts(struct model *model, const struct happened *happened);
/* What bodies report, and what they owe beside their agreements. */
void apply_reports(struct model *model, const struct happened *happened);
void apply_duties(struct model *model, const struct happened *happened);

/* Copies an id. */
void apply_id(char out[ID_MAX + 1], struct text id);
/* Frees what was kept before, keeps the bytes of this event instead, and reads them into `facts`.
 */
const char *apply_packed(
    struct text *packed, const struct happened *happened, const struct record *record, void *facts);
/* A larger array of `size` bytes a piece, with room for one more behind `count`. */
void *apply_room(void *at, size_t count, size_t *room, size_t size);

#endif
