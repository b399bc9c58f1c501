#include "opening.h"

#include "base/decimal.h"
#include "base/must.h"
#include "base/rounding.h"

#include <stdlib.h>

int64_t opening_sum(const struct score_give *score)
{
    return score->difficulty.value + score->citizens.value + score->data.value +
           score->cooperation.value + score->learning.value;
}

static int by_size(const void *a, const void *b)
{
    const int64_t *one = a, *other = b;
    return (*one > *other) - (*one < *other);
}

struct decimal opening_median(int64_t *sums, size_t count)
{
    if (count == 0)
        return (struct decimal){0};
    qsort(sums, count, sizeof *sums, by_size);
    wide middle = (wide)sums[(count - 1) / 2] + sums[count / 2];
    return (struct decimal){rounding_divide(middle * DECIMAL_ONE, 2), true};
}

void opening_add(const struct report_entry *report, const struct score_give *last, int32_t today,
    struct decision *decision)
{
    size_t count = 0;
    int64_t *sums = calloc(report->score_count + 1, sizeof *sums);
    must(sums);
    for (size_t i = 0; i < report->score_count; i++)
        if (report->scores[i].round == report->round)
            sums[count++] = opening_sum(&report->scores[i].facts);
    if (last)
        sums[count++] = opening_sum(last);
    const struct scores_opened opened = {.report = text_of(report->id),
        .members = {(int64_t)count, true},
        .median = opening_median(sums, count),
        .on = today};
    free(sums);
    decision_add(decision, MESSAGE_scores_opened, opened.report, opened.report, &opened);
}

int32_t opening_due(const struct model *model, const struct report_entry *report)
{
    if (!report->certified || report->is_open)
        return 0;
    if (report->round > 1)
        return calendar_day_after(report->reopened_on, report->agreement->cycle->appeal_days);
    return quarter_steps(model, report).scores_on;
}
