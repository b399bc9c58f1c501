/* A line for each thing. What the graph holds follows from the dependencies. */
#include "digest.h"

#include "model.h"

static void digest_agreement(const struct agreement_entry *agreement, struct buf *out)
{
    buf_printf(out, "agreement %.*s %.*s %d %u\n", TEXT_ARG(agreement->id),
        TEXT_ARG(agreement->body), (int)agreement->state, agreement->raised);
    for (size_t i = 0; i < agreement->target_count; i++)
        buf_printf(out, ".%u %d %u\n", agreement->targets[i].number, agreement->targets[i].weight,
            agreement->targets[i].wait_count);
}

static void digest_dependency(const struct dependency_entry *dependency, struct buf *out)
{
    const struct ball *ball = &dependency->ball;
    buf_printf(out, "dependency %.*s %lu %d %d %d %d %d %d %d %d %d %d %u %u %u %x",
        TEXT_ARG(dependency->facts.id), dependency->version, (int)ball->state, (int)ball->court,
        ball->raised_on, ball->ended_on, ball->since, ball->waiting, ball->blocking, ball->external,
        ball->promised, ball->complete_since, ball->returns, ball->rounds, ball->put_off_days,
        ball->rungs);
    buf_printf(out, " %d %d\n", dependency->due, (int)dependency->due_rung);
}

void digest_write(const void *state, struct buf *out)
{
    const struct model *model = state;
    for (size_t i = 0; i < model->agreements.count; i++)
        digest_agreement((const void *)model->agreements.at[i], out);
    for (size_t i = 0; i < model->norms.count; i++) {
        const struct norm_entry *norm = (const void *)model->norms.at[i];
        buf_printf(out, "norm %.*s %lu %ld\n", TEXT_ARG(norm->id), norm->version,
            norm->facts.norm_days.value);
    }
    for (size_t i = 0; i < model->count; i++)
        digest_dependency(model->at[i], out);
}
