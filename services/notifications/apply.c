/* Facts first, then those who hear: so that an event is judged by what it has made true. The only
 * places that refuse an event are those where it has no place to stand. */
#include "apply.h"

#include "hearing.h"

#include "base/must.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct thing *apply_thing(struct model *model, struct text id)
{
    struct thing *thing = model_thing(model, id);
    if (thing)
        return thing;
    if (model->thing_count == model->thing_room) {
        model->thing_room += model->thing_room / 2 + 1024;
        model->things = realloc(model->things, model->thing_room * sizeof *model->things);
        must(model->things);
    }
    must(thing = calloc(1, sizeof *thing + id.len + 1));
    thing->len = id.len;
    if (id.len)
        memcpy(thing->id, id.at, id.len);
    model->things[model->thing_count++] = thing;
    thing->number = (uint32_t)model->thing_count;
    HASH_ADD_KEYPTR(hh, model->thing_table, thing->id, thing->len, thing);
    return thing;
}

void apply_detail(struct thing *thing, const char *form, ...)
{
    char *out = malloc(DETAIL_MAX + 1);
    va_list args;
    must(out);
    va_start(args, form);
    int len = vsnprintf(out, DETAIL_MAX + 1, form, args);
    va_end(args);
    must(len >= 0);
    size_t end = (size_t)len > DETAIL_MAX ? DETAIL_MAX : (size_t)len;
    if ((size_t)len > DETAIL_MAX) /* not within a character: back to where one begins */
        while (end > 0 && ((unsigned char)out[end - 1] & 0xc0) == 0x80)
            end--;
    if ((size_t)len > DETAIL_MAX && end > 0 && ((unsigned char)out[end - 1] & 0x80))
        end--;
    out[end] = '\0';
    free(thing->detail);
    thing->detail = out;
}

const char *apply_event(void *state, const struct happened *happened)
{
    struct model *model = state;
    const char *complaint = apply_world(model, happened);
    if (!complaint)
        complaint = apply_things(model, happened);
    if (!complaint)
        complaint = apply_inbox(model, happened);
    if (!complaint)
        hearing_spread(model, happened);
    return complaint;
}
