/* Events were checked when they were decided, so the fold does not check again what a rule says; it
 * only refuses what has no place to stand, because then the ledger is not the one it believes in.
 */
#include "apply.h"

#include "amending.h"
#include "model.h"
#include "promised.h"

#include "base/must.h"
#include "facts/life.h"

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
    if (!model->checker)
        model->checker = checker_new();
    const char *complaint = keep_packed(&body->packed, happened, body_record(), &body->facts);
    body->id = body->facts.id;
    body->version = happened->version;
    if (is_new)
        catalogue_add(&model->bodies, &body->id);
    return complaint ? complaint : bodies_apply(model->succession, happened);
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
    agreement->state = life_after(happened->message, agreement_state_UNSET);
    agreement->next_number = 1;
    agreement_touch(agreement, happened);
    agreement->shown_version = happened->version;
    catalogue_add(&model->agreements, &agreement->id);
    return complaint;
}

static const char *agreement_sort(
    struct agreement_entry *agreement, const struct happened *happened)
{
    const struct agreement_reorder *record = happened->record;
    for (uint32_t i = 0; i < record->order.head.count; i++) {
        struct text id;
        uint32_t number;
        bool split = model_split_target(record->order.at[i], &id, &number);
        struct target_entry *target = split ? model_target(agreement, number) : NULL;
        if (!target)
            return "a new order with a target that is not there";
        target->order = i + 1;
    }
    agreement->shown_version = happened->version;
    return NULL;
}

/* What an event changes besides the state. */
static const char *agreement_change(
    struct model *model, struct agreement_entry *agreement, const struct happened *happened)
{
    switch (happened->message) {
    case MESSAGE_target_drafted:
    case MESSAGE_target_changed:
        return promised_put(agreement, happened);
    case MESSAGE_target_removed:
        return promised_drop(agreement, happened);
    case MESSAGE_target_ruled:
        return promised_rule(model, agreement, happened);
    case MESSAGE_agreement_reordered:
        return agreement_sort(agreement, happened);
    case MESSAGE_amendment_proposed:
        return amending_propose(agreement, happened);
    case MESSAGE_amendment_changed:
        return amending_change(agreement, happened);
    case MESSAGE_agreement_amended:
        return amending_enter(agreement, happened);
    default: /* changes nothing else that stands here */
        return NULL;
    }
}

static void agreement_enter(
    struct agreement_entry *agreement, enum agreement_state state, const struct happened *happened)
{
    if (agreement->state == state)
        return;
    if (agreement->state == STATE_AMENDING)
        amending_drop(agreement);
    agreement->state = state;
    agreement->shown_version = happened->version;
    agreement->was_in_force = agreement->was_in_force || life_is_in_force(state);
}

static const char *agreement_fold(struct model *model, const struct happened *happened)
{
    if (happened->message == MESSAGE_agreement_opened)
        return agreement_put(model, happened);
    struct agreement_entry *agreement = model_agreement(model, happened->subject);
    if (!agreement)
        return "an event of an agreement that was never opened";
    enum agreement_state state = life_after(happened->message, agreement->state);
    if (!state)
        return "an agreement was not in a state in which that happens";
    const char *complaint = agreement_change(model, agreement, happened);
    if (complaint)
        return complaint;
    agreement_touch(agreement, happened);
    agreement_enter(agreement, state, happened);
    return NULL;
}

const char *apply_event(void *state, const struct happened *happened)
{
    struct model *model = state;
    if (life_concerns(happened->message))
        return agreement_fold(model, happened);
    switch (happened->message) {
    case MESSAGE_cycle_created:
        return cycle_put(model, happened);
    case MESSAGE_body_registered:
    case MESSAGE_body_changed:
        return body_put(model, happened);
    case MESSAGE_government_founded:
        model->founded = true;
        return NULL;
    case MESSAGE_handover_opened:
    case MESSAGE_handover_begun:
    case MESSAGE_handover_acknowledged:
        handovers_apply(&model->handovers, happened);
        return NULL;
    case MESSAGE_idea_proposed:
    case MESSAGE_idea_endorsed:
    case MESSAGE_idea_stepped:
    case MESSAGE_order_logged:
        return ideas_apply(&model->ideas, happened);
    default: /* the events of other services */
        return NULL;
    }
}
