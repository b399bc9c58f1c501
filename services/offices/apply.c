/* Events were checked when they were decided, so the fold only refuses what has no place to stand:
 * then the ledger is not the one it believes in. A thing may be folded alone, as it was then, so
 * that nothing here looks for the person behind an id. */
#include "apply.h"

#include "base/must.h"
#include "schema/pack.h"

#include <stdlib.h>

void apply_id(char out[ID_MAX + 1], struct text id)
{
    must(id.len <= ID_MAX);
    if (id.len)
        memcpy(out, id.at, id.len);
    out[id.len] = '\0';
}

const char *apply_packed(
    struct text *packed, const struct happened *happened, const struct record *record, void *facts)
{
    struct faults why = {0};
    model_drop(packed);
    *packed = model_keep(happened->data);
    memset(facts, 0, record->size);
    return pack_read_trusted(record, *packed, facts, &why) == OK
               ? NULL
               : "the record of the event cannot be read";
}

void *apply_room(void *at, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return at;
    *room = *room ? *room + *room / 2 : 4;
    at = realloc(at, *room * size);
    must(at);
    return at;
}

const char *apply_event(void *state, const struct happened *happened)
{
    struct model *model = state;
    const char *complaint = bodies_apply(model->bodies, happened);
    model->last_ms = happened->at_ms;
    if (!complaint)
        complaint = calendar_apply(model->calendar, happened);
    if (!complaint)
        complaint = keys_apply(model->keys, happened);
    if (!complaint)
        complaint = departments_apply(model->departments, happened);
    if (!complaint)
        complaint = apply_people(model, happened);
    if (!complaint)
        complaint = apply_offices(model, happened);
    if (!complaint)
        complaint = apply_pacts(model, happened);
    if (!complaint)
        apply_reports(model, happened);
    if (!complaint)
        apply_duties(model, happened);
    return complaint;
}
