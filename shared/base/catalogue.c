/* A sorted array of pointers to things that begin with their id. */
#include "base/catalogue.h"

#include "base/must.h"

#include <stdlib.h>

size_t catalogue_place(const struct catalogue *catalogue, struct text id)
{
    size_t low = 0, high = catalogue->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (text_order(*catalogue->at[middle], id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void *catalogue_find(const struct catalogue *catalogue, struct text id)
{
    size_t place = catalogue_place(catalogue, id);
    bool found = place < catalogue->count && text_equal(*catalogue->at[place], id);
    return found ? catalogue->at[place] : NULL;
}

void catalogue_add(struct catalogue *catalogue, struct text *thing)
{
    if (catalogue->count == catalogue->room) {
        catalogue->room = catalogue->room ? 2 * catalogue->room : 16;
        catalogue->at = realloc(catalogue->at, catalogue->room * sizeof *catalogue->at);
        must(catalogue->at);
    }
    size_t place = catalogue_place(catalogue, *thing);
    memmove(&catalogue->at[place + 1], &catalogue->at[place],
        (catalogue->count - place) * sizeof *catalogue->at);
    catalogue->at[place] = thing;
    catalogue->count++;
}

void catalogue_free(struct catalogue *catalogue, void (*free_thing)(void *thing))
{
    for (size_t i = 0; i < catalogue->count; i++)
        free_thing(catalogue->at[i]);
    free(catalogue->at);
    *catalogue = (struct catalogue){0};
}
