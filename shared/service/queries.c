/* A query: answered from memory, from the past, or by a worker. */
#include "service/runtime.h"

static void refuse(struct work *work, enum err err)
{
    struct faults *why = &work->runtime->why;
    if (why->total == 0)
        (void)faults_add(why, err, "", "%s", err_sentence(err));
    work_refuse(work);
}

static void answer(struct work *work, const struct request *request)
{
    struct runtime *runtime = work->runtime;
    const struct service_query *query = runtime->queries[work->what];
    if (!query->answer || work->envelope.at.at) {
        past_take(work, request);
        return;
    }
    reply_empty(runtime->reply);
    enum err err = query->answer(runtime->state, request, runtime->reply, &runtime->why);
    if (err == OK)
        work_reply(work, runtime->reply, follow_position(runtime->follow));
    else
        refuse(work, err);
}

/* Hands the question to a worker, with what it must know of the state. */
static void order(struct work *work, const struct request *request)
{
    struct runtime *runtime = work->runtime;
    const struct service_errand *errand = runtime->orders[work->what];
    struct buf *out = errands_order(runtime->errands);
    if (work->envelope.at.at) {
        work_fail(work, ERR_INVALID, "at", "this question is answered for now only");
        return;
    }
    if (!out) {
        work_fail(
            work, ERR_UNAVAILABLE, "", "%d of these are under way already: try again", ERRANDS_MAX);
        return;
    }
    enum err err = errand->order(runtime->state, request, out, &runtime->why);
    if (err == OK && out->full)
        err = faults_add(&runtime->why, ERR_TOO_LARGE, "", "it is too much for one errand");
    if (err != OK) {
        refuse(work, err);
        return;
    }
    work->last = follow_position(runtime->follow);
    work->calls++;
    work_list(work, WORK_UNDER_WAY);
    errands_send(runtime->errands, errand, work, work->due_us);
}

void query_begin(struct work *work)
{
    struct request request;
    if (intake_request(work, &request) != OK || intake_holder(work) != OK)
        work_refuse(work);
    else if (work->runtime->orders[work->what])
        order(work, &request);
    else
        answer(work, &request);
}

void query_turn(struct runtime *runtime)
{
    struct errand_result result;
    while (runtime->errands && errands_done(runtime->errands, &result)) {
        struct work *work = result.owner;
        work->calls--;
        if (!work->message) /* too late */
            work_end(work);
        else if (result.err == OK)
            work_reply(work, result.reply, work->last);
        else {
            runtime->why = *result.why;
            work_refuse(work);
        }
    }
}
