/* Acts of those who check on a whole agreement: accept, return, forward. */
#include "commands.h"

#include "gates.h"
#include "model.h"
#include "recusal.h"
#include "sight.h"

#include "facts/life.h"

/* What all three begin with. Passing on is no judgement: nobody is recused from it. */
static enum err open_act(const struct model *model, const struct request *request,
    enum message event, const struct agreement_entry **ret_agreement, struct decision *decision,
    struct faults *why)
{
    const struct agreement_judge *judge = request->body;
    const struct agreement_entry *agreement = NULL;
    enum err err = sight_agreement(model, request, judge->agreement, &agreement, why);
    if (err == OK && event != MESSAGE_agreement_forwarded)
        err = recusal_check(model, request, agreement, decision, why);
    if (err == OK)
        err = life_check(event, judge->agreement, agreement->state, why);
    if (err == OK)
        err = request_expects(request, agreement->version, why);
    if (err == OK)
        *ret_agreement = agreement;
    return err;
}

static enum err act(const struct request *request, enum message event, struct decision *decision)
{
    const struct agreement_judge *judge = request->body;
    decision_add(decision, event, judge->agreement, judge->agreement, judge);
    return OK;
}

enum err agreement_accept_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct agreement_entry *agreement = NULL;
    struct gates gates;
    enum err err =
        open_act(state, request, MESSAGE_agreement_accepted, &agreement, ret_decision, why);
    if (err)
        return err;
    gates_count(state, agreement, &gates, why);
    if (why->total)
        return faults_err(why);
    return act(request, MESSAGE_agreement_accepted, ret_decision);
}

enum err agreement_return_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct agreement_judge *judge = request->body;
    const struct agreement_entry *agreement = NULL;
    enum err err =
        open_act(state, request, MESSAGE_agreement_returned, &agreement, ret_decision, why);
    if (err)
        return err;
    if (!judge->reason.len)
        return faults_add(why, ERR_INVALID, "reason",
            "a return says why: about the whole, or that the returned targets are to be changed");
    return act(request, MESSAGE_agreement_returned, ret_decision);
}

enum err agreement_forward_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct agreement_entry *agreement = NULL;
    enum err err =
        open_act(state, request, MESSAGE_agreement_forwarded, &agreement, ret_decision, why);
    if (err)
        return err;
    return act(request, MESSAGE_agreement_forwarded, ret_decision);
}
