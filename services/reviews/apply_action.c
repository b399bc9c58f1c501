/* Corrective actions: opened, done, verified by somebody else, overdue until then. */
#include "apply.h"

#include "quarter.h"

#include "base/must.h"
#include "schema/pack.h"

#include <stdlib.h>

static const char *action_put(struct model *model, const struct happened *happened)
{
    struct faults why = {0};
    struct action_entry *action = calloc(1, sizeof *action);
    must(action);
    APPLY_ID(action, happened->subject);
    action->index = model->action_count;
    action->packed = apply_own(happened->data);
    action->state = ACTION_OPEN;
    action->opened_by = apply_own(happened->actor.person);
    action->opened_in = apply_own(happened->actor.office);
    action->opened_at = happened->at_ms;
    action->position = happened->position;
    if (model->action_count == model->action_room) {
        model->action_room = model->action_room ? 2 * model->action_room : 64;
        must(model->actions = realloc(model->actions, model->action_room * sizeof(void *)));
    }
    model->actions[model->action_count++] = action;
    if (pack_read_trusted(action_opened_record(), action->packed, &action->facts, &why) != OK ||
        quarter_action(model, happened->subject) != action)
        return "the record of a corrective action cannot be read, or its number is another's";
    return NULL;
}

static void replace(struct text *kept, struct text with)
{
    free((void *)(uintptr_t)kept->at);
    *kept = apply_own(with);
}

const char *apply_action(struct model *model, const struct happened *happened)
{
    const char *complaint = NULL;
    if (happened->message == MESSAGE_action_opened)
        complaint = action_put(model, happened);
    struct action_entry *action = quarter_action(model, happened->subject);
    if (complaint || !action)
        return complaint ? complaint : "an event of a corrective action that was never opened";
    const struct action_say *say = happened->record; /* of all but opened and overdue */
    model->due_is_old = true;
    action->version = happened->version;
    switch ((int)happened->message) {
    case MESSAGE_action_finished:
        action->state = ACTION_DONE;
        replace(&action->done, say->remark);
        replace(&action->done_by, happened->actor.person);
        return NULL;
    case MESSAGE_action_verified:
        action->state = ACTION_VERIFIED;
        action->closed_at = happened->at_ms;
        replace(&action->found, say->remark);
        replace(&action->verified_by, happened->actor.person);
        return NULL;
    case MESSAGE_action_rejected:
        action->state = ACTION_OPEN;
        replace(&action->found, say->remark);
        return NULL;
    case MESSAGE_action_dropped:
        action->state = ACTION_DROPPED;
        action->closed_at = happened->at_ms;
        replace(&action->found, say->remark);
        return NULL;
    case MESSAGE_action_overdue:
        action->times_overdue++;
        return NULL;
    default: /* opened */
        return NULL;
    }
}
