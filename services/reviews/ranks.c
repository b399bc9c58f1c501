#include "ranks.h"

#include "results.h"

bool ranks_total(const struct report_entry *report, int64_t *ret_total)
{
    if (!report->missed && !report->is_open)
        return false;
    *ret_total = report->missed ? 0
                                : results_total(report->sums.supported, report->sums.withheld,
                                      report->median.thousandths);
    return true;
}

bool ranks_find(const struct model *model, const struct report_entry *report, struct rank *ret_rank)
{
    const struct agreement_entry *mine = report->agreement, *one = model->agreement_table;
    struct rank rank = {.rank = 1};
    int64_t total, other;
    if (!mine->body->peers[0] || !ranks_total(report, &total))
        return false;
    for (; one; one = one->hh.next) {
        const struct report_entry *its = one->reports[report->period - 1];
        if (!its || one->cycle != mine->cycle || !ranks_total(its, &other) ||
            !text_is(text_of(one->body->peers), mine->body->peers))
            continue;
        rank.of++;
        rank.rank += other > total;
    }
    *ret_rank = rank;
    return true;
}
