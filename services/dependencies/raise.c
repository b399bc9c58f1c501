/* Raising a dependency. Only what is in force can wait, and only for another body that is there;
 * the norm, the weight at stake and the circle that it may close are filled in here and not by who
 * asks. */
#include "commands.h"

#include "model.h"

#include "base/must.h"
#include "facts/access.h"
#include "facts/life.h"

#include <stdio.h>

#define TARGETS_MOST (sizeof((struct dependency_raise *)0)->targets.at / sizeof(struct text))
#define CIRCLE_MOST  (sizeof((struct dependency_raised *)0)->circle.at / sizeof(struct text))

struct raising {
    const struct model *model;
    const struct dependency_raise *raise;
    const struct agreement_entry *agreement; /* that waits */
    uint32_t nodes[TARGETS_MOST];            /* of targets that the graph knows already */
    size_t node_count;
    int64_t weight;
};

static enum err find_agreement(
    struct raising *raising, const struct request *request, struct faults *why)
{
    struct text rest, id = text_cut(raising->raise->targets.at[0], '.', &rest);
    const struct agreement_entry *agreement = model_agreement(raising->model, id);
    struct text body = agreement ? agreement->body : text_cut(id, '-', &rest);
    /* Who does not write for a body learns nothing of what it has. */
    if (bodies_knows(raising->model->bodies, body) &&
        !access_writes_for(raising->model->bodies, &request->office, body))
        return faults_add(why, ERR_FORBIDDEN, "targets/0",
            "%.*s does not write for %.*s: a body asks for its own targets",
            TEXT_ARG(request->actor.office), TEXT_ARG(body));
    if (!agreement || !life_is_in_force(agreement->state))
        return faults_add(why, ERR_NOT_FOUND, "targets/0",
            "%.*s is no target of an agreement in force", TEXT_ARG(raising->raise->targets.at[0]));
    raising->agreement = agreement;
    return OK;
}

static void check_targets(struct raising *raising, struct faults *why)
{
    const struct dependency_raise *raise = raising->raise;
    for (uint32_t i = 0; i < raise->targets.head.count; i++) {
        struct agreement_entry *agreement = NULL;
        struct text id = raise->targets.at[i];
        const struct target_entry *target = model_target_of(raising->model, id, &agreement);
        char member[24];
        (void)snprintf(member, sizeof member, "targets/%u", i);
        if (!target || agreement != raising->agreement) {
            faults_add(why, ERR_INVALID, member, "%.*s is no target of %.*s", TEXT_ARG(id),
                TEXT_ARG(raising->agreement->id));
            continue;
        }
        for (uint32_t before = 0; before < i; before++)
            if (text_equal(raise->targets.at[before], id))
                faults_add(why, ERR_INVALID, member, "%.*s is named twice", TEXT_ARG(id));
        raising->weight += target->weight;
        if (target->node)
            raising->nodes[raising->node_count++] = target->node - 1;
    }
}

static void check_blocker(const struct raising *raising, struct faults *why)
{
    const struct model *model = raising->model;
    struct text blocking = raising->raise->blocking_body;
    if (text_equal(blocking, DEPENDENCY_EXTERNAL_BODY))
        return;
    if (!bodies_knows(model->bodies, blocking) ||
        !bodies_act_for(model->bodies, blocking, blocking))
        faults_add(why, ERR_INVALID, "blocking_body",
            "%.*s is no body that acts; or say EXTERNAL for who is outside the government",
            TEXT_ARG(blocking));
    else if (bodies_act_for(model->bodies, blocking, raising->agreement->body))
        faults_add(why, ERR_INVALID, "blocking_body",
            "%.*s is the own body: a dependency is on somebody else", TEXT_ARG(blocking));
}

static const struct target_entry *check_through(const struct raising *raising, struct faults *why)
{
    const struct dependency_raise *raise = raising->raise;
    struct agreement_entry *agreement = NULL;
    if (!raise->through.at)
        return NULL;
    const struct target_entry *target = model_target_of(raising->model, raise->through, &agreement);
    if (!target || !life_is_in_force(agreement->state) ||
        !bodies_act_for(raising->model->bodies, raise->blocking_body, agreement->body)) {
        faults_add(why, ERR_INVALID, "through", "%.*s is no target in force of %.*s",
            TEXT_ARG(raise->through), TEXT_ARG(raise->blocking_body));
        return NULL;
    }
    return target;
}

static void check_type(const struct raising *raising, struct dependency_raised *raised,
    const struct request *request, struct faults *why)
{
    const struct dependency_raise *raise = raising->raise;
    const struct norm_entry *norm = model_norm(raising->model, raise->type);
    if (norm)
        raised->norm_days = norm->facts.norm_days;
    else
        faults_add(why, ERR_INVALID, "type", "there is no type %.*s; the list of types has them",
            TEXT_ARG(raise->type));
    if (raise->needed_by && raise->needed_by < request->today)
        faults_add(why, ERR_INVALID, "needed_by", "that day is past");
}

/* The bodies of the circle that this closes, in order; each once. */
static void find_circle(
    const struct raising *raising, uint32_t through, struct dependency_raised *raised)
{
    const struct model *model = raising->model;
    uint32_t path[CIRCLE_MOST];
    uint32_t count = 0;
    size_t length =
        graph_closes(model->graph, raising->nodes, raising->node_count, through, path, CIRCLE_MOST);
    for (size_t i = 0; i < length; i++) {
        struct text body = model->nodes[path[i]].agreement->body;
        bool there = false;
        for (uint32_t before = 0; before < count; before++)
            there = there || text_equal(raised->circle.at[before], body);
        if (!there)
            raised->circle.at[count++] = body;
    }
    raised->circle.head = (struct list_head){count, count > 0};
}

enum err dependency_raise_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    struct raising raising = {.model = state, .raise = request->body};
    struct dependency_raised raised = {.raised = *raising.raise, .on = request->today};
    if (raising.raise->targets.head.count == 0)
        return faults_add(why, ERR_INVALID, "targets", "name at least one target that waits");
    enum err err = find_agreement(&raising, request, why);
    if (err)
        return err;
    must(raising.agreement);
    check_targets(&raising, why);
    check_blocker(&raising, why);
    check_type(&raising, &raised, request, why);
    const struct target_entry *through = check_through(&raising, why);
    if (why->total)
        return faults_err(why);
    char id[ID_MAX + 1];
    int len = snprintf(
        id, sizeof id, "%.*s.d%u", TEXT_ARG(raising.agreement->id), raising.agreement->raised + 1);
    must(len > 0 && len <= ID_MAX);
    raised.id = (struct text){id, (size_t)len};
    raised.body = raising.agreement->body;
    raised.weight = (struct decimal){raising.weight, true};
    if (through && through->node)
        find_circle(&raising, through->node - 1, &raised);
    decision_expect(ret_decision, raising.agreement->id);
    decision_add(ret_decision, MESSAGE_dependency_raised, raised.id, raised.id, &raised);
    return OK;
}
