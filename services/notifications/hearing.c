/* What an event is about is told by its subject: agreement, report, dependency, corrective action,
 * office or body. Only few events need their record to be looked at. */
#include "hearing.h"

#include "apply.h"
#include "rules.h"

#include "base/must.h"

#include <stdlib.h>

struct heard {
    struct model *model;
    const struct happened *happened;
    struct scene scene;
    uint32_t when;
    struct item item;
};

struct scene hearing_scene(const struct thing *thing)
{
    switch (thing->kind) {
    case KIND_AGREEMENT:
        return (struct scene){.own = thing->agreement.body};
    case KIND_DEPENDENCY:
        return (struct scene){
            .own = thing->dependency.waiting, .other = thing->dependency.blocking};
    case KIND_ACTION:
        return (struct scene){.owner = thing->action.owner,
            .verifier = thing->action.verifier,
            .opener = thing->action.opener};
    case KIND_HANDOVER:
        return (struct scene){.self = thing->handover.inbox};
    case KIND_PLAIN:
        break;
    }
    return (struct scene){0};
}

static struct scene scene_of(const struct model *model, struct text subject)
{
    struct thing *thing = model_thing(model, subject);
    unsigned period;
    struct inbox *inbox = model_inbox(model, subject);
    if (inbox)
        return (struct scene){.self = inbox, .own = model_body(model, inbox->office.body)};
    if (thing && thing->kind != KIND_PLAIN)
        return hearing_scene(thing);
    if (model_report(model, subject, &thing, &period))
        return hearing_scene(thing);
    return (struct scene){.own = model_body(model, subject)};
}

/* What an event adds to that. */
static void look_inside(struct heard *heard)
{
    const void *record = heard->happened->record;
    struct item *item = &heard->item;
    switch ((int)heard->happened->message) {
    case MESSAGE_norm_was_set:
        heard->scene.own = model_body(heard->model, ((const struct norm *)record)->blocking_body);
        return;
    case MESSAGE_dependency_raised: {
        const struct dependency_raised *raised = record;
        heard->when |= raised->circle.head.count ? CASE_CIRCLE : 0;
        item->due = raised->raised.needed_by;
        return;
    }
    case MESSAGE_dependency_escalated:
        heard->when = 1u << ((const struct dependency_rung *)record)->rung;
        item->due = ((const struct dependency_rung *)record)->promised;
        return;
    case MESSAGE_action_opened:
        item->due = ((const struct action_opened *)record)->opened.due;
        return;
    case MESSAGE_action_overdue:
        item->due = ((const struct action_overdue *)record)->due;
        return;
    case MESSAGE_reminder_sent: {
        const struct reminder *reminder = record;
        heard->scene.self = model_inbox(heard->model, reminder->office);
        heard->when = reminder->urgency == URGENCY_OVERDUE ? CASE_LATE : CASE_SOON;
        item->about = apply_thing(heard->model, reminder->about)->number;
        item->words = apply_thing(heard->model, reminder->what)->number;
        item->due = reminder->due;
        return;
    }
    default:
        return;
    }
}

static void hear(void *context, struct inbox *inbox)
{
    struct heard *heard = context;
    if (text_is(heard->happened->actor.office, inbox->office_id))
        return;
    if (inbox->count && inbox->items[inbox->count - 1].position == heard->item.position)
        return; /* by a row before this one, or in another role */
    if (inbox->count == inbox->room) {
        inbox->room += inbox->room / 2 + 8;
        must(inbox->items = realloc(inbox->items, inbox->room * sizeof *inbox->items));
    }
    struct item *item = &inbox->items[inbox->count++];
    *item = heard->item;
    if (rules_at(item->rule)->urgency == URGENCY_TO_KNOW)
        item->due = 0;
    schedule_touch_inbox(&heard->model->schedule, inbox->number);
}

void hearing_spread(struct model *model, const struct happened *happened)
{
    size_t row = model->rule_first[happened->message];
    if (row == rules_count())
        return;
    struct heard heard = {model, happened, scene_of(model, happened->subject), CASE_ALWAYS,
        {.at = happened->at_ms, .position = (uint32_t)happened->position}};
    look_inside(&heard);
    if (!heard.item.about)
        heard.item.about = apply_thing(model, happened->about)->number;
    for (; row < rules_count() && rules_at(row)->event == happened->message; row++) {
        const struct rule *rule = rules_at(row);
        heard.item.rule = (uint16_t)row;
        if (rule->when & heard.when)
            resolve(model, rule->who, &heard.scene, hear, &heard);
    }
}
