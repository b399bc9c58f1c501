/* Bodies are public, drafts are not: those who draft and the centre see them (facts/access.h),
 * everybody else sees what is or was in force. */
#include "access.h"

#include "facts/access.h"

#include "base/must.h"

/* A state without bodies was folded for a question about the past, where the bodies that act for
 * another today need not have been there. Whether the asker sees drafts was settled by the present
 * (scopes.c): for those who do, the founding of the government was folded with it. */
static bool sees_drafts(
    const struct model *model, const struct office *office, const struct agreement_entry *agreement)
{
    if (model->bodies.count == 0)
        return model->founded;
    return access_sees_drafts(model->succession, office, agreement->facts.body);
}

bool access_sees(
    const struct model *model, const struct office *office, const struct agreement_entry *agreement)
{
    return agreement->was_in_force || sees_drafts(model, office, agreement);
}

enum err access_agreement(const struct model *model, const struct request *request, struct text id,
    const struct agreement_entry **ret_agreement, struct faults *why)
{
    const struct agreement_entry *agreement = model_agreement(model, id);
    if (!agreement || !access_sees(model, &request->office, agreement))
        return faults_add(why, ERR_NOT_FOUND, "agreement",
            "there is no agreement %.*s; the list of agreements has the ids", TEXT_ARG(id));
    *ret_agreement = agreement;
    return OK;
}

enum err access_target_was(const struct model *model, const struct request *request, struct text id,
    const struct agreement_entry **ret_agreement, uint32_t *ret_number, struct faults *why)
{
    struct text agreement_id;
    uint32_t number;
    const struct agreement_entry *agreement = NULL;
    if (model_split_target(id, &agreement_id, &number))
        agreement = model_agreement(model, agreement_id);
    bool there = agreement && number < agreement->next_number &&
                 (sees_drafts(model, &request->office, agreement) ||
                     (agreement->was_in_force && model_target(agreement, number)));
    if (!there) /* to those who see no drafts, what was only drafted never was */
        return faults_add(why, ERR_NOT_FOUND, "target",
            "there is no target %.*s; the list of targets has the ids", TEXT_ARG(id));
    *ret_agreement = agreement;
    *ret_number = number;
    return OK;
}

enum err access_target(const struct model *model, const struct request *request, struct text id,
    const struct agreement_entry **ret_agreement, const struct target_entry **ret_target,
    struct faults *why)
{
    uint32_t number = 0;
    const struct agreement_entry *agreement = NULL;
    enum err err = access_target_was(model, request, id, &agreement, &number, why);
    if (err)
        return err;
    must(agreement);
    const struct target_entry *target = model_target(agreement, number);
    if (!target)
        return faults_add(why, ERR_GONE, "target",
            "target %.*s was removed; its history is still there", TEXT_ARG(id));
    *ret_agreement = agreement;
    *ret_target = target;
    return OK;
}

enum err access_own(const struct model *model, const struct request *request,
    struct text agreement_or_body, struct faults *why)
{
    const struct agreement_entry *agreement = model_agreement(model, agreement_or_body);
    struct text rest, body = text_cut(agreement_or_body, '-', &rest);
    if (agreement)
        body = agreement->facts.body;
    if (access_writes_for(model->succession, &request->office, body))
        return OK;
    return faults_add(why, ERR_FORBIDDEN, "",
        "an office of %.*s cannot change what body %.*s promises; somebody of %.*s has to, or of "
        "the body that follows it",
        TEXT_ARG(request->office.body), TEXT_ARG(body), TEXT_ARG(body));
}

enum err access_own_agreement(const struct model *model, const struct request *request,
    struct text id, const struct agreement_entry **ret_agreement, struct faults *why)
{
    enum err err = access_own(model, request, id, why);
    return err ? err : access_agreement(model, request, id, ret_agreement, why);
}
