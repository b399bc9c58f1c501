/* Bodies are public, drafts are not: a body's own people and the centre see them, other bodies see
 * what is in force. */
#include "access.h"

#include "base/must.h"

bool access_sees_drafts(const struct office *office, struct text body)
{
    switch (office->role) {
    case ROLE_COMMITTEE:
    case ROLE_SECRETARIAT:
    case ROLE_PMO:
    case ROLE_PM:
    case ROLE_AUDITOR:
        return true;
    case ROLE_FOCAL:
    case ROLE_SECRETARY:
    case ROLE_MINISTER:
        return text_equal(office->body, body);
    default: /* administrators keep people and bodies, and read no drafts */
        return false;
    }
}

bool access_sees(const struct office *office, const struct agreement_entry *agreement)
{
    if (access_sees_drafts(office, agreement->facts.body))
        return true;
    bool of_a_body = office->body.len > 0;
    return of_a_body && (agreement->state == STATE_IN_FORCE || agreement->state == STATE_AMENDING ||
                            agreement->state == STATE_CLOSED);
}

enum err access_agreement(const struct model *model, const struct request *request, struct text id,
    const struct agreement_entry **ret_agreement, struct faults *why)
{
    const struct agreement_entry *agreement = model_agreement(model, id);
    if (!agreement || !access_sees(&request->office, agreement))
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
    if (!agreement || !access_sees(&request->office, agreement) || number >= agreement->next_number)
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

enum err access_own(
    const struct request *request, struct text agreement_or_body, struct faults *why)
{
    struct text rest, body = text_cut(agreement_or_body, '-', &rest);
    if (text_equal(request->office.body, body))
        return OK;
    return faults_add(why, ERR_FORBIDDEN, "",
        "an office of %.*s cannot change what body %.*s promises; somebody of %.*s has to",
        TEXT_ARG(request->office.body), TEXT_ARG(body), TEXT_ARG(body));
}

enum err access_edit(const struct model *model, const struct request *request, struct text id,
    const struct agreement_entry **ret_agreement, struct faults *why)
{
    const struct agreement_entry *agreement = NULL;
    enum err err = access_own(request, id, why);
    if (err == OK)
        err = access_agreement(model, request, id, &agreement, why);
    if (err)
        return err;
    must(agreement);
    if (agreement->state != STATE_DRAFT && agreement->state != STATE_RETURNED)
        return faults_add(why, ERR_STATE, "agreement",
            "%.*s is %s; its targets can be edited only while it is draft or returned",
            TEXT_ARG(agreement->id),
            choices_word(agreement_state_choices(), (int)agreement->state));
    *ret_agreement = agreement;
    return OK;
}
