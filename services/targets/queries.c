/* Single things carry their version and the subject whose next event outdates them; lists are
 * walked in the order of ids. */
#include "queries.h"

#include "access.h"
#include "paging.h"
#include "search.h"
#include "view.h"

enum err cycle_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct nothing *asked = request->body;
    struct paging paging;
    enum err err = paging_open(&paging, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; i < model->cycles.count; i++)
        if (paging_takes(&paging, *model->cycles.at[i]))
            view_cycle((const void *)model->cycles.at[i], ret_reply);
    paging_close(&paging, ret_reply);
    return OK;
}

enum err cycle_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct cycle_one *asked = request->body;
    const struct cycle_entry *cycle = model_cycle(state, asked->cycle);
    if (!cycle)
        return faults_add(why, ERR_NOT_FOUND, "cycle",
            "there is no cycle %.*s; the list of cycles has them", TEXT_ARG(asked->cycle));
    view_cycle(cycle, ret_reply);
    reply_version(ret_reply, cycle->version);
    reply_subject(ret_reply, cycle->id);
    return OK;
}

static bool body_existed(const struct body *body, int32_t day)
{
    return day == 0 || (body->valid_from <= day && (body->valid_to == 0 || day <= body->valid_to));
}

enum err body_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct body_list *asked = request->body;
    struct paging paging;
    enum err err = paging_open(&paging, asked->limit, asked->after, why);
    if (err)
        return err;
    SEARCH_CLEANUP struct search_needle needle = search_needle_of(asked->text);
    for (size_t i = 0; i < model->bodies.count; i++) {
        const struct body_entry *body = (const void *)model->bodies.at[i];
        bool found = search_finds(&needle, body->id) || search_finds(&needle, body->facts.name);
        if (found && body_existed(&body->facts, asked->on) && paging_takes(&paging, body->id))
            view_body(model, body, request->now_ms, ret_reply);
    }
    paging_close(&paging, ret_reply);
    return OK;
}

enum err body_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct body_one *asked = request->body;
    const struct body_entry *body = model_body(state, asked->body);
    if (!body)
        return faults_add(why, ERR_NOT_FOUND, "body",
            "no body %.*s is registered; the list of bodies has the codes", TEXT_ARG(asked->body));
    /* Hand-overs are events of offices and age by the day: the answer holds for no subject, and is
     * never kept. The version is that of what can be changed. */
    view_body(state, body, request->now_ms, ret_reply);
    reply_version(ret_reply, body->version);
    return OK;
}

enum err agreement_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct agreement_list *asked = request->body;
    struct paging paging;
    enum err err = paging_open(&paging, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; i < model->agreements.count; i++) {
        const struct agreement_entry *agreement = (const void *)model->agreements.at[i];
        if ((asked->body.at && !text_equal(asked->body, agreement->facts.body)) ||
            (asked->cycle.at && !text_equal(asked->cycle, agreement->facts.cycle)) ||
            (asked->state && asked->state != agreement->state) ||
            !access_sees(model, &request->office, agreement))
            continue;
        if (paging_takes(&paging, agreement->id))
            view_agreement(agreement, ret_reply);
    }
    paging_close(&paging, ret_reply);
    return OK;
}

enum err agreement_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct agreement_one *asked = request->body;
    const struct agreement_entry *agreement;
    enum err err = access_agreement(state, request, asked->agreement, &agreement, why);
    if (err)
        return err;
    view_agreement(agreement, ret_reply);
    reply_version(ret_reply, agreement->version);
    reply_subject(ret_reply, agreement->id);
    return OK;
}

enum err target_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct target_one *asked = request->body;
    const struct agreement_entry *agreement;
    const struct target_entry *target;
    enum err err = access_target(state, request, asked->target, &agreement, &target, why);
    if (err)
        return err;
    view_target(agreement, target, ret_reply);
    reply_version(ret_reply, model_target_version(agreement, target));
    reply_subject(ret_reply, agreement->id);
    return OK;
}
