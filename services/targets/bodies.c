/* Commands on bodies. A body's id never changes; when bodies merge, split or get new
 * names, the old one ends and names its successors, and that chain must never close to a ring. */
#include "commands.h"

#include "model.h"

#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

static bool is_body_id(struct text id)
{
    if (id.len < 2 || id.len > BODY_ID_MAX || text_equal(id, BODY_EXTERNAL))
        return false;
    for (size_t i = 0; i < id.len; i++) {
        bool capital = id.at[i] >= 'A' && id.at[i] <= 'Z';
        bool digit = id.at[i] >= '0' && id.at[i] <= '9';
        if (!capital && !(digit && i > 0))
            return false;
    }
    return true;
}

/* Follows the successors of `from`, each body once, and relies on every one that it meets. True
 * when the chain comes to `id`. */
static bool chain_reaches(const struct model *model, const struct body_entry *from, struct text id,
    struct decision *decision)
{
    const struct catalogue *bodies = &model->bodies;
    bool *seen = calloc(bodies->count, sizeof *seen), reaches = false;
    size_t *open = calloc(bodies->count, sizeof *open), count = 0;
    must(seen && open);
    open[count++] = catalogue_place(bodies, from->id);
    seen[open[0]] = true;
    while (count > 0) {
        const struct body_entry *body = (const void *)bodies->at[open[--count]];
        decision_expect(decision, body->id);
        reaches = reaches || text_equal(body->id, id);
        for (uint32_t i = 0; i < body->facts.successors.head.count; i++) {
            size_t place = catalogue_place(bodies, body->facts.successors.at[i]);
            if (place < bodies->count && !seen[place]) {
                seen[place] = true;
                open[count++] = place;
            }
        }
    }
    free(seen);
    free(open);
    return reaches;
}

static void check_successors(const struct model *model, const struct body *body,
    struct decision *decision, struct faults *why)
{
    for (uint32_t i = 0; i < body->successors.head.count; i++) {
        struct text id = body->successors.at[i];
        const struct body_entry *next = model_body(model, id);
        char member[24];
        (void)snprintf(member, sizeof member, "successors/%u", i);
        if (text_equal(id, body->id))
            faults_add(why, ERR_INVALID, member, "a body cannot succeed itself");
        else if (!next)
            faults_add(why, ERR_INVALID, member,
                "no body %.*s is registered; register the successor first", TEXT_ARG(id));
        else if (chain_reaches(model, next, body->id, decision))
            faults_add(why, ERR_INVALID, member,
                "%.*s is itself succeeded by %.*s, directly or through others", TEXT_ARG(id),
                TEXT_ARG(body->id));
        for (uint32_t j = 0; j < i; j++)
            if (text_equal(id, body->successors.at[j]))
                faults_add(why, ERR_INVALID, member, "%.*s is named twice", TEXT_ARG(id));
    }
}

static void check_body(const struct model *model, const struct body *body,
    struct decision *decision, struct faults *why)
{
    if (body->valid_to && body->valid_to <= body->valid_from)
        faults_add(why, ERR_INVALID, "valid_to", "the last day must lie after the first");
    check_successors(model, body, decision, why);
}

enum err body_register_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct body *body = request->body;
    if (!is_body_id(body->id))
        faults_add(why, ERR_INVALID, "id",
            "a code is 2 to %d capital letters and digits and begins with a letter; EXTERNAL "
            "stands for all who are no body",
            BODY_ID_MAX);
    if (model_body(model, body->id))
        faults_add(
            why, ERR_EXISTS, "id", "the body %.*s is registered already", TEXT_ARG(body->id));
    check_body(model, body, ret_decision, why);
    if (why->total)
        return faults_err(why);
    decision_id(ret_decision, body->id);
    decision_add(ret_decision, MESSAGE_body_registered, body->id, body->id, body);
    return OK;
}

enum err body_change_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct body *body = request->body;
    const struct body_entry *entry = model_body(model, body->id);
    if (!entry)
        return faults_add(why, ERR_NOT_FOUND, "id",
            "no body %.*s is registered; the list of bodies has the codes", TEXT_ARG(body->id));
    enum err err = request_expects(request, entry->version, why);
    if (err)
        return err;
    check_body(model, body, ret_decision, why);
    if (why->total)
        return faults_err(why);
    decision_id(ret_decision, body->id);
    decision_add(ret_decision, MESSAGE_body_changed, body->id, body->id, body);
    return OK;
}
