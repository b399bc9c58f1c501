/* The agenda of the next session: requests that have come as far as the committee, the heaviest
 * first, and the four bodies where most is stuck, who are invited. */
#include "queries.h"

#include "sums.h"
#include "view.h"

#include "base/must.h"
#include "service/listing.h"

#include <stdlib.h>

#define INVITED 4

struct item {
    const struct dependency_entry *dependency;
    enum rung rung; /* the highest that was reached in this round */
    int64_t stuck;
};

static enum rung highest(const struct dependency_entry *dependency)
{
    enum rung rung = RUNG_PM;
    while (rung && !(dependency->ball.rungs >> rung & 1u))
        rung--;
    return rung;
}

static int by_stuck(const void *a, const void *b)
{
    const struct item *one = a, *other = b;
    if (one->stuck != other->stuck)
        return one->stuck < other->stuck ? 1 : -1;
    return one->dependency->index < other->dependency->index ? -1 : 1;
}

static size_t collect(const struct model *model, int32_t today, struct item *items)
{
    size_t count = 0;
    for (size_t i = 0; i < model->count; i++) {
        const struct dependency_entry *dependency = model->at[i];
        enum rung rung = model_is_open(dependency) ? highest(dependency) : rung_UNSET;
        if (rung < RUNG_COMMITTEE)
            continue;
        int64_t days = view_blocking_days(model, dependency, today);
        items[count++] = (struct item){
            dependency, rung, days * graph_downstream(model->graph, dependency->index)};
    }
    return count;
}

static bool is_invited(const struct body_sum *sums, size_t count, struct text body)
{
    for (size_t i = 0; i < count && i < INVITED; i++)
        if (text_equal(sums[i].body, body))
            return sums[i].holdup.open.value > 0;
    return false;
}

static void show(const struct model *model, const struct item *item, bool invited, int32_t today,
    struct reply *reply)
{
    const struct dependency_raise *raised = &item->dependency->facts.raised;
    struct agenda_item view = {
        .link = view_link(model, item->dependency, raised->targets.at[0], today),
        .type = raised->type,
        .what = raised->what,
        .beyond_days = {ball_beyond(&item->dependency->ball, model->calendar, today), true},
        .stuck = {item->stuck, true},
        .invited = invited ? FLAG_YES : FLAG_NO,
        .rung = item->rung};
    reply_add(reply, agenda_item_record(), &view);
}

enum err agenda_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct agenda_list *asked = request->body;
    struct listing page;
    size_t body_count;
    enum err err = listing_open(&page, LISTING_OLDEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    struct item *items = calloc(model->count + 1, sizeof *items);
    must(items);
    size_t count = collect(model, request->today, items);
    struct body_sum *sums = sums_of_bodies(model, request->today, &body_count);
    qsort(items, count, sizeof *items, by_stuck);
    for (size_t i = 0; i < count; i++)
        if (listing_takes(&page, i + 1, ret_reply))
            show(model, &items[i],
                is_invited(sums, body_count, items[i].dependency->facts.raised.blocking_body),
                request->today, ret_reply);
    free(items);
    free(sums);
    listing_close(&page, ret_reply);
    return OK;
}
