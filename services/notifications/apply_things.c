/* Agreements, dependencies, corrective actions and hand-overs, as far as they tell who hears and
 * what falls due. */
#include "apply.h"

#include "base/clock.h"
#include "base/must.h"
#include "facts/life.h"

static const char *agreement_put(struct model *model, const struct happened *happened)
{
    const struct agreement_opened *record = happened->record;
    const struct body_entry *body = model_body(model, record->opened.body);
    struct thing *thing = apply_thing(model, happened->subject);
    if (!body || thing->kind != KIND_PLAIN)
        return "an agreement opened twice, or for a body that is not there";
    uint32_t cycle = apply_thing(model, record->opened.cycle)->number;
    thing->kind = KIND_AGREEMENT;
    thing->agreement.body = body;
    thing->agreement.cycle = cycle;
    return NULL;
}

static const char *agreement_step(struct model *model, const struct happened *happened)
{
    struct thing *thing = model_of_kind(model, happened->subject, KIND_AGREEMENT);
    enum agreement_state state = thing ? thing->agreement.state : agreement_state_UNSET;
    enum agreement_state after = life_after(happened->message, state);
    if (!after)
        return "an agreement cannot come from its state by this event";
    if (happened->message == MESSAGE_agreement_opened) {
        const char *complaint = agreement_put(model, happened);
        if (complaint)
            return complaint;
        must(thing = model_of_kind(model, happened->subject, KIND_AGREEMENT));
    }
    must(thing);
    thing->agreement.state = after;
    if (happened->message == MESSAGE_agreement_submitted)
        thing->agreement.submitted_at = happened->at_ms;
    if (happened->message == MESSAGE_agreement_pm_signed)
        thing->agreement.signed_at = happened->at_ms;
    if (after != state)
        schedule_touch(&model->schedule, thing->number);
    if (happened->message == MESSAGE_thread_opened) {
        const struct thread_opened *opened = happened->record;
        apply_detail(apply_thing(model, happened->about), "%.*s", TEXT_ARG(opened->opened.text));
    }
    return NULL;
}

/* ---- reports: bits of their agreement ---- */
static const char *report_step(struct model *model, const struct happened *happened)
{
    struct thing *agreement;
    unsigned period;
    if (!model_report(model, happened->subject, &agreement, &period))
        return "a report on an agreement that is not there";
    agreement->agreement.begun |= 1u << period;
    if (happened->message != MESSAGE_report_begun)
        agreement->agreement.ended |= 1u << period;
    return NULL;
}

/* ---- dependencies ---- */
static const char *dependency_put(struct model *model, const struct happened *happened)
{
    const struct dependency_raised *record = happened->record;
    struct thing *thing = apply_thing(model, happened->subject);
    if (thing->kind != KIND_PLAIN)
        return "a dependency raised twice";
    thing->kind = KIND_DEPENDENCY;
    thing->dependency.waiting = model_body(model, record->body);
    thing->dependency.blocking = model_body(model, record->raised.blocking_body);
    thing->dependency.court = thing->dependency.blocking ? COURT_BLOCKING : COURT_EXTERNAL;
    apply_detail(thing, "%.*s waits for %.*s: %.*s", TEXT_ARG(record->body),
        TEXT_ARG(record->raised.blocking_body), TEXT_ARG(record->raised.what));
    return NULL;
}

static enum court court_after(enum message event, enum court court)
{
    switch ((int)event) {
    case MESSAGE_dependency_returned:
        return COURT_WAITING;
    case MESSAGE_dependency_completed:
    case MESSAGE_dependency_resumed:
    case MESSAGE_dependency_reopened:
        return COURT_BLOCKING;
    case MESSAGE_dependency_externalised:
        return COURT_EXTERNAL;
    case MESSAGE_dependency_granted:
    case MESSAGE_dependency_refused:
    case MESSAGE_dependency_withdrawn:
        return COURT_NOBODY;
    default: /* the ball stays where it is */
        return court;
    }
}

static const char *dependency_step(struct model *model, const struct happened *happened)
{
    struct thing *thing = model_of_kind(model, happened->subject, KIND_DEPENDENCY);
    if (!thing)
        return "an act on a dependency that is not there";
    thing->dependency.court = court_after(happened->message, thing->dependency.court);
    if (happened->message == MESSAGE_dependency_promised)
        thing->dependency.promised =
            ((const struct dependency_promise *)happened->record)->promised;
    if (happened->message == MESSAGE_dependency_reopened)
        thing->dependency.promised = 0;
    if (happened->message == MESSAGE_dependency_escalated) {
        const struct dependency_rung *record = happened->record;
        if (record->promised)
            thing->dependency.promised = record->promised;
    }
    schedule_touch(&model->schedule, thing->number);
    return NULL;
}

/* ---- corrective actions ---- */
static const char *action_put(struct model *model, const struct happened *happened)
{
    const struct action_opened *record = happened->record;
    struct thing *thing = apply_thing(model, happened->subject);
    if (thing->kind != KIND_PLAIN)
        return "a corrective action opened twice";
    thing->kind = KIND_ACTION;
    thing->action.owner = model_inbox(model, record->opened.owner);
    thing->action.verifier = model_inbox(model, record->opened.verifier);
    thing->action.opener = model_inbox(model, happened->actor.office);
    thing->action.state = ACTION_OPEN;
    thing->action.due = record->opened.due;
    apply_detail(thing, "%.*s", TEXT_ARG(record->opened.what));
    schedule_touch(&model->schedule, thing->number);
    return NULL;
}

static const char *action_step(
    struct model *model, const struct happened *happened, enum action_state state)
{
    struct thing *thing = model_of_kind(model, happened->subject, KIND_ACTION);
    if (!thing)
        return "a word on a corrective action that is not there";
    thing->action.state = state;
    schedule_touch(&model->schedule, thing->number);
    return NULL;
}

/* ---- hand-overs: the last of an office is the one that counts ---- */
static const char *handover_step(struct model *model, const struct happened *happened)
{
    struct inbox *inbox = model_inbox(model, happened->subject);
    if (!inbox)
        return "a hand-over of an office that is not there";
    struct thing *thing = apply_thing(model, happened->about);
    if (happened->message == MESSAGE_handover_opened) {
        thing->kind = KIND_HANDOVER;
        thing->handover.inbox = inbox;
        inbox->handover = thing;
        return NULL;
    }
    if (thing->kind != KIND_HANDOVER)
        return "a word on a hand-over that is not there";
    if (happened->message == MESSAGE_handover_begun)
        thing->handover.begun_at = happened->at_ms;
    else if (happened->message == MESSAGE_handover_acknowledged && inbox->handover == thing)
        inbox->handover = NULL;
    schedule_touch(&model->schedule, thing->number);
    return NULL;
}

/* What is worth reading beside an id that says little. */
static void detail_of(struct model *model, const struct happened *happened)
{
    if (happened->message == MESSAGE_key_proposed) {
        const struct key_proposed *record = happened->record;
        apply_detail(apply_thing(model, happened->about), "%.*s in %.*s",
            TEXT_ARG(record->proposal.person), TEXT_ARG(record->proposal.office));
    } else if (happened->message == MESSAGE_posting_proposed ||
               happened->message == MESSAGE_posting_began) {
        const struct posting *record = happened->record;
        apply_detail(
            apply_thing(model, happened->about), "%.*s", TEXT_ARG(record->proposal.person));
    } else if (happened->message == MESSAGE_holiday_declared) {
        const struct holiday *record = happened->record;
        char day[DAY_TEXT_SIZE];
        day_to_text(record->on, day);
        apply_detail(apply_thing(model, happened->about), "%s, %.*s", day, TEXT_ARG(record->name));
    }
}

const char *apply_things(struct model *model, const struct happened *happened)
{
    if (life_concerns(happened->message))
        return agreement_step(model, happened);
    switch ((int)happened->message) {
    case MESSAGE_report_begun:
    case MESSAGE_report_certified:
    case MESSAGE_report_missed:
        return report_step(model, happened);
    case MESSAGE_dependency_raised:
        return dependency_put(model, happened);
    case MESSAGE_dependency_acknowledged:
    case MESSAGE_dependency_returned:
    case MESSAGE_dependency_completed:
    case MESSAGE_dependency_promised:
    case MESSAGE_dependency_granted:
    case MESSAGE_dependency_refused:
    case MESSAGE_dependency_externalised:
    case MESSAGE_dependency_resumed:
    case MESSAGE_dependency_withdrawn:
    case MESSAGE_dependency_reopened:
    case MESSAGE_dependency_escalated:
        return dependency_step(model, happened);
    case MESSAGE_action_opened:
        return action_put(model, happened);
    case MESSAGE_action_finished:
        return action_step(model, happened, ACTION_DONE);
    case MESSAGE_action_verified:
        return action_step(model, happened, ACTION_VERIFIED);
    case MESSAGE_action_rejected:
        return action_step(model, happened, ACTION_OPEN);
    case MESSAGE_action_dropped:
        return action_step(model, happened, ACTION_DROPPED);
    case MESSAGE_handover_opened:
    case MESSAGE_handover_begun:
    case MESSAGE_handover_noted:
    case MESSAGE_handover_acknowledged:
        return handover_step(model, happened);
    default:
        detail_of(model, happened);
        return NULL;
    }
}
