/* A query: parked until what its asker has written is folded, then answered from memory. */
#include "service/runtime.h"

static void answer(struct work *work)
{
    struct runtime *runtime = work->runtime;
    const struct service_query *query = runtime->queries[work->what];
    struct request request;
    if (intake_request(work, &request) != OK) {
        work_refuse(work);
        return;
    }
    if (!query->answer || work->envelope.at.at) {
        past_take(work, &request);
        return;
    }
    reply_empty(runtime->reply);
    enum err err = query->answer(runtime->state, &request, runtime->reply, &runtime->why);
    if (err == OK) {
        work_reply(work, follow_position(runtime->follow));
        return;
    }
    if (runtime->why.total == 0)
        (void)faults_add(&runtime->why, err, "", "%s", err_sentence(err));
    work_refuse(work);
}

static bool is_folded(const struct work *work)
{
    const struct whole *least = &work->envelope.least;
    return !least->given || follow_position(work->runtime->follow) >= (uint64_t)least->value;
}

void query_take(struct work *work)
{
    if (is_folded(work))
        answer(work);
    else
        work_list(work, WORK_PARKED);
}

void query_turn(struct runtime *runtime)
{
    for (struct work *work = runtime->lists[WORK_PARKED], *next; work; work = next) {
        next = work->next;
        if (is_folded(work))
            answer(work);
    }
}
