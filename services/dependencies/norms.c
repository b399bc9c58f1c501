/* Types of dependencies and their norms. A dependency keeps the norm of the day it was raised. */
#include "commands.h"
#include "queries.h"

#include "model.h"

#include "service/listing.h"

#include <stdio.h>

enum err norm_set_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct norm *norm = request->body;
    const struct norm_entry *there = model_norm(model, norm->type);
    if (norm->blocking_body.at && !text_equal(norm->blocking_body, DEPENDENCY_EXTERNAL_BODY) &&
        !bodies_knows(model->bodies, norm->blocking_body))
        return faults_add(why, ERR_INVALID, "blocking_body",
            "no body %.*s is registered; or say EXTERNAL", TEXT_ARG(norm->blocking_body));
    enum err err = there ? request_expects(request, there->version, why) : OK;
    if (err)
        return err;
    char subject[ID_MAX + 1];
    int len = snprintf(subject, sizeof subject, "norm.%.*s", TEXT_ARG(norm->type));
    if (len >= (int)sizeof subject)
        return faults_add(why, ERR_INVALID, "type", "the name of a type has at most 59 characters");
    decision_id(ret_decision, norm->type);
    decision_add(ret_decision, MESSAGE_norm_was_set, text_of(subject), norm->type, norm);
    return OK;
}

static void show(const struct norm_entry *norm, struct reply *reply)
{
    struct norm_view view = {.norm = norm->facts, .version = {(int64_t)norm->version, true}};
    reply_add(reply, norm_view_record(), &view);
}

/* In the order of their names, a page by its place in it. */
enum err norm_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct norm_list *asked = request->body;
    struct listing page;
    enum err err = listing_open(&page, LISTING_OLDEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    for (size_t i = 0; i < model->norms.count; i++)
        if (listing_takes(&page, i + 1, ret_reply))
            show((const void *)model->norms.at[i], ret_reply);
    listing_close(&page, ret_reply);
    return OK;
}

enum err norm_get_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct norm_one *asked = request->body;
    const struct norm_entry *norm = model_norm(state, asked->type);
    if (!norm)
        return faults_add(why, ERR_NOT_FOUND, "type",
            "there is no type %.*s; the list of types has them", TEXT_ARG(asked->type));
    show(norm, ret_reply);
    reply_version(ret_reply, norm->version);
    return OK;
}
