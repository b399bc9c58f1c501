/* Looking for people by id or name, whatever the case. */
#ifndef MISAQ_OFFICES_SEARCH_H
#define MISAQ_OFFICES_SEARCH_H

#include "base/text.h"

/* Folded text that the caller frees: of a question; of an id and a name together. */
struct text search_fold(struct text text);
struct text search_fold_both(struct text id, struct text name);
/* Whether folded `needle` stands in folded `text`; the empty one stands everywhere. */
bool search_finds(struct text needle, struct text text);
/* Whether two texts are the same but for case. */
bool search_same(struct text a, struct text b);

#endif
