/* Which events of the past a question needs. An agreement is folded together with its cycle, whose
 * parameters the computed members follow. A thing that was removed is gone, but its past is not. */
#include "queries.h"

#include "access.h"

#include "base/must.h"
#include "facts/access.h"

static enum err cycle_past(
    const struct model *model, struct text id, struct scope *scope, struct faults *why)
{
    if (!model_cycle(model, id))
        return faults_add(why, ERR_NOT_FOUND, "cycle",
            "there is no cycle %.*s; the list of cycles has them", TEXT_ARG(id));
    scope_subject(scope, id);
    return OK;
}

static enum err body_past(
    const struct model *model, struct text id, struct scope *scope, struct faults *why)
{
    if (!model_body(model, id))
        return faults_add(why, ERR_NOT_FOUND, "body",
            "no body %.*s is registered; the list of bodies has the codes", TEXT_ARG(id));
    scope_subject(scope, id);
    return OK;
}

/* A history tells what was drafted before there was anything to sign. */
static enum err may_see_drafts(const struct model *model, const struct request *request,
    const struct agreement_entry *agreement, struct faults *why)
{
    if (access_sees_drafts(model->succession, &request->office, agreement->facts.body))
        return OK;
    return faults_add(why, ERR_FORBIDDEN, "",
        "the history of %.*s holds its drafts, which only its own body and the centre read",
        TEXT_ARG(agreement->id));
}

/* To those who see no drafts the past shows what was in force by then. The founding of the
 * government, the first event of all, tells access.c that the asker sees more. */
static void agreement_past(const struct model *model, const struct request *request,
    const struct agreement_entry *agreement, struct scope *scope)
{
    scope_subject(scope, agreement->cycle->id);
    scope_subject(scope, agreement->id);
    if (access_sees_drafts(model->succession, &request->office, agreement->facts.body))
        scope_subject(scope, MODEL_GOVERNMENT);
}

enum err cycle_get_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    return cycle_past(state, ((const struct cycle_one *)request->body)->cycle, ret_scope, why);
}

enum err body_get_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    return body_past(state, ((const struct body_one *)request->body)->body, ret_scope, why);
}

enum err agreement_get_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    const struct agreement_one *asked = request->body;
    const struct agreement_entry *agreement;
    enum err err = access_agreement(state, request, asked->agreement, &agreement, why);
    if (err)
        return err;
    agreement_past(state, request, agreement, ret_scope);
    return OK;
}

enum err target_get_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    const struct target_one *asked = request->body;
    const struct agreement_entry *agreement = NULL;
    uint32_t number;
    enum err err = access_target_was(state, request, asked->target, &agreement, &number, why);
    if (err)
        return err;
    must(agreement);
    agreement_past(state, request, agreement, ret_scope);
    return OK;
}

enum err history_cycle_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    return cycle_past(state, ((const struct history *)request->body)->id, ret_scope, why);
}

enum err history_body_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    return body_past(state, ((const struct history *)request->body)->id, ret_scope, why);
}

enum err history_agreement_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    const struct history *asked = request->body;
    const struct agreement_entry *agreement;
    enum err err = access_agreement(state, request, asked->id, &agreement, why);
    if (err == OK)
        err = may_see_drafts(state, request, agreement, why);
    if (err == OK)
        scope_subject(ret_scope, agreement->id);
    return err;
}

enum err history_target_scope(
    const void *state, const struct request *request, struct scope *ret_scope, struct faults *why)
{
    const struct history *asked = request->body;
    const struct agreement_entry *agreement = NULL;
    uint32_t number;
    enum err err = access_target_was(state, request, asked->id, &agreement, &number, why);
    if (err)
        return err;
    must(agreement);
    err = may_see_drafts(state, request, agreement, why);
    if (err == OK)
        scope_about(ret_scope, asked->id);
    return err;
}
