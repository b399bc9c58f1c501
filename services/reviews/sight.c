/* By shared/facts/access.h, as in every service. */
#include "sight.h"

#include "base/must.h"
#include "facts/access.h"

#include <stdlib.h>

static bool sees(
    const struct model *model, const struct office *office, const struct agreement_entry *agreement)
{
    return access_sees_drafts(model->bodies, office, text_of(agreement->body->id));
}

enum err sight_agreement(const struct model *model, const struct request *request, struct text id,
    const struct agreement_entry **ret_agreement, struct faults *why)
{
    const struct agreement_entry *agreement = model_agreement(model, id);
    if (!agreement || !sees(model, &request->office, agreement))
        return faults_add(why, ERR_NOT_FOUND, "agreement",
            "there is no agreement %.*s; the list of agreements has the ids", TEXT_ARG(id));
    *ret_agreement = agreement;
    return OK;
}

enum err sight_target(const struct model *model, const struct request *request, struct text id,
    const struct agreement_entry **ret_agreement, const struct target_entry **ret_target,
    struct faults *why)
{
    struct agreement_entry *agreement = NULL;
    const struct target_entry *target = model_target_of(model, id, &agreement);
    if (!target || !sees(model, &request->office, agreement))
        return faults_add(why, ERR_NOT_FOUND, "target",
            "there is no target %.*s; the list of targets has the ids", TEXT_ARG(id));
    *ret_agreement = agreement;
    *ret_target = target;
    return OK;
}

enum err sight_thread(const struct model *model, const struct request *request, struct text id,
    const struct thread_entry **ret_thread, struct faults *why)
{
    const struct thread_entry *thread = model_thread(model, id);
    if (!thread || !sees(model, &request->office, thread->agreement))
        return faults_add(why, ERR_NOT_FOUND, "thread",
            "there is no thread %.*s; the list of feedback has the ids", TEXT_ARG(id));
    *ret_thread = thread;
    return OK;
}

bool *sight_all(const struct model *model, const struct office *office)
{
    bool *all = calloc(HASH_COUNT(model->agreement_table) + 1, sizeof *all);
    must(all);
    for (const struct agreement_entry *one = model->agreement_table; one; one = one->hh.next)
        all[one->index] = sees(model, office, one);
    return all;
}
