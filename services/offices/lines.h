/* The lines of a hand-over pack: one for each thing, in the order of kinds and numbers. */
#ifndef MISAQ_OFFICES_LINES_H
#define MISAQ_OFFICES_LINES_H

#include "model.h"

/* NULL when there is none. */
struct line *lines_find(const struct lines *lines, enum line_kind kind, uint32_t number);
struct line *lines_find_id(const struct lines *lines, enum line_kind kind, struct text id);
/* The first of a kind. */
struct line *lines_first(const struct lines *lines, enum line_kind kind);
/* A new one of that kind and number, in the place of an old one if there is one; `what` is cut to
 * what a line holds. */
struct line *lines_put(struct lines *lines, enum line_kind kind, uint32_t number, struct text id,
    struct text what, const struct happened *happened);
/* One more than the last number of a kind, from 1. */
uint32_t lines_next(const struct lines *lines, enum line_kind kind);
/* NULL is fine. */
void lines_drop(struct lines *lines, struct line *line);
void lines_drop_all(struct lines *lines, enum line_kind kind);

#endif
