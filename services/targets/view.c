/* The kept bytes of the last event, followed by the pairs that the view has beyond them. */
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

void view_cycle(const struct cycle_entry *cycle, struct reply *reply)
{
    struct cycle_view view = {.version = {(int64_t)cycle->version, true}};
    joined(cycle->packed, cycle_view_record(), &view, reply);
}

void view_body(const struct body_entry *body, struct reply *reply)
{
    struct body_view view = {.version = {(int64_t)body->version, true}};
    joined(body->packed, body_view_record(), &view, reply);
}

void view_agreement(const struct agreement_entry *agreement, struct reply *reply)
{
    struct agreement view = {
        .state = agreement->state,
        .version = {(int64_t)agreement->version, true},
        .position = {(int64_t)agreement->position, true},
        .changed_at = {agreement->changed_at, true},
        .totals = sums_totals(&agreement->sums, 1),
    };
    joined(agreement->packed, agreement_record(), &view, reply);
}

void view_target(
    const struct agreement_entry *agreement, const struct target_entry *target, struct reply *reply)
{
    struct target view = {
        .agreement = agreement->id,
        .body = agreement->facts.body,
        .cycle = agreement->facts.cycle,
        .state = agreement->state,
        .order = {target->order, true},
        .version = {(int64_t)model_target_version(agreement, target), true},
        .position = {(int64_t)target->position, true},
        .changed_at = {target->changed_at, true},
    };
    kept_show(target->kept, &view);
    joined(kept_packed(target->kept), target_record(), &view, reply);
}
