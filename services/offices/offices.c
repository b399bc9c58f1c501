/* Commands on offices. An office's id says its role and body, so that nothing about it can change
 * but its title. */
#include "commands.h"

#include "model.h"

#define OFFICE_ID_MAX 48 /* leaves room for the numbers of postings and hand-overs */

static void check_office(
    const struct model *model, struct text id, struct decision *decision, struct faults *why)
{
    struct office office = office_read(id);
    if (office.role == role_UNSET || office.role == ROLE_PERSON || office.role == ROLE_SETUP ||
        office.role == ROLE_CLOCK || id.len > OFFICE_ID_MAX) {
        faults_add(why, ERR_INVALID, "id",
            "an office is named role, role.BODY, role.2 or role.BODY.2, as its role needs it, and "
            "has %d characters at most: \"secretary.PWR\", \"committee.3\"",
            OFFICE_ID_MAX);
        return;
    }
    if (!office.body.at)
        return;
    if (!bodies_knows(model->bodies, office.body))
        faults_add(why, ERR_INVALID, "id",
            "no body %.*s is registered; the list of bodies has the codes", TEXT_ARG(office.body));
    else if (!bodies_act_for(model->bodies, office.body, office.body))
        faults_add(why, ERR_INVALID, "id", "%.*s has ended; its successors have offices instead",
            TEXT_ARG(office.body));
    else
        decision_expect(decision, office.body);
}

enum err office_create_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct office_new *office = request->body;
    check_office(model, office->id, ret_decision, why);
    if (model_office(model, office->id))
        faults_add(why, ERR_EXISTS, "id", "the office %.*s is there already", TEXT_ARG(office->id));
    if (why->total)
        return faults_err(why);
    decision_id(ret_decision, office->id);
    decision_add(ret_decision, MESSAGE_office_created, office->id, office->id, office);
    return OK;
}

enum err office_change_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct office_new *office = request->body;
    const struct office_entry *entry = model_office(model, office->id);
    if (!entry)
        return faults_add(why, ERR_NOT_FOUND, "id",
            "there is no office %.*s; the list of offices has them", TEXT_ARG(office->id));
    enum err err = request_expects(request, entry->version, why);
    if (err)
        return err;
    decision_id(ret_decision, office->id);
    decision_add(ret_decision, MESSAGE_office_changed, office->id, office->id, office);
    return OK;
}
