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

void view_body(
    const struct model *model, const struct body_entry *body, int64_t now_ms, struct reply *reply)
{
    struct body_view view = {.version = {(int64_t)body->version, true}};
    handovers_show(&model->handovers, body->id, now_ms, &view);
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
    char enables[TARGET_ID_SIZE], amendment[TARGET_ID_SIZE];
    struct target view = {
        .agreement = agreement->id,
        .body = agreement->facts.body,
        .cycle = agreement->facts.cycle,
        .state = agreement->state,
        .order = {target->order, true},
        .version = {(int64_t)model_target_version(agreement, target), true},
        .position = {(int64_t)target->position, true},
        .changed_at = {target->changed_at, true},
        .verdict = (enum verdict)target->verdict,
    };
    if (target->verdict)
        view.ruled_class = (enum target_class)target->class;
    if (target->enables)
        view.enables = model_target_id(agreement, target->enables, enables);
    if (target->amendment)
        view.amendment = model_amendment_id(agreement, target->amendment, amendment);
    kept_show(target->kept, &view);
    joined(kept_packed(target->kept), target_record(), &view, reply);
}

void view_amendment(const struct amendment_entry *amendment, struct reply *reply)
{
    struct amendment_view view = {
        .in_force = amendment->in_force ? FLAG_YES : FLAG_NO,
        .dropped = amendment->dropped ? FLAG_YES : FLAG_NO,
        .at = {amendment->at_ms, true},
        .position = {(int64_t)amendment->position, true},
    };
    joined(amendment->packed, amendment_view_record(), &view, reply);
}
