/* Dependencies, oldest first; those of a target without looking at any other. */
#include "queries.h"

#include "view.h"

#include "service/listing.h"

static bool has_rung(const struct dependency_entry *dependency, enum rung rung)
{
    for (size_t i = 0; i < dependency->rung_count; i++)
        if (dependency->rungs[i].rung == rung)
            return true;
    return false;
}

static bool waits(const struct dependency_entry *dependency, struct text target)
{
    const struct dependency_raise *raised = &dependency->facts.raised;
    for (uint32_t i = 0; i < raised->targets.head.count; i++)
        if (text_equal(raised->targets.at[i], target))
            return true;
    return false;
}

static bool matches(const struct dependency_list *asked, const struct dependency_entry *dependency)
{
    const struct dependency_raised *facts = &dependency->facts;
    return (!asked->waiting.at || text_equal(asked->waiting, facts->body)) &&
           (!asked->blocking.at || text_equal(asked->blocking, facts->raised.blocking_body)) &&
           (!asked->type.at || text_equal(asked->type, facts->raised.type)) &&
           (!asked->state || asked->state == dependency->ball.state) &&
           (!asked->court || asked->court == dependency->ball.court) &&
           (!asked->rung || has_rung(dependency, asked->rung)) &&
           (!asked->target.at || waits(dependency, asked->target));
}

static void take(const struct model *model, const struct request *request,
    const struct dependency_entry *dependency, struct listing *page, struct reply *reply)
{
    if (matches(request->body, dependency) && listing_takes(page, dependency->raised, reply))
        view_dependency(model, dependency, request->today, reply);
}

enum err dependency_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct dependency_list *asked = request->body;
    struct listing page;
    struct agreement_entry *agreement;
    enum err err = listing_open(&page, LISTING_OLDEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    const struct target_entry *target =
        asked->target.at ? model_target_of(model, asked->target, &agreement) : NULL;
    for (uint32_t i = 0; target && i < target->wait_count; i++)
        take(model, request, model->at[target->waits[i]], &page, ret_reply);
    for (size_t i = 0; !asked->target.at && i < model->count; i++)
        take(model, request, model->at[i], &page, ret_reply);
    listing_close(&page, ret_reply);
    return OK;
}

static enum err find(const struct model *model, struct text id,
    const struct dependency_entry **ret_dependency, struct faults *why)
{
    *ret_dependency = model_dependency(model, id);
    if (*ret_dependency)
        return OK;
    return faults_add(why, ERR_NOT_FOUND, "dependency",
        "there is no dependency %.*s; the list has them", TEXT_ARG(id));
}

/* Its days run without an event, so that it may not be kept. */
enum err dependency_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct dependency_one *asked = request->body;
    const struct dependency_entry *dependency;
    enum err err = find(state, asked->dependency, &dependency, why);
    if (err)
        return err;
    view_dependency(state, dependency, request->today, ret_reply);
    reply_version(ret_reply, dependency->version);
    return OK;
}

enum err history_dependency_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    const struct history *asked = request->body;
    const struct dependency_entry *dependency;
    enum err err = find(state, asked->id, &dependency, why);
    if (err)
        return err;
    scope_subject(ret_scope, dependency->facts.id);
    return OK;
}
