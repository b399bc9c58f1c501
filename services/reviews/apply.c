/* Where an agreement stands follows shared/facts/life.def; what else an event changes is told by
 * noun in the files beside this one. Events were checked when they were decided: the fold only
 * refuses what has no place to stand, because then the ledger is not the one it believes in. */
#include "apply.h"

#include "base/must.h"
#include "facts/life.h"

#include <stdlib.h>

struct text apply_own(struct text text)
{
    char *copy = malloc(text.len + 1);
    must(copy);
    if (text.len)
        memcpy(copy, text.at, text.len);
    return (struct text){copy, text.len};
}

void apply_id(char out[ID_MAX + 1], struct text id)
{
    must(id.len <= ID_MAX);
    if (id.len)
        memcpy(out, id.at, id.len);
    out[id.len] = '\0';
}

static const char *agreement_put(struct model *model, const struct happened *happened)
{
    const struct agreement_opened *record = happened->record;
    const struct body_entry *body = model_body(model, record->opened.body);
    const struct cycle_entry *cycle = model_cycle(model, record->opened.cycle);
    if (!body || !cycle)
        return "an agreement opened for a body or a cycle that is not there";
    struct agreement_entry *agreement = calloc(1, sizeof *agreement);
    must(agreement);
    APPLY_ID(agreement, happened->subject);
    agreement->index = HASH_COUNT(model->agreement_table);
    agreement->body = body;
    agreement->cycle = cycle;
    HASH_ADD_KEYPTR(hh, model->agreement_table, agreement->id, happened->subject.len, agreement);
    return NULL;
}

/* With the PM's signature the text of every target is public, and so is that it was ruled on. */
static void sign_rulings(struct model *model, const struct agreement_entry *agreement)
{
    for (size_t i = 0; i < agreement->target_count; i++)
        if (agreement->targets[i].ruling)
            model->rulings[agreement->targets[i].ruling - 1].was_signed = true;
}

static const char *apply_inside(
    struct model *model, struct agreement_entry *agreement, const struct happened *happened)
{
    switch ((int)happened->message) {
    case MESSAGE_agreement_submitted:
        agreement->submitted = happened->position;
        agreement->submitted_at = happened->at_ms;
        return NULL;
    case MESSAGE_agreement_pm_signed:
        sign_rulings(model, agreement);
        return NULL;
    case MESSAGE_target_ruled:
        return apply_ruling(model, agreement, happened);
    case MESSAGE_thread_opened:
    case MESSAGE_thread_answered:
    case MESSAGE_thread_closed:
        return apply_thread(model, agreement, happened);
    default:
        return apply_promise(agreement, happened);
    }
}

static bool is_between(enum message event, enum message first, enum message last)
{
    return event >= first && event <= last;
}

/* What is no event of an agreement: messages.def has each noun's events together. */
static const char *apply_other(struct model *model, const struct happened *happened)
{
    enum message event = happened->message;
    if (is_between(event, MESSAGE_dependency_raised, MESSAGE_dependency_escalated))
        return apply_need(model, happened);
    if (is_between(event, MESSAGE_score_given, MESSAGE_scores_opened) ||
        is_between(event, MESSAGE_appeal_made, MESSAGE_appeal_decided))
        return apply_score(model, happened);
    if (is_between(event, MESSAGE_action_opened, MESSAGE_action_overdue))
        return apply_action(model, happened);
    if (is_between(event, MESSAGE_evidence_recorded, MESSAGE_period_released) ||
        event == MESSAGE_draw_made)
        return apply_report(model, happened);
    return apply_world(model, happened);
}

const char *apply_event(void *state, const struct happened *happened)
{
    struct model *model = state;
    const char *complaint = calendar_apply(model->calendar, happened);
    if (complaint)
        return complaint;
    if (!life_concerns(happened->message))
        return apply_other(model, happened);
    struct agreement_entry *agreement = model_agreement(model, happened->subject);
    enum agreement_state before = agreement ? agreement->state : agreement_state_UNSET;
    enum agreement_state after = life_after(happened->message, before);
    if (!after)
        return "an agreement was not in a state in which that happens";
    if (!agreement) {
        complaint = agreement_put(model, happened);
        agreement = model_agreement(model, happened->subject);
    }
    if (complaint)
        return complaint;
    must(agreement);
    agreement->state = after;
    if (life_is_in_force(after) && !agreement->was_in_force) {
        agreement->was_in_force = true;
        agreement->in_force_at = happened->at_ms;
    }
    model->due_is_old = model->due_is_old || after != before;
    agreement->version = happened->version;
    return apply_inside(model, agreement, happened);
}
