#include "view.h"

#define RETURNS_MOST 2 /* more: a joint meeting is demanded */

int64_t view_blocking_days(
    const struct model *model, const struct dependency_entry *dependency, int32_t today)
{
    return ball_days(&dependency->ball, model->calendar, COURT_BLOCKING, today);
}

static struct whole days(
    const struct model *model, const struct ball *ball, enum court court, int32_t today)
{
    return (struct whole){ball_days(ball, model->calendar, court, today), true};
}

void view_dependency(const struct model *model, const struct dependency_entry *dependency,
    int32_t today, struct reply *reply)
{
    const struct ball *ball = &dependency->ball;
    struct dependency view = {.dependency = dependency->facts,
        .state = ball->state,
        .court = ball->court,
        .age_days = days(model, ball, COURT_NOBODY, today),
        .waiting_days = days(model, ball, COURT_WAITING, today),
        .blocking_days = days(model, ball, COURT_BLOCKING, today),
        .external_days = days(model, ball, COURT_EXTERNAL, today),
        .beyond_days = {ball_beyond(ball, model->calendar, today), true},
        .promised = ball->promised,
        .assumed = ball->promised ? (ball->assumed ? FLAG_YES : FLAG_NO) : FLAG_UNSET,
        .complete_since = ball->complete_since,
        .ended_on = ball->ended_on,
        .returns = {ball->returns, true},
        .joint_meeting = ball->returns > RETURNS_MOST ? FLAG_YES : FLAG_NO,
        .put_off_days = {ball->put_off_days, ball->put_off_days > 0},
        .downstream = {graph_downstream(model->graph, dependency->index), true},
        .version = {(int64_t)dependency->version, true},
        .position = {(int64_t)dependency->position, true}};
    size_t skipped = dependency->rung_count > RUNGS_KEPT ? dependency->rung_count - RUNGS_KEPT : 0;
    view.rungs.head.count = (uint32_t)(dependency->rung_count - skipped);
    view.rungs.head.given = view.rungs.head.count > 0;
    for (uint32_t i = 0; i < view.rungs.head.count; i++) {
        const struct rung_entry *rung = &dependency->rungs[skipped + i];
        view.rungs.at[i] = (struct rung_view){
            rung->rung, {rung->round, true}, rung->due, {(int64_t)rung->position, true}};
    }
    reply_add(reply, dependency_record(), &view);
}

struct chain_link view_link(const struct model *model, const struct dependency_entry *dependency,
    struct text target, int32_t today)
{
    return (struct chain_link){.dependency = dependency->facts.id,
        .target = target,
        .body = dependency->facts.body,
        .blocking_body = dependency->facts.raised.blocking_body,
        .blocking_days = {view_blocking_days(model, dependency, today), true}};
}
