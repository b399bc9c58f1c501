/* Computed when asked: days run without an event. One pass over all dependencies. */
#include "sums.h"

#include "queries.h"
#include "view.h"

#include "base/must.h"
#include "service/listing.h"

#include <stdlib.h>

#define PERCENT      INT64_C(100)
#define ENDED_ENOUGH 5 /* of a type: from then on it can be late again and again */

/* A table over texts: bodies or types, a few dozen. */
static struct body_sum *sum_of(struct body_sum **sums, size_t *count, struct text body)
{
    for (size_t i = 0; i < *count; i++)
        if (text_equal((*sums)[i].body, body))
            return &(*sums)[i];
    *sums = realloc(*sums, (*count + 1) * sizeof **sums);
    must(*sums);
    (*sums)[*count] = (struct body_sum){.body = body, .holdup = {.body = body}};
    return &(*sums)[(*count)++];
}

/* What was withdrawn says nothing of who had to act; what is open and beyond the norm does. */
static void count_answer(
    const struct dependency_entry *dependency, struct body_sum *sum, int64_t beyond)
{
    enum dependency_state state = dependency->ball.state;
    bool answered = state == DEPENDENCY_GRANTED || state == DEPENDENCY_REFUSED;
    int64_t weight = dependency->facts.weight.thousandths;
    if (answered) {
        sum->holdup.answered.value++;
        sum->holdup.within.value += beyond == 0;
    }
    if (answered || (model_is_open(dependency) && beyond > 0)) {
        sum->answered_weight += weight;
        sum->within_weight += beyond == 0 ? weight : 0;
    }
}

static void count_one(const struct model *model, const struct dependency_entry *dependency,
    int32_t today, struct body_sum *sum)
{
    int64_t days = view_blocking_days(model, dependency, today);
    if (dependency->ball.court == COURT_BLOCKING) {
        sum->holdup.open.value++;
        sum->holdup.stuck.thousandths += dependency->facts.weight.thousandths * days;
        if (days > sum->holdup.oldest_days.value)
            sum->holdup.oldest_days.value = days;
    }
    count_answer(dependency, sum, ball_beyond(&dependency->ball, model->calendar, today));
}

static int by_stuck(const void *a, const void *b)
{
    const struct body_sum *one = a, *other = b;
    int64_t mine = one->holdup.stuck.thousandths, its = other->holdup.stuck.thousandths;
    return mine != its ? (mine < its) - (mine > its) : text_order(one->body, other->body);
}

struct body_sum *sums_of_bodies(const struct model *model, int32_t today, size_t *ret_count)
{
    struct body_sum *sums = NULL;
    size_t count = 0;
    for (size_t i = 0; i < model->count; i++) {
        const struct dependency_entry *dependency = model->at[i];
        if (!dependency->ball.outside)
            count_one(model, dependency, today,
                sum_of(&sums, &count, dependency->facts.raised.blocking_body));
    }
    for (size_t i = 0; i < count; i++) {
        struct holdup *holdup = &sums[i].holdup;
        holdup->open.given = holdup->oldest_days.given = true;
        holdup->stuck.given = holdup->answered.given = holdup->within.given = true;
        if (sums[i].answered_weight > 0)
            holdup->indicator = (struct decimal){
                sums[i].within_weight * PERCENT * DECIMAL_ONE / sums[i].answered_weight, true};
    }
    if (count)
        qsort(sums, count, sizeof *sums, by_stuck);
    *ret_count = count;
    return sums;
}

enum err holdup_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct holdup_list *asked = request->body;
    struct listing page;
    size_t count;
    enum err err = listing_open(&page, LISTING_OLDEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    struct body_sum *sums = sums_of_bodies(state, request->today, &count);
    for (size_t i = 0; i < count; i++)
        if (listing_takes(&page, i + 1, ret_reply))
            reply_add(ret_reply, holdup_record(), &sums[i].holdup);
    free(sums);
    listing_close(&page, ret_reply);
    return OK;
}

/* ---- types ---- */

struct type_sum {
    struct lateness lateness;
    int32_t *days; /* of those that ended */
    size_t count;
};

static int by_days(const void *a, const void *b)
{
    int32_t one = *(const int32_t *)a, other = *(const int32_t *)b;
    return (one > other) - (one < other);
}

static void count_type(const struct model *model, const struct norm_entry *norm, int32_t today,
    struct type_sum *ret_sum)
{
    struct lateness *lateness = &ret_sum->lateness;
    *lateness = (struct lateness){.type = norm->id,
        .norm_days = norm->facts.norm_days,
        .ended.given = true,
        .late.given = true,
        .open_late.given = true};
    ret_sum->count = 0;
    for (size_t i = 0; i < model->count; i++) {
        const struct dependency_entry *dependency = model->at[i];
        enum dependency_state state = dependency->ball.state;
        bool late = ball_beyond(&dependency->ball, model->calendar, today) > 0;
        if (!text_equal(dependency->facts.raised.type, norm->id))
            continue;
        if (state == DEPENDENCY_GRANTED || state == DEPENDENCY_REFUSED) {
            lateness->late.value += late;
            ret_sum->days[ret_sum->count++] = dependency->ball.blocking;
        } else if (model_is_open(dependency))
            lateness->open_late.value += late;
    }
    lateness->ended.value = (int64_t)ret_sum->count;
    if (ret_sum->count) {
        qsort(ret_sum->days, ret_sum->count, sizeof *ret_sum->days, by_days);
        lateness->median_days = (struct whole){ret_sum->days[(ret_sum->count - 1) / 2], true};
    }
    bool again =
        ret_sum->count >= ENDED_ENOUGH && lateness->late.value * 2 >= lateness->ended.value;
    lateness->change_rule = again ? FLAG_YES : FLAG_NO;
}

static int by_late(const void *a, const void *b)
{
    const struct lateness *one = a, *other = b;
    int64_t mine = one->late.value + one->open_late.value;
    int64_t its = other->late.value + other->open_late.value;
    return mine != its ? (mine < its) - (mine > its) : text_order(one->type, other->type);
}

enum err lateness_list_answer(
    const void *state, const struct request *request, struct reply *ret_reply, struct faults *why)
{
    const struct model *model = state;
    const struct lateness_list *asked = request->body;
    struct listing page;
    enum err err = listing_open(&page, LISTING_OLDEST_FIRST, asked->limit, asked->after, why);
    if (err)
        return err;
    struct type_sum sum = {.days = calloc(model->count + 1, sizeof *sum.days)};
    struct lateness *all = calloc(model->norms.count + 1, sizeof *all);
    must(sum.days && all);
    for (size_t i = 0; i < model->norms.count; i++) {
        count_type(model, (const void *)model->norms.at[i], request->today, &sum);
        all[i] = sum.lateness;
    }
    qsort(all, model->norms.count, sizeof *all, by_late);
    for (size_t i = 0; i < model->norms.count; i++)
        if (listing_takes(&page, i + 1, ret_reply))
            reply_add(ret_reply, lateness_record(), &all[i]);
    free(sum.days);
    free(all);
    listing_close(&page, ret_reply);
    return OK;
}
