/* The oldest requests that wait in another body's court, and the bodies that hold up most. */
#include "picks.h"
#include "summary.h"

#include "base/must.h"

#include <stdlib.h>

/* One sum a body, by the body's place. */
static void add_to_body(
    const struct model *model, struct summary_blocking *sums, const struct pick *stuck)
{
    struct text id = stuck->need->facts.raised.blocking_body;
    const struct body_entry *body = model_body(model, id);
    if (!body)
        return;
    struct summary_blocking *sum = &sums[body->index];
    sum->body = id;
    sum->open.value++;
    sum->stuck.thousandths += stuck->need->facts.weight.thousandths * stuck->worth;
    if (stuck->worth > sum->oldest_days.value)
        sum->oldest_days.value = stuck->worth;
}

static int by_stuck(const void *a, const void *b)
{
    const struct summary_blocking *one = a, *other = b;
    int64_t mine = one->stuck.thousandths, its = other->stuck.thousandths;
    return mine != its ? (mine < its) - (mine > its) : text_order(one->body, other->body);
}

static void show_blocking(struct summary_blocking *sums, size_t count, struct summary *page)
{
    qsort(sums, count, sizeof *sums, by_stuck);
    for (size_t i = 0; i < count && i < SUMMARY_BLOCKING && sums[i].open.value; i++) {
        page->blocking.at[i] = sums[i];
        page->blocking.at[i].open.given = page->blocking.at[i].oldest_days.given = true;
        page->blocking.at[i].stuck.given = true;
        page->blocking.head = (struct list_head){(uint32_t)i + 1, true};
    }
}

static void show_blockers(const struct model *model, const struct pick *list, size_t count,
    int32_t today, struct summary *page)
{
    page->blockers.head = (struct list_head){(uint32_t)count, count > 0};
    for (size_t i = 0; i < count; i++) {
        const struct need_entry *need = list[i].need;
        page->blockers.at[i] = (struct summary_blocker){.dependency = text_of(need->id),
            .body = text_of(need->agreement->body->id),
            .blocking_body = need->facts.raised.blocking_body,
            .what = need->facts.raised.what,
            .blocking_days = {list[i].worth, true},
            .beyond_days = {ball_beyond(&need->ball, model->calendar, today), true},
            .weight = need->facts.weight};
    }
}

void summary_stuck(const struct model *model, int32_t today, struct summary *page)
{
    struct pick oldest[SUMMARY_BLOCKERS];
    size_t count = 0, bodies = HASH_COUNT(model->body_table);
    struct summary_blocking *sums = calloc(bodies + 1, sizeof *sums);
    must(sums);
    for (size_t i = 0; i < model->need_count; i++) {
        const struct need_entry *need = model->needs[i];
        if (need->ball.court != COURT_BLOCKING)
            continue;
        const struct pick stuck = {
            .worth = ball_days(&need->ball, model->calendar, COURT_BLOCKING, today), .need = need};
        picks_keep(oldest, &count, SUMMARY_BLOCKERS, stuck);
        add_to_body(model, sums, &stuck);
    }
    show_blocking(sums, bodies, page);
    show_blockers(model, oldest, count, today, page);
    free(sums);
}
