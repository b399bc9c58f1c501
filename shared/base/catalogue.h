/* Things by id, in the order of their ids. Hundreds of them, added now and then:
 * a sorted array finds one in a few comparisons, and lists need the order anyway. */
#ifndef MISAQ_BASE_CATALOGUE_H
#define MISAQ_BASE_CATALOGUE_H

#include "base/text.h"

/* Every thing in a catalogue begins with its id, which must not change while it is in. */
struct catalogue {
    struct text **at;
    size_t count, room;
};

/* Where an id stands, or would stand. */
size_t catalogue_place(const struct catalogue *catalogue, struct text id);
/* NULL when it is not there. */
void *catalogue_find(const struct catalogue *catalogue, struct text id);
/* Puts a thing in whose id is not there yet. The catalogue borrows it. */
void catalogue_add(struct catalogue *catalogue, struct text *thing);
/* Frees the things with free_thing, and the catalogue. */
void catalogue_free(struct catalogue *catalogue, void (*free_thing)(void *thing));

#endif
