/* Events were checked when they were decided, so the fold does not check again what a rule says; it
 * only refuses what has no place to stand, because then the ledger is not the one it believes in.
 */
#include "apply.h"

#include "model.h"

#include "base/must.h"

#include <stdlib.h>

/* Frees what the entry kept before and keeps this event instead, read from the copy. */
static const char *keep_packed(
    struct text *packed, const struct happened *happened, const struct record *record, void *facts)
{
    struct faults why = {0};
    char *copy = malloc(happened->data.len + 1);
    must(copy);
    memcpy(copy, happened->data.at, happened->data.len);
    free((void *)(uintptr_t)packed->at);
    packed->at = copy;
    packed->len = happened->data.len;
    memset(facts, 0, record->size);
    return pack_read_trusted(record, *packed, facts, &why) == OK
               ? NULL
               : "the record of the event cannot be read";
}

static const char *body_put(struct model *model, const struct happened *happened)
{
    const struct body *record = happened->record;
    struct body_entry *body = catalogue_find(&model->bodies, record->id);
    bool is_new = !body;
    if (is_new != (happened->message == MESSAGE_body_registered))
        return is_new ? "a body changed that was never registered" : "a body registered twice";
    if (is_new)
        must(body = calloc(1, sizeof *body));
    const char *complaint = keep_packed(&body->packed, happened, body_record(), &body->facts);
    body->id = body->facts.id;
    body->version = happened->version;
    if (is_new)
        catalogue_add(&model->bodies, &body->id);
    return complaint;
}

static const char *cycle_put(struct model *model, const struct happened *happened)
{
    const struct cycle *record = happened->record;
    if (model_cycle(model, record->id))
        return "a cycle created twice";
    struct cycle_entry *cycle = calloc(1, sizeof *cycle);
    must(cycle);
    const char *complaint = keep_packed(&cycle->packed, happened, cycle_record(), &cycle->facts);
    cycle->id = cycle->facts.id;
    cycle->version = happened->version;
    catalogue_add(&model->cycles, &cycle->id);
    return complaint;
}

/* What every event of an agreement changes. */
static void agreement_touch(struct agreement_entry *agreement, const struct happened *happened)
{
    agreement->version = happened->version;
    agreement->position = happened->position;
    agreement->changed_at = happened->at_ms;
}

static const char *agreement_put(struct model *model, const struct happened *happened)
{
    const struct agreement_opened *record = happened->record;
    const struct cycle_entry *cycle = model_cycle(model, record->opened.cycle);
    if (!cycle)
        return "an agreement opened in a cycle that was never created";
    if (model_agreement(model, record->id))
        return "an agreement opened twice";
    struct agreement_entry *agreement = calloc(1, sizeof *agreement);
    must(agreement);
    struct agreement_opened facts;
    const char *complaint =
        keep_packed(&agreement->packed, happened, agreement_opened_record(), &facts);
    agreement->id = facts.id;
    agreement->facts = facts.opened;
    agreement->cycle = cycle;
    agreement->state = STATE_DRAFT;
    agreement->next_number = 1;
    agreement_touch(agreement, happened);
    agreement->shown_version = happened->version;
    catalogue_add(&model->agreements, &agreement->id);
    return complaint;
}

static const char *agreement_enter(
    struct model *model, const struct happened *happened, enum agreement_state state)
{
    struct agreement_entry *agreement = model_agreement(model, happened->subject);
    if (!agreement)
        return "an act on an agreement that was never opened";
    agreement_touch(agreement, happened);
    agreement->shown_version = happened->version;
    agreement->state = state;
    return NULL;
}

static const char *agreement_sort(struct model *model, const struct happened *happened)
{
    const struct agreement_reorder *record = happened->record;
    struct agreement_entry *agreement = model_agreement(model, happened->subject);
    if (!agreement)
        return "a new order for an agreement that was never opened";
    for (uint32_t i = 0; i < record->order.head.count; i++) {
        struct text id;
        uint32_t number;
        bool split = model_split_target(record->order.at[i], &id, &number);
        struct target_entry *target = split ? model_target(agreement, number) : NULL;
        if (!target)
            return "a new order with a target that is not there";
        target->order = i + 1;
    }
    agreement_touch(agreement, happened);
    agreement->shown_version = happened->version;
    return NULL;
}

/* Fills in all that follows from the event, and counts it. */
static void target_keep(struct agreement_entry *agreement, struct target_entry *target,
    const struct happened *happened, const struct target_promise *promise)
{
    struct kept *kept = kept_new(promise, happened->data, &agreement->cycle->facts);
    target->kept = kept;
    target->version = happened->version;
    target->position = happened->position;
    target->changed_at = happened->at_ms;
    target->weight = (int32_t)promise->weight.thousandths;
    target->class = (uint8_t)promise->class;
    target->direction = (uint8_t)promise->direction;
    target->phasing_flag = kept->phasing_flag;
    target->ambition = kept->verdict;
    target->quality = kept->quality.sum;
    sums_count(&agreement->sums, target, 1);
    agreement_touch(agreement, happened);
}

static struct target_entry *target_append(struct agreement_entry *agreement, uint32_t number)
{
    if (agreement->target_count == agreement->target_room) {
        agreement->target_room += agreement->target_room / 2 + 16;
        agreement->targets =
            realloc(agreement->targets, agreement->target_room * sizeof *agreement->targets);
        must(agreement->targets);
    }
    struct target_entry *target = &agreement->targets[agreement->target_count++];
    *target = (struct target_entry){.number = number, .order = (uint32_t)agreement->target_count};
    agreement->next_number = number + 1;
    return target;
}

static const char *target_put(struct model *model, const struct happened *happened)
{
    const struct target_promised *record = happened->record;
    struct agreement_entry *agreement = model_agreement(model, happened->subject);
    struct text id;
    uint32_t number;
    if (!agreement || !model_split_target(record->id, &id, &number))
        return "a target of an agreement that was never opened";
    if (happened->message == MESSAGE_target_drafted) {
        if (number < agreement->next_number)
            return "a target drafted under a number that was used before";
        target_keep(agreement, target_append(agreement, number), happened, &record->promise);
        return NULL;
    }
    struct target_entry *target = model_target(agreement, number);
    if (!target)
        return "a target changed that is not there";
    sums_count(&agreement->sums, target, -1);
    free(target->kept);
    target_keep(agreement, target, happened, &record->promise);
    return NULL;
}

static const char *target_drop(struct model *model, const struct happened *happened)
{
    struct agreement_entry *agreement = model_agreement(model, happened->subject);
    struct text id;
    uint32_t number;
    bool split = agreement && model_split_target(happened->about, &id, &number);
    struct target_entry *target = split ? model_target(agreement, number) : NULL;
    if (!target)
        return "a target removed that is not there";
    agreement_touch(agreement, happened);
    uint32_t order = target->order;
    sums_count(&agreement->sums, target, -1);
    free(target->kept);
    size_t behind = agreement->target_count - (size_t)(target - agreement->targets) - 1;
    memmove(target, target + 1, behind * sizeof *target);
    if (order < agreement->target_count--) { /* others move up, and show it */
        agreement->shown_version = happened->version;
        for (size_t i = 0; i < agreement->target_count; i++)
            agreement->targets[i].order -= agreement->targets[i].order > order;
    }
    return NULL;
}

const char *apply_event(void *state, const struct happened *happened)
{
    struct model *model = state;
    switch (happened->message) {
    case MESSAGE_target_drafted:
    case MESSAGE_target_changed:
        return target_put(model, happened);
    case MESSAGE_target_removed:
        return target_drop(model, happened);
    case MESSAGE_cycle_created:
        return cycle_put(model, happened);
    case MESSAGE_body_registered:
    case MESSAGE_body_changed:
        return body_put(model, happened);
    case MESSAGE_agreement_opened:
        return agreement_put(model, happened);
    case MESSAGE_agreement_reordered:
        return agreement_sort(model, happened);
    case MESSAGE_agreement_submitted:
        return agreement_enter(model, happened, STATE_SUBMITTED);
    case MESSAGE_agreement_withdrawn:
        return agreement_enter(model, happened, STATE_DRAFT);
    default: /* the events of other services */
        return NULL;
    }
}
