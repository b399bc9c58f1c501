/* A map of the kept pairs, followed by the pairs that the view has beyond them. */
#include "view.h"

/* `value` is a view in which everything that stands in `packed` is not given. */
static void joined(
    struct text packed, const struct record *record, const void *value, struct reply *reply)
{
    uint32_t pairs;
    struct text inside = pack_inside(packed, &pairs);
    struct buf *out = reply_frame(reply);
    pack_map(out, pairs + pack_pairs(record, value));
    buf_text(out, inside);
    pack_fields(record, value, out);
    reply_end_frame(reply);
}

static struct ruling_view around(const struct model *model, const struct ruling_entry *ruling)
{
    return (struct ruling_view){
        .agreement = text_of(ruling->agreement->id),
        .body = text_of(ruling->agreement->body->id),
        .person = ruling->person,
        .office = ruling->office,
        .at = {ruling->at, true},
        .position = {(int64_t)ruling->position, true},
        .stands = model_stands(model, ruling) ? FLAG_YES : FLAG_NO,
    };
}

void view_ruling(const struct model *model, const struct ruling_entry *ruling, struct reply *reply)
{
    struct ruling_view view = around(model, ruling);
    joined(ruling->packed, ruling_view_record(), &view, reply);
}

void view_precedent(const struct model *model, const struct ruling_entry *ruling, int64_t likeness,
    struct reply *reply)
{
    struct precedent view = {.ruling = around(model, ruling), .likeness = {likeness, true}};
    joined(ruling->packed, precedent_record(), &view, reply);
}
