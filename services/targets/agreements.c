/* Commands on a whole agreement: opening, the order of its targets, submitting and withdrawing, and
 * its end. */
#include "commands.h"

#include "access.h"
#include "edit.h"
#include "submit.h"

#include "base/clock.h"
#include "facts/life.h"

#include <stdio.h>

/* Somebody of the body itself opens its agreement, or the secretariat for any. */
static enum err may_open(const struct model *model, const struct request *request,
    const struct agreement_open *open, struct faults *why)
{
    return request->office.role == ROLE_SECRETARIAT ? OK
                                                    : access_own(model, request, open->body, why);
}

static void check_open(
    const struct model *model, const struct request *request, struct text id, struct faults *why)
{
    const struct agreement_open *open = request->body;
    const struct body_entry *body = model_body(model, open->body);
    const struct cycle_entry *cycle = model_cycle(model, open->cycle);
    if (!body)
        faults_add(why, ERR_INVALID, "body",
            "no body %.*s is registered; the list of bodies has the codes", TEXT_ARG(open->body));
    if (!cycle)
        faults_add(why, ERR_INVALID, "cycle", "there is no cycle %.*s; the list of cycles has them",
            TEXT_ARG(open->cycle));
    if (!body || !cycle)
        return;
    if (body->facts.valid_from > cycle->facts.ends_on ||
        (body->facts.valid_to && body->facts.valid_to < cycle->facts.starts_on))
        faults_add(why, ERR_INVALID, "body", "%.*s does not exist on any day of the cycle %.*s",
            TEXT_ARG(open->body), TEXT_ARG(open->cycle));
    else if (!bodies_act_for(model->succession, open->body, open->body) ||
             (body->facts.valid_to && body->facts.valid_to < request->today))
        faults_add(why, ERR_INVALID, "body",
            "%.*s has ended and promises nothing new; open the agreement of a body that follows it",
            TEXT_ARG(open->body));
    if (model_agreement(model, id))
        faults_add(why, ERR_EXISTS, "", "the agreement %.*s is open already", TEXT_ARG(id));
}

enum err agreement_open_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct agreement_open *open = request->body;
    enum err err = may_open(state, request, open, why);
    if (err)
        return err;
    char at[2 * ID_MAX + 2];
    int len = snprintf(at, sizeof at, "%.*s-%.*s", TEXT_ARG(open->body), TEXT_ARG(open->cycle));
    struct text id = {at, (size_t)len};
    check_open(state, request, id, why);
    if (why->total)
        return faults_err(why);
    struct agreement_opened opened = {.id = id, .opened = *open};
    decision_expect(ret_decision, open->body);
    decision_expect(ret_decision, open->cycle);
    decision_id(ret_decision, id);
    decision_add(ret_decision, MESSAGE_agreement_opened, id, id, &opened);
    return OK;
}

/* The given order must be the present targets, each once. */
static void check_order(const struct agreement_entry *agreement,
    const struct agreement_reorder *reorder, struct faults *why)
{
    bool seen[TARGETS_MAX] = {false};
    for (uint32_t i = 0; i < reorder->order.head.count; i++) {
        struct text agreement_id, id = reorder->order.at[i];
        uint32_t number;
        const struct target_entry *target = NULL;
        char member[24];
        (void)snprintf(member, sizeof member, "order/%u", i);
        if (model_split_target(id, &agreement_id, &number) &&
            text_equal(agreement_id, agreement->id))
            target = model_target(agreement, number);
        if (!target)
            faults_add(why, ERR_INVALID, member, "%.*s is no target of %.*s", TEXT_ARG(id),
                TEXT_ARG(agreement->id));
        else if (seen[target - agreement->targets])
            faults_add(why, ERR_INVALID, member, "%.*s is named twice", TEXT_ARG(id));
        else
            seen[target - agreement->targets] = true;
    }
    for (size_t i = 0; i < agreement->target_count; i++) {
        char id[TARGET_ID_SIZE];
        if (!seen[i])
            faults_add(why, ERR_INVALID, "order", "%.*s is missing",
                TEXT_ARG(model_target_id(agreement, agreement->targets[i].number, id)));
    }
}

enum err agreement_reorder_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct agreement_reorder *reorder = request->body;
    const struct agreement_entry *agreement;
    enum err err = edit_agreement(
        state, request, reorder->agreement, MESSAGE_agreement_reordered, &agreement, why);
    if (err == OK)
        err = request_expects(request, agreement->version, why);
    if (err)
        return err;
    check_order(agreement, reorder, why);
    if (why->total)
        return faults_err(why);
    decision_id(ret_decision, agreement->id);
    edit_begin(ret_decision, agreement);
    decision_add(ret_decision, MESSAGE_agreement_reordered, agreement->id, agreement->id, reorder);
    return OK;
}

/* Whether an act can happen to an agreement that was seen as it is. */
static enum err check_act(const struct request *request, const struct agreement_entry *agreement,
    enum message event, struct faults *why)
{
    enum err err = life_check(event, agreement->id, agreement->state, why);
    return err ? err : request_expects(request, agreement->version, why);
}

/* All acts that carry nothing but a remark: the event is the command's own record. */
static void act_event(struct decision *decision, const struct agreement_entry *agreement,
    enum message event, const struct agreement_submit *act)
{
    decision_id(decision, agreement->id);
    decision_add(decision, event, agreement->id, agreement->id, act);
}

enum err agreement_submit_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct agreement_submit *submit = request->body;
    const struct agreement_entry *agreement;
    enum err err = access_own_agreement(state, request, submit->agreement, &agreement, why);
    if (err == OK)
        err = check_act(request, agreement, MESSAGE_agreement_submitted, why);
    if (err)
        return err;
    submit_check(agreement, why);
    if (why->total)
        return faults_err(why);
    act_event(ret_decision, agreement, MESSAGE_agreement_submitted, submit);
    return OK;
}

enum err agreement_withdraw_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct agreement_submit *withdraw = request->body;
    const struct agreement_entry *agreement;
    enum err err = access_own_agreement(state, request, withdraw->agreement, &agreement, why);
    if (err == OK)
        err = check_act(request, agreement, MESSAGE_agreement_withdrawn, why);
    if (err == OK)
        act_event(ret_decision, agreement, MESSAGE_agreement_withdrawn, withdraw);
    return err;
}

/* An agreement ends when its cycle is over, not before. */
static enum err end(const struct model *model, const struct request *request, enum message event,
    struct decision *decision, struct faults *why)
{
    const struct agreement_submit *act = request->body;
    const struct agreement_entry *agreement;
    enum err err = access_agreement(model, request, act->agreement, &agreement, why);
    if (err == OK)
        err = check_act(request, agreement, event, why);
    if (err)
        return err;
    int32_t last = agreement->cycle->facts.ends_on;
    char day[DAY_TEXT_SIZE];
    day_to_text(last, day);
    if (request->today <= last)
        return faults_add(why, ERR_STATE, "agreement",
            "the last day of its cycle is %s; %.*s can end on the day after", day,
            TEXT_ARG(agreement->id));
    act_event(decision, agreement, event, act);
    return OK;
}

enum err agreement_close_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    return end(state, request, MESSAGE_agreement_closed, ret_decision, why);
}

enum err agreement_lapse_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    return end(state, request, MESSAGE_agreement_lapsed, ret_decision, why);
}
