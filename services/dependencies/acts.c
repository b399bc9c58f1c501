/* Acts on a dependency. One table says whose act each is and whether it needs a reason; what can
 * happen now is facts/ball.h. */
#include "commands.h"

#include "model.h"

#include "base/must.h"
#include "facts/access.h"
#include "facts/life.h"

enum side { SIDE_BLOCKING = 1, SIDE_WAITING, SIDE_CENTRE };

static enum err find(const struct model *model, struct text id,
    const struct dependency_entry **ret_dependency, struct faults *why)
{
    *ret_dependency = model_dependency(model, id);
    if (*ret_dependency)
        return OK;
    return faults_add(why, ERR_NOT_FOUND, "dependency",
        "there is no dependency %.*s; the list has them", TEXT_ARG(id));
}

/* What waits for somebody outside is ended by the body that waits: nobody else is there to. */
static enum side side_of(const struct dependency_entry *dependency, enum side side)
{
    return side == SIDE_BLOCKING && dependency->ball.outside ? SIDE_WAITING : side;
}

static enum err check_side(const struct model *model, const struct request *request,
    const struct dependency_entry *dependency, enum side side, struct faults *why)
{
    side = side_of(dependency, side);
    if (side == SIDE_CENTRE)
        return OK;
    struct text body =
        side == SIDE_WAITING ? dependency->facts.body : dependency->facts.raised.blocking_body;
    if (access_writes_for(model->bodies, &request->office, body))
        return OK;
    return faults_add(why, ERR_FORBIDDEN, "", "it is %.*s that %s here, not %.*s", TEXT_ARG(body),
        side == SIDE_WAITING ? "waits and acts" : "has to act", TEXT_ARG(request->actor.office));
}

static enum err check_day(const struct request *request, int32_t on, struct faults *why)
{
    if (!on || on == request->today)
        return OK;
    return faults_add(why, ERR_INVALID, "on", "the day of an act is today; leave it out");
}

/* What every act begins with. */
static enum err begin(const struct model *model, const struct request *request, struct text id,
    int32_t on, enum side side, enum message event, const struct dependency_entry **ret_dependency,
    struct faults *why)
{
    enum err err = find(model, id, ret_dependency, why);
    if (err)
        return err;
    must(*ret_dependency);
    err = check_side(model, request, *ret_dependency, side, why);
    if (err == OK)
        err = ball_check(event, id, &(*ret_dependency)->ball, why);
    if (err == OK)
        err = request_expects(request, (*ret_dependency)->version, why);
    return err ? err : check_day(request, on, why);
}

static void write(struct decision *decision, enum message event,
    const struct dependency_entry *dependency, const void *record)
{
    decision_add(decision, event, dependency->facts.id, dependency->facts.id, record);
}

static enum err act(const struct model *model, const struct request *request, enum side side,
    enum message event, const char *reason, struct decision *decision, struct faults *why)
{
    struct dependency_act record = *(const struct dependency_act *)request->body;
    const struct dependency_entry *dependency;
    enum err err =
        begin(model, request, record.dependency, record.on, side, event, &dependency, why);
    if (err)
        return err;
    if (reason && !record.remark.len)
        return faults_add(why, ERR_INVALID, "remark", "%s", reason);
    record.on = request->today;
    write(decision, event, dependency, &record);
    return OK;
}

#define ACT(command, side, event, reason)                                                          \
    enum err command##_decide(const void *state, const struct request *request,                    \
        struct decision *ret_decision, struct faults *why)                                         \
    {                                                                                              \
        return act(state, request, side, event, reason, ret_decision, why);                        \
    }
ACT(dependency_acknowledge, SIDE_BLOCKING, MESSAGE_dependency_acknowledged, NULL)
ACT(dependency_complete, SIDE_WAITING, MESSAGE_dependency_completed, NULL)
ACT(dependency_grant, SIDE_BLOCKING, MESSAGE_dependency_granted, NULL)
ACT(dependency_refuse, SIDE_BLOCKING, MESSAGE_dependency_refused, "say why it is refused")
ACT(dependency_externalise, SIDE_BLOCKING, MESSAGE_dependency_externalised,
    "say for whom outside the government it waits, and for what")
ACT(dependency_withdraw, SIDE_WAITING, MESSAGE_dependency_withdrawn, NULL)
ACT(dependency_explain, SIDE_BLOCKING, MESSAGE_dependency_explained, "say why it takes so long")
#undef ACT

enum err dependency_resume_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    enum side side = request->office.body.at ? SIDE_BLOCKING : SIDE_CENTRE;
    return act(state, request, side, MESSAGE_dependency_resumed, NULL, ret_decision, why);
}

/* Only what is still promised can wait for something again. */
enum err dependency_reopen_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    const struct dependency_act *asked = request->body;
    enum err err = act(model, request, SIDE_WAITING, MESSAGE_dependency_reopened,
        "say why it is needed again", ret_decision, why);
    if (err)
        return err;
    struct text rest;
    const struct agreement_entry *agreement =
        model_agreement(model, text_cut(asked->dependency, '.', &rest));
    if (!life_is_in_force(agreement->state))
        return faults_add(
            why, ERR_STATE, "dependency", "%.*s is not in force any more", TEXT_ARG(agreement->id));
    decision_expect(ret_decision, agreement->id);
    return OK;
}

enum err dependency_return_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    struct dependency_return record = *(const struct dependency_return *)request->body;
    const struct dependency_entry *dependency;
    enum err err = begin(state, request, record.dependency, record.on, SIDE_BLOCKING,
        MESSAGE_dependency_returned, &dependency, why);
    if (err)
        return err;
    if (record.missing.head.count == 0)
        return faults_add(why, ERR_INVALID, "missing", "say everything that is missing");
    record.on = request->today;
    write(ret_decision, MESSAGE_dependency_returned, dependency, &record);
    return OK;
}

enum err dependency_promise_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    struct dependency_promise record = *(const struct dependency_promise *)request->body;
    const struct dependency_entry *dependency;
    enum err err = begin(state, request, record.dependency, record.on, SIDE_BLOCKING,
        MESSAGE_dependency_promised, &dependency, why);
    if (err)
        return err;
    if (record.promised < request->today)
        return faults_add(why, ERR_INVALID, "promised", "that day is past");
    record.on = request->today;
    write(ret_decision, MESSAGE_dependency_promised, dependency, &record);
    return OK;
}

enum err dependency_put_off_decide(const void *state, const struct request *request,
    struct decision *ret_decision, struct faults *why)
{
    const struct model *model = state;
    struct dependency_put_off record = *(const struct dependency_put_off *)request->body;
    const struct dependency_entry *dependency;
    enum err err = begin(model, request, record.dependency, record.on, SIDE_CENTRE,
        MESSAGE_dependency_was_put_off, &dependency, why);
    if (err)
        return err;
    struct text blocking = dependency->facts.raised.blocking_body;
    if (dependency->ball.was_put_off)
        return faults_add(why, ERR_STATE, "dependency", "%.*s was put off already: only once",
            TEXT_ARG(record.dependency));
    if (roster_belongs(request->roster, request->actor.person, blocking))
        return faults_add(why, ERR_FORBIDDEN, "",
            "%.*s belongs to %.*s, which has to act: somebody else puts it off",
            TEXT_ARG(request->actor.person), TEXT_ARG(blocking));
    record.on = request->today;
    write(ret_decision, MESSAGE_dependency_was_put_off, dependency, &record);
    return OK;
}
