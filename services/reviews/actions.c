/* Corrective actions: what a review decided must be done, by whom, by when. Nobody closes the own:
 * the verifier is another office, not of the same body, and another person than who did it. */
#include "commands.h"

#include "action_new.h"

#include "facts/access.h"

enum err action_open_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    return action_new(state, request, request->body, ret_decision, why);
}

/* Who may, in which state, and that the request has seen the action as it is. */
static enum err open_act(const struct model *model, const struct request *request,
    struct text needed_office, enum action_state needed, const struct action_entry *action,
    struct faults *why)
{
    const struct action_say *say = request->body;
    if (!text_equal(request->actor.office, needed_office))
        return faults_add(why, ERR_FORBIDDEN, "", "that is up to %.*s", TEXT_ARG(needed_office));
    if (action->state != needed)
        return faults_add(why, ERR_STATE, "action", "%s is %s", action->id,
            choices_word(action_state_choices(), (int)action->state));
    if (say->evidence.at && !quarter_evidence(model, say->evidence))
        return faults_add(why, ERR_INVALID, "evidence",
            "there is no file of that SHA-256; send it to /v1/evidence first");
    return request_expects(request, action->version, why);
}

static enum err find(const struct model *model, struct text id,
    const struct action_entry **ret_action, struct faults *why)
{
    *ret_action = quarter_action(model, id);
    return *ret_action ? OK
                       : faults_add(why, ERR_NOT_FOUND, "action",
                             "there is no action %.*s; the list has them", TEXT_ARG(id));
}

static enum err say(const struct request *request, enum message event, struct decision *decision)
{
    const struct action_say *said = request->body;
    decision_add(decision, event, said->action, said->action, said);
    return OK;
}

enum err action_finish_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct action_entry *action;
    enum err err = find(state, ((const struct action_say *)request->body)->action, &action, why);
    if (err == OK)
        err = open_act(state, request, action->facts.opened.owner, ACTION_OPEN, action, why);
    return err ? err : say(request, MESSAGE_action_finished, ret_decision);
}

static enum err judge(const struct model *model, const struct request *request, enum message event,
    struct decision *decision, struct faults *why)
{
    const struct action_entry *action;
    enum err err = find(model, ((const struct action_say *)request->body)->action, &action, why);
    if (err == OK)
        err = open_act(model, request, action->facts.opened.verifier, ACTION_DONE, action, why);
    if (err)
        return err;
    if (text_equal(action->done_by, request->actor.person))
        return faults_add(why, ERR_FORBIDDEN, "",
            "%.*s said that it is done: somebody else has to look", TEXT_ARG(action->done_by));
    return say(request, event, decision);
}

enum err action_verify_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    return judge(state, request, MESSAGE_action_verified, ret_decision, why);
}

enum err action_reject_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    return judge(state, request, MESSAGE_action_rejected, ret_decision, why);
}

/* The role that opened it: the person or the seat may have changed meanwhile. */
enum err action_drop_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct action_entry *action;
    enum err err = find(state, ((const struct action_say *)request->body)->action, &action, why);
    if (err)
        return err;
    if (office_read(action->opened_in).role != request->office.role)
        return faults_add(why, ERR_FORBIDDEN, "", "%.*s opened it: it is given up there",
            TEXT_ARG(action->opened_in));
    enum action_state now = action->state == ACTION_DONE ? ACTION_DONE : ACTION_OPEN;
    err = open_act(state, request, request->actor.office, now, action, why);
    return err ? err : say(request, MESSAGE_action_dropped, ret_decision);
}
