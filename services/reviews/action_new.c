#include "action_new.h"

#include "base/must.h"

#include <stdio.h>

static void check_offices(const struct model *model, const struct request *request,
    const struct action_open *open, struct faults *why)
{
    const struct post_entry *owner = model_post(model, open->owner);
    const struct post_entry *verifier = model_post(model, open->verifier);
    if (!owner)
        faults_add(why, ERR_INVALID, "owner", "there is no office %.*s", TEXT_ARG(open->owner));
    if (!verifier)
        faults_add(
            why, ERR_INVALID, "verifier", "there is no office %.*s", TEXT_ARG(open->verifier));
    if (!owner || !verifier)
        return;
    struct text doer = roster_holder(request->roster, open->owner);
    if (owner == verifier)
        faults_add(why, ERR_INVALID, "verifier", "somebody else says whether it is done");
    else if (owner->office.body.at && text_equal(owner->office.body, verifier->office.body))
        faults_add(why, ERR_INVALID, "verifier",
            "%.*s is of the same body: somebody outside says whether it is done",
            TEXT_ARG(open->verifier));
    else if (doer.at && text_equal(doer, roster_holder(request->roster, open->verifier)))
        faults_add(why, ERR_INVALID, "verifier",
            "%.*s holds both offices: somebody else says whether it is done", TEXT_ARG(doer));
}

static void check_about(
    const struct model *model, const struct action_open *open, struct faults *why)
{
    struct agreement_entry *agreement;
    if (open->report.at && !quarter_report(model, open->report))
        faults_add(why, ERR_INVALID, "report", "there is no report %.*s", TEXT_ARG(open->report));
    if (open->target.at && !model_target_of(model, open->target, &agreement))
        faults_add(why, ERR_INVALID, "target", "there is no target %.*s", TEXT_ARG(open->target));
    if (open->dependency.at && !quarter_need(model, open->dependency))
        faults_add(why, ERR_INVALID, "dependency", "there is no dependency %.*s",
            TEXT_ARG(open->dependency));
}

enum err action_new(const struct model *model, const struct request *request,
    const struct action_open *open, struct decision *decision, struct faults *why)
{
    check_offices(model, request, open, why);
    check_about(model, open, why);
    if (open->due < request->today)
        faults_add(why, ERR_INVALID, "due", "that day is past");
    if (why->total)
        return faults_err(why);
    char id[ID_MAX + 1];
    int len = snprintf(id, sizeof id, "action-%zu", model->action_count + 1);
    must(len > 0 && (size_t)len < sizeof id);
    const struct action_opened opened = {.id = {id, (size_t)len},
        .opened = *open,
        .decision = request->office.role == ROLE_PM ? FLAG_YES : FLAG_UNSET};
    decision_expect(decision, open->owner);
    decision_expect(decision, open->verifier);
    decision_add(decision, MESSAGE_action_opened, opened.id, opened.id, &opened);
    return OK;
}
