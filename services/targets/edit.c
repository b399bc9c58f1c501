/* The table of states (facts/life.h) knows edits in drafts only; here stands what leads back to
 * one. */
#include "edit.h"

#include "access.h"

#include "base/must.h"
#include "facts/life.h"

static bool reopens(const struct agreement_entry *agreement)
{
    return life_after(MESSAGE_agreement_reopened, agreement->state) != agreement_state_UNSET;
}

static enum err check_state(
    enum message event, const struct agreement_entry *agreement, struct faults *why)
{
    return reopens(agreement) ? OK : life_check(event, agreement->id, agreement->state, why);
}

enum err edit_agreement(const struct model *model, const struct request *request, struct text id,
    enum message event, const struct agreement_entry **ret_agreement, struct faults *why)
{
    const struct agreement_entry *agreement = NULL;
    enum err err = access_own_agreement(model, request, id, &agreement, why);
    if (err)
        return err;
    must(agreement);
    err = check_state(event, agreement, why);
    if (err == OK && reopens(agreement))
        err = request_expects(request, agreement->version, why);
    if (err == OK)
        *ret_agreement = agreement;
    return err;
}

enum err edit_target(const struct model *model, const struct request *request, struct text id,
    enum message event, const struct agreement_entry **ret_agreement,
    const struct target_entry **ret_target, struct faults *why)
{
    struct text number, agreement_id = text_cut(id, '.', &number);
    const struct agreement_entry *agreement = NULL;
    const struct target_entry *target = NULL;
    enum err err = access_own(model, request, agreement_id, why);
    if (err == OK)
        err = access_target(model, request, id, &agreement, &target, why);
    if (err)
        return err;
    must(agreement && target);
    err = check_state(event, agreement, why);
    if (err == OK)
        err = request_expects(request, model_target_version(agreement, target), why);
    if (err)
        return err;
    *ret_agreement = agreement;
    *ret_target = target;
    return OK;
}

void edit_begin(struct decision *decision, const struct agreement_entry *agreement)
{
    struct agreement_submit reopened = {.agreement = agreement->id};
    if (reopens(agreement))
        decision_add(decision, MESSAGE_agreement_reopened, agreement->id, agreement->id, &reopened);
}
